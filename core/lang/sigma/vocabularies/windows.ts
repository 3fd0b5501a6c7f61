import { byName } from '../../../text/by-name.ts'
import type { SigmaSource } from '../../../logs/format.ts'
import { absent, and, call, iff, or, present, test, text } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import type { Computed, Name, ReadField, Vocabulary } from '../vocabulary-kit.ts'

/** The channels of Sysmon, with the one that is built into Windows. */
const SYSMON: Readonly<Record<string, string>> = byName({
  windows: 'Microsoft-Windows-Sysmon/Operational',
  linux: 'Linux-Sysmon/Operational',
})

/** Sysmon's events by Sigma's category: its manual, and the taxonomy of the Sigma specification. */
const SYSMON_EVENTS: Readonly<Record<string, readonly string[]>> = byName({
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
  registry_set: ['13'],
  registry_rename: ['14'],
  registry_event: ['12', '13', '14'],
  create_stream_hash: ['15'],
  pipe_created: ['17', '18'],
  wmi_event: ['19', '20', '21'],
  dns_query: ['22'],
  file_delete: ['23', '26'],
  file_delete_detected: ['26'],
  clipboard_capture: ['24'],
  process_tampering: ['25'],
  file_block_executable: ['27'],
  file_block_shredding: ['28'],
  file_executable_detected: ['29'],
  sysmon_status: ['4', '16'],
  sysmon_error: ['255'],
})

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
const security: readonly SigmaSource[] = [
  { category: 'process_creation', product: 'windows', where: { Channel: ['Security'], EventID: ['4688'] } },
  { category: 'registry_event', product: 'windows', where: { Channel: ['Security'], EventID: ['4657'] } },
  ...Object.entries(REGISTRY_OPERATIONS).map(
    ([category, OperationType]): SigmaSource => ({
      category,
      product: 'windows',
      where: { Channel: ['Security'], EventID: ['4657'], OperationType },
    }),
  ),
]

const POWERSHELL = ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational']
const powershell = (category: string, Channel: readonly string[], id: string): SigmaSource => ({
  category,
  product: 'windows',
  where: { Channel, EventID: [id] },
})

/** Channels of Windows by Sigma's service. */
const CHANNELS: Readonly<Record<string, readonly string[]>> = byName({
  security: ['Security'],
  system: ['System'],
  application: ['Application'],
  'application-experience': [
    'Microsoft-Windows-Application-Experience/Program-Telemetry',
    'Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant',
  ],
  applocker: [
    'Microsoft-Windows-AppLocker/MSI and Script',
    'Microsoft-Windows-AppLocker/EXE and DLL',
    'Microsoft-Windows-AppLocker/Packaged app-Deployment',
    'Microsoft-Windows-AppLocker/Packaged app-Execution',
  ],
  'appmodel-runtime': ['Microsoft-Windows-AppModel-Runtime/Admin'],
  'appxdeployment-server': ['Microsoft-Windows-AppXDeploymentServer/Operational'],
  'appxpackaging-om': ['Microsoft-Windows-AppxPackaging/Operational'],
  bitlocker: ['Microsoft-Windows-BitLocker/BitLocker Management'],
  'bits-client': ['Microsoft-Windows-Bits-Client/Operational'],
  capi2: ['Microsoft-Windows-CAPI2/Operational'],
  'certificateservicesclient-lifecycle-system': [
    'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
  ],
  'codeintegrity-operational': ['Microsoft-Windows-CodeIntegrity/Operational'],
  dhcp: ['Microsoft-Windows-DHCP-Server/Operational'],
  'diagnosis-scripted': ['Microsoft-Windows-Diagnosis-Scripted/Operational'],
  'dns-client': ['Microsoft-Windows-DNS Client Events/Operational', 'Microsoft-Windows-DNS-Client/Operational'],
  'dns-server': ['DNS Server'],
  'dns-server-analytic': ['Microsoft-Windows-DNS-Server/Analytical'],
  'dns-server-audit': ['Microsoft-Windows-DNS-Server/Audit'],
  'driver-framework': ['Microsoft-Windows-DriverFrameworks-UserMode/Operational'],
  'firewall-as': ['Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'],
  'hyper-v-worker': ['Microsoft-Windows-Hyper-V-Worker', 'Microsoft-Windows-Hyper-V-Worker-Admin'],
  'iis-configuration': ['Microsoft-IIS-Configuration/Operational'],
  'kernel-event-tracing': ['Microsoft-Windows-Kernel-EventTracing', 'Microsoft-Windows-Kernel-EventTracing/Admin'],
  'kernel-shimengine': [
    'Microsoft-Windows-Kernel-ShimEngine/Operational',
    'Microsoft-Windows-Kernel-ShimEngine/Diagnostic',
  ],
  ldap: ['Microsoft-Windows-LDAP-Client/Debug'],
  'lsa-server': ['Microsoft-Windows-LSA/Operational'],
  'microsoft-servicebus-client': ['Microsoft-ServiceBus-Client/Operational', 'Microsoft-ServiceBus-Client/Admin'],
  'servicebus-client': ['Microsoft-ServiceBus-Client/Operational', 'Microsoft-ServiceBus-Client/Admin'],
  'msexchange-management': ['MSExchange Management'],
  ntfs: ['Microsoft-Windows-Ntfs/Operational'],
  ntlm: ['Microsoft-Windows-NTLM/Operational'],
  openssh: ['OpenSSH/Operational'],
  powershell: POWERSHELL,
  'powershell-classic': ['Windows PowerShell'],
  'printservice-admin': ['Microsoft-Windows-PrintService/Admin'],
  'printservice-operational': ['Microsoft-Windows-PrintService/Operational'],
  'security-mitigations': [
    'Microsoft-Windows-Security-Mitigations/Kernel Mode',
    'Microsoft-Windows-Security-Mitigations/User Mode',
  ],
  sense: ['Microsoft-Windows-SENSE/Operational'],
  'shell-core': ['Microsoft-Windows-Shell-Core/Operational'],
  'smbclient-connectivity': ['Microsoft-Windows-SmbClient/Connectivity'],
  'smbclient-security': ['Microsoft-Windows-SmbClient/Security'],
  'smbserver-connectivity': ['Microsoft-Windows-SMBServer/Connectivity'],
  taskscheduler: ['Microsoft-Windows-TaskScheduler/Operational'],
  'terminalservices-localsessionmanager': ['Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'],
  vhdmp: ['Microsoft-Windows-VHDMP/Operational', 'Microsoft-Windows-VHDMP-Operational'],
  windefend: ['Microsoft-Windows-Windows Defender/Operational'],
  wmi: ['Microsoft-Windows-WMI-Activity/Operational'],
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
export const windowsSources: readonly SigmaSource[] = [
  ...sysmon,
  ...security,
  powershell('ps_module', POWERSHELL, '4103'),
  powershell('ps_script', POWERSHELL, '4104'),
  powershell('ps_classic_start', ['Windows PowerShell'], '400'),
  powershell('ps_classic_provider_start', ['Windows PowerShell'], '600'),
  powershell('ps_classic_script', ['Windows PowerShell'], '800'),
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
    // Defender separates the words of a field's name (`Threat Name`); rules do not.
    windefend: (field) => [field.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' '), field],
  },
  values: {
    // Integrity levels as security identifiers and as numbers.
    ...Object.fromEntries(
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
    ),
    EventType: [
      ['CreateValue', '%%1904', 'New registry value created'],
      ['SetValue', '%%1905', 'Existing registry value modified'],
      ['DeleteValue', '%%1906', 'Registry value deleted'],
    ],
  },
}
