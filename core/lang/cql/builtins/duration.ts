import { builtin } from '../4-lower/builtin.ts'
import { first, as, page } from '../4-lower/params.ts'
import { lit } from '../../../plan/build.ts'
import { millisOf } from '../4-lower/ordering.ts'
import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'

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
    value: ({ flow, args }) => {
      const ms = millisOf(args.text('duration'))
      if (ms !== undefined) return lit(BigInt(Math.round(ms)), 'int')
      flow.lowering.report(wrongKind, args.span('duration'), {
        fn: 'duration',
        name: 'duration',
        takes: 'a duration such as `5m`',
      })
      return lit(null, 'int')
    },
  },
})
