import { call, col, iff, lit, not, or, present, test } from '../../../plan/build.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { byTime } from '../4-lower/ordering.ts'
import { first, page, param } from '../4-lower/params.ts'

export const series = builtin({
  name: 'series',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'The values of fields, one behind the other in the order of time, for each run of events.',
  notes: [
    'Without `startmatch`, `endmatch` and `maxpause` all events are one run. In a grouping the runs are those of each group.',
    'With `startmatch` events outside a run are left out. A run without an end is shown.',
  ],
  params: [
    first('collect', 'fields', 'The fields.', { required: true }),
    param('startmatch', 'pipeline', 'The filter, in braces, that a run begins with.'),
    param('endmatch', 'pipeline', 'The filter, in braces, that a run ends with.'),
    param('maxpause', 'text', 'The longest pause in a run.'),
    param('maxduration', 'text', 'The longest run; an event behind it begins another.'),
    param('separator', 'text', 'Between two values.', { default: '\\n' }),
    param('memlimit', 'text', 'How many bytes LogScale keeps.', { default: '1KiB', unused: 'all values are kept' }),
  ],
  fidelity: { differs: 'LogScale cuts values off at its limit of memory.' },
  evidence: page('series'),
  examples: [
    {
      title: 'Two runs',
      given: [
        { '@timestamp': 1_000, e: 'noise' },
        { '@timestamp': 2_000, e: 'login' },
        { '@timestamp': 3_000, e: 'read' },
        { '@timestamp': 4_000, e: 'logout' },
        { '@timestamp': 5_000, e: 'noise' },
        { '@timestamp': 6_000, e: 'login' },
      ],
      query: 'series(e, startmatch={e=login}, endmatch={e=logout}, separator=" ") | sort(@timestamp, order=asc)',
      gives: [
        { '@timestamp': 2_000, _duration: 2_000, e: 'login read logout' },
        { '@timestamp': 6_000, _duration: 0, e: 'login' },
      ],
      from: page('series'),
    },
    {
      title: 'In each group, cut at pauses',
      given: [
        { '@timestamp': 1_000, u: 'a', p: 'x' },
        { '@timestamp': 2_000, u: 'b', p: 'y' },
        { '@timestamp': 3_000, u: 'a', p: 'z' },
        { '@timestamp': 99_000, u: 'a', p: 'x' },
      ],
      query:
        'groupBy(u, function=series(p, maxpause=10s, separator=",")) | sort(@timestamp, order=asc) | select([u, p])',
      gives: [
        { u: 'a', p: 'x,z' },
        { u: 'b', p: 'y' },
        { u: 'a', p: 'x' },
      ],
      from: page('series'),
    },
    {
      title: 'No run longer than ten seconds',
      given: [
        { '@timestamp': 1_000, p: 'a' },
        { '@timestamp': 7_000, p: 'b' },
        { '@timestamp': 12_000, p: 'c' },
        { '@timestamp': 22_000, p: 'd' },
      ],
      query: 'series(p, maxduration=10s, separator=",") | sort(@timestamp, order=asc) | select([p, _duration])',
      gives: [
        { p: 'a,b', _duration: 6_000 },
        { p: 'c,d', _duration: 10_000 },
      ],
      from: page('series'),
    },
  ],
  lower: { kind: 'step', whole: true, step: runs },
})

function runs(c: CallContext): void {
  const { flow, args } = c
  const refuse = (what: string, name: string): void =>
    flow.lowering.report(notRunHere, args.span(name), { name: 'series', what })
  const time = flow.orderTime()
  if (!time) {
    refuse('`series()` without a time', 'collect')
    return
  }
  const cond = (name: string): Pred | undefined => {
    const pipeline = args.pipeline(name)
    if (!pipeline) return undefined
    const branch = flow.branch(args.span(name))
    branch.parts.steps(branch, pipeline)
    return branch.cond
  }
  const flag = (p: Pred): Expr => iff(p, lit(1n, 'int'), lit(0n, 'int'))
  const [starts, ends] = [cond('startmatch'), cond('endmatch')]
  const order = byTime(flow, 'asc')
  const micros = call('time.toInt', 'int', [time])
  const before = (value: Expr): Expr => {
    const id = flow.hidden('before')
    const lag = aggCall(id, 'win.lag', 'str', [call('int.toText', 'str', [value])], { distance: 1 })
    flow.push({ kind: 'window', partition: [], order, columns: [{ ...lag, frame: { before: 1, after: 0 } }] })
    return call('int.parse', 'int', [col(id, 'str')])
  }
  const cuts: Pred[] = starts ? [starts] : []
  if (ends) cuts.push(test('int.eq', [before(flow.keep('ends', flag(ends))), lit(1n, 'int')]))
  const pause = args.has('maxpause') ? args.duration('maxpause') : undefined
  if (pause !== undefined) {
    const earlier = before(micros)
    const gap = test('int.gt', [
      call('int.sub', 'int', [micros, earlier]),
      lit(BigInt(Math.round(pause * 1000)), 'int'),
    ])
    cuts.push(or(not(present(earlier)), gap))
  }
  const cut = flow.keep('cut', flag(or(...cuts)))
  const longest = args.has('maxduration') ? args.duration('maxduration') : undefined
  const number =
    longest === undefined
      ? aggCall(flow.hidden('run'), 'agg.sumInt', 'int', [cut])
      : aggCall(flow.hidden('run'), 'win.run', 'int', [micros, cut, lit(0n, 'int')], { maxSpan: longest * 1000 })
  const sum = { ...number, frame: { before: null, after: 0 } }
  const place = { ...aggCall(flow.hidden('place'), 'win.rank', 'int', []), frame: { before: null, after: null } }
  flow.push({ kind: 'window', partition: [], order, columns: [sum, place] })
  const fields = args.fields('collect').map((name) => ({ name, id: flow.hidden('series') }))
  const consts = { separator: args.text('separator', '\n') }
  const [run, least, most, begun] = ['run', 'least', 'most', 'begun'].map((h) => flow.hidden(h)) as [
    string,
    string,
    string,
    string,
  ]
  flow.push({
    kind: 'aggregate',
    keys: [{ id: run, expr: col(sum.id, 'int') }],
    nullKeys: 'keep',
    aggs: [
      aggCall(least, 'agg.minInt', 'int', [micros]),
      aggCall(most, 'agg.maxInt', 'int', [micros]),
      aggCall(begun, 'agg.count', 'int', [], {}, starts ?? { kind: 'true' }),
      ...fields.map((f) =>
        aggCall(f.id, 'agg.joinInOrder', 'str', [toStr(flow.read(f.name)), col(place.id, 'int')], consts),
      ),
    ],
    limit: null,
  })
  flow.rel.neverAbsent.clear()
  const millis = (e: Expr): Expr => call('time.toMillis', 'int', [call('time.fromInt', 'time', [e])])
  const length = call('int.sub', 'int', [millis(col(most, 'int')), millis(col(least, 'int'))])
  flow.renew([
    ['@timestamp', millis(col(least, 'int'))],
    ['_duration', length],
    ...fields.map((f) => [f.name, col(f.id, 'str')] as const),
  ])
  // Only a run that begins with an event of the filter counts.
  if (starts) flow.filter(test('int.gt', [col(begun, 'int'), lit(0n, 'int')]))
}
