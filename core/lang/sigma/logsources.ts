// The events of a log source, by their own fields and tags, never by the place of a file. Windows, Sysmon and Falcon are here; the log formats
// declare theirs (`FormatRecord.sigma`).
import type { SigmaSource } from '../../logs/format.ts'
import { and, not, or, present, test } from '../../plan/build.ts'
import type { Pred } from '../../plan/plan.ts'
import type { Logsource } from './ast.ts'
import type { ReadField } from './fields.ts'

const oneOf = (read: ReadField, name: string, values: readonly string[]): Pred =>
  test('str.in', [read(name)], { values, ignoreCase: true })

/** Where Sysmon writes, and source categories under which shippers that drop the channel put it. */
const SYSMON_LOGS: Readonly<Record<string, { readonly channel: string; readonly categories: readonly string[] }>> = {
  windows: { channel: 'Microsoft-Windows-Sysmon/Operational', categories: ['windows/sysmon', 'sysmon'] },
  linux: { channel: 'Linux-Sysmon/Operational', categories: ['linux/sysmon'] },
}
/** Sysmon's event ids by Sigma's category (its own manual, and the taxonomy of the Sigma specification). */
const SYSMON_EVENTS: Readonly<Record<string, readonly string[]>> = {
  process_creation: ['1'],
  file_change: ['2'],
  network_connection: ['3'],
  process_termination: ['5'],
  driver_load: ['6'],
  image_load: ['7'],
  create_remote_thread: ['8'],
  raw_access_thread: ['9'],
  process_access: ['10'],
  file_event: ['11'],
  registry_add: ['12'],
  registry_delete: ['12'],
  registry_set: ['13'],
  registry_rename: ['14'],
  registry_event: ['12', '13', '14'],
  create_stream_hash: ['15'],
  pipe_created: ['17', '18'],
  wmi_event: ['19', '20', '21'],
  dns_query: ['22'],
  file_delete: ['23', '26'],
  clipboard_capture: ['24'],
  process_tampering: ['25'],
  file_block_executable: ['27'],
  file_block_shredding: ['28'],
  file_executable_detected: ['29'],
  sysmon_status: ['4', '16'],
  sysmon_error: ['255'],
}

/** Falcon's events of the same kind. */
const FALCON_EVENTS: Readonly<Record<string, readonly string[]>> = {
  process_creation: ['ProcessRollup2'],
  network_connection: ['NetworkConnectIP4', 'NetworkConnectIP6', 'NetworkReceiveAcceptIP4', 'NetworkReceiveAcceptIP6'],
  dns_query: ['DnsRequest'],
}
const FALCON_PLATFORMS: Readonly<Record<string, string>> = { windows: 'Win', linux: 'Lin', macos: 'Mac' }

/** PowerShell logs under these ids: classic start 400, module 4103, script block 4104. */
const POWERSHELL: Readonly<Record<string, readonly string[]>> = { ps_module: ['4103'], ps_script: ['4104'] }

/** Channels of Windows by Sigma's service. */
const CHANNELS: Readonly<Record<string, readonly string[]>> = {
  security: ['Security'],
  system: ['System'],
  application: ['Application'],
  sysmon: Object.values(SYSMON_LOGS).map((l) => l.channel),
  powershell: ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'],
  'powershell-classic': ['Windows PowerShell'],
  taskscheduler: ['Microsoft-Windows-TaskScheduler/Operational'],
  windefend: ['Microsoft-Windows-Windows Defender/Operational'],
  wmi: ['Microsoft-Windows-WMI-Activity/Operational'],
  'bits-client': ['Microsoft-Windows-Bits-Client/Operational'],
  'dns-server': ['DNS Server'],
  'dns-server-analytic': ['Microsoft-Windows-DNS-Server/Analytical'],
  'dns-client': ['Microsoft-Windows-DNS Client Events/Operational'],
  'firewall-as': ['Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'],
  ntlm: ['Microsoft-Windows-NTLM/Operational'],
  'smbclient-security': ['Microsoft-Windows-SmbClient/Security'],
  'smbclient-connectivity': ['Microsoft-Windows-SmbClient/Connectivity'],
  'codeintegrity-operational': ['Microsoft-Windows-CodeIntegrity/Operational'],
  'appxdeployment-server': ['Microsoft-Windows-AppXDeploymentServer/Operational'],
  'appxpackaging-om': ['Microsoft-Windows-AppxPackaging/Operational'],
  'appmodel-runtime': ['Microsoft-Windows-AppModel-Runtime/Admin'],
  applocker: [
    'Microsoft-Windows-AppLocker/MSI and Script',
    'Microsoft-Windows-AppLocker/EXE and DLL',
    'Microsoft-Windows-AppLocker/Packaged app-Deployment',
    'Microsoft-Windows-AppLocker/Packaged app-Execution',
  ],
  'terminalservices-localsessionmanager': ['Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'],
  'printservice-admin': ['Microsoft-Windows-PrintService/Admin'],
  'printservice-operational': ['Microsoft-Windows-PrintService/Operational'],
  'msexchange-management': ['MSExchange Management'],
  'microsoft-servicebus-client': ['Microsoft-ServiceBus-Client/Operational', 'Microsoft-ServiceBus-Client/Admin'],
  ldap: ['Microsoft-Windows-LDAP-Client/Debug'],
  'security-mitigations': [
    'Microsoft-Windows-Security-Mitigations/Kernel Mode',
    'Microsoft-Windows-Security-Mitigations/User Mode',
  ],
  'shell-core': ['Microsoft-Windows-Shell-Core/Operational'],
  openssh: ['OpenSSH/Operational'],
  'iis-configuration': ['Microsoft-IIS-Configuration/Operational'],
  'diagnosis-scripted': ['Microsoft-Windows-Diagnosis-Scripted/Operational'],
  capi2: ['Microsoft-Windows-CAPI2/Operational'],
  'certificateservicesclient-lifecycle-system': [
    'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
  ],
  vhdmp: ['Microsoft-Windows-VHDMP-Operational'],
  'driver-framework': ['Microsoft-Windows-DriverFrameworks-UserMode/Operational'],
  'lsa-server': ['Microsoft-Windows-LSA/Operational'],
  'kernel-event-tracing': ['Microsoft-Windows-Kernel-EventTracing'],
  'kernel-shimengine': ['Microsoft-Windows-Kernel-ShimEngine/Operational'],
}

