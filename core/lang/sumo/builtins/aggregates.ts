// Aggregates.
import { countOf, col, iff, lit, present, TRUE } from '../../../plan/build.ts'
import type { AggCall, Expr, Ty } from '../../../plan/plan.ts'
import { toNum, toStr } from '../../shared/convert.ts'
import type { Agg, AggregateStage } from '../2-parse/ast.ts'
import { aggregateSpecial, finiteNum } from '../3-lower/doubles.ts'
import type { AggregateColumn, AggregateContext } from '../3-lower/builtin.ts'
import { sumoRange } from '../../../diag/catalogue/sumo-lower.ts'
import { aggregate, param } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { groupKey } from '../3-lower/keys.ts'
import { fromText } from '../3-lower/values.ts'

type Columns = readonly AggregateColumn[]

const one = (
  { id }: Pick<AggregateContext, 'id'>,
  prim: string,
  ty: Ty,
  args: readonly Expr[],
  consts: AggCall['consts'] = {},
): Columns => [{ id, calls: [{ id, prim, args, consts, where: TRUE, ty }] }]

function count({ flow, ast, id, expr }: AggregateContext): Columns {
  if (!ast.field || ast.field.name === '*') return [{ id, calls: [countOf(id)] }]
  const skip = flow.lowering.choice('count-field') === 'present'
  return [{ id, calls: [{ ...countOf(id), where: skip ? present(expr) : TRUE }] }]
}

function countDistinct(c: AggregateContext): Columns {
  c.flow.lowering.choice('distinct-null')
  return one(c, 'agg.countDistinct', 'int', [toStr(c.expr)])
}

function countFrequent(f: Flow, s: AggregateStage, a: Agg): void {
  const keys = [...(a.field ? [a.field] : []), ...s.by].map((n) => groupKey(f, n))
  const id = a.as?.name ?? '_approxcount'
  f.push({
    kind: 'aggregate',
    keys,
    nullKeys: f.lowering.choice('null-group-keys') as 'keep',
    aggs: [countOf(id)],
    limit: null,
  })
  f.table([...keys.map((k) => ({ id: k.id, ty: k.expr.ty })), { id, ty: 'int' }])
  f.groups = new Set(keys.map((k) => k.id))
  f.order = [{ expr: col(id, 'int'), dir: 'desc', nulls: 'last' }]
  f.push({ kind: 'take', count: 10_000, by: f.order })
  f.ordered = true
}

/** Decimal texts are summed exactly. The sum of no numbers is 0. */
function sum(c: AggregateContext): Columns {
  return plainSum(c).map((column) => aggregateSpecial(c.flow, c.expr, column, 'mean'))
}

function plainSum(c: AggregateContext): Columns {
  const { expr, id } = c
  if (expr.ty !== 'int' && expr.ty !== 'num') return one(c, 'agg.sum', 'dec', [toStr(expr)])
  const total = col(id, expr.ty)
  const after = iff(present(total), total, lit(expr.ty === 'int' ? 0n : 0, expr.ty))
  return one(c, expr.ty === 'int' ? 'agg.sumInt' : 'agg.sumNum', expr.ty, [expr]).map((column) => ({
    ...column,
    after,
  }))
}

function extreme(c: AggregateContext, which: 'Max' | 'Min'): Columns {
  const { expr } = c
  const prim = `agg.${which.toLowerCase()}`
  const columns =
    expr.ty === 'int'
      ? one(c, `${prim}Int`, 'int', [expr])
      : expr.ty === 'num'
        ? one(c, `${prim}Num`, 'num', [expr])
        : one(c, `${prim}Dec`, 'dec', [toStr(expr)])
  const kind = which === 'Max' ? 'max' : 'min'
  return columns.map((column) => ({ ...aggregateSpecial(c.flow, expr, column, kind), double: true }))
}

const average = (c: AggregateContext): Columns =>
  one(c, 'agg.avg', 'num', [toNum(c.expr)]).map((column) => aggregateSpecial(c.flow, c.expr, column, 'mean'))

