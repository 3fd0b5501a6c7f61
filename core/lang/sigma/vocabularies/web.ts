import { byName } from '../../../text/by-name.ts'
import type { Name, Vocabulary } from '../vocabulary-kit.ts'

const URI: readonly Name[] = [
  'c-uri',
  'cs-uri',
  'url.original',
  'url.full',
  'http.url',
  'http_request.url.url_string',
  'uri',
  'url',
  'request',
]
const METHOD: readonly Name[] = [
  'cs-method',
  'http.request.method',
  'http.http_method',
  'http_request.http_method',
  'method',
  'verb',
  'requestMethod',
]
const STATUS: readonly Name[] = [
  'sc-status',
  'http.response.status_code',
  'http.status',
  'http_response.code',
  'status_code',
  'status',
  'response',
]
const AGENT: readonly Name[] = [
  'c-useragent',
  'cs-user-agent',
  'cs(User-Agent)',
  'user_agent.original',
  'http.http_user_agent',
  'http_request.user_agent',
  'user_agent',
  'agent',
  'requestClientApplication',
]
const HOST: readonly Name[] = [
  'cs-host',
  'r-dns',
  'url.domain',
  'http.hostname',
  'http_request.url.hostname',
  'host',
  'dhost',
]
const REFERRER: readonly Name[] = [
  'cs-referer',
  'cs-referrer',
  'cs(Referer)',
  'http.request.referrer',
  'http.http_refer',
  'http_request.referrer',
  'referrer',
  'referer',
]
const CLIENT: readonly Name[] = [
  'c-ip',
  'src_ip',
  'source.ip',
  'id.orig_h',
  'src_endpoint.ip',
  'client',
  'clientip',
  'remote_addr',
  'src',
]
const QUERY: readonly Name[] = ['cs-uri-query', 'url.query', 'http_request.url.query_string', ...URI]
const STEM: readonly Name[] = ['cs-uri-stem', 'url.path', 'http_request.url.path', 'uri_path', ...URI]

const HTTP: Readonly<Record<string, readonly Name[]>> = byName({
  'c-uri': URI,
  'cs-uri': ['cs-uri', ...URI],
  'c-uri-query': ['c-uri-query', ...QUERY],
  'cs-uri-query': QUERY,
  'c-uri-stem': ['c-uri-stem', ...STEM],
  'cs-uri-stem': STEM,
  'c-uri-extension': ['url.extension'],
  'cs-method': METHOD,
  'sc-status': STATUS,
  'c-useragent': AGENT,
  'cs-user-agent': ['cs-user-agent', ...AGENT],
  'cs-host': HOST,
  'r-dns': ['r-dns', ...HOST],
  'cs-referer': REFERRER,
  'cs-referrer': ['cs-referrer', ...REFERRER],
  'cs-cookie': ['cs(Cookie)', 'http.request.cookie', 'cookie'],
  'cs-username': ['cs-username', 'user.name', 'username', 'user', 'auth'],
  'cs-bytes': ['http.request.bytes', 'source.bytes', 'request_body_len'],
  'sc-bytes': ['http.response.bytes', 'destination.bytes', 'response_body_len', 'bytes'],
  'cs-content-type': ['http.request.mime_type', 'content_type'],
  'c-ip': CLIENT,
  src_ip: ['src_ip', ...CLIENT],
  dst_ip: ['dst_ip', 'dest_ip', 'destination.ip', 'id.resp_h', 'dst_endpoint.ip', 's-ip', 'dst'],
})

/** HTTP events of network sensors, for web servers and proxies alike. */
const ON_THE_WIRE = [
  { uid: 'present', trans_depth: 'present' },
  { _path: ['http', 'http_red'] },
  { event_type: ['http'], 'http.hostname': 'present' },
  { event_type: ['http'], 'http.url': 'present' },
  { class_uid: ['4002'] },
  { 'http.request.method': 'present' },
] as const

