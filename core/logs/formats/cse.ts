// Records of Sumo Logic Cloud SIEM.
import { byName } from '../../text/by-name.ts'
import type { FormatRecord, JsonMessages, JsonSample } from '../format.ts'
import { networkJsonReader, type NetworkOf } from '../network/json-network.ts'
import { plus, protocolName, yes } from '../network/network.ts'
import type { TimeOf } from '../readers/json/event-reader.ts'
import { recogniseObjects } from '../readers/recognise.ts'
import { stamp } from '../readers/stamp.ts'

/**
 * Records lie in the index of their kind (`_index=sec_record_network`) and not under a source category, so a search by category does not
 * find them in a tenant either; their names are those of the schema, and `dstPort` is a number there.
 */
const message: JsonMessages = {
  of: 'json',
  label: 'Cloud SIEM',
  score: 0.98,
  is: (object) => isCseRecord(object),
  reader: (context) => networkJsonReader(context, cseTime, cseNetwork, withIndex),
}

export const cse: FormatRecord = {
  name: 'cse',
  title: 'Sumo Logic Cloud SIEM records',
  doc: 'Records of Cloud SIEM as JSON lines, under the names of its schema: srcDevice_ip, dstDevice_ip, dstPort, bytesOut, normalizedAction, …',
  unit: 'line',
  recognise: (head) =>
    recogniseObjects(
      head,
      message.score,
      'with names of the Cloud SIEM schema (srcDevice_ip, metadata_vendor, …)',
      message.is,
    ),
  reader: message.reader,
  inMessages: message,
  views: ['network'],
  facts: {
    'source address': ['srcDevice_ip'],
    'source port': ['srcPort'],
    'destination address': ['dstDevice_ip'],
    'destination port': ['dstPort'],
    protocol: ['ipProtocol'],
    action: ['normalizedAction'],
    'bytes sent': ['bytesOut'],
    'bytes received': ['bytesIn'],
    user: ['user_username'],
    process: ['baseImage'],
  },
  aliases: {},
  tags: {},
  computed: ['_index'],
  json: true,
}

const isCseRecord = (o: JsonSample): boolean =>
  ('srcDevice_ip' in o || 'dstDevice_ip' in o || 'user_username' in o || 'device_ip' in o || 'objectType' in o) &&
  ('objectType' in o || 'metadata_vendor' in o || 'metadata_product' in o || 'normalizedAction' in o)

/** Families of record types: NetworkFlow and NetworkHTTP lie in one index. https://help.sumologic.com/docs/cse/records-signals-entities-insights/search-cse-records-in-sumo/ */
const KINDS = /^(?:network|authentication|endpoint|audit|email|notification|canary|failure)/

/** The index of a record by its type; of one without a type by its two addresses. */
function withIndex(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (fields.has('_index')) return fields
  const kind = KINDS.exec((fields.get('objectType') ?? '').toLowerCase())?.[0]
  const flow = fields.has('srcDevice_ip') && fields.has('dstDevice_ip') && !fields.has('objectType')
  const index =
    fields.get('_view') ?? (kind === undefined ? (flow ? 'sec_record_network' : undefined) : `sec_record_${kind}`)
  return index === undefined ? fields : new Map([...fields, ['_index', index]])
}

/** `timestamp` is the time of the message in milliseconds; `_messageTime` is in exports of searches. */
const cseTime: TimeOf = (fields, context) => {
  for (const name of ['timestamp', '_messageTime', '_messagetime', 'metadata_receiptTime']) {
    const text = fields.get(name)
    const at = text === undefined ? undefined : stamp(text, context)
    if (at !== undefined) return at
  }
  return undefined
}

const SAME: Readonly<Record<string, string>> = byName({
  src_ip: 'srcDevice_ip',
  src_port: 'srcPort',
  dest_ip: 'dstDevice_ip',
  dest_port: 'dstPort',
  vendor_action: 'action',
  bytes_out: 'bytesOut',
  bytes_in: 'bytesIn',
  user: 'user_username',
  device: 'device_hostname',
  session_id: 'sessionId',
  app: 'application',
  nat_src_ip: 'srcDevice_natIp',
  nat_dest_ip: 'dstDevice_natIp',
  rule: 'threat_ruleType',
})

/** A record of type Network… is one normalised message, so start and end rows of a firewall are two connections here. */
const cseNetwork: NetworkOf = (name, get, at) => {
  if (get('srcDevice_ip') === undefined || get('dstDevice_ip') === undefined) return undefined
  switch (name) {
    case 'key':
      return ''
    case 'start':
    case 'end':
      return at()?.toString()
    case 'protocol':
      return protocolName(get('ipProtocol'))
    case 'action':
    case 'policy': {
      const action = (get('normalizedAction') ?? get('action'))?.toLowerCase()
      if (action !== undefined) {
        if (/^(?:deny|denied|drop\w*|block\w*|reset.*|reject\w*|fail\w*)$/.test(action)) return 'deny'
        return /^(?:allow\w*|permit\w*|accept\w*|built|pass\w*|success\w*|close|start|end)$/.test(action)
          ? 'allow'
          : undefined
      }
      return get('success') === undefined ? undefined : get('success') === 'true' ? 'allow' : 'deny'
    }
    case 'established': {
      const back = get('bytesIn')
      return back === undefined ? undefined : yes(Number(back) > 0)
    }
    case 'bytes':
      return plus(get('bytesOut'), get('bytesIn'))
    default:
      return SAME[name] === undefined ? undefined : get(SAME[name])
  }
}
