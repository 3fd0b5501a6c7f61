// Names of Next-Gen SIEM for Okta's system log and AWS CloudTrail.
import type { CpsNames } from '../format.ts'
import { first, is, lower, mapped } from './answers.ts'

/** The package's page; names of the target as queries use them. */
export const OKTA: CpsNames = {
  documented: {
    '#Vendor': is('okta'),
    '#event.module': is('sso'),
    'event.action': 'eventType',
    'event.id': 'uuid',
    message: 'displayMessage',
    'client.ip': 'client.ipAddress',
    'client.user.name': 'actor.alternateId',
    'client.user.id': 'actor.id',
    'client.user.full_name': 'actor.displayName',
    'client.geo.city_name': 'client.geographicalContext.city',
    'client.geo.country_name': 'client.geographicalContext.country',
    'client.geo.region_name': 'client.geographicalContext.state',
    'client.as.number': 'securityContext.asNumber',
    'rule.id': 'debugContext.debugData.ruleId',
    'rule.name': 'debugContext.debugData.ruleName',
  },
  inferred: {
    '#event.kind': is('event'),
    '#event.outcome': mapped('outcome.result', {
      success: 'success',
      allow: 'success',
      failure: 'failure',
      deny: 'failure',
      '*': 'unknown',
    }),
    'event.reason': 'outcome.reason',
    'source.ip': 'client.ipAddress',
    'user.name': 'actor.alternateId',
    'user.full_name': 'actor.displayName',
    'user.id': 'actor.id',
    'user.target.name': 'target[0].alternateId',
    'user.target.full_name': 'target[0].displayName',
    'user.target.id': 'target[0].id',
    'user_agent.original': 'client.userAgent.rawUserAgent',
  },
}

/** The package's page and lists of users. */
export const CLOUDTRAIL: CpsNames = {
  documented: {
    '#Vendor': is('aws'),
    '#event.module': is('cloudtrail'),
    'event.action': 'eventName',
    'event.provider': 'eventSource',
    'event.id': 'eventID',
    'error.code': 'errorCode',
    'error.message': 'errorMessage',
    'cloud.account.id': first('recipientAccountId', 'userIdentity.accountId'),
    'cloud.region': 'awsRegion',
    // The service's own calls have its name in the place of an address.
    'source.ip': (get) => (/^[\d.]+$|:/.test(get('sourceIPAddress') ?? '') ? get('sourceIPAddress') : undefined),
    'source.address': lower('sourceIPAddress'),
    'user_agent.original': 'userAgent',
    '#event.outcome': (get) =>
      get('errorCode') !== undefined || get('responseElements.ConsoleLogin') === 'Failure' ? 'failure' : 'success',
  },
  reported: {
    '#event.dataset': is('cloudtrail.log'),
    'cloud.instance.id': first('requestParameters.instanceId', 'requestParameters.instancesSet.items[0].instanceId'),
    'cloud.Storage.bucket_name': 'requestParameters.bucketName',
  },
  inferred: {
    '#event.kind': is('event'),
    'user.name': first('userIdentity.userName', 'userIdentity.sessionContext.sessionIssuer.userName'),
    'user.id': 'userIdentity.principalId',
  },
}
