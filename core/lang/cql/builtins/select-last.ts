import { builtin } from '../4-lower/builtin.ts'
import { first, page } from '../4-lower/params.ts'
import { laterOf, aggCall } from '../4-lower/group/select-event.ts'
import { lit } from '../../../plan/build.ts'
import { orElse } from '../4-lower/values.ts'
import { toStr } from '../../shared/convert.ts'

export const selectLast = builtin({
  name: 'selectLast',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'For each field the value of the newest event that has it.',
  notes: [],
  params: [first('fields', 'fields', 'The fields to select.', { required: true })],
  fidelity: 'exact',
  evidence: page('selectLast'),
  examples: [
    {
      title: 'Last known address; each field for itself',
      given: [
        { '@timestamp': 1000, h: 'a', ip: '1.1.1.1', u: 'x' },
        { '@timestamp': 3000, h: 'a', ip: '3.3.3.3' },
        { '@timestamp': 2000, h: 'a', ip: '2.2.2.2' },
      ],
      query: 'groupBy(h, function=selectLast([ip, u]))',
      gives: [{ h: 'a', ip: '3.3.3.3', u: 'x' }],
      from: page('selectLast'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args }) => {
      const seq = laterOf(flow)
      const eventTime = flow.orderTime()
      // Events without a time count as the oldest.
      const time = eventTime && orElse(eventTime, lit(-(2n ** 62n), 'time'))
      return {
        calls: args.fields('fields').map((name) => {
          const value = flow.read(name)
          // Time orders the events and is the value: keep it exact, not as text.
          if (name === '@timestamp' && value.ty === 'int') return aggCall(name, 'agg.maxInt', 'int', [value])
          if (!time) return aggCall(name, 'agg.any', 'str', [toStr(value)])
          return aggCall(name, 'agg.latest', 'str', [toStr(value), time, seq])
        }),
        noneIsNoRow: true,
      }
    },
  },
})
