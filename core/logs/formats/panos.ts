import type { LogFormat } from '../format.ts'
import { beforeColumn, showsColumn, panosParser, typeAt } from '../vendors/paloalto/panos.ts'
import { shareOf } from '../readers/recognise.ts'
import { withOthers } from '../mixed/vendor-dispatch.ts'

export const panos: LogFormat = {
  name: 'panos',
  title: 'Palo Alto Networks PAN-OS',
  doc:
    'Rows of TRAFFIC and THREAT logs (and the first columns of others) as comma-separated values behind any syslog head or none; fields as Sumo ' +
    "Logic's app for the product names them. Time: the high resolution time if there is one, else the time of generation in the source's zone.",
  unit: 'line',
  recognise: (head) =>
    shareOf(head, 0.98, 'rows with a PAN-OS log type (TRAFFIC, THREAT, …) in the fourth column', (l) => typeAt(l) >= 0),
  reader: (context) => {
    const parse = withOthers(panosParser(context), (m) => typeAt(m) >= 0, context)
    return { read: (record) => (record.trim() === '' ? { skip: 'blank' } : parse(record)) }
  },
  aliases: {},
  tags: { _sourceCategory: 'network/paloalto' },
  json: false,
  plain: { before: beforeColumn, shows: showsColumn, marks: [',TRAFFIC,', ',THREAT,'] },
}
