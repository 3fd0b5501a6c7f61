import type { SigmaSource } from '../../../logs/format.ts'
import type { Vocabulary } from '../vocabulary-kit.ts'
import { auditedPairs, windowsSources, wordsOf, writtenIntegrity } from './windows.ts'

const module = (name: string): SigmaSource['where'] => ({ '#event.module': [name] })

/** Logs of Zeek through Corelight: the data set is the name of the log. */
const ZEEK = ['conn', 'dce_rpc', 'dns', 'http', 'kerberos', 'rdp', 'smb_files', 'smb_mapping', 'x509']

/** Windows events in Next-Gen SIEM keep their names below `windows.`, the fields of other products theirs below `Vendor.`. */
export const ngsiem: Vocabulary = {
  id: 'cps',
  title: 'Falcon Next-Gen SIEM (CrowdStrike Parsing Standard)',
  evidence:
    'CrowdStrike’s pages on CPS 1.0 and 1.1, and the names of public queries: `windows.EventID`, `windows.EventData.…`, `Vendor.…`.',
  sources: [
    ...windowsSources,
    { product: 'aws', service: 'cloudtrail', where: module('cloudtrail') },
    { product: 'okta', service: 'okta', where: { '#Vendor': ['okta'] } },
    ...['activitylogs', 'auditlogs', 'signinlogs', 'riskdetection', 'pim'].map(
      (service): SigmaSource => ({
        product: 'azure',
        service,
        where: { '#Vendor': ['microsoft'], '#event.module': ['azure', 'entraid'] },
      }),
    ),
    { product: 'gcp', service: 'gcp.audit', where: { '#Vendor': ['google'], '#event.module': ['gcp', 'cloud'] } },
    { product: 'gcp', service: 'google_workspace.admin', where: module('workspace') },
    { product: 'gcp', service: 'google_workspace.login', where: module('workspace') },
    ...['audit', 'exchange', 'threat_management', 'threat_detection'].map(
      (service): SigmaSource => ({ product: 'm365', service, where: module('m365') }),
    ),
    { product: 'github', service: 'audit', where: module('github') },
    { product: 'cisco', service: 'duo', where: module('duo') },
    { product: 'linux', service: 'auditd', where: module('auditd') },
    ...(['aaa', 'accounting', 'syslog'] as const).map(
      (service): SigmaSource => ({ product: 'cisco', service, where: module('ios') }),
    ),
    { product: 'fortigate', service: 'event', where: module('fortigate') },
    { product: 'juniper', service: 'bgp', where: module('srx') },
    ...ZEEK.map(
      (service): SigmaSource => ({ product: 'zeek', service, where: { '#event.dataset': [`ndr.${service}`] } }),
    ),
    { category: 'dns', where: { 'dns.question.name': 'present' } },
    {
      category: 'firewall',
      where: { '#event.module': ['asa', 'firepower', 'fortigate', 'ngfw', 'pfsense', 'sfos', 'sonicos', 'srx'] },
    },
    { category: 'proxy', where: { '#event.module': ['bluecoat', 'proxy', 'proxysg', 'transaction', 'zia'] } },
  ],
  fields: {
    '*': { EventID: ['windows.EventID'], Channel: ['windows.Channel'] },
    // No parser for Sysmon for Linux is published; a parser keeps the fields of the log below `Vendor.`.
    linux: { EventID: ['Vendor.EventID'], Channel: ['Vendor.Channel'] },
    antivirus: {
      'Threat Name': ['windows.EventData.Threat Name'],
      Signature: ['windows.EventData.Threat Name'],
      Filename: ['windows.EventData.Path'],
      Action: ['windows.EventData.Action Name'],
    },
    windows: {
      Provider_Name: ['windows.ProviderName'],
      Provider: ['windows.ProviderName'],
      Computer: ['windows.Computer'],
      ComputerName: ['windows.Computer'],
    },
    firewall: {
      src_ip: ['source.ip'],
      src_port: ['source.port'],
      dst_ip: ['destination.ip'],
      dst_port: ['destination.port'],
      protocol: ['network.transport'],
      action: ['event.action'],
      username: ['user.name'],
      bytes_sent: ['source.bytes'],
      bytes_received: ['destination.bytes'],
    },
    dns: { query: ['dns.question.name'], record_type: ['dns.question.type'], answer: ['dns.answers[0].data'] },
    proxy: {
      'c-uri': ['url.original'],
      'cs-method': ['http.request.method'],
      'sc-status': ['http.response.status_code'],
      'c-useragent': ['user_agent.original'],
      'cs-host': ['url.domain'],
      'r-dns': ['url.domain'],
      'cs-referrer': ['http.request.referrer'],
      'cs-referer': ['http.request.referrer'],
      'c-uri-stem': ['url.path'],
      'cs-uri-stem': ['url.path'],
      'c-uri-query': ['url.query'],
      'cs-uri-query': ['url.query'],
    },
  },
  spellings: {
    windefend: (f) => [`windows.EventData.${wordsOf(f)}`],
    windows: (f) => [`windows.EventData.${f}`],
  },
  rest: (f) => `Vendor.${f}`,
  values: writtenIntegrity,
  exclusive: auditedPairs((f) => `windows.EventData.${f}`),
  numbers: ['windows.EventID', 'Vendor.EventID', 'source.port', 'destination.port', 'http.response.status_code'],
}

/** Older parsers and community packages. */
export const ngsiemOlder: Vocabulary = {
  id: 'cps-older',
  title: 'Falcon Next-Gen SIEM, community packages',
  evidence: 'Names of public queries over the community’s Windows package: `#windows.EventID`.',
  fields: {
    '*': { EventID: ['#windows.EventID'] },
    windows: { Provider_Name: ['windows.Provider.Name'] },
  },
}
