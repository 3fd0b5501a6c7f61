import type { SigmaSource } from '../../../logs/format.ts'
import type { Vocabulary } from '../vocabulary-kit.ts'

type Where = SigmaSource['where']
const several = (product: string, service: string, ...all: readonly Where[]): SigmaSource[] =>
  all.map((where) => ({ product, service, where }))

const upper = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)
const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)
const kubernetes: readonly Where[] = [
  { apiVersion: ['audit.k8s.io/*'] },
  { auditID: 'present', verb: 'present' },
  { 'kubernetes.audit.auditID': 'present' },
]

export const cloud: Vocabulary = {
  id: 'cloud',
  title: 'Cloud and identity providers',
  evidence:
    'The providers’ pages on the records of CloudTrail, Azure Monitor and Entra, Google Cloud and Workspace audit logs, Microsoft 365 ' +
    '(Office 365 Management API), Okta, GitHub, Bitbucket, OneLogin, Duo and Kubernetes; ECS modules of the same names; CPS `#event.module`.',
  sources: [
    ...several(
      'aws',
      'cloudtrail',
      { eventSource: ['*.amazonaws.com'] },
      { eventVersion: 'present', eventName: 'present', awsRegion: 'present' },
      { 'event.dataset': ['aws.cloudtrail'] },
      { '#event.module': ['cloudtrail'] },
      { 'metadata.product.name': ['CloudTrail'] },
    ),
    ...several(
      'azure',
      'activitylogs',
      { operationName: ['Microsoft.*/*'] },
      { OperationName: ['Microsoft.*/*'] },
      { OperationNameValue: 'present' },
      { category: ['Administrative', 'Policy', 'ServiceHealth', 'ResourceHealth', 'Autoscale', 'Recommendation'] },
      { 'event.dataset': ['azure.activitylogs'] },
      { '#event.module': ['azure'] },
    ),
    ...several(
      'azure',
      'auditlogs',
      { category: ['AuditLogs'] },
      { Category: ['AuditLogs'] },
      { activityDisplayName: 'present' },
      { ActivityDisplayName: 'present' },
      { loggedByService: 'present' },
      { LoggedByService: 'present' },
      { 'properties.activityDisplayName': 'present' },
      { 'event.dataset': ['azure.auditlogs', 'entraid.audit', 'azure.entraid.audit'] },
    ),
    ...several(
      'azure',
      'signinlogs',
      { category: ['*SignInLogs'] },
      { Category: ['*SignInLogs'] },
      { authenticationRequirement: 'present' },
      { AuthenticationRequirement: 'present' },
      { ResultType: 'present', AppDisplayName: 'present' },
      { 'properties.authenticationRequirement': 'present' },
      { 'properties.appDisplayName': 'present' },
      { appDisplayName: 'present', 'status.errorCode': 'present' },
      { 'event.dataset': ['azure.signinlogs', 'entraid.signin', 'azure.entraid.signin'] },
    ),
    ...['riskdetection', 'pim'].flatMap((service) =>
      several(
        'azure',
        service,
        { riskEventType: 'present' },
        { RiskEventType: 'present' },
        { 'properties.riskEventType': 'present' },
        { category: ['UserRiskEvents', 'RiskyUsers'] },
      ),
    ),
    ...several('azure', 'pim', { loggedByService: ['PIM'] }, { LoggedByService: ['PIM'] }),
    ...several(
      'gcp',
      'gcp.audit',
      { 'protoPayload.@type': ['*google.cloud.audit.AuditLog'] },
      { 'protoPayload.methodName': 'present' },
      { 'data.protoPayload.methodName': 'present' },
      { 'gcp.audit.method_name': 'present' },
      { 'event.dataset': ['gcp.audit'] },
    ),
    ...['admin', 'login'].flatMap((name) =>
      several(
        'gcp',
        `google_workspace.${name}`,
        { 'protoPayload.serviceName': [`${name}.googleapis.com`] },
        { eventService: [`${name}.googleapis.com`] },
        { 'id.applicationName': [name] },
        { 'event.dataset': [`google_workspace.${name}`] },
      ),
    ),
    ...several(
      'github',
      'audit',
      { _document_id: 'present', action: 'present' },
      { action: 'present', actor: 'present', org: 'present' },
      { action: 'present', actor: 'present', business: 'present' },
      { 'event.dataset': ['github.audit'] },
      { '#event.module': ['github'] },
    ),
    ...several('bitbucket', 'audit', { 'auditType.action': 'present' }),
    ...several(
      'okta',
      'okta',
      { eventType: 'present', 'outcome.result': 'present' },
      { eventType: 'present', displayMessage: 'present' },
      { eventtype: 'present', displaymessage: 'present' },
      { eventType: 'present', legacyEventType: 'present' },
      { eventType: 'present', published: 'present' },
      { 'event.dataset': ['okta.system'] },
      { Vendor: ['okta'] },
      { '#Vendor': ['okta'] },
    ),
    ...several('onelogin', 'onelogin.events', { event_type_id: 'present' }),
    ...several(
      'cisco',
      'duo',
      { event_type: 'present', factor: 'present' },
      { event_type: 'present', txid: 'present' },
      { event_type: ['authentication', 'enrollment', 'bypass_status'], reason: 'present' },
      { '#event.module': ['duo'] },
    ),
    ...several(
      'm365',
      'audit',
      { Operation: 'present', Workload: 'present' },
      { Operation: 'present', RecordType: 'present' },
      { 'event.dataset': ['o365.audit'] },
      { '#event.module': ['m365'] },
    ),
    ...several('m365', 'exchange', { Workload: ['Exchange'] }, { eventSource: ['Exchange'] }),
    ...['threat_management', 'threat_detection'].flatMap((service) =>
      several(
        'm365',
        service,
        { Workload: ['SecurityComplianceCenter', 'ThreatIntelligence', 'MicrosoftCloudAppSecurity'] },
        { eventSource: ['SecurityComplianceCenter'] },
      ),
    ),
    // Exchange Online's own alerts come through the compliance centre as well.
    ...several('m365', 'exchange', { eventSource: ['SecurityComplianceCenter'] }),
    ...kubernetes.flatMap((where): SigmaSource[] => [
      { product: 'kubernetes', service: 'audit', where },
      { category: 'application', product: 'kubernetes', service: 'audit', where },
    ]),
  ],
  fields: {
    cloudtrail: {
      eventName: ['aws.cloudtrail.event_name', 'event.action', 'api.operation'],
      eventSource: ['event.provider', 'api.service.name'],
      errorCode: ['aws.cloudtrail.error_code', 'api.response.error'],
      errorMessage: ['aws.cloudtrail.error_message', 'api.response.message'],
      userAgent: ['user_agent.original', 'http_request.user_agent'],
      sourceIPAddress: ['source.ip', 'src_endpoint.ip'],
      src_ip: ['sourceIPAddress', 'source.ip', 'src_endpoint.ip'],
      awsRegion: ['cloud.region'],
      requestParameters: ['aws.cloudtrail.request_parameters', 'api.request.data'],
      responseElements: ['aws.cloudtrail.response_elements', 'api.response.data'],
      'userIdentity.type': ['aws.cloudtrail.user_identity.type', 'actor.user.type'],
      'userIdentity.arn': ['aws.cloudtrail.user_identity.arn', 'actor.user.uid'],
      'userIdentity.userName': ['user.name', 'actor.user.name'],
    },
    azure: {
      'properties.message': [
        'properties.activityDisplayName',
        'activityDisplayName',
        'ActivityDisplayName',
        'operationName',
        'OperationName',
        'azure.auditlogs.operation_name',
      ],
      operationName: ['OperationNameValue', 'azure.activitylogs.operation_name', 'azure.auditlogs.operation_name'],
      ActivityDisplayName: ['OperationName', 'operationName'],
      riskEventType: ['event_type'],
      ResultType: ['status.errorCode', 'properties.status.errorCode'],
      ResultDescription: ['status.failureReason', 'properties.status.failureReason'],
      userAgent: ['user_agent.original'],
    },
    'gcp.audit': {
      'gcp.audit.method_name': ['protoPayload.methodName', 'data.protoPayload.methodName', 'event.action'],
    },
    'google_workspace.admin': {
      eventService: ['protoPayload.serviceName', 'id.applicationName'],
      eventName: ['protoPayload.metadata.event.eventName', 'events.name', 'event.action'],
      setting_name: ['protoPayload.metadata.event.parameter.value', 'events.parameters.value'],
      new_value: ['protoPayload.metadata.event.parameter.value', 'events.parameters.value'],
    },
    'google_workspace.login': {
      'protoPayload.serviceName': ['protoPayload.Servicename', 'id.applicationName'],
      'protoPayload.Servicename': ['protoPayload.serviceName'],
      'protoPayload.metadata.event.eventName': ['eventName', 'events.name', 'event.action'],
    },
    github: { action: ['event.action'], actor: ['user.name'] },
    okta: {
      eventType: ['eventtype', 'okta.event_type', 'event.action'],
      eventtype: ['eventType', 'okta.event_type'],
      displayMessage: ['displaymessage', 'okta.display_message'],
      'actor.alternateId': ['actor.alternateid', 'okta.actor.alternate_id'],
      'outcome.result': ['okta.outcome.result', 'event.outcome'],
      'outcome.reason': ['okta.outcome.reason'],
      'target.displayName': ['okta.target.display_name'],
    },
    m365: {
      eventSource: ['Source', 'Workload'],
      eventName: ['Name', 'Operation', 'PolicyDetails.PolicyName'],
      status: ['ResultStatus', 'Status'],
      Operation: ['event.action', 'o365.audit.Operation'],
    },
    kubernetes: {
      apiGroup: ['objectRef.apiGroup'],
      hostPath: ['requestObject.spec.volumes.hostPath', 'requestObject.spec.volumes.hostPath.path'],
      capabilities: ['requestObject.spec.containers.securityContext.capabilities.add'],
    },
  },
  spellings: {
    cloudtrail: (f) => [f, `Vendor.${f}`],
    // Azure Monitor, Log Analytics and Microsoft Graph have three spellings of one name.
    azure: (f) => [f, lower(f), upper(f), `properties.${lower(f)}`, `Properties.${lower(f)}`, `Vendor.${lower(f)}`],
    'gcp.audit': (f) => [f, f.replace(/^data\./, ''), `Vendor.${f}`],
    okta: (f) => [f, `Vendor.${f}`],
    github: (f) => [f, `Vendor.${f}`],
    m365: (f) => [f, `o365.audit.${f}`, `Vendor.${f}`],
    bitbucket: (f) => [f, `Vendor.${f}`],
    kubernetes: (f) => [f, `kubernetes.audit.${f}`, `Vendor.${f}`],
  },
}
