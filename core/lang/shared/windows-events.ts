// Channels and events of Windows by Sigma's words: Sysmon's manual and the taxonomy of the Sigma specification.
import { byName } from '../../text/by-name.ts'

/** The channels of Sysmon, with the one that is built into Windows. */
export const SYSMON: Readonly<Record<string, string>> = byName({
  windows: 'Microsoft-Windows-Sysmon/Operational',
  linux: 'Linux-Sysmon/Operational',
})

/** Sysmon's events by Sigma's category: its manual, and the taxonomy of the Sigma specification. */
export const SYSMON_EVENTS: Readonly<Record<string, readonly string[]>> = byName({
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

export const POWERSHELL = ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational']

/** Channels of Windows by Sigma's service. */
export const CHANNELS: Readonly<Record<string, readonly string[]>> = byName({
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

/** Events of PowerShell by Sigma's category: about_Logging of PowerShell. */
export const POWERSHELL_EVENTS: Readonly<
  Record<string, { readonly channels: readonly string[]; readonly id: string }>
> = byName({
  ps_module: { channels: POWERSHELL, id: '4103' },
  ps_script: { channels: POWERSHELL, id: '4104' },
  ps_classic_start: { channels: ['Windows PowerShell'], id: '400' },
  ps_classic_provider_start: { channels: ['Windows PowerShell'], id: '600' },
  ps_classic_script: { channels: ['Windows PowerShell'], id: '800' },
})

/** Events of another log than Sigma's names are from. */
export interface OtherEvents {
  readonly channel: string
  readonly id: string
  /** Their names for Sigma's fields. Null: they have the fact in a form that no test of one field says. They have no other field of these. */
  readonly names: Readonly<Record<string, string | null>>
}

/** On every event, whichever log it is in. */
const HEADER = [
  'EventID',
  'Channel',
  'Computer',
  'ComputerName',
  'Provider',
  'Provider_Name',
  'Level',
  'Task',
  'Keywords',
]
const same = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries([...HEADER, ...names].map((n) => [n, n]))

/** https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-4688 */
const PROCESS_AUDITED: OtherEvents = {
  channel: 'Security',
  id: '4688',
  names: byName({
    ...same(
      (
        'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId NewProcessId NewProcessName TokenElevationType CommandLine ' +
        'TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel'
      ).split(' '),
    ),
    Image: 'NewProcessName',
    ParentImage: 'ParentProcessName',
    User: 'SubjectUserName',
    LogonId: 'SubjectLogonId',
    IntegrityLevel: 'MandatoryLabel',
    // `ProcessId` is the creator here, and the process itself in Sysmon's event.
    ProcessId: null,
    ParentProcessId: null,
  }),
}

/** https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/event-4657 */
const REGISTRY_AUDITED: OtherEvents = {
  channel: 'Security',
  id: '4657',
  names: byName({
    ...same(
      (
        'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId ObjectName ObjectValueName HandleId OperationType OldValueType ' +
        'OldValue NewValueType NewValue ProcessId ProcessName'
      ).split(' '),
    ),
    Image: 'ProcessName',
    User: 'SubjectUserName',
    Details: 'NewValue',
    // Key and value are two fields, and the roots have the names of the kernel.
    TargetObject: null,
    EventType: null,
  }),
}

/** Events of the Security log by Sigma's category, beside those of Sysmon. */
export const AUDITED: Readonly<Record<string, OtherEvents>> = byName({
  process_creation: PROCESS_AUDITED,
  registry_add: REGISTRY_AUDITED,
  registry_set: REGISTRY_AUDITED,
  registry_delete: REGISTRY_AUDITED,
  registry_event: REGISTRY_AUDITED,
})