function stddev(c: AggregateContext): Columns {
  const prim = c.flow.lowering.choice('stddev-flavour') === 'sample' ? 'agg.stddevSamp' : 'agg.stddevPop'
  return one(c, prim, 'num', [finiteNum(c.flow.lowering, c.expr)])
}

function percentiles({ flow, ast, id, expr }: AggregateContext, numbers: readonly number[]): Columns {
  const method = flow.lowering.choice('percentile-method')
  const points = numbers.length > 0 ? numbers : [Number(flow.lowering.choice('percentile-default'))]
  const alone = points.length === 1 && (ast.as !== undefined || ast.name === 'median')
  if (!points.every((p) => p >= 0 && p <= 100)) {
    flow.lowering.report(sumoRange, ast.span, { name: ast.name, least: 0, most: 100 })
    return []
  }
  return points.flatMap((p) => {
    const name = alone ? id : `${ast.as?.name ?? `_${ast.field?.name}`}_pct_${p}`
    return one({ id: name }, 'agg.percentile', 'num', [finiteNum(flow.lowering, expr)], { p, method })
  })
}

/** first and last follow the order of the rows: newest first unless a stage has sorted them. */
function positional(c: AggregateContext, first: boolean): Columns {
  const { flow: f, expr } = c
  f.lowering.choice('first-null')
  if (f.messages && !f.order) return byTime(c, first ? 'agg.latest' : 'agg.earliest')
  const position = f.hidden('pos')
  const frame = { before: null, after: 0 }
  f.push({ kind: 'window', partition: [], order: f.orderKeys(), columns: [{ ...countOf(position), frame }] })
  const at = col(position, 'int')
  return viaText(c, first ? 'agg.argMin' : 'agg.argMax', [toStr(expr), toNum(at), at])
}

const byTime = (c: AggregateContext, prim: 'agg.earliest' | 'agg.latest'): Columns =>
  viaText(c, prim, [toStr(c.expr), c.flow.time, c.flow.seq])

/** The primitive returns text; a number is parsed from it again. */
function viaText(c: AggregateContext, prim: string, args: readonly Expr[]): Columns {
  const { ty } = c.expr
  const columns = one(c, prim, 'str', args)
  if (ty === 'str' || ty === 'bool') return columns
  return columns.map((column) => ({ ...column, after: fromText(col(c.id, 'str'), ty) }))
}

const f = param('field', 'field', 'The field; expressions are computed in a stage before.')
const events = [
  { user: 'al', n: '5' },
  { user: 'bo', n: '7' },
  { user: 'al', n: '10' },
  { user: 'cy', n: 'x' },
]
const doc = { vendorDoc: 'search-query-language/group-aggregate-operators' } as const
const e = (query: string, gives: readonly Record<string, string | number>[]) => ({
  title: query,
  given: events,
  query: `* | ${query}`,
  gives,
  from: doc,
})

