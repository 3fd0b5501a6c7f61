// Functions over rows in order, and sessions.
import { call, col, lit, test } from '../../../plan/build.ts'
import { notRunHere, wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import type { Expr } from '../../../plan/plan.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { first, page, param } from '../4-lower/params.ts'
import { running, sequenceOrder } from '../4-lower/group/sequence.ts'
import { agg } from '../4-lower/group/select-event.ts'
import { millisOf } from '../4-lower/ordering.ts'
import { isInteger, toStr } from '../../shared/convert.ts'
import { isNull } from '../4-lower/values.ts'

const AGGREGATES = first('function', 'aggregates', 'Aggregates, in brackets if several.', { required: true })
const CURRENT = param('current', 'text', 'Whether the row itself counts.', {
  default: 'include',
  oneOf: { include: 'It does.', exclude: 'Not run here.' },
})

function excluded({ flow, args }: CallContext, fn: string): boolean {
  if (args.text('current', 'include').toLowerCase() !== 'exclude') return false
  flow.lowering.report(notRunHere, args.span('current'), { name: fn, what: `\`current=exclude\` of \`${fn}()\`` })
  return true
}

export const neighbor = builtin({
  name: 'neighbor',
  category: 'sequence',
  kind: 'sequence',
  doc: 'Fields of the row before or behind.',
  notes: [
    'Rows need an order: put sort() or head() in front. Without `prefix` the fields of the row itself are replaced.',
  ],
  params: [
    first('include', 'fields', 'The fields to take.', { required: true }),
    param('direction', 'text', 'Which neighbour.', {
      default: 'preceding',
      oneOf: { preceding: 'The row before.', succeeding: 'The row behind.' },
    }),
    param('distance', 'number', 'How many rows away.', { default: '1' }),
    param('prefix', 'text', 'Prefix of the output fields, with a dot behind it.'),
  ],
  fidelity: { differs: 'Rows without an order are taken in the order of their values; LogScale refuses them.' },
  evidence: page('neighbor'),
  examples: [
    {
      title: 'The value before',
      given: [{ n: '1', u: 'a' }, { n: '2' }, { n: '3', u: 'c' }],
      query: 'sort(n, order=asc) | neighbor([n, u], prefix=prev) | select([n, prev.n, prev.u])',
      gives: [{ n: '1' }, { n: '2', 'prev.n': '1', 'prev.u': 'a' }, { n: '3', 'prev.n': '2' }],
      from: page('neighbor'),
    },
    {
      title: 'Two rows behind, in place',
      given: [{ n: '1' }, { n: '2' }, { n: '3' }],
      query: 'sort(n, order=asc) | m := n | neighbor(m, direction=succeeding, distance=2) | select([n, m])',
      gives: [{ n: '1', m: '3' }, { n: '2' }, { n: '3' }],
      from: page('neighbor'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow, args }) => {
      const order = sequenceOrder(flow, 'neighbor', args.call.nameSpan)
      if (!order) return
      const distance = Math.max(1, Math.min(10_000, args.number('distance', 1)))
      const back = args.text('direction', 'preceding').toLowerCase() === 'preceding'
      const frame = back ? { before: distance, after: 0 } : { before: 0, after: distance }
      const taken = args
        .fields('include')
        .map((name) => ({ name, id: flow.hidden('neighbor'), value: toStr(flow.read(name)) }))
      const prim = back ? 'win.lag' : 'win.lead'
      const columns = taken.map((t) => ({ ...agg(t.id, prim, 'str', [t.value], { distance }), frame }))
      flow.push({ kind: 'window', partition: [], order, columns })
      const prefix = args.has('prefix') ? `${args.text('prefix')}.` : ''
      const keys = flow.orderKeys
      flow.assignAll(
        taken.map((t) => ({ name: `${prefix}${t.name}`, expr: col(t.id, 'str') })),
        true,
      )
      if (prefix !== '') flow.orderKeys = keys
    },
  },
})

export const accumulate = builtin({
  name: 'accumulate',
  category: 'sequence',
  kind: 'sequence',
  doc: 'Aggregates over all rows so far, added to every row.',
  notes: ['Rows need an order: put sort() or head() in front.'],
  params: [AGGREGATES, CURRENT],
  fidelity: { differs: '`current=exclude` is not run.' },
  evidence: page('accumulate'),
  examples: [
    {
      title: 'A running sum',
      given: [{ n: '3' }, { n: '1' }, { n: '2' }],
      query: 'sort(n, order=asc) | accumulate(sum(n, as=s)) | select([n, s])',
      gives: [
        { n: '1', s: 1 },
        { n: '2', s: 3 },
        { n: '3', s: 6 },
      ],
      from: page('accumulate'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const order = sequenceOrder(flow, 'accumulate', args.call.nameSpan)
      if (order && !excluded(c, 'accumulate'))
        running(flow, args.items('function'), order, null, args.call.nameSpan, 'accumulate')
    },
  },
})

export const slidingWindow = builtin({
  name: 'slidingWindow',
  category: 'sequence',
  kind: 'sequence',
  doc: 'Aggregates over the last few rows, added to every row.',
  notes: ['Rows need an order: put sort() or head() in front.'],
  params: [AGGREGATES, param('events', 'number', 'How many rows, with the current one.', { required: true }), CURRENT],
  fidelity: { differs: '`current=exclude` is not run.' },
  evidence: page('slidingWindow'),
  examples: [
    {
      title: 'Of two rows',
      given: [{ n: '3' }, { n: '1' }, { n: '2' }],
      query: 'sort(n, order=asc) | slidingWindow(max(n, as=m), events=2) | select([n, m])',
      gives: [
        { n: '1', m: 1 },
        { n: '2', m: 2 },
        { n: '3', m: 3 },
      ],
      from: page('slidingWindow'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const order = sequenceOrder(flow, 'slidingWindow', args.call.nameSpan)
      const events = Math.max(1, Math.min(1000, args.number('events', 1)))
      if (order && !excluded(c, 'slidingWindow'))
        running(flow, args.items('function'), order, events - 1, args.call.nameSpan, 'slidingWindow')
    },
  },
})

export const session = builtin({
  name: 'session',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Aggregates over runs of events between which no pause is longer than `maxpause`.',
  notes: [
    'In a grouping, alone: `groupBy(user, function=session(maxpause=15m, count()))`; runs are then those of each group.',
  ],
  params: [
    first('function', 'aggregates', 'Aggregates, in brackets if several.', { default: 'count(as=_count)' }),
    param('maxpause', 'text', 'The longest pause.', { default: '15m' }),
  ],
  fidelity: { differs: 'In a grouping no other aggregate may stand beside it.' },
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
    step: ({ flow, args }) => {
      const item = { kind: 'call' as const, call: args.call, span: args.call.span }
      flow.parts.group(flow, [], [item], { limit: null })
    },
  },
})

export const setTimeInterval = builtin({
  name: 'setTimeInterval',
  category: 'time',
  kind: 'preamble',
  doc: 'An interval of the query’s own, instead of the one it is run with.',
  notes: ['Stands at the start of the query. Durations count back from now; numbers are epoch milliseconds.'],
  params: [
    first('start', 'text', 'Where it starts.', { required: true }),
    param('end', 'text', 'Where it ends.', { default: 'now' }),
    param('timezone', 'text', 'Ignored: points in time by calendar are not run.'),
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
      const [from, to] = [point('start'), point('end')]
      const time = flow.time()
      if (!from || !to || !time) return
      // The interval of the run must not cut what this one lets in.
      flow.rel.source.interval = 'all'
      flow.filter(test('time.ge', [time, from]))
      flow.filter(test('time.lt', [time, to]))
    },
  },
})

export const appendAggregation = builtin({
  name: 'appendAggregation',
  category: 'sequence',
  kind: 'sequence',
  doc: 'Adds the result of aggregates over all rows as further rows at the end.',
  notes: [],
  params: [AGGREGATES],
  fidelity: { differs: 'A column that is of another type in the added rows becomes text.' },
  evidence: page('appendAggregation'),
  examples: [
    {
      title: 'A total',
      given: [
        { k: 'a', n: '1' },
        { k: 'b', n: '2' },
      ],
      query: 'groupBy(k, function=sum(n, as=s)) | sort(s) | appendAggregation(sum(s, as=s))',
      gives: [{ k: 'b', s: 2 }, { k: 'a', s: 1 }, { s: 3 }],
      from: page('appendAggregation'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: appendRows,
  },
})

function appendRows({ flow, args }: CallContext): void {
  flow.split()
  const more = flow.fork()
  const part = flow.hidden('part')
  flow.parts.group(more, [], args.items('function'), { limit: null })
  const names = [...more.names].filter(([, e]) => !isNull(e)).map(([n]) => n)
  // The columns of both sides become real under one name and type.
  const pairs = names.map((name) => ({ name, old: flow.read(name), added: more.read(name) }))
  const asText = (p: (typeof pairs)[number]): boolean => !isNull(p.old) && p.old.ty !== p.added.ty
  const added = pairs.map((p) => ({ id: p.name, expr: asText(p) ? toStr(p.added) : p.added }))
  const kept = pairs.map((p) => {
    if (isNull(p.old)) return { id: p.name, expr: lit(null, p.added.ty) }
    return { id: p.name, expr: asText(p) ? toStr(p.old) : p.old }
  })
  more.push({ kind: 'set', columns: [...added, { id: part, expr: lit(1n, 'int') }] })
  more.push({ kind: 'project', columns: [...names, part], rest: false })
  const keys = flow.orderKeys ?? []
  flow.push({ kind: 'set', columns: [...kept, { id: part, expr: lit(0n, 'int') }] })
  flow.push({ kind: 'union', others: [more.rel.finish()] })
  for (const k of kept) flow.names.set(k.id, col(k.id, k.expr.ty))
  flow.rel.sure.clear()
  flow.push({ kind: 'order', by: [{ expr: col(part, 'int'), dir: 'asc', nulls: 'last' }, ...keys] })
  flow.ordered = true
  flow.orderKeys = undefined
}
