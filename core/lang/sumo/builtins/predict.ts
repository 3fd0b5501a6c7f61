// Least squares over time, and its forecast.
import { sumoNotRun } from '../../../diag/catalogue/sumo-lower.ts'
import { absent, call, col, iff, lit, present, test, TRUE } from '../../../plan/build.ts'
import type { AggCall, Expr } from '../../../plan/plan.ts'
import { APPROXIMATE } from '../../shared/builtin.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import { type Cursor, name } from '../2-parse/cursor.ts'
import { duration, number, options, wholeNumber } from '../2-parse/tokens.ts'
import { finiteNum } from '../3-lower/doubles.ts'
import { operator, param, search, SOME_DAY } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { toInt } from '../3-lower/values.ts'

const num = (prim: string, ...args: readonly Expr[]): Expr => call(`num.${prim}`, 'num', args)
const one = lit('1', 'str')
/** Limit of the vendor for rows beyond the last. */
const MOST = 100

interface Predict {
  readonly field: Name
  readonly spanMs: number | undefined
  readonly model: string
  /** In rows, or in milliseconds. */
  readonly forecast: number | undefined
  readonly forecastMs: number | undefined
}

function parsePredict(c: Cursor): Predict | undefined {
  const field = name(c)
  if (!field) return undefined
  const spanMs = c.eatWord('by') ? duration(c) : undefined
  let model = 'linear'
  let forecast: number | undefined
  let forecastMs: number | undefined
  options(c, ['ar.window', 'forecast', 'model'], (option) => {
    if (option === 'model') model = c.next().text.toLowerCase()
    else if (option === 'ar.window') number(c)
    else if (/[a-z]$/.test(c.peek().text)) forecastMs = number(c)
    else forecast = wholeNumber(c)
  })
  return { field, spanMs, model, forecast, forecastMs }
}

function lowerPredict(f: Flow, s: Predict, { head }: Place): void {
  const slice = f.slice && f.fields.get(f.slice.name.toLowerCase())
  const span = s.spanMs ?? f.slice?.spanMs
  const unpublished = s.model !== 'linear' && !(s.model === 'ar' && f.lowering.choice('predict-ar') === APPROXIMATE)
  const refusal = unpublished
    ? [`predict with model=${s.model}`, 'how the vendor fits it is not published; the default is a line']
    : slice?.ty !== 'int' || span === undefined || f.messages
      ? ['predict', 'it needs an aggregate by the slices of `timeslice`']
      : undefined
  if (refusal || !slice || span === undefined) {
    f.lowering.report(sumoNotRun, head, {
      name: refusal?.[0] ?? 'predict',
      reason: refusal?.[1] ?? '',
      ...(s.model === 'ar' && unpublished ? { approximation: 'predict-ar' } : {}),
    })
    f.open = true
    return
  }
  const linear = s.model === 'linear'
  const ts = toInt(col(slice.id, slice.ty))
  const width = lit(span, 'num')
  const [first, last] = ends(f, ts)
  const steps = (t: Expr): Expr => num('div', call('num.fromInt', 'num', [call('int.sub', 'int', [t, first])]), width)
  const x = f.setHidden('step', steps(ts))
  const y = f.setHidden('value', finiteNum(f.lowering, f.read(s.field).expr))
  const [base, rise] = line(f, x, y, f.groups.size === 1 ? steps(last) : undefined)
  const field = s.field.name
  const at = (k: Expr): Expr => num('add', base, num('mul', rise, k))
  f.set([
    { name: `${field}_predicted`, expr: at(x) },
    { name: `${field}_error`, expr: num('sub', at(x), y) },
    ...(linear ? [] : [{ name: `${field}_linear`, expr: at(x) }]),
  ])
  if (s.forecast === undefined && s.forecastMs === undefined) f.lowering.choice('predict-forecast')
  const beyond = Math.min(MOST, Math.trunc(s.forecast ?? (s.forecastMs === undefined ? 0 : s.forecastMs / span)))
  if (beyond > 0) forecast(f, slice.id, last, span, beyond, (k) => at(num('add', steps(last), k)), field)
  f.order = [{ expr: col(slice.id, slice.ty), dir: 'asc', nulls: 'last' }]
  f.push({ kind: 'order', by: f.order })
  f.ordered = true
}

/** Adds the first and the last slice to every row. */
function ends(f: Flow, ts: Expr): [Expr, Expr] {
  f.split()
  const both = f.fork()
  const ids = [f.lowering.hiddenId('first'), f.lowering.hiddenId('last')] as const
  const edge = (id: string, prim: string): AggCall => ({ id, prim, args: [ts], consts: {}, where: TRUE, ty: 'int' })
  both.push({
    kind: 'aggregate',
    keys: [],
    nullKeys: 'keep',
    aggs: [edge(ids[0], 'agg.minInt'), edge(ids[1], 'agg.maxInt')],
    limit: null,
  })
  f.push({
    kind: 'join',
    how: 'left',
    right: both.relation(false),
    on: [{ left: one, right: one }],
    within: null,
    include: ids.map((id) => ({ id, from: id })),
    missing: null,
    max: 1,
    order: [],
  })
  return [col(ids[0], 'int'), col(ids[1], 'int')]
}

