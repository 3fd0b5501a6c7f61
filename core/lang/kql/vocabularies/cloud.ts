// Tables of Microsoft Sentinel for logs of clouds, networks and servers.
import { constant } from '../../shared/condition.ts'
import type { TargetSource } from '../../shared/target.ts'

const rest =
  (prefixes: Readonly<Record<string, string>>) =>
  (field: string): string | undefined => {
    for (const [from, to] of Object.entries(prefixes))
      if (field.startsWith(`${from}.`)) return `${to}${field.slice(from.length)}`
    return undefined
  }
const named = (names: string): Record<string, string> => Object.fromEntries(names.split(' ').map((n) => [n, n]))

const SIGNIN = {
  ...named(
    'AppDisplayName AppId AuthenticationRequirement Category ClientAppUsed ConditionalAccessStatus Identity IPAddress Location OperationName ResourceDisplayName ResultDescription ResultType RiskEventTypes RiskLevelDuringSignIn RiskState UserAgent UserPrincipalName UserType',
  ),
  resultType: 'ResultType',
  userAgent: 'UserAgent',
  location: 'Location',
  callerIpAddress: 'IPAddress',
  'properties.appId': 'AppId',
  'properties.authenticationRequirement': 'AuthenticationRequirement',
  'properties.message': 'OperationName',
  resourceDisplayName: 'ResourceDisplayName',
  ResourceDisplayName: 'ResourceDisplayName',
}
const NETWORK = {
  src_ip: 'SourceIP',
  dst_ip: 'DestinationIP',
  src_port: 'SourcePort',
  dst_port: 'DestinationPort',
  action: 'DeviceAction',
  protocol: 'Protocol',
  bytes_sent: 'SentBytes',
  bytes_received: 'ReceivedBytes',
}

export const cloud: readonly TargetSource[] = [
  {
    product: 'aws',
    service: 'cloudtrail',
    from: 'AWSCloudTrail',
    fields: {
      eventName: 'EventName',
      eventSource: 'EventSource',
      eventType: 'EventTypeName',
      errorCode: 'ErrorCode',
      errorMessage: 'ErrorMessage',
      userAgent: 'UserAgent',
      sourceIPAddress: 'SourceIpAddress',
      requestParameters: 'RequestParameters',
      responseElements: 'ResponseElements',
      'userIdentity.type': 'UserIdentityType',
      'userIdentity.arn': 'UserIdentityArn',
      'userIdentity.userName': 'UserIdentityUserName',
      'userIdentity.principalId': 'UserIdentityPrincipalid',
      awsRegion: 'AWSRegion',
    },
    other: rest({
      requestParameters: 'RequestParameters',
      responseElements: 'ResponseElements',
      additionalEventData: 'AdditionalEventData',
    }),
  },
  {
    product: 'azure',
    service: 'activitylogs',
    from: 'AzureActivity',
    fields: {
      operationName: 'OperationNameValue',
      OperationNameValue: 'OperationNameValue',
      'properties.message': 'OperationNameValue',
      category: 'CategoryValue',
      CategoryValue: 'CategoryValue',
      ResourceProviderValue: 'ResourceProviderValue',
      ResourceId: '_ResourceId',
      Status: 'ActivityStatusValue',
    },
  },
  {
    product: 'azure',
    service: 'signinlogs',
    from: 'SigninLogs',
    fields: SIGNIN,
    other: rest({ DeviceDetail: 'DeviceDetail', 'properties.deviceDetail': 'DeviceDetail' }),
  },
  {
    product: 'azure',
    service: 'auditlogs',
    from: 'AuditLogs',
    fields: {
      ...named('ActivityDisplayName Category LoggedByService OperationName Result ResultDescription ResultReason'),
      'properties.message': 'OperationName',
      operationName: 'OperationName',
      category: 'Category',
      Status: 'Result',
    },
  },
  {
    product: 'azure',
    service: 'riskdetection',
    from: 'AADUserRiskEvents',
    fields: { riskEventType: 'RiskEventType', riskLevel: 'RiskLevel' },
  },
  {
    product: 'm365',
    service: 'audit',
    from: 'OfficeActivity',
    fields: {
      ...named('Operation Parameters ResultStatus UserId ClientIP'),
      Workload: 'OfficeWorkload',
      ObjectId: 'OfficeObjectId',
    },
  },
  { product: 'linux', service: 'sshd', from: 'Syslog', where: constant('ProcessName', 'sshd'), fields: {} },
  { product: 'linux', service: 'auth', from: 'Syslog', where: constant('Facility', 'auth', 'authpriv'), fields: {} },
  { product: 'linux', service: 'cron', from: 'Syslog', where: constant('Facility', 'cron'), fields: {} },
  { product: 'linux', service: 'syslog', from: 'Syslog', fields: {} },
  { product: 'linux', service: 'sudo', from: 'Syslog', where: constant('ProcessName', 'sudo'), fields: {} },
  { product: 'linux', from: 'Syslog', fields: {} },
  {
    product: 'gcp',
    service: 'gcp.audit',
    from: 'GCPAuditLogs',
    fields: {
      'gcp.audit.method_name': 'MethodName',
      'data.protoPayload.methodName': 'MethodName',
      'data.protoPayload.serviceName': 'ServiceName',
    },
  },
  { category: 'firewall', from: 'CommonSecurityLog', fields: NETWORK },
  {
    category: 'proxy',
    from: 'CommonSecurityLog',
    fields: {
      'c-uri': 'RequestURL',
      'c-useragent': 'RequestClientApplication',
      'cs-method': 'RequestMethod',
      'cs-host': 'DestinationHostName',
      'c-ip': 'SourceIP',
      'cs-username': 'SourceUserName',
      dst_ip: 'DestinationIP',
    },
  },
  {
    category: 'webserver',
    from: 'W3CIISLog',
    fields: {
      'cs-uri-query': 'csUriQuery',
      'cs-uri-stem': 'csUriStem',
      'cs-method': 'csMethod',
      'cs-user-agent': 'csUserAgent',
      'cs-referer': 'csReferer',
      'cs-username': 'csUserName',
      'cs-host': 'csHost',
      'cs-cookie': 'csCookie',
      'sc-status': 'scStatus',
      'c-ip': 'cIP',
    },
    loss: { kind: 'web-servers', message: 'W3CIISLog has the requests of IIS only' },
  },
  {
    category: 'dns',
    from: '_Im_Dns()',
    fields: { query: 'DnsQuery', record_type: 'DnsQueryTypeName', answer: 'DnsResponseName', src_ip: 'SrcIpAddr' },
  },
]
export const cloudTypes = {
  SourcePort: 'number',
  DestinationPort: 'number',
  SentBytes: 'number',
  ReceivedBytes: 'number',
} as const
