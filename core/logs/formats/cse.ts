import type { LogFormat } from '../format.ts'
import { cseNetwork, cseTime, isCseRecord } from '../vendors/sumologic/cse.ts'
import { networkJsonReader } from '../network/json-network.ts'
import { byShare, sample } from '../readers/recognise.ts'

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
    byShare(sample(head), 0.98, 'with names of the Cloud SIEM schema (srcDevice_ip, metadata_vendor, …)', isCseRecord),
  reader: (context) => networkJsonReader(context, cseTime, cseNetwork),
  aliases: {},
  tags: { _index: 'sec_record_network' },
  json: true,
}