export const web: Vocabulary = {
  id: 'web',
  title: 'Web servers, proxies and name servers',
  evidence:
    'The taxonomy of the Sigma specification 2.1 (W3C extended log format), ECS, OCSF 4002 and 4003, Zeek http and dns, Suricata EVE http and dns.',
  sources: [
    ...['webserver', 'proxy'].flatMap((category) => ON_THE_WIRE.map((where) => ({ category, where }))),
    { category: 'webserver', where: { 'cs-uri-stem': 'present' } },
    { category: 'webserver', where: { 'cs-method': 'present', 'sc-status': 'present' } },
    {
      category: 'webserver',
      where: { _sourceCategory: ['webserver', 'web/access', 'apache/access', 'nginx/access', 'iis', '*/webserver'] },
    },
    { category: 'webserver', where: { verb: 'present', request: 'present', response: 'present' } },
    { category: 'webserver', where: { method: 'present', status: 'present', url: 'present' } },
    { category: 'proxy', where: { _sourceCategory: ['proxy', '*/proxy', 'squid'] } },
    { category: 'proxy', where: { 'c-uri': 'present' } },
    { category: 'proxy', where: { 'cs-host': 'present', 'cs-method': 'present' } },
    { category: 'proxy', where: { 'cs-uri-scheme': 'present' } },
    { category: 'proxy', where: { '#observer.type': ['proxy'] } },
    { service: 'apache', where: { _sourceCategory: ['apache', 'apache/error'] } },
    { service: 'apache', where: { app: ['apache2', 'httpd', 'apache'] } },
    { service: 'apache', where: { 'event.dataset': ['apache.error'] } },
    { service: 'nginx', where: { _sourceCategory: ['nginx', 'nginx/error'] } },
    { service: 'nginx', where: { app: ['nginx'] } },
    { service: 'nginx', where: { 'event.dataset': ['nginx.error'] } },
    { product: 'modsecurity', where: { _sourceCategory: ['modsecurity'] } },
    { product: 'modsecurity', where: { 'transaction.producer.modsecurity': 'present' } },
    { category: 'dns', where: { uid: 'present', trans_id: 'present' } },
    { category: 'dns', where: { _path: ['dns', 'dns_red'] } },
    { category: 'dns', where: { event_type: ['dns'] } },
    { category: 'dns', where: { class_uid: ['4003'] } },
    { category: 'dns', where: { 'dns.question.name': 'present' } },
    { category: 'dns', where: { _sourceCategory: ['dns', '*/dns'] } },
    {
      category: 'dns',
      where: { Channel: ['Microsoft-Windows-DNS-Server/Analytical', 'Microsoft-Windows-DNSServer/Analytical'] },
    },
    { category: 'dns', where: { query: 'present', record_type: 'present' } },
    { category: 'dns', where: { query_name: 'present', query_type: 'present' } },
    { category: 'network', service: 'dns', where: { uid: 'present', trans_id: 'present' } },
    { category: 'network', service: 'dns', where: { event_type: ['dns'] } },
    { category: 'network', service: 'dns', where: { 'dns.question.name': 'present' } },
  ],
  fields: {
    webserver: HTTP,
    proxy: HTTP,
    dns: {
      query: ['dns.question.name', 'dns.rrname', 'dns.queries.rrname', 'query.hostname', 'QNAME', 'query_name'],
      record_type: [
        'qtype_name',
        'dns.question.type',
        'dns.rrtype',
        'dns.queries.rrtype',
        'query.type',
        'QTYPE',
        'query_type',
      ],
      answer: ['answers', 'dns.answers.data', 'dns.answers.rdata', 'dns.rdata', 'answers.rdata'],
      'dns.question.name': ['query', 'dns.rrname', 'dns.queries.rrname', 'query.hostname'],
      'dns.question.type': ['qtype_name', 'dns.rrtype', 'dns.queries.rrtype', 'query.type'],
      'dns.answers.data': ['answers', 'dns.answers.rdata'],
      'dns.response.code': ['dns.response_code', 'rcode_name', 'dns.rcode'],
      'source.ip': ['src_ip', 'id.orig_h'],
      'destination.ip': ['dest_ip', 'id.resp_h'],
    },
  },
}