/** Source categories that users give to firewall records of any format. */
const FIREWALL: SigmaSource = { category: 'firewall', where: { _sourceCategory: ['firewall', 'network/firewall'] } }

/** The condition on the events of a log source; undefined: the log source is unknown. `declared`: by the log formats. */
export function eventsOf(logsource: Logsource, declared: readonly SigmaSource[], read: ReadField): Pred | undefined {
  const { category, product, service } = logsource
  const windows = product === undefined || product === 'windows'
  if (category === 'firewall' && service === undefined) return firewall(declared, read)
  if (category !== undefined && service === undefined) {
    if (Object.hasOwn(SYSMON_EVENTS, category)) return hostCategory(category, product, read)
    const ids = POWERSHELL[category]
    if (ids && windows) return and(oneOf(read, 'Channel', CHANNELS['powershell'] ?? []), oneOf(read, 'EventID', ids))
    if (category === 'ps_classic_start' && windows)
      return and(oneOf(read, 'Channel', CHANNELS['powershell-classic'] ?? []), oneOf(read, 'EventID', ['400']))
    return declaredEvents(logsource, declared, read)
  }
  const channels = service === undefined ? undefined : CHANNELS[service]
  if (channels && windows && category === undefined) return oneOf(read, 'Channel', channels)
  if (product === 'windows' && service === undefined && category === undefined) return present(read('Channel'))
  return declaredEvents(logsource, declared, read)
}

/** Events of all declared sources that have every part of the log source. */
function declaredEvents(
  { category, product, service }: Partial<Logsource>,
  declared: readonly SigmaSource[],
  read: ReadField,
): Pred | undefined {
  const found = declared.filter(
    (s) =>
      (category === undefined || s.category === category) &&
      (product === undefined || s.product === product) &&
      (service === undefined || s.service === service),
  )
  if (found.length === 0 || (category ?? product ?? service) === undefined) return undefined
  // Sources that differ by the values of one field are one test.
  const values = new Map<string, string[]>()
  const others: Pred[] = []
  for (const { where } of found) {
    const tests = Object.entries(where)
    const [field, of] = tests[0] ?? ['', 'present']
    if (tests.length === 1 && of !== 'present') values.set(field, [...(values.get(field) ?? []), ...of])
    else others.push(and(...tests.map(([name, v]) => (v === 'present' ? present(read(name)) : oneOf(read, name, v)))))
  }
  return or(...[...values].map(([name, of]) => oneOf(read, name, [...new Set(of)])), ...others)
}

/** Records of connections or of a firewall's source category, unless a host logged them. */
function firewall(declared: readonly SigmaSource[], read: ReadField): Pred {
  const ofHost = or(present(read('EventID')), present(read('event_simpleName')))
  const ofSource = declaredEvents({ category: 'firewall' }, [FIREWALL, ...declared], read)
  return and(or(present(read('network:key')), ...(ofSource ? [ofSource] : [])), not(ofHost))
}

function hostCategory(category: string, product: string | undefined, read: ReadField): Pred | undefined {
  const all = product === undefined
  const systems = all ? ['windows', 'linux'] : [product]
  const of: Pred[] = []
  const ids = SYSMON_EVENTS[category] ?? []
  const logs = Object.entries(SYSMON_LOGS).flatMap(([system, log]) => (systems.includes(system) ? [log] : []))
  if (logs.length > 0)
    of.push(
      and(
        or(
          oneOf(
            read,
            'Channel',
            logs.map((l) => l.channel),
          ),
          oneOf(
            read,
            '_sourceCategory',
            logs.flatMap((l) => l.categories),
          ),
        ),
        oneOf(read, 'EventID', ids),
      ),
    )
  if (category === 'process_creation' && systems.includes('windows'))
    of.push(and(oneOf(read, 'Channel', ['Security']), oneOf(read, 'EventID', ['4688'])))
  const falcon = FALCON_EVENTS[category]
  const platform = product === undefined ? undefined : FALCON_PLATFORMS[product]
  if (falcon && (all || platform !== undefined)) {
    const named = test('str.in', [read('event_simpleName')], { values: falcon, ignoreCase: false })
    of.push(platform === undefined ? named : and(named, oneOf(read, 'event_platform', [platform])))
  }
  return of.length === 0 ? undefined : or(...of)
}

export const nameOf = ({ category, product, service }: Logsource): string =>
  [
    ['category', category],
    ['product', product],
    ['service', service],
  ]
    .flatMap(([k, v]) => (v === undefined ? [] : [`${k}: ${v}`]))
    .join(', ') || 'without category, product and service'
