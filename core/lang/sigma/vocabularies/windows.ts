import { byName } from '../../../text/by-name.ts'
import { AUDITED, CHANNELS, POWERSHELL_EVENTS, SYSMON, SYSMON_EVENTS } from '../../shared/windows-events.ts'
import type { SigmaSource } from '../../../logs/format.ts'
import { absent, and, call, iff, or, present, test, text } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import type { Computed, EventSource, Name, ReadField, Vocabulary } from '../vocabulary-kit.ts'

/** One event id for created and deleted objects; `EventType` distinguishes them. */
const OBJECT_EVENTS: Readonly<Record<string, readonly string[]>> = byName({
  registry_add: ['CreateKey', 'CreateValue'],
  registry_delete: ['DeleteKey', 'DeleteValue'],
})

const sysmon: readonly SigmaSource[] = Object.entries(SYSMON).flatMap(([product, channel]) => [
  ...Object.entries(SYSMON_EVENTS).map(
    ([category, ids]): SigmaSource => ({ category, product, where: { Channel: [channel], EventID: ids } }),
  ),
  ...Object.entries(OBJECT_EVENTS).flatMap(([category, types]): SigmaSource[] => [
    { category, product, where: { Channel: [channel], EventID: ['12'], EventType: types } },
    { category, product, where: { Channel: [channel], EventID: ['12'], EventType: 'absent' } },
  ]),
  { product, service: 'sysmon', where: { Channel: [channel] } },
])

/** Events of the Security channel for the same activity. In 4657 the operation distinguishes them. */
const REGISTRY_OPERATIONS: Readonly<Record<string, readonly string[]>> = byName({
  registry_add: ['%%1904', 'New registry value created'],
  registry_set: ['%%1905', 'Existing registry value modified'],
  registry_delete: ['%%1906', 'Registry value deleted'],
})
const security: readonly EventSource[] = Object.entries(AUDITED).map(([category, own]) => {
  const OperationType = REGISTRY_OPERATIONS[category]
  const where = { Channel: [own.channel], EventID: [own.id], ...(OperationType && { OperationType }) }
  return { category, product: 'windows', where, own }
})

/** Sigma's name and that of an event of the Security log: no event has both. `named`: names as the telemetry has them. */
export const auditedPairs = (named: (field: string) => string): readonly (readonly string[])[] => {
  const pairs = Object.values(AUDITED).flatMap(({ names }) =>
    Object.entries(names).flatMap(([field, own]) => (own === null || own === field ? [] : [[field, own].map(named)])),
  )
  return [...new Map(pairs.map((p) => [p.join(' '), p])).values()]
}

const powershell = (category: string, Channel: readonly string[], id: string): SigmaSource => ({
  category,
  product: 'windows',
  where: { Channel, EventID: [id] },
})

const is = (of: Expr, values: readonly string[]) => test('str.in', [of], { values, ignoreCase: true })

/** Some shippers drop the channel, but keep the provider or put Sysmon under a source category. */
const sysmonChannel: Computed = {
  display: (read) =>
    iff(
      or(is(read('Provider'), ['Microsoft-Windows-Sysmon']), is(read('_sourceCategory'), ['windows/sysmon', 'sysmon'])),
      text(SYSMON['windows'] as string),
      iff(
        or(is(read('Provider'), ['Linux-Sysmon']), is(read('_sourceCategory'), ['linux/sysmon'])),
        text(SYSMON['linux'] as string),
        absent('str'),
      ),
    ),
}

/** Replaces the kernel's names of registry roots by Sysmon's abbreviations. */
export const registryPath = (of: Expr): Expr =>
  [
    ['^\\\\REGISTRY\\\\MACHINE', 'HKLM'],
    ['^\\\\REGISTRY\\\\USER', 'HKU'],
  ].reduce((e, [pattern = '', by = '']) => call('re.replace', 'str', [e], { pattern, flags: 'i', with: by }), of)

const joined = (read: ReadField, key: string, value: string): Expr =>
  iff(
    and(present(read(value)), present(read(key))),
    call('str.concat', 'str', [read(key), text('\\'), read(value)]),
    read(key),
  )
/** 4657 has the key and the value's name in two fields. */
const auditedObject: Computed = { display: (read) => registryPath(joined(read, 'ObjectName', 'ObjectValueName')) }

/** In 4688 the creator's id is `ProcessId`. */
const auditedParent: Computed = {
  display: (read) => iff(present(read('NewProcessId')), read('ProcessId'), absent('str')),
}

/** Defender separates the words of a field's name (`Threat Name`); rules do not. */
export const wordsOf = (field: string): string => field.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ')

const PROVIDER: readonly Name[] = [
  'Provider_Name',
  'Provider',
  'ProviderName',
  'SourceName',
  'provider_name',
  'source_name',
  'winlog.provider_name',
  'event.provider',
  'EventSource',
]
const COMPUTER: readonly Name[] = ['Computer', 'ComputerName', 'Hostname', 'aid', 'host.name', 'device.hostname']

