import type { LogFormat } from '../format.ts'
import { isLeef, leefParser } from '../vendors/arcsight/cef.ts'
import { shareOf } from '../readers/recognise.ts'
import { withOthers } from '../mixed/vendor-dispatch.ts'

export const leef: LogFormat = {
  name: 'leef',
  title: 'QRadar LEEF',
  doc: 'LEEF records of any vendor behind any syslog head or none, under the names of the record and of its head (deviceVendor, deviceProduct, …).',
  unit: 'line',
  recognise: (head) => shareOf(head, 0.99, 'records with a LEEF head', isLeef),
  reader: (context) => {
    const parse = withOthers(leefParser(context), isLeef, context)
    return { read: (record) => (record.trim() === '' ? { skip: 'blank' } : parse(record)) }
  },
  aliases: {},
  tags: { _sourceCategory: 'network/firewall' },
  json: false,
}
