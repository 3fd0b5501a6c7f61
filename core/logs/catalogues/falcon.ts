// Fields of Falcon's events. From public samples of sensor events (Windows, Mac, iOS, Linux), the vendor's published queries and its
// event dictionary. No list is complete for every sensor version, so a missing name proves nothing; a name in `inNoFeed` does.
import type { EventCatalogue, EventType } from '../catalogue.ts'
import { falconEventNames, falconFieldNames } from './names/falcon.ts'

const EVERY = [
  'event_simpleName',
  'name',
  'id',
  'aid',
  'cid',
  'aip',
  'event_platform',
  'timestamp',
  'ConfigBuild',
  'ConfigStateHash',
  'EffectiveTransmissionClass',
  'Entitlements',
  'EventOrigin',
]
/** Next-Gen SIEM adds the host's name to every event; the Data Replicator does not. */
const ADDED = ['ComputerName', '#event_simpleName', '#repo', '#cid', '@timestamp', '@rawstring', '@id']
const CONTEXT = ['ContextTimeStamp', 'ContextProcessId', 'InContext']

const event = (name: string, fields: readonly string[], sometimes: readonly string[] = []): EventType => ({
  name,
  fields: [...EVERY, ...fields],
  only: { ngsiem: ADDED },
  sometimes,
})

const CONNECTION = ['LocalPort', 'RemotePort', 'Protocol', 'ConnectionDirection', 'ConnectionFlags', ...CONTEXT]
const CONNECTION_4 = [...CONNECTION, 'LocalAddressIP4', 'RemoteAddressIP4']
const CONNECTION_6 = [...CONNECTION, 'LocalAddressIP6', 'RemoteAddressIP6']
const CONNECTION_SOME = ['ContextBaseFileName', 'ContextThreadId', 'RemoteAddressString', 'OriginatingURL']
const PROCESS = ['TargetProcessId', 'ImageFileName', 'CommandLine', 'ProcessStartTime', 'RawProcessId']
const PROCESS_SOME = [
  'UserSid',
  'UserName',
  'UID',
  'AuthenticationId',
  'ParentProcessId',
  'ParentBaseFileName',
  'GrandParentBaseFileName',
  'SHA256HashData',
  'MD5HashData',
  'FileName',
  'FilePath',
  'IntegrityLevel',
  'SourceProcessId',
  'ProcessEndTime',
]
const USER = ['UserName', 'UserSid', 'AuthenticationId', 'LogonType', 'LogonTime', 'LogonDomain']

const CONNECTIONS = [
  'NetworkConnectIP4',
  'NetworkConnectIP6',
  'NetworkReceiveAcceptIP4',
  'NetworkReceiveAcceptIP6',
  'NetworkListenIP4',
  'NetworkListenIP6',
]
const noBytes = {
  events: [...CONNECTIONS, 'DnsRequest'],
  why: 'the sensor records that a connection was made, not how much it carried; byte counts come from firewalls and proxies',
}

export const falconCatalogue: EventCatalogue = {
  name: 'falcon',
  title: 'CrowdStrike Falcon sensor events',
  feeds: { fdr: ['fdr'], ngsiem: ['ngsiem', 'ngsiem-csv', 'ngsiem-json'] },
  typeField: 'event_simpleName',
  eventNames: falconEventNames,
  fieldNames: falconFieldNames,
  events: [
    ...CONNECTIONS.map((name) =>
      name.endsWith('4')
        ? event(name, CONNECTION_4, CONNECTION_SOME)
        : // An IPv6 event may have an IPv4 address, and then lacks the IPv6 fields.
          event(name, CONNECTION_6, [...CONNECTION_SOME, 'LocalAddressIP4', 'RemoteAddressIP4']),
    ),
    event('ProcessRollup2', PROCESS, PROCESS_SOME),
    event('SyntheticProcessRollup2', PROCESS, PROCESS_SOME),
    event('UserIdentity', USER, ['UserPrincipal', 'LogonServer', 'UID']),
    event('UserLogon', USER, ['UserPrincipal', 'LogonServer', 'RemoteAddressIP4', 'ClientComputerName', 'UID']),
    event(
      'DnsRequest',
      ['DomainName', 'RequestType', ...CONTEXT],
      [
        'ContextBaseFileName',
        'ContextThreadId',
        'IP4Records',
        'IP6Records',
        'CNAMERecords',
        'RespondingDnsServer',
        'FirstIP4Record',
      ],
    ),
  ],
  suppliers: {
    ComputerName: 'the aidmaster rows of the same feed name the host of an `aid`; Next-Gen SIEM adds it to every event',
    ImageFileName:
      'the ProcessRollup2 event with the same `aid` whose `TargetProcessId` is this event’s `ContextProcessId`',
    FileName:
      'the last part of `ImageFileName` of the ProcessRollup2 event with the same `aid` whose `TargetProcessId` is this event’s `ContextProcessId`',
    CommandLine:
      'the ProcessRollup2 event with the same `aid` whose `TargetProcessId` is this event’s `ContextProcessId`',
    UserSid:
      'the ProcessRollup2 event with the same `aid` whose `TargetProcessId` is this event’s `ContextProcessId` (Windows)',
    UserName:
      'the ProcessRollup2 event of the `ContextProcessId` (Linux, Mac), or UserIdentity by `aid` and that event’s `UserSid` (Windows)',
  },
  inNoFeed: { BytesSent: noBytes, BytesReceived: noBytes },
}
