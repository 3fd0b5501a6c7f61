// Marks values far from the mean of the rows before.
import { absent, and, call, col, iff, lit, not, present, test, TRUE } from '../../../plan/build.ts'
import type { AggCall, Expr, Pred } from '../../../plan/plan.ts'
import { sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import { type Cursor, name } from '../2-parse/cursor.ts'
import { namesUntil, number, options, wholeNumber } from '../2-parse/tokens.ts'
import { finiteNum } from '../3-lower/doubles.ts'
import { operator, param, search, SOME_DAY } from '../3-lower/builtin-kit.ts'
import type { Field, Flow } from '../3-lower/flow.ts'
import { toInt } from '../3-lower/values.ts'

type Frame = { readonly before: number | null; readonly after: number | null }

const num = (prim: string, ...args: readonly Expr[]): Expr => call(`num.${prim}`, 'num', args)

interface Outlier {
  readonly field: Name
  readonly by: readonly Name[]
  readonly window: number
  readonly threshold: number
  readonly consecutive: number
  readonly direction: '+' | '+-' | '-'
}

function parseOutlier(c: Cursor): Outlier | undefined {
  const inParens = c.eat('(')
  const field = name(c)
  if (!field) return undefined
  if (inParens) c.expect(')')
  const found = { window: 10, threshold: 3, consecutive: 1 }
  let by: Name[] = []
  let direction: '+' | '+-' | '-' = '+-'
  options(c, ['by', 'consecutive', 'direction', 'threshold', 'window'], (option) => {
    if (option === 'by') by = namesUntil(c, ['window', 'threshold', 'consecutive', 'direction'])
    else if (option === 'direction') {
      const plus = c.eat('+')
      const minus = c.eat('-')
      if (c.peek().kind === 'hole') number(c)
      direction = plus === minus ? '+-' : plus ? '+' : '-'
    } else {
      const hole = c.peek().kind === 'hole'
      const value = option === 'threshold' ? number(c) : wholeNumber(c)
      const key = option as keyof typeof found
      if (value !== undefined && !hole) found[key] = value
    }
  })
  return { field, by, direction, ...found }
}

function lowerOutlier(f: Flow, s: Outlier, { head }: Place): void {
  const slice = f.fields.get((f.slice?.name ?? '_timeslice').toLowerCase())
  if (f.messages || !slice)
    f.lowering.report(sumoRuledOut, head, {
      what: '`outlier` needs values over time: a timeslice, and an aggregate by it',
      remedy: 'write `timeslice 1h | count by _timeslice` before it',
    })
  const { expr } = f.read(s.field)
  const of = f.setHidden('value', finiteNum(f.lowering, expr))
  // Rows of an aggregate have no order. The operator looks at values over time.
  if (!f.order && slice) f.order = [{ expr: col(slice.id, slice.ty), dir: 'asc', nulls: 'last' }]
  const partition = s.by.map((n) => f.read(n).expr)
  const with_ = f.lowering.choice('outlier-window') === 'with'
  const [mean, std, count] = moments(f, of, partition, s.window, with_)
  const full = f.lowering.choice('outlier-start') === 'full' ? s.window : 1
  const enough = test('int.ge', [count, lit(BigInt(full), 'int')])
  const [m, d] = [mean, std].map((e) => iff(enough, e, absent('num')))
  const center = f.setHidden('mean', m as Expr)
  const spread = f.setHidden('std', d as Expr)
  const reach = num('mul', spread, lit(s.threshold, 'num'))
  const lower = f.setHidden('lower', num('sub', center, reach))
  const upper = f.setHidden('upper', num('add', center, reach))
  const above = test('num.gt', [of, upper])
  const below = test('num.lt', [of, lower])
  const out = s.direction === '+' ? above : s.direction === '-' ? below : ({ kind: 'or', of: [above, below] } as const)
  const judged = slice ? and(out, not(isNewest(f, slice))) : out
  const indicator = f.setHidden('indicator', iff(judged, lit(1n, 'int'), lit(0n, 'int')))
  const run = f.lowering.hiddenId('run')
  window(
    f,
    partition,
    { id: run, prim: 'agg.sumInt', args: [indicator], consts: {}, where: TRUE, ty: 'int' },
    {
      before: Math.max(0, s.consecutive - 1),
      after: 0,
    },
  )
  const all = test('int.ge', [col(run, 'int'), lit(BigInt(Math.max(1, s.consecutive)), 'int')])
  const name = s.field.name
  f.set([
    { name: `${name}_error`, expr: num('sub', of, center) },
    { name: `${name}_lower`, expr: lower },
    { name: `${name}_upper`, expr: upper },
    { name: `${name}_mean`, expr: center },
    { name: `${name}_std`, expr: spread },
    { name: `${name}_indicator`, expr: indicator },
    { name: `${name}_violation`, expr: iff(all, lit(1n, 'int'), lit(0n, 'int')) },
  ])
}

/** The newest slice may be incomplete, so it is not judged, as the page says. */
function isNewest(f: Flow, slice: Field): Pred {
  const newest = f.lowering.hiddenId('newest')
  const of = toInt(col(slice.id, slice.ty))
  window(
    f,
    [],
    { id: newest, prim: 'agg.maxInt', args: [of], consts: {}, where: TRUE, ty: 'int' },
    { before: null, after: null },
  )
  return test('int.eq', [of, col(newest, 'int')])
}

function window(f: Flow, partition: readonly Expr[], column: AggCall, frame: Frame): void {
  f.push({ kind: 'window', partition, order: f.orderKeys(), columns: [{ ...column, frame }] })
}

/** Mean, deviation and number of the rows before; with `own` the row itself is one of them. */
function moments(f: Flow, of: Expr, partition: readonly Expr[], size: number, own: boolean): [Expr, Expr, Expr] {
  const frame = { before: Math.max(0, Math.trunc(size) - 1), after: 0 }
  const std = f.lowering.choice('rolling-std') === 'population' ? 'agg.stddevPop' : 'agg.stddevSamp'
  const ids = ['mean', 'std', 'count'].map((n) => f.lowering.hiddenId(n)) as [string, string, string]
  const common = { consts: {}, where: TRUE, frame }
  f.push({
    kind: 'window',
    partition,
    order: f.orderKeys(),
    columns: [
      { ...common, id: ids[0], prim: 'agg.avg', args: [of], ty: 'num' },
      { ...common, id: ids[1], prim: std, args: [of], ty: 'num' },
      { ...common, id: ids[2], prim: 'agg.count', args: [], where: present(of), ty: 'int' },
    ],
  })
  const found: [Expr, Expr, Expr] = [col(ids[0], 'num'), col(ids[1], 'num'), col(ids[2], 'int')]
  if (own) return found
  // A frame ends with its own row, so the values of the row before come from `win.lag`, which carries text.
  const texts = ids.map((_, i) => {
    const e = found[i] as Expr
    return f.setHidden('text', call(e.ty === 'int' ? 'int.toText' : 'num.toText', 'str', [e]))
  })
  const lags = ids.map((n) => f.lowering.hiddenId(`${n.slice(2)}-before`))
  f.push({
    kind: 'window',
    partition,
    order: f.orderKeys(),
    columns: texts.map((t, i) => ({
      id: lags[i] as string,
      prim: 'win.lag',
      args: [t],
      consts: { distance: 1 },
      where: TRUE,
      ty: 'str' as const,
      frame: { before: null, after: null },
    })),
  })
  const [a, b, c] = lags.map((id) => col(id, 'str')) as [Expr, Expr, Expr]
  const n = toInt(c)
  return [num('parse', a), num('parse', b), iff(and(present(n)), n, lit(0n, 'int'))]
}

const hour = (h: number): number => SOME_DAY[0] + h * 3_600_000
const events = [2, 2, 2, 9, 50].flatMap((n, h) => Array.from({ length: n }, (_, i) => ({ _messageTime: hour(h) + i })))
const shown = '_count, _count_lower, _count_upper, _count_indicator, _count_violation'

export const outliers = operator<Outlier>({
  name: 'outlier',
  doc: 'Marks values that are further from the mean of the rows before than so many standard deviations.',
  params: [
    param('field', 'field', 'A number.'),
    param('by', 'fields', 'Each group for itself.', false),
    param('window', 'number', 'How many rows before, 10 if left out.', false),
    param('threshold', 'number', 'How many standard deviations, 3 if left out.', false),
    param('consecutive', 'number', 'How many rows in a row make a violation, 1 if left out.', false),
    param('direction', 'text', '`+` above, `-` below, `+-` both.', false),
  ],
  examples: [
    search(
      `timeslice 1h | count by _timeslice | outlier _count window=3 | where _count_violation = 1 | fields ${shown}`,
      events,
      [{ _count: 9, _count_lower: 2, _count_upper: 2, _count_indicator: 1, _count_violation: 1 }],
    ),
    search(
      `timeslice 1h | count by _timeslice | outlier _count window=3, direction=- | sum(_count_violation) as n`,
      events,
      [{ n: 0 }],
    ),
    search(
      `timeslice 1h | count by _timeslice | outlier _count window=3, consecutive=2 | sum(_count_violation) as n`,
      events,
      [{ n: 0 }],
    ),
  ],
  notes: [
    'Adds field_error, _lower, _upper, _mean, _std, _indicator and _violation; rows are in the order of time. The newest slice is not judged.',
  ],
  parse: parseOutlier,
  lower: lowerOutlier,
})
