import type { LogFormat } from '../format.ts'
import { type NetworkOf, networkJsonReader } from '../shared/json-network.ts'
import { plus, protocolName, yes } from '../shared/network.ts'
import { byShare, type Sample, sample } from '../shared/recognise.ts'
import { epochBySize, stamp } from '../shared/stamp.ts'
import type { TimeOf } from '../shared/json-format.ts'

const isRecord = (o: Sample): boolean =>
  ('srcDevice_ip' in o || 'dstDevice_ip' in o || 'user_username' in o || 'device_ip' in o || 'objectType' in o) &&
  ('objectType' in o || 'metadata_vendor' in o || 'metadata_product' in o || 'normalizedAction' in o)

/** `timestamp` is the time of the message in milliseconds; `_messageTime` stands in exports of searches. */
const time: TimeOf = (fields, context) => {
  for (const name of ['timestamp', '_messageTime', '_messagetime', 'metadata_receiptTime']) {
    const text = fields.get(name)
    const at = text === undefined ? undefined : (epochBySize(text) ?? stamp(text, context))
    if (at !== undefined) return at
  }
  return undefined
}

const SAME: Readonly<Record<string, string>> = {
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
}

/** A record of type Network… is a message that the vendor has normalised, so start and end rows of a firewall are two of them. */
const network: NetworkOf = (name, get, at) => {
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

/**
 * Records lie in an index of their own (`_index=sec_record_network`) and not under a source category, so a search by category does not find
 * them in a tenant either; their names are those of the schema, and `dstPort` is a number there.
 */
export const cse: LogFormat = {
  name: 'cse',
  title: 'Sumo Logic Cloud SIEM records',
  doc: 'Records of Cloud SIEM as JSON lines, under the names of its schema: srcDevice_ip, dstDevice_ip, dstPort, bytesOut, normalizedAction, …',
  unit: 'line',
  recognise: (head) =>
    byShare(sample(head), 0.98, 'with names of the Cloud SIEM schema (srcDevice_ip, metadata_vendor, …)', isRecord),
  reader: (context) => networkJsonReader(context, time, network),
  aliases: {},
  tags: { _index: 'sec_record_network' },
  json: true,
}