/**
 * Least squares: y = base + rise · x. A single point has a level line. `last`: every step from 0 to it is a point, and one that
 * no row has is 0, as the vendor's page says.
 */
function line(f: Flow, x: Expr, y: Expr, last: Expr | undefined): [Expr, Expr] {
  const hasValue = present(y)
  const square = f.setHidden('square', num('mul', x, x))
  const product = f.setHidden('product', num('mul', x, y))
  const sums = { x, y, square, product }
  const ids = Object.keys(sums).map((k) => f.lowering.hiddenId(k))
  const n = f.lowering.hiddenId('count')
  const frame = { before: null, after: null }
  const common = { consts: {}, where: hasValue, frame }
  f.push({
    kind: 'window',
    partition: [],
    order: [],
    columns: [
      ...Object.values(sums).map((arg, i) => ({
        ...common,
        id: ids[i] as string,
        prim: 'agg.sumNum',
        args: [arg],
        ty: 'num' as const,
      })),
      { ...common, id: n, prim: 'agg.count', args: [], ty: 'int' as const },
    ],
  })
  const [ofX, sy, ofSquares, sxy] = ids.map((id) => col(id, 'num')) as [Expr, Expr, Expr, Expr]
  const count = f.setHidden(
    'count',
    last ? num('add', last, lit(1, 'num')) : call('num.fromInt', 'num', [col(n, 'int')]),
  )
  const sx = last ? f.setHidden('sum', num('div', num('mul', last, count), lit(2, 'num'))) : ofX
  const odd = last && num('add', num('mul', last, lit(2, 'num')), lit(1, 'num'))
  const sxx = odd ? f.setHidden('squares', num('div', num('mul', sx, odd), lit(3, 'num'))) : ofSquares
  const below = f.setHidden('below', num('sub', num('mul', count, sxx), num('mul', sx, sx)))
  const above = f.setHidden('above', num('sub', num('mul', count, sxy), num('mul', sx, sy)))
  const level = test('num.eq', [below, lit(0, 'num')])
  const rise = f.setHidden('rise', iff(level, lit(0, 'num'), num('div', above, below)))
  return [f.setHidden('base', num('div', num('sub', sy, num('mul', rise, sx)), count)), rise]
}

/** Rows after the last slice, with nothing but time and prediction. */
function forecast(
  f: Flow,
  slice: string,
  last: Expr,
  span: number,
  beyond: number,
  at: (step: Expr) => Expr,
  field: string,
): void {
  f.split()
  const more = f.fork()
  more.push({ kind: 'take', count: 1, by: [{ expr: col(slice, 'int'), dir: 'desc', nulls: 'last' }] })
  const step = f.lowering.hiddenId('ahead')
  const list = lit(
    Array.from({ length: beyond }, (_, i) => String(i + 1)),
    'list',
  )
  more.push({ kind: 'unnest', list, into: step, index: null, keep: false })
  const k = call('int.parse', 'int', [col(step, 'str')])
  const time = call('int.add', 'int', [last, call('int.mul', 'int', [k, lit(BigInt(Math.round(span)), 'int')])])
  const predicted = at(call('num.fromInt', 'num', [k]))
  const values: Record<string, Expr> = {
    [slice]: time,
    [`${field}_predicted`]: predicted,
    [`${field}_linear`]: predicted,
  }
  const fields = [...f.fields.values()]
  more.push({ kind: 'set', columns: fields.map((x) => ({ id: x.id, expr: values[x.id] ?? absent(x.ty) })) })
  more.push({ kind: 'project', columns: fields.map((x) => x.id), rest: false })
  f.push({ kind: 'project', columns: fields.map((x) => x.id), rest: false })
  f.push({ kind: 'union', others: [more.relation(false)] })
}

const hour = (h: number): number => SOME_DAY[0] + h * 3_600_000
const events = [1, 2, 3].flatMap((n, h) => Array.from({ length: n }, (_, i) => ({ _messageTime: hour(h) + i })))

export const prediction = operator<Predict>({
  name: 'predict',
  doc: 'The straight line that fits a value over time best, its error, and where it goes on.',
  params: [
    param('field', 'field', 'A number.'),
    param('by', 'duration', 'The width of the slices; that of `timeslice` if left out.', false),
    param('model', 'text', 'linear.', false),
    param('forecast', 'number', 'How many slices beyond the last, or how long; none if left out.', false),
  ],
  examples: [
    search('timeslice 1h | count by _timeslice | predict _count by 1h forecast=2', events, [
      { _timeslice: hour(0), _count: 1, _count_predicted: 1, _count_error: 0 },
      { _timeslice: hour(1), _count: 2, _count_predicted: 2, _count_error: 0 },
      { _timeslice: hour(2), _count: 3, _count_predicted: 3, _count_error: 0 },
      { _timeslice: hour(3), _count_predicted: 4 },
      { _timeslice: hour(4), _count_predicted: 5 },
    ]),
  ],
  differs: 'model=ar is refused, as its fit is not published; the vendor’s own number of forecasts is not published',
  parse: parsePredict,
  lower: lowerPredict,
})
