// AWS VPC flow logs: a line of columns, under a header (S3, or a copy of its file as CSV) or in the default order (CloudWatch Logs).
// Text: read right on 62 of 62 public lines: elastic/beats, SEKOIA-IO/intake-formats, panther-labs/panther-analysis, tenzir/library, wazuh/wazuh,
// and notes of administrators.
import { VPC_FLOW } from '../cps/firewalls.ts'
import type { Bad, Event, FormatContext, FormatRecord, JsonMessages, Reader, Skip, TextMessages } from '../format.ts'
import { messageLines } from '../mixed/vendor-dispatch.ts'
import { type OneWay, oneWayNetwork } from '../network/one-way.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { readJson } from '../readers/json/read.ts'
import { recogniseObjects } from '../readers/recognise.ts'
import { epochBySize } from '../readers/stamp.ts'

type Fields = ReadonlyMap<string, string>

/**
 * All fields in the order of the vendor's table ("Available fields"). A line without a header has the first fourteen, or more of them in this
 * order: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
const COLUMNS =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status vpc-id subnet-id ' +
  'instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service ' +
  'flow-direction traffic-path ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id ' +
  'ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason'
const DEFAULT: readonly string[] = COLUMNS.split(' ')

/** `2 123456789012 eni-0a … 1418530070 ACCEPT OK`, after the stamp of `aws logs tail` or a syslog head. */
const LINE =
  /(?:^|\s)[2-9] (?:\d{9,12}|unknown|-) (?:[a-z]+-\w+|-) (?:\S+ ){2}(?:\d+|-) (?:\d+|-) (?:\d+|-) (?:\d+|-) (?:\d+|-) \d{9,11} \d{9,11} (?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)(?=\s|$)/
const isLine = (text: string): boolean => LINE.test(text)

const message: TextMessages = {
  of: 'text',
  label: 'VPC flow log',
  score: 0.98,
  is: isLine,
  reader: () => ({ read: (record) => rowOf(DEFAULT, fromVersion(record)) }),
}

export const vpcFlow: FormatRecord = {
  name: 'vpc-flow',
  title: 'AWS VPC flow log',
  doc:
    'Flow records of versions 2 to 8, separated by blanks, commas or tabs, under a header or in the default order, under the names of the header ' +
    '(srcaddr, dstport, pkt-srcaddr, …). A record is one direction of a connection in one window of time; action is the decision of security ' +
    'groups and network ACLs. Time: start.',
  unit: 'lines-after-header',
  sequential: true,
  recognise: ({ filled }) => {
    const header = filled[0] === undefined ? undefined : headerOf(filled[0])
    if (header) return { score: 0.98, why: `the header of a VPC flow log (${header.slice(0, 3).join(', ')}, …)` }
    const count = filled.filter(isLine).length
    if (count === 0 || count * 2 < filled.length) return undefined
    return {
      score: (0.98 * count) / filled.length,
      why: `${count} of ${filled.length} lines looked at are VPC flow records`,
    }
  },
  reader: reader,
  inMessages: message,
  views: ['network'],
  sigma: [{ product: 'aws', service: 'vpcflow', where: { _sourceCategory: ['network/vpcflow'] } }],
  facts: {
    'source address': ['srcaddr'],
    'source port': ['srcport'],
    'destination address': ['dstaddr'],
    'destination port': ['dstport'],
    'bytes sent': ['bytes'],
  },
  cps: VPC_FLOW,
  aliases: Object.fromEntries(DEFAULT.filter((n) => n.includes('-')).map((n) => [n.replaceAll('-', '_'), [n]])),
  tags: { _sourceCategory: 'network/vpcflow' },
  json: false,
}

const fromVersion = (line: string): string => {
  const at = LINE.exec(line)
  return at ? line.slice(at.index).trimStart() : line
}

/** Names in both spellings, separated by blanks, commas or tabs. Undefined: the line is no header. */
function headerOf(line: string): readonly string[] | undefined {
  if (!/src_?-?addr/.test(line) || !/dst_?-?addr/.test(line)) return undefined
  const names = cells(line).map((n) => n.trim().replaceAll('_', '-'))
  return names.every((n) => KNOWN.has(n) || /^[a-z][a-z-]*$/.test(n)) && names.filter((n) => KNOWN.has(n)).length >= 4
    ? names
    : undefined
}
const KNOWN = new Set(DEFAULT)

const cells = (line: string): string[] =>
  line
    .trim()
    .split(/,|\s+/)
    .map((c) => c.replace(/^"(.*)"$/, '$1'))

function reader(
  context: FormatContext,
  header: readonly string[],
  inside: Parameters<FormatRecord['reader']>[2],
): Reader {
  const first = header.find((l) => l.trim() !== '')
  let names = (first === undefined ? undefined : headerOf(first)) ?? DEFAULT
  const others = messageLines(message)(context, header, inside)
  return {
    read: (record): Bad | Event | Skip => {
      if (record.trim() === '') return { skip: 'blank' }
      // A file of several files has their headers, which may differ.
      const next = headerOf(record)
      if (next) {
        names = next
        return { skip: 'header' }
      }
      return names === DEFAULT ? others.read(record) : rowOf(names, record)
    },
  }
}

