// The names of Corelight's sensor, whose parser is public (CrowdStrike/logscale-community-content, corelight-sensor, CPS 1.1). Zeek and Suricata
// without Corelight have no public parser: their names are taken from here, as inferred ones.
import { byName } from '../../text/by-name.ts'
import type { Answer, Answers } from '../format.ts'
import { answer, array, first, is, lower, mapped, sum, when } from './answers.ts'

type Get = (field: string) => string | undefined

/** Zeek's own files have no `_path`: a field of one log only shows which it is. */
const MARKS: readonly (readonly [field: string, path: string])[] = [
  ['conn_state', 'conn'],
  ['trans_id', 'dns'],
  ['trans_depth', 'http'],
  ['fuid', 'files'],
  ['helo', 'smtp'],
  ['data_channel.resp_h', 'ftp'],
  ['note', 'notice'],
]
const path = (get: Get): string | undefined => get('_path') ?? MARKS.find(([field]) => get(field) !== undefined)?.[1]
const has =
  (...paths: readonly string[]) =>
  (get: Get): boolean =>
    paths.includes(path(get) ?? '')

interface Kind {
  readonly category: readonly string[]
  readonly type: readonly string[]
}
const kind = (category: string, type: string): Kind => ({ category: category.split(' '), type: type.split(' ') })
const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^known/, kind('host', 'info')],
  [/^(?:conn|stun)|^(?:specific_dns_tunnels|generic_dns_tunnels|tunnel|vpn)$/, kind('network', 'connection')],
  [/^(?:corelight|mqtt)|^(?:etc_viz|suricata_stats|zeek_doctor|analyzer|reporter)$/, kind('process', 'info')],
  [/^dns|^(?:dce_rpc|dhcp|encrypted_dns|ftp|irc|ntp|dga|ocsp)$/, kind('network', 'connection protocol')],
  [/^weird|^(?:dpd|rfb|traceroute|ssdp|syslog|first_seen)$/, kind('network', 'connection')],
  [/^files|^pe$/, kind('file', 'info')],
  [/^http/, kind('network web', 'connection protocol access')],
  [/^(?:intel|notice)$/, kind('threat network', 'indicator info')],
  [/^suricata_corelight$/, kind('threat network', 'indicator connection')],
  [/^mysql$/, kind('network database', 'connection protocol info')],
  [/^ldap|^(?:ntlm|radius|kerberos)$/, kind('network authentication', 'connection info')],
  [/^(?:rdp|quic)$/, kind('network', 'connection start')],
  [
    /^(?:ssl|x509|ecat_arp|bacnet)|^(?:sip|smb_mapping|snmp|smtp|socks|ssh|ipsec|enip)$/,
    kind('network', 'connection protocol'),
  ],
  [/^smb_files$/, kind('network file', 'connection protocol info')],
  [/^software$/, kind('network package', 'info')],
  [/^anomaly$/, kind('malware', 'info')],
]
const NO_KIND: Kind = { category: [], type: [] }
const kindOf = (get: Get): Kind => {
  const of = path(get)
  return (of === undefined ? undefined : KINDS.find(([logs]) => logs.test(of))?.[1]) ?? NO_KIND
}
const SMB: Readonly<Record<string, string>> = byName({
  'smb::file_open': 'access',
  'smb::file_query_directory': 'access',
  'smb::pipe_read': 'access',
  'smb::pipe_open': 'access',
  'smb::unknown_open': 'access',
  'smb::unknown_read': 'access',
  'smb::file_write': 'change',
  'smb::file_rename': 'change',
  'smb::pipe_write': 'change',
  'smb::file_close': 'end',
  'smb::pipe_close': 'end',
  'smb::unknown_close': 'end',
  'smb::logoff': 'end',
  'smb::file_delete': 'deletion',
})
const types = (get: Get): readonly string[] => {
  const { type } = kindOf(get)
  const more = has('smb_files')(get) ? SMB[answer(ACTION, get)?.toLowerCase() ?? ''] : undefined
  return more === undefined ? type : [...type, more]
}

/** `id.orig_h` may be written with an underscore. */
const id = (end: 'orig_h' | 'orig_p' | 'resp_h' | 'resp_p'): Answer => first(`id.${end}`, `id_${end}`)
/** The data channel of FTP is the connection that moves the file, so its ends count where they are logged. */
const endOf = (channel: 'orig_h' | 'orig_p' | 'resp_h' | 'resp_p', ...others: readonly string[]): Answer => {
  const ordinary = [first(`data_channel.${channel}`), id(channel), first(...others)]
  return (get) => ordinary.map((a) => answer(a, get)).find((v) => v !== undefined)
}
const mac =
  (...fields: readonly string[]): Answer =>
  (get) =>
    answer(first(...fields), get)
      ?.replaceAll(':', '-')
      .toUpperCase()