export const aggregates = [
  aggregate({
    name: 'count',
    doc: 'Number of rows.',
    params: [param('field', 'field', 'Without meaning of its own.', false)],
    examples: [
      e('count', [{ _count: 4 }]),
      e('count as n by user | sort by n, user asc | limit 1', [{ user: 'al', n: 2 }]),
    ],
    output: '_count',
    meaning: { bare: 'group', optional: true, columns: count },
  }),
  aggregate({
    name: 'count_distinct',
    doc: 'Number of different values.',
    params: [f],
    examples: [e('count_distinct(user)', [{ _count_distinct: 3 }])],
    output: '_count_distinct',
    differs: 'exact; the vendor estimates beyond 100',
    meaning: { bare: 'argument', columns: countDistinct },
  }),
  aggregate({
    name: 'count_frequent',
    doc: 'The most frequent values, most frequent first.',
    params: [param('fields', 'fields', 'The fields.')],
    examples: [e('count_frequent user | limit 1', [{ user: 'al', _approxcount: 2 }])],
    output: '_approxcount',
    differs: 'exact; the vendor estimates',
    meaning: { bare: 'group', optional: true, columns: count, table: countFrequent },
  }),
  aggregate({
    name: 'sum',
    doc: 'Sum of the values that are numbers.',
    params: [f],
    examples: [e('sum(n) as total', [{ total: 22 }])],
    output: '_sum',
    meaning: { bare: 'argument', columns: sum },
  }),
  aggregate({
    name: 'avg',
    doc: 'Mean of the values that are numbers.',
    params: [f],
    examples: [e('avg(n) as a by user | where user = "al"', [{ user: 'al', a: 7.5 }])],
    output: '_avg',
    meaning: { bare: 'argument', columns: average },
  }),
  aggregate({
    name: 'min',
    doc: 'Least of the values that are numbers.',
    params: [f],
    examples: [e('min(n)', [{ _min: 5 }])],
    output: '_min',
    notes: ['With two arguments it is the function.'],
    meaning: { bare: 'argument', columns: (c) => extreme(c, 'Min') },
  }),
  aggregate({
    name: 'max',
    doc: 'Greatest of the values that are numbers.',
    params: [f],
    examples: [e('max(n)', [{ _max: 10 }])],
    output: '_max',
    notes: ['With two arguments it is the function.'],
    meaning: { bare: 'argument', columns: (c) => extreme(c, 'Max') },
  }),
  aggregate({
    name: 'stddev',
    doc: 'Standard deviation.',
    params: [f],
    examples: [e('where user = "al" | stddev(n) as s | round(s, 3) as s', [{ s: 3.536 }])],
    output: '_stddev',
    meaning: { bare: 'argument', columns: stddev },
  }),
  aggregate({
    name: 'pct',
    doc: 'Percentiles, a column each.',
    params: [f, param('percent', 'number', '0 to 100, several allowed.', false)],
    examples: [e('pct(n, 50)', [{ _n_pct_50: 7 }]), e('pct(n, 0, 100)', [{ _n_pct_0: 5, _n_pct_100: 10 }])],
    aliases: ['pct_sampling'],
    differs: 'exact; the vendor estimates beyond 1,000 values',
    meaning: { bare: 'argument', columns: (c) => percentiles(c, c.ast.numbers) },
  }),
  aggregate({
    name: 'median',
    doc: 'The 50th percentile.',
    params: [f],
    examples: [e('median(n)', [{ _median: 7 }])],
    output: '_median',
    meaning: { bare: 'argument', columns: (c) => percentiles(c, [50]) },
  }),
  aggregate({
    name: 'first',
    doc: 'The first value in the order of the rows: the newest unless sorted.',
    params: [f],
    examples: [e('first(n)', [{ _first: 'x' }]), e('sort by user asc | first(user) as u', [{ u: 'al' }])],
    output: '_first',
    meaning: { bare: 'argument', columns: (c) => positional(c, true) },
  }),
  aggregate({
    name: 'last',
    doc: 'The last value in the order of the rows: the oldest unless sorted.',
    params: [f],
    examples: [e('last(n)', [{ _last: '5' }])],
    output: '_last',
    meaning: { bare: 'argument', columns: (c) => positional(c, false) },
  }),
  aggregate({
    name: 'most_recent',
    doc: 'The value of the newest message; the field is made by `withtime`.',
    params: [f],
    examples: [e('withtime n | most_recent(n_withtime) as m by user | where user = "al"', [{ user: 'al', m: '10' }])],
    output: '_mostrecent',
    meaning: { bare: 'argument', columns: (c) => byTime(c, 'agg.latest') },
  }),
  aggregate({
    name: 'least_recent',
    doc: 'The value of the oldest message; the field is made by `withtime`.',
    params: [f],
    examples: [e('withtime n | least_recent(n_withtime) as m by user | where user = "al"', [{ user: 'al', m: '5' }])],
    output: '_leastrecent',
    meaning: { bare: 'argument', columns: (c) => byTime(c, 'agg.earliest') },
  }),
  aggregate({
    name: 'values',
    doc: 'The different values, sorted, a line each, at most 100.',
    params: [f],
    examples: [e('values(user) as users', [{ users: 'al\nbo\ncy' }])],
    output: '_values',
    meaning: {
      bare: 'argument',
      columns: (c) => one(c, 'agg.collect', 'str', [toStr(c.expr)], { limit: 100, separator: '\n' }),
    },
  }),
]
