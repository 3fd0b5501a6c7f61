import type { SigmaSource } from '../../../logs/format.ts'
import type { Vocabulary } from '../vocabulary-kit.ts'
import { auditedPairs, windowsSources, wordsOf, writtenIntegrity } from './windows.ts'

/** Source categories are the site's own, so only fields of the events tell them apart. */
const sources: readonly SigmaSource[] = [
  ...windowsSources,
  { product: 'aws', service: 'cloudtrail', where: { eventSource: ['*.amazonaws.com'] } },
  { product: 'okta', service: 'okta', where: { eventType: 'present', published: 'present' } },
  { product: 'linux', service: 'auditd', where: { type: 'present' } },
  { product: 'gcp', service: 'gcp.audit', where: { 'protoPayload.methodName': 'present' } },
  { product: 'm365', service: 'audit', where: { Workload: 'present' } },
  ...['exchange', 'threat_management', 'threat_detection'].map(
    (service): SigmaSource => ({ product: 'm365', service, where: { eventSource: 'present' } }),
  ),
  { product: 'azure', service: 'activitylogs', where: { category: ['Administrative', 'Policy'] } },
  // Every record has `category`, which is the kind of the log, and audit records have one of their own.
  // https://learn.microsoft.com/graph/api/resources/directoryaudit
  { product: 'azure', service: 'auditlogs', where: { 'properties.activityDisplayName': 'present' } },
  { product: 'azure', service: 'signinlogs', where: { category: ['SignInLogs', 'NonInteractiveUserSignInLogs'] } },
  ...['riskdetection', 'pim'].map(
    (service): SigmaSource => ({ product: 'azure', service, where: { riskEventType: 'present' } }),
  ),
  { category: 'dns', where: { query: 'present' } },
  { product: 'zeek', where: { uid: 'present' } },
]

/** Sumo Logic keeps the names of the log: its own parser for JSON, and what extraction rules call the rest. */
export const sumoNames: Vocabulary = {
  id: 'sumo',
  title: 'Sumo Logic log search: the names of the log',
  evidence:
    'Sumo Logic’s pages on automatic parsing of JSON and on field extraction rules: fields have the names of the log or of the rule. The ' +
    'searches of its apps for Windows call the parts of an event EventID, Channel, Computer and Provider.',
  sources,
  fields: {
    windows: Object.fromEntries([
      ...['Provider_Name', 'ProviderName', 'Provider'].map((f) => [f, ['Provider']] as const),
      ...['Computer', 'ComputerName', 'Hostname'].map((f) => [f, ['Computer']] as const),
    ]),
    auditlogs: { Category: ['properties.category'], category: ['properties.category'] },
    antivirus: { Signature: ['Threat Name'], Filename: ['Path'], Action: ['Action Name'] },
  },
  spellings: { windefend: (f) => [wordsOf(f)] },
  rest: (f) => f,
  values: writtenIntegrity,
  exclusive: auditedPairs((f) => f),
  numbers: ['EventID'],
  ownNames: ['_raw', '_messageTime', '_sourceCategory'],
  shortAddresses: true,
  writtenOnly: true,
}

/** Windows events as the vendor's collector sends them, without an extraction rule. */
export const sumoCollector: Vocabulary = {
  ...sumoNames,
  id: 'sumo-windows-json',
  title: 'Sumo Logic log search: Windows events as JSON of the collector',
  evidence:
    'Searches of Sumo Logic’s apps for Windows (JSON): `EventID`, `Channel`, `Computer`, `Provider.Name`, and data as `EventData.…`.',
  sources: windowsSources,
  fields: {
    '*': { EventID: ['EventID'], Channel: ['Channel'] },
    windows: Object.fromEntries([
      ...['Level', 'Task', 'Opcode', 'Keywords', 'Message'].map((f) => [f, [f]] as const),
      ...['Provider_Name', 'ProviderName', 'Provider'].map((f) => [f, ['Provider.Name']] as const),
      ...['Computer', 'ComputerName', 'Hostname'].map((f) => [f, ['Computer']] as const),
    ]),
    antivirus: {
      Signature: ['EventData.Threat Name'],
      Filename: ['EventData.Path'],
      Action: ['EventData.Action Name'],
    },
  },
  spellings: { windefend: (f) => [`EventData.${wordsOf(f)}`], windows: (f) => [`EventData.${f}`] },
  exclusive: auditedPairs((f) => `EventData.${f}`),
}