/** The events of Windows channels by log source: on every platform that keeps the channel and the event id. */
export const windowsSources: readonly EventSource[] = [
  ...sysmon,
  ...security,
  ...Object.entries(POWERSHELL_EVENTS).map(([category, { channels, id }]) => powershell(category, channels, id)),
  // Event ids in the manifest of the ETW provider: 12 opens a file, 19 and 27 rename one.
  {
    category: 'file_access',
    product: 'windows',
    where: { Provider: ['Microsoft-Windows-Kernel-File'], EventID: ['12'] },
  },
  {
    category: 'file_rename',
    product: 'windows',
    where: { Provider: ['Microsoft-Windows-Kernel-File'], EventID: ['19', '27'] },
  },
  ...Object.entries(CHANNELS).map(
    ([service, Channel]): SigmaSource => ({ product: 'windows', service, where: { Channel } }),
  ),
  { product: 'windows', where: { Channel: 'present' } },
  { category: 'antivirus', where: { Channel: CHANNELS['windefend'] ?? [], 'Threat Name': 'present' } },
]

/** Integrity levels in words, as numbers and as security identifiers, which the Security log has. */
const integrityLevels: NonNullable<Vocabulary['values']> = Object.fromEntries(
  ['IntegrityLevel', 'ParentIntegrityLevel'].map((field) => [
    field,
    Object.entries({
      Untrusted: 0,
      Low: 4096,
      Medium: 8192,
      MediumPlus: 8448,
      High: 12_288,
      System: 16_384,
      Protected: 20_480,
    }).map(([word, n]) => [
      word,
      ...(word === 'MediumPlus' ? ['Medium_Plus', 'Medium Plus'] : []),
      String(n),
      `S-1-16-${n}`,
      `0x${n.toString(16)}`,
    ]),
  ]),
)

export const windows: Vocabulary = {
  id: 'sysmon',
  title: 'Windows and Sysmon',
  evidence:
    'Sysmon’s manual, the taxonomy of the Sigma specification 2.1, and Microsoft’s pages on events 4657 and 4688; names of shippers as in ' +
    'core/logs/vendors/windows.',
  sources: windowsSources,
  fields: {
    '*': {
      EventID: ['EventID', 'EventCode', 'event_id', 'winlog.event_id', 'event.code'],
      Channel: ['Channel', 'LogName', 'log_name', 'winlog.channel', sysmonChannel],
    },
    windows: {
      Provider_Name: PROVIDER,
      Provider: ['Provider', ...PROVIDER],
      ComputerName: ['ComputerName', ...COMPUTER],
      Computer: COMPUTER,
      EventType: ['OperationType'],
    },
    endpoint: {
      Provider_Name: PROVIDER,
      Computer: COMPUTER,
      ComputerName: COMPUTER,
      User: ['User', 'UserName', 'user.name'],
    },
    process_creation: {
      Image: ['NewProcessName'],
      ParentImage: ['ParentProcessName'],
      User: ['User', 'SubjectUserName', 'UserName'],
      ProcessId: ['NewProcessId', 'ProcessId'],
      ParentProcessId: [auditedParent],
      IntegrityLevel: ['MandatoryLabel'],
      LogonId: ['SubjectLogonId'],
    },
    ...Object.fromEntries(
      ['registry_add', 'registry_set', 'registry_delete', 'registry_event'].map((category) => [
        category,
        {
          TargetObject: [auditedObject],
          Details: ['NewValue'],
          Image: ['ProcessName'],
          User: ['SubjectUserName'],
          EventType: ['OperationType'],
        },
      ]),
    ),
    antivirus: { Signature: ['Threat Name', 'ThreatName'], Filename: ['Path', 'FilePath'], Action: ['Action Name'] },
  },
  spellings: {
    windefend: (field) => [wordsOf(field), field],
  },
  values: {
    ...integrityLevels,
    EventType: [
      ['CreateValue', '%%1904', 'New registry value created'],
      ['SetValue', '%%1905', 'Existing registry value modified'],
      ['DeleteValue', '%%1906', 'Registry value deleted'],
    ],
  },
}
/** The words of Sysmon and the identifiers of the Security log, for texts that read both. */
export const writtenIntegrity: NonNullable<Vocabulary['values']> = Object.fromEntries(
  Object.entries(integrityLevels).map(([field, levels]) => [
    field,
    levels.map((forms) => forms.filter((f) => /^[A-Z]/.test(f) && !/^Medium.Plus$/.test(f))),
  ]),
)

/** Sysmon and the channels of Windows alone, for generated events: Sigma's names are theirs. */
export const sysmonNames: Vocabulary = {
  id: 'sysmon-names',
  title: 'Sysmon and Windows event logs',
  evidence:
    'The taxonomy of the Sigma specification 2.1: field names of these categories are those of Sysmon and of the channels.',
  sources: [...sysmon, ...windowsSources.filter((s) => s.category === undefined)],
  rest: (f) => f,
  numbers: ['EventID'],
  writtenOnly: true,
}
