// The fields of Sysmon's events, by category of log source, and of the Windows events that Sigma maps to them. Other sensors may add more.
// https://learn.microsoft.com/sysinternals/downloads/sysmon, https://sigmahq.io/docs/basics/log-sources.html
import { byName } from '../../text/by-name.ts'

/** On every Windows event. */
const HEADER = 'EventID Channel Provider_Name ProviderName Computer ComputerName Level Task Opcode Keywords UserID'

const OF_CATEGORY: Readonly<Record<string, string>> = byName({
  create_remote_thread:
    'RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser',
  create_stream_hash:
    'RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime Hash Contents User md5 sha1 sha256 Imphash',
  dns_query: 'RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image User',
  driver_load: 'RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus md5 sha1 sha256 Imphash',
  file_change:
    'RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime PreviousCreationUtcTime User',
  file_delete: 'RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable Archived',
  file_event: 'RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime User',
  image_load:
    'RuleName UtcTime ProcessGuid ProcessId Image ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed Signature SignatureStatus User md5 sha1 sha256 Imphash',
  network_connection:
    'RuleName UtcTime ProcessGuid ProcessId Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName',
  pipe_created: 'RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User',
  process_access:
    'RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser',
  process_creation:
    'RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser md5 sha1 sha256 Imphash NewProcessName SubjectUserName SubjectUserSid SubjectDomainName SubjectLogonId TokenElevationType MandatoryLabel GrandParentImage GrandParentCommandLine',
  registry_add: 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details NewName User',
  registry_delete: 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details NewName User',
  registry_event: 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details NewName User',
  registry_rename: 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details NewName User',
  registry_set: 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details NewName User',
  wmi_event: 'RuleName EventType UtcTime Operation User EventNamespace Name Query Type Destination Consumer Filter',
})

/** Split once: whoever compares names with a list keeps an index of it. */
const lists = new Map(Object.entries(OF_CATEGORY).map(([category, own]) => [category, `${own} ${HEADER}`.split(' ')]))

/** Undefined: the list of the category is not known. */
export const fieldsOf = (category: string | undefined): readonly string[] | undefined => lists.get(category ?? '')

/** Names that hardly any other field of a Windows event resembles. */
export const EVERY_WINDOWS_EVENT: readonly string[] = ['EventID', 'Provider_Name', 'ProviderName']