/** `-`: the record has no such value. The last columns may be missing where no header says how many there are. */
function rowOf(names: readonly string[], line: string): Bad | Event {
  const values = cells(line)
  if (names === DEFAULT ? values.length < 14 : values.length < names.length)
    return { bad: `cut off: ${values.length} of ${names === DEFAULT ? 14 : names.length} columns` }
  // Other columns after the fourteenth: no header says their names.
  const known = names === DEFAULT && !/^(?:vpc-\w+|-)$/.test(values[14] ?? '-') ? DEFAULT.slice(0, 14) : names
  const fields = new Map<string, string>()
  known.forEach((name, i) => {
    const value = values[i]
    if (value !== undefined && value !== '-' && value !== '') fields.set(name, value)
  })
  // A header may leave out both.
  if (names === DEFAULT && !/^\d+$/.test(fields.get('start') ?? fields.get('version') ?? ''))
    return { bad: 'not a VPC flow record' }
  return flowEvent(fields)
}

function flowEvent(fields: Fields): Event {
  const when = (f: Fields): bigint | undefined => epochBySize(f.get('start') ?? '') ?? epochBySize(f.get('end') ?? '')
  return new LazyEvent(new MapFields(fields, when, (name, f) => network(name.slice(8), f)))
}

/** Copies in JSON have the names with underscores; numbers that were Parquet's may end in `.0`. */
const jsonMessage: JsonMessages = {
  of: 'json',
  label: 'VPC flow log',
  score: 0.98,
  is: (o) => 'srcaddr' in o && 'dstaddr' in o && ('log_status' in o || 'log-status' in o || 'interface_id' in o),
  reader: () => ({
    read: (record) => {
      const json = readJson(record)
      if ('bad' in json) return record.trim() === '' ? { skip: 'blank' } : json
      const fields = new Map<string, string>()
      for (const [name, value] of json.fields)
        if (value !== '-' && value !== '') fields.set(name.replaceAll('_', '-'), value.replace(/^(\d+)\.0$/, '$1'))
      return flowEvent(fields)
    },
  }),
}

export const vpcFlowJson: FormatRecord = {
  name: 'vpc-flow-json',
  title: 'AWS VPC flow log, JSON lines',
  doc: 'Flow records as JSON objects, under the names that the text form has.',
  unit: 'line',
  recognise: (head) =>
    recogniseObjects(head, jsonMessage.score, 'of a VPC flow log (srcaddr, dstaddr)', jsonMessage.is),
  reader: jsonMessage.reader,
  inMessages: jsonMessage,
  views: ['network'],
  sigma: [{ product: 'aws', service: 'vpcflow', where: { _sourceCategory: ['network/vpcflow'] } }],
  cps: VPC_FLOW,
  aliases: vpcFlow.aliases,
  unproven: true,
  tags: vpcFlow.tags,
  json: false,
}

/** tcp-flags: the sum of FIN 1, SYN 2, RST 4, SYN-ACK 18 over the packets of the window (ACK alone counts 0 or 16). */
function flagsOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  const sum = Number(text)
  return [sum & 2 ? 'S' : '', (sum & 16) !== 0 ? 'A' : '', sum & 4 ? 'R' : '', sum & 1 ? 'F' : ''].join('')
}

function network(name: string, fields: Fields): string | undefined {
  const [source, destination] = [fields.get('srcaddr'), fields.get('dstaddr')]
  if (source === undefined || destination === undefined) return undefined
  const denied = fields.get('action') === 'REJECT'
  const record: OneWay = {
    source,
    sourcePort: fields.get('srcport') ?? '0',
    destination,
    destinationPort: fields.get('dstport') ?? '0',
    protocol: fields.get('protocol'),
    flags: flagsOf(fields.get('tcp-flags')),
    bytes: fields.get('bytes'),
    start: epochBySize(fields.get('start') ?? ''),
    end: epochBySize(fields.get('end') ?? ''),
    device: fields.get('interface-id'),
  }
  // Equal ports (NTP, or the zeros of ICMP) show no server.
  if (denied || record.sourcePort === record.destinationPort) return asLogged(name, record, fields, denied)
  switch (name) {
    case 'action':
    case 'policy':
      return fields.has('action') ? 'allow' : undefined
    case 'established':
      // Without flags only the answer itself proves it.
      return record.flags === undefined && oneWayNetwork('rank', record) === '1'
        ? undefined
        : oneWayNetwork(name, record)
    case 'vendor_action':
      return fields.get('action')
    case 'src_port':
    case 'dest_port':
      return isPorts(fields) ? oneWayNetwork(name, record) : undefined
    default:
      return oneWayNetwork(name, record)
  }
}

/** ICMP and others have 0 in the place of ports. */
const isPorts = (fields: Fields): boolean => /^(?:6|17|132)$/.test(fields.get('protocol') ?? '')

/** A connection of its own with the direction of its packets. A refused one has no answer. */
function asLogged(name: string, record: OneWay, fields: Fields, denied: boolean): string | undefined {
  switch (name) {
    case 'key':
      return ''
    case 'src_ip':
      return record.source
    case 'dest_ip':
      return record.destination
    case 'src_port':
      return isPorts(fields) ? record.sourcePort : undefined
    case 'dest_port':
      return isPorts(fields) ? record.destinationPort : undefined
    case 'action':
    case 'policy':
      return denied ? 'deny' : 'allow'
    case 'vendor_action':
      return fields.get('action')
    case 'established':
      return denied ? 'false' : undefined
    case 'inferred':
      return denied ? 'false' : 'true'
    case 'bytes_out':
      return record.bytes
    case 'bytes_in':
      return undefined
    default:
      return oneWayNetwork(name, record)
  }
}