const ACTION = first('operation', 'action')
const SOURCE: Answers = {
  'source.ip': endOf('orig_h', 'client_src', 'src', 'dns_client', 'client_addr'),
  'source.port': endOf('orig_p', 'host_p'),
  'source.bytes': first('orig_bytes', 'orig_ip_bytes'),
  'source.packets': 'orig_pkts',
  'source.domain': lower('domainname'),
  'source.mac': mac('orig_l2_addr', 'mac', 'mac_src'),
}
const DESTINATION: Answers = {
  'destination.ip': endOf('resp_h', 'resolver', 'resp_h'),
  'destination.port': endOf('resp_p', 'server_p'),
  'destination.bytes': first('resp_bytes', 'resp_ip_bytes'),
  'destination.packets': 'resp_pkts',
  'destination.domain': lower('server_tree_name'),
  'destination.address': lower(first('server_nb_computer_name', 'helo', 'server_a', 'server_name')),
  'destination.mac': mac('resp_l2_addr', 'mac_dst'),
}
/** The roles are known, so client and server are copies. */
const copies = (of: Answers, from: string, to: string, but: readonly string[] = []): Answers =>
  Object.fromEntries(
    Object.entries(of).flatMap(([name, value]) =>
      but.some((b) => name.endsWith(b)) ? [] : [[name.replace(from, to), value] as const],
    ),
  )

const PROTOCOLS: Readonly<Record<string, string>> = byName({
  ssl: 'ssl',
  ssh: 'ssh',
  smb_files: 'smb',
  dns: 'dns',
  http: 'http',
  rdp: 'rdp',
})
const DIRECTIONS: Readonly<Record<string, string>> = byName({
  'true true': 'internal',
  'true false': 'outbound',
  'false true': 'inbound',
  'false false': 'external',
})
const isTrue = (text: string | undefined): string => String(text === 'true' || text === 'T')
const direction: Answer = (get) => {
  const [orig, resp] = [get('local_orig'), get('local_resp')]
  return orig === undefined || resp === undefined ? undefined : DIRECTIONS[`${isTrue(orig)} ${isTrue(resp)}`]
}

const NO_USER = /^(?:|<problem-decoding>.*|<unknown>)$/s
const user = (get: Get): string | undefined => {
  const name = answer(first('user', 'username', 'cookie'), get)
  return name === undefined || NO_USER.test(name) ? undefined : name
}

/** 1 is the gravest. */
const SURICATA_SEVERITY: Readonly<Record<string, string>> = byName({ '1': '90', '2': '70', '3': '50', '4': '10' })
const NOTICE_SEVERITY: Readonly<Record<string, string>> = byName({
  informational: '10',
  debugging: '10',
  notification: '20',
  warning: '30',
  error: '40',
  critical: '70',
  alert: '90',
  emergency: '90',
})
const CONFIDENCE: Readonly<Record<string, string>> = byName({ high: '90', medium: '70', low: '20', unverified: '10' })
const severity: Answer = (get) => {
  switch (path(get)) {
    case 'suricata_corelight':
      return SURICATA_SEVERITY[get('alert.severity') ?? '']
    case 'notice':
      return NOTICE_SEVERITY[get('severity.name') ?? '']
    case 'intel': {
      const confidence = get('confidence[0]')
      return get('threat_score[0]') ?? (confidence === undefined ? '70' : (CONFIDENCE[confidence] ?? confidence))
    }
    default:
      return undefined
  }
}
const RESULTS =
  /^(?:failed|SSL_NOT_ALLOWED_BY_SERVER|HYBRID_REQUIRED_BY_SERVER|SSL_CERT_NOT_ON_SERVER|SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER|INCONSISTENT_FLAGS|SSL_REQUIRED_BY_SERVER)$/
const outcome: Answer = (get) => {
  const result = get('result') ?? ''
  if (RESULTS.test(result) || /failure/i.test(result)) return 'failure'
  if (/success/i.test(result) || result === 'encrypted') return 'success'
  if (result === 'unknown') return 'unknown'
  const success = get('success')
  return success === undefined || success === '' ? undefined : isTrue(success) === 'true' ? 'success' : 'failure'
}

export const CORELIGHT_TAGS: Answers = { '#Vendor': is('corelight'), '#event.module': is('ndr') }

