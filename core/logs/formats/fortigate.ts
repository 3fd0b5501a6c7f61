import type { LogFormat } from '../format.ts'
import { beforeValue, fortigateParser, looksLikeFortigate, showsPair } from '../vendors/fortinet/fortigate.ts'
import { shareOf } from '../readers/recognise.ts'
import { withOthers } from '../mixed/vendor-dispatch.ts'

export const fortigate: LogFormat = {
  name: 'fortigate',
  title: 'Fortinet FortiGate',
  doc:
    'Pairs such as srcip=10.0.0.1 action="close", separated by blanks or commas, behind any syslog head or none, under the names of the record. ' +
    'Time: eventtime in seconds, milliseconds, microseconds or nanoseconds, else date and time with tz or in the zone of the source.',
  unit: 'line',
  recognise: (head) => shareOf(head, 0.98, 'pairs with a FortiGate type and a device or log id', looksLikeFortigate),
  reader: (context) => {
    const parse = withOthers(fortigateParser(context), looksLikeFortigate, context)
    return { read: (record) => (record.trim() === '' ? { skip: 'blank' } : parse(record)) }
  },
  aliases: {},
  tags: { _sourceCategory: 'network/fortinet' },
  json: false,
  plain: { before: beforeValue, shows: showsPair, marks: ['logid=', 'devid='] },
}
