import type { LogFormat } from '../format.ts'
import { isCef, cefParser } from '../vendors/arcsight/cef.ts'
import { shareOf } from '../readers/recognise.ts'
import { withOthers } from '../mixed/vendor-dispatch.ts'

export const cef: LogFormat = {
  name: 'cef',
  title: 'ArcSight CEF',
  doc: 'CEF records of any vendor behind any syslog head or none, under the names of the record and of its head (deviceVendor, deviceProduct, …).',
  unit: 'line',
  recognise: (head) => shareOf(head, 0.99, 'records with a CEF head', isCef),
  reader: (context) => {
    const parse = withOthers(cefParser(context), isCef, context)
    return { read: (record) => (record.trim() === '' ? { skip: 'blank' } : parse(record)) }
  },
  aliases: {},
  tags: { _sourceCategory: 'network/firewall' },
  json: false,
}