export const CORELIGHT: Answers = {
  ...CORELIGHT_TAGS,
  '#event.dataset': (get) => {
    const of = path(get)
    return of === undefined ? undefined : `ndr.${of}`
  },
  '#event.kind': (get) => (has('intel', 'notice', 'suricata_corelight')(get) ? 'alert' : 'event'),
  '#event.outcome': outcome,
  ...array('event.category', 2, (get) => kindOf(get).category),
  ...array('event.type', 4, types),
  'event.action': ACTION,
  'event.duration': 'duration',
  'event.id': 'uid',
  'event.reason': 'msg',
  'event.severity': severity,
  'error.message': 'failure_reason',
  ...SOURCE,
  ...copies(SOURCE, 'source.', 'client.', ['.packets']),
  ...DESTINATION,
  ...copies(DESTINATION, 'destination.', 'server.', ['.packets', '.mac']),
  'network.bytes': sum(first('orig_bytes', 'orig_ip_bytes'), first('resp_bytes', 'resp_ip_bytes')),
  'network.transport': lower('proto'),
  'network.protocol': (get) => PROTOCOLS[path(get) ?? ''] ?? answer(first('source', 'service'), get),
  'network.application': lower('app[0]'),
  'network.direction': direction,
  'network.community_id': first('community_id'),
  'network.vlan.id': first('id.vlan', 'vlan'),
  'observer.hostname': '_system_name',
  'host.hostname': lower('hostname'),
  'host.os.name': 'os',
  'user.name': (get) => {
    const name = user(get)
    return name?.startsWith('host/') ? undefined : name?.slice(name.indexOf('\\') + 1)
  },
  'user.domain': (get) => {
    const name = user(get)
    const cut = name?.indexOf('\\') ?? -1
    return cut < 0 ? undefined : name?.slice(0, cut)
  },
  'user_agent.original': 'user_agent',
  'rule.name': (get) =>
    has('suricata_corelight')(get)
      ? get('alert.signature')
      : has('notice')(get)
        ? get('msg')
        : has('intel')(get)
          ? 'intel'
          : undefined,
  'file.size': 'total_bytes',
  'file.hash.md5': lower('md5'),
  'file.hash.sha256': lower('sha256'),
  'http.request.method': 'method',
  'http.response.status_code': 'status_code',
  'url.path': 'uri',
  'url.domain': lower('host'),
  'dns.question.name': 'query',
  'dns.question.type': 'qtype_name',
  'dns.response_code': 'rcode_name',
  ...Object.fromEntries(
    Array.from({ length: 16 }, (_, i) => [
      [`dns.answers[${i}].data`, when(has('dns'), `answers[${i}]`)] as const,
      [`dns.answers[${i}].ttl`, when(has('dns'), `TTLs[${i}]`)] as const,
    ]).flat(),
  ),
  'email.sender.address': lower('mailfrom'),
  'email.subject': 'subject',
  'source.geo.country_iso_code': 'orig_cc',
  'source.geo.region_name': 'orig_region',
  'source.geo.city_name': 'orig_city',
  'destination.geo.country_iso_code': 'resp_cc',
  'destination.geo.region_name': 'resp_region',
  'file.x509.issuer.distinguished_name': 'certificate.issuer',
  'file.x509.subject.distinguished_name': 'certificate.subject',
  'file.x509.not_before': 'certificate.not_valid_before',
  'file.x509.not_after': 'certificate.not_valid_after',
  'file.x509.public_key_algorithm': 'certificate.key_alg',
  'file.x509.public_key_exponent': 'certificate.exponent',
  'file.x509.signature_algorithm': 'certificate.sig_alg',
  'file.x509.serial_number': 'certificate.serial',
  'tls.client.ja3': 'ja3',
  'tls.server.ja3s': 'ja3s',
}

/** Suricata's own records: ends and counts of the flow, the rule of an alert. */
const isAlert = (get: Get): boolean => get('event_type') === 'alert'
export const SURICATA: Answers = {
  ...CORELIGHT_TAGS,
  '#event.dataset': when(isAlert, is('ndr.suricata_corelight')),
  '#event.kind': (get) => (isAlert(get) ? 'alert' : 'event'),
  ...array('event.category', 2, (get) => (isAlert(get) ? ['threat', 'network'] : ['network'])),
  ...array('event.type', 2, (get) => (isAlert(get) ? ['indicator', 'connection'] : ['connection'])),
  ...Object.fromEntries(
    (['source', 'client'] as const).flatMap((side) => [
      [`${side}.ip`, 'src_ip'],
      [`${side}.port`, 'src_port'],
      [`${side}.bytes`, 'flow.bytes_toserver'],
    ]),
  ),
  ...Object.fromEntries(
    (['destination', 'server'] as const).flatMap((side) => [
      [`${side}.ip`, 'dest_ip'],
      [`${side}.port`, 'dest_port'],
      [`${side}.bytes`, 'flow.bytes_toclient'],
    ]),
  ),
  'source.packets': 'flow.pkts_toserver',
  'destination.packets': 'flow.pkts_toclient',
  'network.bytes': sum('flow.bytes_toserver', 'flow.bytes_toclient'),
  'network.transport': lower('proto'),
  'network.protocol': 'app_proto',
  'network.community_id': 'community_id',
  'event.severity': when(isAlert, mapped('alert.severity', SURICATA_SEVERITY)),
  'rule.name': 'alert.signature',
  'observer.hostname': 'host',
  'dns.question.name': 'dns.rrname',
  'dns.question.type': 'dns.rrtype',
  'dns.response_code': 'dns.rcode',
  'http.request.method': 'http.http_method',
  'http.response.status_code': 'http.status',
  'url.domain': lower('http.hostname'),
  'url.path': 'http.url',
  'user_agent.original': 'http.http_user_agent',
}
