import { call, col, lit, test } from '../../../plan/build.ts'
import { notRunHere, wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Expr as AstExpr, Filter, Pipeline, Step } from '../3-parse/ast.ts'
import { bare, wordOf } from '../4-lower/args.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import type { Flow } from '../4-lower/flow.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { page, param } from '../4-lower/params.ts'

export const correlate = builtin({
  name: 'correlate',
  category: 'join',
  kind: 'join',
  doc: 'Finds constellations: one event for each query, with equal values wherever `<=>` links them.',
  notes: [
    'A query is `name: { filters | field <=> other.field } include: [fields]`. Its fields are `name.field` in the result.',
    'Every query but the first needs a link to another one, or a global constraint.',
  ],
  params: [
    param('query', 'queries', 'The queries, each with a name.', { required: true, unnamed: true }),
    param('globalConstraints', 'fields', 'Fields with one value in all events of a constellation.'),
    param('sequence', 'bool', 'The events have the order of the queries.', { default: 'false' }),
    param('within', 'text', 'The longest time from the first event to the last.'),
    param('jitterTolerance', 'text', 'How far an event may lie before the one that it follows.', { default: '0s' }),
    param('root', 'text', 'The query that `maxPerRoot` counts for; the first.'),
    param('maxPerRoot', 'number', 'The most constellations for each event of the root.', { default: '1' }),
    param('includeMatchesOnceOnly', 'bool', 'No event is in two constellations.', { default: 'false' }),
    param('includeConstraintValues', 'bool', 'The result has the fields of links and constraints.', {
      default: 'true',
    }),
    param('iterationLimit', 'number', 'How often LogScale looks for more events.', {
      unused: 'the search is exact here',
    }),
    param('sequenceBy', 'fields', 'Not used here: a warning says so.'),
  ],
  fidelity: {
    differs:
      'Of several constellations of one root the earliest is taken; LogScale does not say which. The result has no `@id`. A query has filters and steps for one event.',
  },
  evidence: page('correlate'),
  examples: [
    {
      title: 'A process and its child',
      given: [
        { '@timestamp': 1_000, f: 'cmd.exe', pid: '1', parent: '0', host: 'a' },
        { '@timestamp': 2_000, f: 'ps.exe', pid: '2', parent: '1', host: 'a' },
        { '@timestamp': 3_000, f: 'ps.exe', pid: '3', parent: '1', host: 'b' },
      ],
      query:
        'correlate(cmd: { f="cmd.exe" } include: [host], ps: { f="ps.exe" | host <=> cmd.host | parent <=> cmd.pid } include: [pid], sequence=true, within=1m) | select([cmd.host, cmd.pid, ps.pid])',
      gives: [{ 'cmd.host': 'a', 'cmd.pid': '1', 'ps.pid': '2' }],
      from: page('correlate'),
    },
    {
      title: 'Too far apart, and in the other order',
      given: [
        { '@timestamp': 100_000, u: 'x', e: 'first' },
        { '@timestamp': 1_000, u: 'x', e: 'second' },
        { '@timestamp': 200_000, u: 'y', e: 'first' },
        { '@timestamp': 201_000, u: 'y', e: 'second' },
        { '@timestamp': 300_000, u: 'z', e: 'first' },
        { '@timestamp': 400_000, u: 'z', e: 'second' },
      ],
      query:
        'correlate(a: { e=first }, b: { e=second }, globalConstraints=[u], sequence=true, within=10s) | select([a.u])',
      gives: [{ 'a.u': 'y' }],
      from: page('correlate'),
    },
  ],
  lower: { kind: 'step', whole: true, step: constellations },
})

interface Link {
  readonly own: string
  readonly other: string
  readonly field: string
}
interface Query {
  readonly name: string
  readonly links: readonly Link[]
  readonly include: readonly string[]
  readonly flow: Flow
  /** Columns of the fields that are read. */
  readonly columns: Map<string, Expr>
  readonly time: Expr
  readonly seq: Expr
}

