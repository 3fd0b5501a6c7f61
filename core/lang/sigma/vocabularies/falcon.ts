import { byName } from '../../../text/by-name.ts'
import type { SigmaSource } from '../../../logs/format.ts'
import { absent, and, call, iff, or, present, test, text } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import type { Part } from '../../shared/portable.ts'
import { type Computed, first, type ReadField, type Vocabulary, type WrittenTest } from '../vocabulary-kit.ts'
import { registryPath } from './windows.ts'

const CONNECTIONS = ['NetworkConnectIP4', 'NetworkConnectIP6', 'NetworkReceiveAcceptIP4', 'NetworkReceiveAcceptIP6']
const ACCEPTED = ['NetworkReceiveAcceptIP4', 'NetworkReceiveAcceptIP6']
const REGISTRY = ['AsepValueUpdate', 'SuspiciousRegAsepUpdate', 'RegGenericValueUpdate', 'RegSystemConfigValueUpdate']

/** Events by Sigma's category. */
const EVENTS: Readonly<Record<string, readonly string[]>> = byName({
  process_creation: ['ProcessRollup2', 'SyntheticProcessRollup2'],
  process_termination: ['EndOfProcess'],
  network_connection: CONNECTIONS,
  dns_query: ['DnsRequest', 'SuspiciousDnsRequest'],
  image_load: ['ClassifiedModuleLoad'],
  driver_load: ['DriverLoad'],
  ps_script: ['CommandHistory', 'ScriptControlScanTelemetry'],
  file_event: ['*FileWritten', 'NewExecutableWritten', 'NewScriptWritten'],
  file_rename: ['NewExecutableRenamed', 'FileRenameInfo'],
  file_delete: ['FileDeleteInfo', 'ExecutableDeleted'],
  registry_set: REGISTRY,
  registry_event: REGISTRY,
})
const PLATFORMS: Readonly<Record<string, string>> = byName({ windows: 'Win', linux: 'Lin', macos: 'Mac' })
const ONLY_WINDOWS = new Set(['image_load', 'driver_load', 'ps_script', 'registry_set', 'registry_event'])

const sources: readonly SigmaSource[] = Object.entries(EVENTS).flatMap(([category, names]) => [
  { category, where: { event_simpleName: names } },
  ...Object.entries(PLATFORMS).flatMap(([product, platform]): SigmaSource[] =>
    product !== 'windows' && ONLY_WINDOWS.has(category)
      ? []
      : [{ category, product, where: { event_simpleName: names, event_platform: [platform] } }],
  ),
])

const named = (read: ReadField, values: readonly string[]) =>
  test('str.in', [read('event_simpleName')], { values, ignoreCase: false })
const is = (of: Expr, value: string) => test('str.eq', [of, text(value)])

/** The sensor's directions: 0 the host opened the connection, 1 it was opened to the host. */
const inbound = (read: ReadField) =>
  or(named(read, ACCEPTED), and(named(read, CONNECTIONS), is(read('ConnectionDirection'), '1')))

/** In Sysmon the source of a connection is its opener, whichever host reports it. The sensor has local and remote instead. */
const side = (local: readonly string[], remote: readonly string[], isOpener: boolean): Computed => ({
  display: (read) => {
    const locals = first(...local.map(read))
    const remotes = first(...remote.map(read))
    return iff(inbound(read), isOpener ? remotes : locals, isOpener ? locals : remotes)
  },
})
const LOCAL = ['LocalAddressIP4', 'LocalAddressIP6']
const REMOTE = ['RemoteAddressIP4', 'RemoteAddressIP6']

const protocol: Computed = {
  replaces: true,
  display: (read) => {
    const number = read('Protocol')
    const isFalcon = named(read, CONNECTIONS)
    return iff(and(isFalcon, is(number, '6')), text('tcp'), iff(and(isFalcon, is(number, '17')), text('udp'), number))
  },
}

const initiated: Computed = {
  display: (read) => {
    const opened = and(named(read, CONNECTIONS), is(read('ConnectionDirection'), '0'))
    return iff(inbound(read), text('false'), iff(opened, text('true'), absent('str')))
  },
}

/**
 * For most activity the sensor reports only the file name of the program. A selection on the end of the path (`\ftp.exe`, `/ftp`) can
 * still match it. A selection on a folder cannot.
 */
const fileName = (name: string): Computed => ({
  display: (read) => read(name),
  written: (parts) => {
    const named = withoutFolder(parts)
    return named && [{ field: name, parts: named }]
  },
  test: (read) => {
    const isUnix = test('str.in', [read('event_platform')], { values: ['Lin', 'Mac'], ignoreCase: true })
    const root = iff(isUnix, text('/'), text('\\'))
    return iff(present(read(name)), call('str.concat', 'str', [root, read(name)]), absent('str'))
  },
})

/** The end of a path as a file name; undefined: it says something of the folder. */
function withoutFolder([star, first, ...others]: readonly Part[]): readonly Part[] | undefined {
  const isFolder = (p: Part): boolean => 'text' in p && /[\\/]/.test(p.text)
  if (!star || !('wild' in star) || star.wild !== '*' || !first || others.some(isFolder)) return undefined
  if (!('text' in first)) return undefined
  const named = /^[\\/]/.test(first.text)
  const text = named ? first.text.slice(1) : first.text
  if (isFolder({ text })) return undefined
  if (named) return [...(text === '' ? [] : [{ text }]), ...others]
  // `*ftp*` may be met by a folder.
  const last = others.at(-1)
  return last && 'wild' in last ? undefined : [star, first, ...others]
}

