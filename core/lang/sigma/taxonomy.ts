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

/**
 * Names that events of other log sources have, for "did you mean": product, category, service. No list is complete.
 * Sigma's taxonomy (https://sigmahq.io/sigma-specification/specification/sigma-appendix-taxonomy.html), and the pages of each product.
 */
const OF_SOURCE: Readonly<Record<string, string>> = byName({
  'windows/ps_script/': 'ScriptBlockText ScriptBlockId MessageNumber MessageTotal Path',
  'windows/ps_module/': 'ContextInfo UserData Payload',
  'windows//security':
    'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId TargetUserSid TargetUserName TargetDomainName TargetLogonId TargetSid TargetServerName LogonType LogonProcessName AuthenticationPackageName WorkstationName Workstation IpAddress IpPort ProcessId ProcessName NewProcessName CommandLine ParentProcessName Status SubStatus ObjectServer ObjectType ObjectName ObjectClass ObjectDN ObjectValueName HandleId AccessList AccessMask PrivilegeList Properties ShareName ShareLocalPath RelativeTargetName ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount TaskName TaskContent TaskContentNew AttributeLDAPDisplayName AttributeValue TicketEncryptionType TicketOptions SamAccountName OldTargetUserName NewTargetUserName PasswordLastSet AuditPolicyChanges SubcategoryGuid CategoryId OldValue NewValue Application SourceAddress SourcePort DestAddress DestPort Protocol LayerName FilterName TemplateContent NewTemplateContent MemberName MemberSid KeyLength ImpersonationLevel ElevatedToken',
  'windows//system':
    'ServiceName ImagePath ServiceType StartType AccountName param1 param2 param3 param4 Binary Channel Origin HiveName DeviceName Caption',
  'windows//windefend': 'ThreatName Path ProcessName SourceName NewValue OldValue Reason Feature_Name Value',
  'linux//auditd':
    'type syscall SYSCALL success exit ppid pid auid uid gid euid suid fsuid egid sgid fsgid tty ses comm exe subj key cwd name nametype proctitle cmdline unit hostname addr terminal acct',
  'aws//cloudtrail':
    'eventVersion eventTime eventSource eventName eventType eventCategory eventID awsRegion sourceIPAddress userAgent errorCode errorMessage requestID readOnly resources recipientAccountId managementEvent userIdentity.type userIdentity.principalId userIdentity.arn userIdentity.accountId userIdentity.userName userIdentity.invokedBy userIdentity.sessionContext.sessionIssuer.type requestParameters responseElements responseElements.ConsoleLogin additionalEventData.MFAUsed',
  'azure//activitylogs':
    'operationName operationNameValue OperationNameValue CategoryValue ResourceProviderValue ResourceId properties.message caller callerIpAddress resultType',
  'azure//riskdetection': 'riskEventType riskState riskLevel riskDetail detectionTimingType activity ipAddress source',
  'azure//pim': 'riskEventType',
  'azure//signinlogs':
    'ResultType ResultDescription resultType Status AuthenticationRequirement Location location userAgent DeviceDetail.isCompliant DeviceDetail.deviceId DeviceDetail.trusttype conditionalAccessStatus properties.message RiskState',
  'okta//okta':
    'eventType legacyEventType displayMessage severity published actor.alternateId actor.displayName actor.type target.displayName target.alternateId outcome.result outcome.reason client.ipAddress client.userAgent.rawUserAgent securityContext.isProxy debugContext.debugData.requestUri debugContext.debugData.behaviors',
  'github//audit': 'action actor actor_id actor_ip business org repo created_at operation_type user visibility',
  'kubernetes//audit':
    'verb requestURI userAgent sourceIPs user.username user.groups objectRef.resource objectRef.subresource objectRef.apiGroup objectRef.namespace objectRef.name responseStatus.code',
  'm365//audit':
    'Operation Workload ResultStatus UserId UserType ClientIP ObjectId Parameters RequestType RecordType ApplicationId OperationProperties',
  'm365//threat_management': 'eventSource eventName status Payload',
  'opencanary/application/': 'logtype src_host src_port dst_host dst_port node_id logdata',
  'rpc_firewall/application/': 'EventLog EventID InterfaceUuid OpNum',
  'zeek//http':
    'uid id.orig_h id.orig_p id.resp_h id.resp_p method host uri referrer version user_agent request_body_len response_body_len status_code status_msg resp_mime_types orig_mime_types client_header_names',
  'zeek//dns':
    'uid id.orig_h id.orig_p id.resp_h id.resp_p query qclass qclass_name qtype qtype_name rcode rcode_name answers rejected',
  'zeek//smb_files': 'uid id.orig_h id.resp_h action path name size prev_name',
  'zeek//dce_rpc': 'uid id.orig_h id.resp_h named_pipe endpoint operation',
  '/webserver/':
    'date time c-ip cs-username s-computername s-ip s-port cs-method cs-uri-stem cs-uri-query sc-status sc-bytes cs-bytes time-taken cs-version cs-host cs-user-agent cs-cookie cs-referer',
  '/proxy/':
    'c-uri c-uri-extension c-uri-query c-uri-stem c-useragent cs-bytes cs-cookie cs-host cs-method r-dns cs-referrer cs-version sc-bytes sc-status src_ip dst_ip',
  '/firewall/': 'src_ip src_port dst_ip dst_port username action blocked',
  '/antivirus/': 'Signature Filename Action',
  '/dns/': 'query answer record_type',
})

/** Split once: whoever compares names with a list keeps an index of it. */
const split = (
  of: Readonly<Record<string, string>>,
  more: (key: string) => string,
): ReadonlyMap<string, readonly string[]> =>
  new Map(Object.entries(of).map(([key, own]) => [key, `${own}${more(key)}`.split(' ')]))

const lists = split(OF_CATEGORY, () => ` ${HEADER}`)
const ofSource = split(OF_SOURCE, (key) => (key.startsWith('windows') ? ` ${HEADER}` : ''))

export interface Source {
  readonly product?: string | undefined
  readonly category?: string | undefined
  readonly service?: string | undefined
}

/** Undefined: no list of the log source is known. Sysmon's sensor for Linux has the names of the one for Windows. */
export function fieldsOf({ product = '', category = '', service = '' }: Source): readonly string[] | undefined {
  const isEndpoint = product === 'windows' || product === 'linux' || product === 'macos'
  const names = (isEndpoint ? lists.get(category) : undefined) ?? ofSource.get(`${product}/${category}/${service}`)
  return names ?? (product === 'windows' ? EVERY_WINDOWS_EVENT : undefined)
}

/** Names that hardly any other field of a Windows event resembles. */
const EVERY_WINDOWS_EVENT: readonly string[] = ['EventID', 'Provider_Name', 'ProviderName']
