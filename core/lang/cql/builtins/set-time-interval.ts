import type { Expr } from '../../../plan/plan.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call, lit, test } from '../../../plan/build.ts'
import { first, param, page } from '../4-lower/params.ts'
import { isInteger } from '../../shared/convert.ts'
import { millisOf } from '../4-lower/millis.ts'
import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'

export const setTimeInterval = builtin({
  name: 'setTimeInterval',
  category: 'time',
  kind: 'preamble',
  doc: 'An interval of the query’s own, instead of the one it is run with.',
  notes: ['Stands at the start of the query. Durations count back from now; numbers are epoch milliseconds.'],
  params: [
    first('start', 'text', 'Where it starts.', { required: true }),
    param('end', 'text', 'Where it ends.', { default: 'now' }),
    param('timezone', 'text', 'Of points in time by calendar, which are not run.'),
  ],
  fidelity: { differs: 'No calendar anchors; start(), end() and empty buckets still go by the interval of the run.' },
  evidence: page('setTimeInterval'),
  examples: [
    {
      title: 'The last hour, without its last ten minutes',
      given: [
        { '@timestamp': 1_699_990_000_000, x: 'old' },
        { '@timestamp': 1_699_998_000_000, x: 'in' },
        { '@timestamp': 1_699_999_900_000, x: 'new' },
      ],
      query: 'setTimeInterval(start=1h, end=10m) | select(x)',
      gives: [{ x: 'in' }],
      from: page('setTimeInterval'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow, args }) => {
      const point = (name: string): Expr | undefined => {
        const text = args.text(name, 'now')
        const now: Expr = { kind: 'env', name: 'now', ty: 'time' }
        if (text === 'now') return now
        if (isInteger(text)) return call('time.fromMillis', 'time', [lit(BigInt(text), 'int')])
        const ms = millisOf(text)
        if (ms === undefined) {
          flow.lowering.report(wrongKind, args.span(name), {
            fn: 'setTimeInterval',
            name,
            takes: 'a duration, `now` or epoch milliseconds',
          })
          return undefined
        }
        const micros = call('int.sub', 'int', [
          call('time.toInt', 'int', [now]),
          lit(BigInt(Math.round(ms * 1000)), 'int'),
        ])
        return call('time.fromInt', 'time', [micros])
      }
      // The newest event is now, and the interval includes it, as with --last.
      const relative = (name: string): boolean => !isInteger(args.text(name, 'now'))
      const [from, to] = [point('start'), point('end')]
      const time = flow.time()
      if (!from || !to || !time) return
      // The interval of the run must not exclude events of this one.
      flow.rel.source.interval = 'all'
      flow.filter(test(relative('start') ? 'time.gt' : 'time.ge', [time, from]))
      flow.filter(test(relative('end') ? 'time.le' : 'time.lt', [time, to]))
    },
  },
})
