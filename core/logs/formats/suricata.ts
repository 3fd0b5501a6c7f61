import type { LogFormat } from '../format.ts'
import { networkJsonReader } from '../network/json-network.ts'
import { byShare, sample } from '../readers/recognise.ts'
import { isEve, suricataNetwork, suricataTime } from '../vendors/suricata/suricata.ts'

export const suricata: LogFormat = {
  name: 'suricata',
  title: 'Suricata EVE',
  doc: 'JSON lines of Suricata (eve.json): timestamp with an offset, event_type, src_ip, dest_ip. A record of type flow is a connection.',
  unit: 'line',
  recognise: (head) => byShare(sample(head), 0.98, 'with event_type and timestamp as Suricata writes them', isEve),
  reader: (context) => networkJsonReader(context, suricataTime, suricataNetwork),
  aliases: {},
  tags: {},
  json: true,
}
