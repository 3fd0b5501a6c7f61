// Fields and sources of Splunk's add-ons as they are in the raw events.
import { all, any, textTest } from '../../shared/condition.ts'
import type { Condition } from '../../shared/portable.ts'
import type { TargetSource, TargetVocabulary } from '../../shared/target.ts'
import { AUDITED, CHANNELS, POWERSHELL_EVENTS, SYSMON, SYSMON_EVENTS } from '../../shared/windows-events.ts'
import { traffic } from './cim.ts'

const same = (field: string): string => field
/** Windows logs come as XML (`XmlWinEventLog:<channel>`) or as text (`WinEventLog:<channel>`). */
const channel = (...names: readonly string[]) =>
  any(
    ...names.map(
      (n): Condition => ({
        kind: 'text',
        field: 'source',
        parts: [{ wild: '*' }, { text: `WinEventLog:${n}` }],
        cased: false,
      }),
    ),
  )
const WINDOWS = { EventID: 'EventCode', Provider_Name: 'SourceName', Computer: 'ComputerName' }
const SYSMON_FIELDS = { ...WINDOWS, md5: 'MD5', sha1: 'SHA1', sha256: 'SHA256', Imphash: 'IMPHASH', imphash: 'IMPHASH' }

const sysmon = Object.entries(SYSMON_EVENTS).flatMap(([category, ids]): TargetSource[] => [
  {
    category,
    product: 'linux',
    from: 'index=*',
    where: all(textTest('sourcetype', 'sysmon:linux'), textTest('EventCode', ...ids)),
    fields: SYSMON_FIELDS,
    other: same,
  },
  {
    category,
    product: 'windows',
    from: 'index=*',
    where: all(channel(SYSMON['windows'] as string), textTest('EventCode', ...ids)),
    unread: AUDITED[category],
    fields: SYSMON_FIELDS,
    other: same,
  },
])
const objects = (['registry_add', 'registry_delete'] as const).map(
  (category): TargetSource => ({
    category,
    product: 'windows',
    from: 'index=*',
    where: all(
      channel(SYSMON['windows'] as string),
      textTest('EventCode', '12'),
      textTest(
        'EventType',
        ...(category === 'registry_add' ? ['CreateKey', 'CreateValue'] : ['DeleteKey', 'DeleteValue']),
      ),
    ),
    unread: AUDITED[category],
    fields: SYSMON_FIELDS,
    other: same,
  }),
)

const windowsLog = (
  match: Pick<TargetSource, 'category' | 'service'>,
  channels: readonly string[],
  id?: string,
): TargetSource => ({
  ...match,
  product: 'windows',
  from: 'index=*',
  where: all(channel(...channels), ...(id === undefined ? [] : [textTest('EventCode', id)])),
  fields: WINDOWS,
  other: same,
})

/** Source types of the vendors' add-ons, whose fields keep the names of the log. */
const VENDORS: readonly (readonly [
  match: Pick<TargetSource, 'category' | 'product' | 'service'>,
  sourcetypes: readonly string[],
])[] = [
  [{ product: 'aws', service: 'cloudtrail' }, ['aws:cloudtrail']],
  [{ product: 'azure', service: 'signinlogs' }, ['azure:monitor:aad']],
  [{ product: 'azure', service: 'auditlogs' }, ['azure:monitor:aad']],
  [{ product: 'azure', service: 'activitylogs' }, ['azure:monitor:activity']],
  [{ product: 'm365' }, ['o365:management:activity']],
  [{ product: 'gcp' }, ['google:gcp:pubsub:message']],
  [{ product: 'okta' }, ['OktaIM2:log']],
  [{ product: 'linux', service: 'auditd' }, ['linux_audit', 'auditd']],
  [{ product: 'linux', service: 'sshd' }, ['linux_secure']],
  [{ product: 'linux' }, ['syslog', 'linux_secure', 'linux_messages_syslog']],
  [{ category: 'webserver' }, ['access_combined', 'ms:iis:auto', 'nginx:plus:access']],
]

export const addOns: TargetVocabulary = {
  id: 'splunk-add-ons',
  title: 'Splunk add-ons',
  evidence: [
    {
      url: 'https://splunk.github.io/splunk-add-on-for-microsoft-windows/',
      says: 'Windows events have source XmlWinEventLog:<channel> or WinEventLog:<channel>; the number is EventCode.',
    },
    {
      url: 'https://splunk.github.io/splunk-add-on-for-microsoft-sysmon/',
      says: 'Fields of Sysmon keep the names of its manual; each hash is a field of its own too.',
    },
    {
      url: 'https://splunk.github.io/splunk-add-on-for-amazon-web-services/',
      says: 'CloudTrail has the source type aws:cloudtrail.',
    },
  ],
  sources: [
    ...sysmon,
    ...objects,
    ...Object.entries(POWERSHELL_EVENTS).map(([category, { channels, id }]) => windowsLog({ category }, channels, id)),
    ...Object.entries(CHANNELS).map(([service, channels]) => windowsLog({ service }, channels)),
    windowsLog({ service: 'sysmon' }, [SYSMON['windows'] as string]),
    { ...traffic, category: 'firewall' },
    ...VENDORS.map(
      ([match, types]): TargetSource => ({
        ...match,
        from: 'index=*',
        where: any(textTest('sourcetype', ...types)),
        fields: {},
        other: same,
      }),
    ),
  ],
  types: {
    EventCode: 'number',
    DestinationPort: 'number',
    SourcePort: 'number',
    dest_port: 'number',
    src_port: 'number',
    bytes: 'number',
    bytes_in: 'number',
    bytes_out: 'number',
  },
}
