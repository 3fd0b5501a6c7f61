// The same search over earlier intervals, side by side.
import { call, col, countOf, lit, test, TRUE } from '../../../plan/build.ts'
import type { AggCall, Expr, Relation, SourceNode, Ty } from '../../../plan/plan.ts'
import type { Span } from '../../../text/source.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import { type Cursor, from, name } from '../2-parse/cursor.ts'
import { duration, wholeNumber } from '../2-parse/tokens.ts'
import { pick } from '../3-lower/aggregate.ts'
import { operator, param, search, SOME_DAY } from '../3-lower/builtin-kit.ts'
import type { Field, Flow } from '../3-lower/flow.ts'
import { mapRelation } from '../../../plan/walk.ts'
import { sumoCompareBefore, sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'

/** `timeshift -1d 7 avg as week` */
interface Shift {
  readonly ms: number
  /** The step as written, `1d`: names of columns contain it. */
  readonly count: number
  readonly unit: string
  readonly times: number
  readonly agg: 'avg' | 'max' | 'min' | undefined
  readonly as: Name | undefined
  readonly span: Span
}

function parseCompare(c: Cursor): readonly Shift[] | undefined {
  c.eatWord('with')
  const targets: Shift[] = []
  do {
    const start = c.peek().span
    if (!c.expectWord('timeshift')) return undefined
    c.eat('-')
    const step = c.peek()
    const ms = duration(c)
    if (ms === undefined) return undefined
    const parts = /^([\d.]+)([A-Za-z]+)$/.exec(step.text)
    const times = c.peek().kind === 'number' ? (wholeNumber(c) ?? 1) : 1
    const agg = c.eatWord('avg', 'min', 'max')?.text.toLowerCase() as Shift['agg']
    const as = c.eatWord('as') ? name(c) : undefined
    targets.push({
      ms,
      count: Number(parts?.[1] ?? 1),
      unit: parts?.[2] ?? 'h',
      times: Math.max(1, Math.trunc(times)),
      agg,
      as,
      span: from(start, c),
    })
  } while (c.eat(','))
  return targets
}

/** https://help.sumologic.com/docs/search/search-query-language/search-operators/compare/ */
const MOST_SHIFTS = 7

function lowerCompare(f: Flow, targets: readonly Shift[], { span, head }: Place): void {
  if (f.messages) {
    f.lowering.report(sumoRuledOut, head, {
      what: '`compare` needs the result of an aggregate',
      remedy: 'write an aggregate such as `count by …` before it',
    })
    return
  }
  if (f.lowering.compared)
    f.lowering.report(sumoRuledOut, head, {
      what: 'a search has one `compare` only',
      remedy: 'write all intervals behind one `compare`, with commas: compare timeshift 1d, timeshift 1w',
    })
  f.lowering.compared = true
  const aliases = targets.flatMap((t) => (t.as ? [t.as.name.toLowerCase()] : []))
  if (new Set(aliases).size < aliases.length)
    f.lowering.report(sumoRuledOut, span, {
      what: 'two intervals of `compare` have one name',
      remedy: 'give each its own',
    })
  if (f.slice && f.slice.name.toLowerCase() !== '_timeslice')
    f.lowering.report(sumoRuledOut, head, {
      what: '`compare` needs the slices under their own name, `_timeslice`',
      remedy: 'remove `as` from `timeslice`',
    })
  const keys = [...f.fields.values()].filter((x) => f.groups.has(x.id))
  const values = [...f.fields.values()].filter((x) => !f.groups.has(x.id))
  const others: Relation[] = []
  const added: Field[] = []
  const shifts = new Set(
    targets.flatMap((t) => Array.from({ length: Math.min(t.times, MOST_SHIFTS + 1) }, (_, i) => t.ms * (i + 1))),
  )
  if (shifts.size > MOST_SHIFTS)
    f.lowering.report(sumoRuledOut, span, {
      what: `\`compare\` reads ${shifts.size} earlier intervals; Sumo Logic allows ${MOST_SHIFTS}`,
      remedy: 'name fewer intervals',
    })
  for (const t of targets) {
    f.lowering.report(sumoCompareBefore, t.span, { shift: `${t.count * t.times}${t.unit}` })
    const shift = columnsOfShift(f, t, keys, values)
    others.push(...shift.relations)
    added.push(...shift.fields)
  }
  f.push({ kind: 'union', others })
  const columns = [...values, ...added]
  f.push({
    kind: 'aggregate',
    keys: keys.map((k) => ({ id: k.id, expr: col(k.id, k.ty) })),
    nullKeys: 'keep',
    aggs: [...columns.map((x) => pick(x.id, col(x.id, x.ty), TRUE)), ...(keys.length === 0 ? [countOf('$:rows')] : [])],
    limit: null,
  })
  const groups = f.groups
  f.table([...keys, ...columns.map((x) => ({ ...x, ty: pick(x.id, col(x.id, x.ty), TRUE).ty }))])
  f.groups = groups
  if (keys.length === 0) f.filter(test('int.gt', [col('$:rows', 'int'), lit(0n, 'int')]))
}

/** The columns of one `timeshift`: one interval each, or one of all of them. */
function columnsOfShift(f: Flow, t: Shift, keys: readonly Field[], values: readonly Field[]) {
  const name = (x: Field, suffix: string): string => `${x.id}_${suffix}`
  const runs = Array.from({ length: Math.min(t.times, MOST_SHIFTS + 1) }, (_, i) => earlierRows(f, t.ms * (i + 1)))
  if (!t.agg) {
    const suffix = (i: number): string =>
      t.as ? (t.times > 1 ? `${t.as.name}_${i + 1}` : t.as.name) : `${t.count * (i + 1)}${t.unit}`
    return {
      relations: runs.map((r, i) =>
        renameColumns(
          r,
          keys,
          values.map((x) => ({ from: x, to: name(x, suffix(i)) })),
        ),
      ),
      fields: runs.flatMap((_, i) => values.map((x) => ({ ...x, id: name(x, suffix(i)) }))),
    }
  }
  const suffix = t.as?.name ?? `${t.count * t.times}${t.unit}_${t.agg}`
  const numbers = values.filter((x) => x.ty !== 'str' && x.ty !== 'bool')
  const [first, ...rest] = runs
  const aggs = numbers.map((x) => summary(t.agg as 'avg', name(x, suffix), x))
  const merged: Relation = {
    from: (first as Relation).from,
    stages: [
      ...(first as Relation).stages,
      ...(rest.length > 0 ? [{ kind: 'union' as const, others: rest }] : []),
      {
        kind: 'aggregate',
        keys: keys.map((k) => ({ id: k.id, expr: col(k.id, k.ty) })),
        nullKeys: 'keep',
        aggs,
        limit: null,
      },
    ],
  }
  return { relations: [merged], fields: aggs.map((a): Field => ({ id: a.id, ty: a.ty })) }
}

function summary(agg: 'avg' | 'max' | 'min', id: string, x: Field): AggCall {
  const of = col(x.id, x.ty)
  const call = (prim: string, ty: Ty, arg: Expr): AggCall => ({ id, prim, args: [arg], consts: {}, where: TRUE, ty })
  const number: Expr = x.ty === 'num' ? of : { kind: 'call', prim: toNumber(x.ty), args: [of], consts: {}, ty: 'num' }
  return call(agg === 'avg' ? 'agg.avg' : `agg.${agg}Num`, 'num', number)
}

const toNumber = (ty: Ty): string => (ty === 'dec' ? 'dec.toNum' : 'num.fromInt')

function renameColumns(r: Relation, keys: readonly Field[], columns: readonly { from: Field; to: string }[]): Relation {
  return {
    from: r.from,
    stages: [
      ...r.stages,
      { kind: 'set', columns: columns.map((c) => ({ id: c.to, expr: col(c.from.id, c.from.ty) })) },
      { kind: 'project', columns: [...keys.map((k) => k.id), ...columns.map((c) => c.to)], rest: false },
    ],
  }
}

/** The rows of the search for the earlier interval, with its slices moved into the current one. */
function earlierRows(f: Flow, ms: number): Relation {
  const micros = BigInt(Math.round(ms)) * 1000n
  const relation = shiftInterval(f, f.relation(false), micros)
  const slice = f.slice && f.fields.get(f.slice.name.toLowerCase())
  if (slice?.ty !== 'int') return relation
  const later = call('int.add', 'int', [col(slice.id, 'int'), lit(BigInt(Math.round(ms)), 'int')])
  return {
    from: relation.from,
    stages: [...relation.stages, { kind: 'set', columns: [{ id: slice.id, expr: later }] }],
  }
}

function shiftInterval(f: Flow, r: Relation, micros: bigint): Relation {
  const back = (e: Expr): Expr => call('time.fromInt', 'time', [call('int.sub', 'int', [toInt(e), lit(micros, 'int')])])
  const toInt = (e: Expr): Expr => call('time.toInt', 'int', [e])
  const expr = (e: Expr): Expr => (e.kind === 'env' && e.name !== 'now' ? back(e) : e)
  const inside = (rel: Relation): Relation => ({
    ...rel,
    ...fromOf(rel),
    stages: [
      ...before(rel.from.kind === 'source' ? rel.from : undefined),
      ...rel.stages.map((s) =>
        s.kind === 'join'
          ? { ...s, right: inside(s.right) }
          : s.kind === 'union'
            ? { ...s, others: s.others.map(inside) }
            : s,
      ),
    ],
  })
  const fromOf = (rel: Relation): { from: Relation['from'] } => {
    const { from } = rel
    if (from.kind === 'let') return { from: { kind: 'let', name: movedLet(from.name) } }
    return { from: from.name === 'events' ? withoutInterval(from) : from }
  }
  const movedLet = (name: string): string => {
    const id = `${name}-${micros / 1000n}`
    const original = f.lowering.lets.find((l) => l.name === name)
    if (original && !f.lowering.lets.some((l) => l.name === id))
      f.lowering.lets.push({ name: id, rel: shiftInterval(f, original.rel, micros) })
    return id
  }
  const before = (from: SourceNode | undefined): Relation['stages'] => {
    if (from?.name !== 'events') return []
    const time = col('$:time', 'time')
    const edge = (name: 'end' | 'start'): Expr => back({ kind: 'env', name, ty: 'time' })
    return [
      {
        kind: 'filter',
        where: { kind: 'and', of: [test('time.ge', [time, edge('start')]), test('time.lt', [time, edge('end')])] },
      },
    ]
  }
  const mapped = mapRelation({ from: r.from, stages: r.stages }, { expr })
  return inside(mapped)
}

/** The source without its interval, so that a filter can select an earlier one. */
function withoutInterval(from: SourceNode): SourceNode {
  const has = from.columns.some((c) => c.id === '$:time')
  const time = { id: '$:time', ty: 'time' as const, from: { kind: 'meta' as const, name: 'time' as const } }
  return { ...from, interval: 'all', columns: has ? from.columns : [...from.columns, time] }
}

const DAY = 86_400_000
const [, now] = SOME_DAY
const events = [
  { _messageTime: now - 1000, user: 'al' },
  { _messageTime: now - 2000, user: 'al' },
  { _messageTime: now - DAY - 1000, user: 'al' },
  { _messageTime: now - DAY - 1000, user: 'bo' },
  { _messageTime: now - 2 * DAY - 1000, user: 'bo' },
]

export const comparison = operator<readonly Shift[]>({
  name: 'compare',
  doc: 'Puts the same search over earlier intervals beside this one.',
  params: [
    param('timeshift', 'duration', 'How far back, several with commas.'),
    param('count', 'number', 'How many intervals back, each a shift further; 7 at most.', false),
    param('aggregate', 'text', 'avg, min or max of these intervals as one column.', false),
    param('as', 'text', 'What is put behind the names of the columns.', false),
  ],
  examples: [
    search(
      'count by user | compare with timeshift 1d | sort by user asc',
      events,
      [
        { user: 'al', _count: 2, _count_1d: 1 },
        { user: 'bo', _count_1d: 1 },
      ],
      SOME_DAY,
    ),
    search(
      'count | compare timeshift -1d 2 as before',
      events,
      [{ _count: 2, _count_before_1: 2, _count_before_2: 1 }],
      SOME_DAY,
    ),
    search('count | compare with timeshift 1d 2 avg', events, [{ _count: 2, _count_2d_avg: 1.5 }], SOME_DAY),
    search(
      'timeslice 1d | count by _timeslice | compare with timeshift 1d',
      events,
      [{ _timeslice: now - DAY, _count: 2, _count_1d: 2 }],
      SOME_DAY,
    ),
  ],
  notes: [
    'Groups that only an earlier interval has are rows too.',
    'Events before the interval are read for it: give logs that reach back.',
  ],
  parse: parseCompare,
  lower: lowerCompare,
})
