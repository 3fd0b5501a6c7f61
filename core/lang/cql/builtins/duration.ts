import { builtin } from '../4-lower/builtin.ts'
import { first, as, page } from '../4-lower/params.ts'
import { lit } from '../../../plan/build.ts'

export const duration = builtin({
  name: 'duration',
  category: 'time',
  kind: 'transform',
  doc: 'A duration in milliseconds.',
  notes: [],
  params: [first('duration', 'duration', 'Such as `5m`, `24h`, `30d`.', { required: true }), as('_duration')],
  output: '_duration',
  fidelity: 'exact',
  evidence: page('duration'),
  examples: [
    {
      title: 'A day',
      given: [{ a: '1' }],
      query: 'd := duration(1d) | groupBy(d, function=[])',
      gives: [{ d: 86_400_000 }],
      from: page('duration'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ args }) => {
      const ms = args.duration('duration')
      return lit(ms === undefined ? null : BigInt(Math.round(ms)), 'int')
    },
  },
})
