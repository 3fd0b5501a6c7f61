// CrowdStrike's event streams: detections, incidents, audits and matches of firewall rules, each with `metadata` and `event`.
import type { FormatRecord, JsonMessages, JsonSample } from '../format.ts'
import { networkJsonReader, type NetworkOf } from '../network/json-network.ts'
import { type Connection, networkOf } from '../network/of-fields.ts'
import type { TimeOf } from '../readers/json/event-reader.ts'
import { recogniseObjects } from '../readers/recognise.ts'
import { epochBySize, stamp } from '../readers/stamp.ts'

const isStream = (o: JsonSample): boolean => {
  const [metadata, event] = [o['metadata'], o['event']]
  return (
    isObject(metadata) &&
    isObject(event) &&
    typeof metadata['eventType'] === 'string' &&
    'eventCreationTime' in metadata
  )
}
const isObject = (value: unknown): value is JsonSample =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const timeOf: TimeOf = (fields, context) => {
  const created = fields.get('metadata.eventCreationTime')
  return (
    (created === undefined ? undefined : epochBySize(created)) ?? stamp(fields.get('event.Timestamp') ?? '', context)
  )
}

/** A rule of the host's firewall matched. RuleAction 1 allows, 2 blocks; ConnectionDirection 1 is inbound. */
const FIREWALL: Connection = {
  is: (get) => get('metadata.eventType') === 'FirewallMatchEvent',
  fields: {
    protocol: ['event.Protocol'],
    vendor_action: ['event.RuleAction'],
    device: ['event.HostName'],
    rule: ['event.RuleName'],
    app: ['event.ImageFileName'],
  },
  values: Object.fromEntries(
    (
      [
        ['src_ip', 'LocalAddress', 'RemoteAddress'],
        ['src_port', 'LocalPort', 'RemotePort'],
        ['dest_ip', 'RemoteAddress', 'LocalAddress'],
        ['dest_port', 'RemotePort', 'LocalPort'],
      ] as const
    ).map(([name, outbound, inbound]) => [
      name,
      (get: (field: string) => string | undefined) =>
        get(`event.${get('event.ConnectionDirection') === '1' ? inbound : outbound}`) || undefined,
    ]),
  ),
  decision: (get) => (get('event.RuleAction') === '1' ? 'allow' : get('event.RuleAction') === '2' ? 'deny' : undefined),
}

const network: NetworkOf = (name, get, time) => networkOf(FIREWALL, name, get, time)

const message: JsonMessages = {
  of: 'json',
  label: 'Falcon event stream',
  score: 0.99,
  is: isStream,
  reader: (context) => networkJsonReader(context, timeOf, network),
}

const EVENT_FIELDS =
  'ComputerName UserName DetectName DetectDescription Severity SeverityName FileName FilePath CommandLine SHA256String MD5String ParentImageFileName ' +
  'ParentCommandLine Tactic Technique Objective PatternDispositionDescription LocalIP SensorId FalconHostLink'

export const falconStream: FormatRecord = {
  name: 'falcon-stream',
  title: 'CrowdStrike Falcon event stream',
  doc:
    'JSON objects of the event streams (DetectionSummaryEvent, EppDetectionSummaryEvent, IncidentSummaryEvent, audits, FirewallMatchEvent, …): the ' +
    'fields of metadata and event by their paths; usual names without `event.` are understood. Time: metadata.eventCreationTime.',
  unit: 'line',
  recognise: (head) =>
    recogniseObjects(head, message.score, 'of a Falcon event stream (metadata.eventType)', message.is),
  reader: message.reader,
  inMessages: message,
  views: ['network'],
  facts: {
    'source address': ['event.UserIp'],
    host: ['event.ComputerName', 'event.Hostname'],
    user: ['event.UserName', 'event.UserId', 'event.UserID', 'event.SourceAccountName'],
    process: ['event.FileName'],
  },
  aliases: {
    ...Object.fromEntries(EVENT_FIELDS.split(' ').map((n) => [n, [`event.${n}`]])),
    ComputerName: ['event.ComputerName', 'event.Hostname', 'event.HostName'],
    DetectName: ['event.DetectName', 'event.Name'],
    DetectDescription: ['event.DetectDescription', 'event.Description'],
    eventType: ['metadata.eventType'],
  },
  unproven: true,
  tags: { _sourceCategory: 'crowdstrike/stream' },
  json: true,
}
