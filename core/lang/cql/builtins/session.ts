import { builtin } from '../4-lower/builtin.ts'
import { aggregatesOrCount } from '../4-lower/functions/group.ts'
import { sessionKey } from '../4-lower/group/sequence.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { first, param, page } from '../4-lower/params.ts'

export const session = builtin({
  name: 'session',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Aggregates over runs of events between which no pause is longer than `maxpause`.',
  notes: ['In a grouping the runs are those of each group: `groupBy(user, function=session(maxpause=15m, count()))`.'],
  params: [
    first('function', 'aggregates', 'Aggregates, in brackets if several.', { default: 'count(as=_count)' }),
    param('maxpause', 'text', 'The longest pause.', { default: '15m' }),
  ],
  fidelity: 'exact',
  evidence: page('session'),
  examples: [
    {
      title: 'Two runs of one user, one of the other',
      given: [
        { '@timestamp': 0, u: 'a' },
        { '@timestamp': 60_000, u: 'a' },
        { '@timestamp': 70_000, u: 'b' },
        { '@timestamp': 600_000, u: 'a' },
      ],
      query:
        'groupBy(u, function=session(maxpause=5m, [count(), min(@timestamp, as=from)])) | sort(from, order=asc) | select([u, _count, from])',
      gives: [
        { u: 'a', _count: 2, from: 0 },
        { u: 'b', _count: 1, from: 70_000 },
        { u: 'a', _count: 1, from: 600_000 },
      ],
      from: page('session'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const pause = args.duration('maxpause', '15m')
      if (pause === undefined) return
      const key = sessionKey(flow, BigInt(Math.round(pause * 1000)))
      if (!key) {
        const what = '`session()` without a time'
        flow.lowering.report(notRunHere, args.call.span, { name: 'session', what })
        return
      }
      const name = flow.hidden('run')
      flow.parts.group(flow, [{ name, expr: key }], aggregatesOrCount(c), { limit: null })
      flow.names.delete(name)
    },
  },
})