function constellations(c: CallContext): void {
  const { flow, args } = c
  if (flow.aggregated) {
    const what = '`correlate()` behind an aggregate'
    flow.lowering.report(notRunHere, args.call.nameSpan, { name: 'correlate', what })
    return
  }
  args.has('query')
  const asts = args.call.args.filter((a) => a.name === undefined).map((a) => bare(a.value))
  const named = asts.filter((a) => a.kind === 'pipeline' && a.label !== undefined)
  if (named.length < 2 || named.length < asts.length) {
    const takes = 'two or more queries with names: `a: {…}, b: {…}`'
    flow.lowering.report(wrongKind, args.span('query'), { fn: 'correlate', name: 'query', takes })
    return
  }
  const global = args.fields('globalConstraints')
  const ms = (name: string, otherwise: string): number => args.duration(name, otherwise) ?? 0
  flow.split()
  const queries = named.flatMap((a) => (a.kind === 'pipeline' ? [queryOf(flow, a)] : []))
  for (const q of queries) {
    const ofOthers = queries.flatMap((o) => o.links.filter((l) => l.other === q.name).map((l) => l.field))
    const read = new Set([...global, ...q.links.map((l) => l.own), ...ofOthers, ...q.include])
    const items = [...read].map((name) => ({ name, id: q.flow.hidden('linked'), expr: toStr(q.flow.read(name)) }))
    if (items.length > 0) q.flow.push({ kind: 'set', columns: items.map((i) => ({ id: i.id, expr: i.expr })) })
    for (const i of items) q.columns.set(i.name, col(i.id, 'str'))
  }
  const root = queries.find((q) => q.name === args.text('root')) ?? (queries[0] as Query)
  if (!joinAll(flow, queries, root, global)) {
    const what = 'a query of `correlate()` without a link to the others'
    flow.lowering.report(notRunHere, args.call.nameSpan, { name: 'correlate', what })
    return
  }
  const micros = (q: Query): Expr => call('time.toInt', 'int', [q.time])
  const apart = (a: Query, b: Query, most: number): Pred =>
    test('int.le', [call('int.sub', 'int', [micros(a), micros(b)]), lit(BigInt(Math.round(most * 1000)), 'int')])
  if (args.has('within'))
    for (const a of queries) for (const b of queries) if (a !== b) flow.filter(apart(a, b, ms('within', '')))
  if (args.flag('sequence'))
    for (const [i, q] of queries.slice(1).entries())
      flow.filter(apart(queries[i] as Query, q, ms('jitterTolerance', '0s')))
  const order = queries.flatMap((q) => [q.time, q.seq]).map((expr) => ({ expr, dir: 'asc', nulls: 'last' }) as const)
  const first = (q: Query, most: number): void => {
    const id = flow.hidden('place')
    const rank = { ...aggCall(id, 'win.rank', 'int', []), frame: { before: null, after: null } }
    flow.push({ kind: 'window', partition: [q.seq], order, columns: [rank] })
    flow.filter(test('int.le', [col(id, 'int'), lit(BigInt(most), 'int')]))
  }
  first(root, args.number('maxPerRoot', 1))
  if (args.flag('includeMatchesOnceOnly')) for (const q of queries) first(q, 1)
  const all = args.flag('includeConstraintValues', true)
  flow.renew(
    queries.flatMap((q) => [
      ...[...q.columns].filter(([n]) => all || q.include.includes(n)).map(([n, e]) => [`${q.name}.${n}`, e] as const),
      [`${q.name}.@timestamp`, call('time.toMillis', 'int', [q.time])] as const,
    ]),
  )
}

function queryOf(flow: Flow, a: Extract<AstExpr, { kind: 'pipeline' }>): Query {
  const child = flow.fork()
  const links: Link[] = []
  const steps = a.pipeline.steps.flatMap((s): Step[] => {
    if (s.kind !== 'filter') return [s]
    const rest = withoutLinks(s.filter, links)
    return rest ? [{ ...s, filter: rest }] : []
  })
  const pipeline: Pipeline = { steps, span: a.pipeline.span }
  child.parts.steps(child, pipeline)
  const attribute = a.attributes.find((x) => x.name === 'include')
  const value = attribute && bare(attribute.value)
  const words = value?.kind === 'array' ? value.items : value ? [value] : []
  const include = words.flatMap((w) => wordOf(bare(w)) ?? [])
  if (value && include.some((w) => w === '*')) {
    const what = '`*` in `include` of `correlate()`'
    flow.lowering.report(notRunHere, value.span, { name: 'correlate', what })
  }
  const [time, seq] = [child.hidden('time'), child.hidden('seq')]
  const at = child.orderTime() ?? lit(null, 'time')
  child.push({
    kind: 'set',
    columns: [
      { id: time, expr: at },
      { id: seq, expr: child.seq() },
    ],
  })
  const name = a.label?.name ?? ''
  return { name, links, include, flow: child, columns: new Map(), time: col(time, 'time'), seq: col(seq, 'int') }
}

/** The filter without its links, which are collected; undefined: it is one. */
function withoutLinks(f: Filter, links: Link[]): Filter | undefined {
  if (f.kind === 'and') {
    const of = f.of.flatMap((x) => withoutLinks(x, links) ?? [])
    return of.length === 0 ? undefined : { ...f, of }
  }
  if (f.kind !== 'compare' || f.op !== '<=>') return f
  const text = 'text' in f.value ? f.value.text : ''
  const dot = text.indexOf('.')
  links.push({ own: f.field.name, other: text.slice(0, dot), field: text.slice(dot + 1) })
  return undefined
}

/** The events of the root, joined with those of each query by its links; false: a query has none. */
function joinAll(flow: Flow, queries: readonly Query[], root: Query, global: readonly string[]): boolean {
  flow.rel = root.flow.rel
  const joined = [root]
  while (joined.length < queries.length) {
    const next = queries
      .filter((q) => !joined.includes(q))
      .map((q) => ({ q, on: joined.flatMap((j) => between(j, q)).concat(same(root, q, global)) }))
      .find((n) => n.on.length > 0)
    if (!next) return false
    const { q, on } = next
    const columns = [...q.columns.values(), q.time, q.seq].flatMap((e) => (e.kind === 'col' ? [e.id] : []))
    flow.push({
      kind: 'join',
      how: 'inner',
      right: q.flow.rel.finish(),
      on,
      include: columns.map((id) => ({ id, from: id })),
      missing: null,
      max: null,
      order: [],
      within: null,
    })
    joined.push(q)
  }
  return true
}
interface Equal {
  readonly left: Expr
  readonly right: Expr
}
const equal = (left: Expr | undefined, right: Expr | undefined): Equal[] => (left && right ? [{ left, right }] : [])
/** The links between a query that is joined and one that is not yet. */
const between = (j: Query, q: Query): Equal[] => [
  ...q.links.filter((l) => l.other === j.name).flatMap((l) => equal(j.columns.get(l.field), q.columns.get(l.own))),
  ...j.links.filter((l) => l.other === q.name).flatMap((l) => equal(j.columns.get(l.own), q.columns.get(l.field))),
]
const same = (root: Query, q: Query, global: readonly string[]): Equal[] =>
  global.flatMap((g) => equal(root.columns.get(g), q.columns.get(g)))
