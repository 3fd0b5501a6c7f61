import type { LogFormat } from '../format.ts'
import { iptablesParser, isPacket } from '../vendors/linux/iptables.ts'
import { shareOf } from '../readers/recognise.ts'
import { withOthers } from '../mixed/vendor-dispatch.ts'

export const iptables: LogFormat = {
  name: 'iptables',
  title: 'Netfilter (iptables, nftables)',
  doc: 'Packets that netfilter logs (IN= OUT= SRC= DST= PROTO= …) behind any syslog head, under the names of the record; action is what the prefix says.',
  unit: 'line',
  recognise: (head) => shareOf(head, 0.97, 'packets as netfilter logs them (IN= OUT= SRC= DST=)', isPacket),
  reader: (context) => {
    const parse = withOthers(iptablesParser(context), isPacket, context)
    return { read: (record) => (record.trim() === '' ? { skip: 'blank' } : parse(record)) }
  },
  aliases: {},
  tags: { _sourceCategory: 'network/firewall' },
  json: false,
}
