import type { LogFormat } from '../format.ts'
import { networkJsonReader } from '../network/json-network.ts'
import { isPanosJson, panosJsonNetwork, panosJsonTime } from '../vendors/paloalto/panos-json.ts'
import { byShare, headless, sample } from '../readers/recognise.ts'

export const panosJson: LogFormat = {
  name: 'panos-json',
  title: 'Palo Alto Networks PAN-OS, JSON',
  doc:
    'JSON lines of Strata Logging Service (LogType, SourceAddress, BytesSent, …) or of the HTTP profile of a firewall (type, src, bytes_sent, …), ' +
    'behind a syslog head or none, under the names of the record.',
  unit: 'line',
  recognise: (head) => byShare(sample(head.map(headless)), 0.98, 'with a PAN-OS log type', isPanosJson),
  reader: (context) => {
    const reader = networkJsonReader(context, panosJsonTime, panosJsonNetwork)
    return { read: (record) => reader.read(headless(record)) }
  },
  aliases: {},
  tags: { _sourceCategory: 'network/paloalto' },
  json: true,
}