/** Sysmon writes all answers in one field, each with a semicolon. */
const answers: Computed = {
  display: (read) => {
    const names = ['IP4Records', 'IP6Records', 'CNAMERecords']
    const parts = names.map((n) => iff(present(read(n)), call('str.concat', 'str', [read(n), text(';')]), text('')))
    return iff(or(...names.map((n) => present(read(n)))), call('str.concat', 'str', parts), absent('str'))
  },
}

/** Sysmon writes the hashes in one field. */
const hashes: Computed = {
  display: (read) => {
    const labelled = (label: string, name: string): Expr =>
      iff(present(read(name)), call('str.concat', 'str', [text(`${label}=`), read(name), text(',')]), text(''))
    const all = call('str.concat', 'str', [
      labelled('MD5', 'MD5HashData'),
      labelled('SHA1', 'SHA1HashData'),
      labelled('SHA256', 'SHA256HashData'),
    ])
    return iff(or(present(read('SHA256HashData')), present(read('MD5HashData'))), all, absent('str'))
  },
  written: hashTests,
}
/** `*SHA256=…*` and `SHA256=…` name one hash; a text without a label may be any of them. */
function hashTests(parts: readonly Part[]): readonly WrittenTest[] | undefined {
  const texts = parts.filter((p) => 'text' in p)
  const [one] = texts
  if (!one || texts.length > 1) return undefined
  const found = /^(?:(MD5|SHA1|SHA256)=)?([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.exec(one.text)
  const label = found?.[1]?.toUpperCase() ?? { 32: 'MD5', 40: 'SHA1', 64: 'SHA256' }[found?.[2]?.length ?? 0]
  return found?.[2] !== undefined && label !== undefined
    ? [{ field: `${label}HashData`, parts: [{ text: found[2] }] }]
    : undefined
}

/** The sensor has the account without its domain: it tells users apart, but a text with a domain cannot be tested. */
const account: Computed = { name: 'UserName', display: (read) => read('UserName'), written: () => undefined }

const hash = (name: string): readonly string[] => [name, `${name}HashData`]

const registryObject: Computed = {
  display: (read) => {
    const [key, value] = [read('RegObjectName'), read('RegValueName')]
    const whole = iff(and(present(key), present(value)), call('str.concat', 'str', [key, text('\\'), value]), key)
    return registryPath(whole)
  },
}

export const falcon: Vocabulary = {
  id: 'falcon',
  title: 'CrowdStrike Falcon',
  evidence:
    'CrowdStrike’s events data dictionary as restated in public queries, and the fields that SigmaHQ’s public Falcon pipelines name; ' +
    'OriginalFilename, IP4Records and SyntheticProcessRollup2 as seen in Falcon Data Replicator.',
  sources,
  fields: {
    process_creation: {
      Image: ['ImageFileName'],
      ParentImage: [fileName('ParentBaseFileName')],
      OriginalFileName: ['OriginalFilename'],
      ProcessId: ['RawProcessId'],
      User: [account],
    },
    network_connection: {
      Image: ['ImageFileName', fileName('ContextBaseFileName')],
      Initiated: [initiated],
      Protocol: [protocol],
      SourceIp: [side(LOCAL, REMOTE, true)],
      SourcePort: [side(['LocalPort'], ['RemotePort'], true)],
      DestinationIp: [side(LOCAL, REMOTE, false)],
      DestinationPort: [side(['LocalPort'], ['RemotePort'], false)],
    },
    dns_query: {
      QueryName: ['DomainName'],
      QueryResults: [answers],
      answer: [answers],
      record_type: ['RequestType'],
      Image: ['ImageFileName', fileName('ContextBaseFileName')],
    },
    image_load: { Image: ['TargetImageFileName'], ImageLoaded: ['ImageFileName'] },
    driver_load: { ImageLoaded: ['ImageFileName'], OriginalFileName: ['OriginalFilename'] },
    ps_script: { ScriptBlockText: ['ScriptContent', 'CommandHistory'] },
    file_event: {
      TargetFilename: ['TargetFileName'],
      Image: ['ContextImageFileName', fileName('ContextBaseFileName')],
    },
    file_rename: { TargetFilename: ['TargetFileName'], SourceFilename: ['SourceFileName'] },
    file_delete: {
      TargetFilename: ['TargetFileName'],
      Image: ['ContextImageFileName', fileName('ContextBaseFileName')],
    },
    registry_set: {
      TargetObject: [registryObject],
      Details: ['RegStringValue', 'RegNumericValue'],
      Image: ['ContextImageFileName', fileName('ContextBaseFileName')],
    },
    registry_event: {
      TargetObject: [registryObject],
      Details: ['RegStringValue', 'RegNumericValue'],
      Image: ['ContextImageFileName', fileName('ContextBaseFileName')],
    },
    endpoint: { Hashes: [hashes], md5: hash('MD5'), sha1: hash('SHA1'), sha256: hash('SHA256') },
  },
  same: {
    process_creation: ['CommandLine', 'ParentProcessId', 'UserName'],
    // Events of a tenant have it; those of Falcon Data Replicator have `aid`.
    endpoint: ['ComputerName'],
  },
  volumes: true,
  numbers: ['ConnectionDirection', 'LocalPort', 'Protocol', 'RawProcessId', 'RemotePort', 'RequestType'],
  exclusive: [
    LOCAL,
    REMOTE,
    ['ImageFileName', 'ContextBaseFileName'],
    ['ContextImageFileName', 'ContextBaseFileName'],
    ['ScriptContent', 'CommandHistory'],
  ],
  written: { event_simpleName: '#event_simpleName' },
  values: {
    // Types of DNS questions by number (IANA).
    record_type: Object.entries({ A: 1, NS: 2, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28, ANY: 255 }).map(
      ([word, n]) => [word, String(n)],
    ),
  },
}
