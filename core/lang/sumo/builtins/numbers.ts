// Functions of numbers, and conversions.
import { call, iff, lit, not, or, present, test } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { toNum } from '../../shared/convert.ts'
import { keepSpecial, mayBeSpecial, relation } from '../3-lower/doubles.ts'
import { sumoRange } from '../../../diag/catalogue/sumo-lower.ts'
import { ex, fn, param } from '../3-lower/builtin-kit.ts'
import { exprOf } from '../3-lower/values.ts'
import type { FnContext } from '../3-lower/builtin.ts'
import type { Result } from '../3-lower/result.ts'

const x = param('x', 'expression', 'The number.')
const y = param('y', 'expression', 'The other number.')
const C = 'numbers'
const one = (
  name: string,
  prim: string,
  doc: string,
  ...examples: [readonly [string, number], ...(readonly [string, number])[]]
) => {
  const [first, ...rest] = examples.map(([e, v]) => ex(e, v))
  return fn(C, name, doc, [x], (c) => call(prim, 'num', [c.num(0)]), [first ?? ex(name, 0), ...rest])
}
/** The same, where Infinity and NaN stay as they are. */
const kept = (name: string, prim: string, doc: string, e: string, gives: number) =>
  fn(C, name, doc, [x], (c) => keepSpecial(c.flow.lowering, c.expr(0), (n) => call(prim, 'num', [n])), [ex(e, gives)])

/** The lesser or the greater; NaN if one is. */
function extreme(c: FnContext, op: 'gt' | 'lt'): Expr {
  const l = c.flow.lowering
  const [a, b] = [0, 1].map((i) => toNum(c.expr(i))) as [Expr, Expr]
  const chosen = iff(relation(l, op, a, b), a, b)
  return mayBeSpecial(l, a) ? iff(test('double.isNaN', [a]), a, chosen) : chosen
}

function toLong(c: FnContext): Expr {
  const whole = c.int(0)
  // Only a text can fail to be a number.
  const { ty } = exprOf(c.args[0] as Result)
  if (ty === 'str' && c.flow.lowering.choice('tolong-text') === 'drop')
    c.flow.filter(or(not(present(c.str(0))), present(whole)))
  return whole
}

function magnitude(c: FnContext): Expr {
  const l = c.flow.lowering
  const n = toNum(c.expr(0))
  if (!mayBeSpecial(l, n)) return call('num.abs', 'num', [n])
  const zero = lit(0, 'num')
  return iff(relation(l, 'lt', n, zero), call('double.sub', 'num', [zero, n]), n)
}

const round = (c: FnContext): Expr => keepSpecial(c.flow.lowering, c.expr(0), (n) => rounded(c, n))

function rounded(c: FnContext, n: Expr): Expr {
  const digits = Number(c.literal(1) ?? 0)
  if (!(Math.abs(digits) <= 300))
    c.flow.lowering.report(sumoRange, c.at, { name: 'the number of digits', least: -300, most: 300 })
  if (digits === 0) return call('num.floor', 'num', [call('num.add', 'num', [n, lit(0.5, 'num')])])
  const scale = lit(10 ** digits, 'num')
  const up = call('num.add', 'num', [call('num.mul', 'num', [n, scale]), lit(0.5, 'num')])
  return call('num.div', 'num', [call('num.floor', 'num', [up]), scale])
}

function haversine(c: FnContext) {
  const rad = (i: number): Expr => call('num.toRadians', 'num', [c.num(i)])
  const two = (prim: string, a: Expr, b: Expr) => call(prim, 'num', [a, b])
  const half = (a: number, b: number) => {
    const s = call('num.sin', 'num', [two('num.div', two('num.sub', rad(b), rad(a)), lit(2, 'num'))])
    return two('num.mul', s, s)
  }
  const cos = (i: number) => call('num.cos', 'num', [rad(i)])
  const a = two('num.add', half(0, 2), two('num.mul', two('num.mul', cos(0), cos(2)), half(1, 3)))
  // The documented result needs an earth radius of 6372.8 km.
  return two('num.mul', lit(2 * 6372.8, 'num'), call('num.asin', 'num', [call('num.sqrt', 'num', [a])]))
}

export const numbers = [
  fn(
    C,
    'num',
    'As Double; missing if it is none.',
    [x],
    (c) => toNum(c.expr(0)),
    [ex('num("1.50")', 1.5), ex('num("x")', null)],
    { aliases: ['number', 'double', 'toNumber', 'toDouble'] },
  ),
  fn(
    C,
    'toLong',
    'As whole number; missing if it is none.',
    [x],
    toLong,
    [
      ex('toLong("12")', 12),
      ex('toLong("9007199254740993") - toLong("9007199254740992")', 1),
      ex('toLong(1.9)', 1),
      ex('toLong("abc")', null),
    ],
    { aliases: ['long'] },
  ),
  fn(C, 'toInt', 'As whole number; missing if it is none.', [x], (c) => c.int(0), [ex('toInt("12")', 12)], {
    aliases: ['int', 'toInteger'],
  }),
  fn(C, 'abs', 'Magnitude.', [x], magnitude, [ex('abs(-1.5)', 1.5), ex('abs(-1/0)', Number.POSITIVE_INFINITY)]),
  kept('ceil', 'num.ceil', 'Least whole number not below.', 'ceil(1.5)', 2),
  kept('floor', 'num.floor', 'Greatest whole number not above.', 'floor(1.5)', 1),
  fn(
    C,
    'round',
    'Rounded to so many decimals, none if left out; a half goes up.',
    [x, param('digits', 'number', 'Decimals.', false)],
    round,
    [ex('round(1.5)', 2), ex('round(1.257, 2)', 1.26), ex('round(-1.5)', -1)],
  ),
  one('sqrt', 'num.sqrt', 'Square root.', ['sqrt(4)', 2]),
  one('cbrt', 'num.cbrt', 'Cube root.', ['cbrt(27)', 3]),
  one('exp', 'num.exp', 'e to the power x.', ['exp(0)', 1]),
  one('expm1', 'num.expm1', 'e to the power x, less 1.', ['expm1(0)', 0]),
  one('log', 'num.log', 'Natural logarithm.', ['log(1)', 0]),
  one('log10', 'num.log10', 'Logarithm to base 10.', ['log10(1000)', 3]),
  one('log1p', 'num.log1p', 'Natural logarithm of 1 + x.', ['log1p(0)', 0]),
  one('sin', 'num.sin', 'Sine.', ['sin(0)', 0]),
  one('cos', 'num.cos', 'Cosine.', ['cos(0)', 1]),
  one('tan', 'num.tan', 'Tangent.', ['tan(0)', 0]),
  one('asin', 'num.asin', 'Arc sine.', ['asin(0)', 0]),
  one('acos', 'num.acos', 'Arc cosine.', ['acos(1)', 0]),
  one('atan', 'num.atan', 'Arc tangent.', ['atan(0)', 0]),
  one('sinh', 'num.sinh', 'Hyperbolic sine.', ['sinh(0)', 0]),
  one('cosh', 'num.cosh', 'Hyperbolic cosine.', ['cosh(0)', 1]),
  one('tanh', 'num.tanh', 'Hyperbolic tangent.', ['tanh(0)', 0]),
  one('toDegrees', 'num.toDegrees', 'Radians to degrees.', ['toDegrees(0)', 0]),
  one('toRadians', 'num.toRadians', 'Degrees to radians.', ['toRadians(0)', 0]),
  fn(C, 'pow', 'x to the power y.', [x, y], (c) => call('num.pow', 'num', [c.num(0), c.num(1)]), [
    ex('pow(10, 3)', 1000),
  ]),
  fn(C, 'atan2', 'Angle of a point.', [y, x], (c) => call('num.atan2', 'num', [c.num(0), c.num(1)]), [
    ex('atan2(0, 1)', 0),
  ]),
  fn(
    C,
    'hypot',
    'Length of the diagonal.',
    [x, y],
    (c) =>
      call('num.sqrt', 'num', [
        call('num.add', 'num', [
          call('num.mul', 'num', [c.num(0), c.num(0)]),
          call('num.mul', 'num', [c.num(1), c.num(1)]),
        ]),
      ]),
    [ex('hypot(3, 4)', 5)],
  ),
  fn(C, 'min', 'The lesser of two numbers.', [x, y], (c) => extreme(c, 'lt'), [ex('min(2, 1)', 1)], {
    notes: ['With one argument, at the start of a stage, it is the aggregate.'],
  }),
  fn(C, 'max', 'The greater of two numbers.', [x, y], (c) => extreme(c, 'gt'), [ex('max(2, 1)', 2)], {
    notes: ['With one argument, at the start of a stage, it is the aggregate.'],
  }),
  fn(
    C,
    'haversine',
    'Distance of two points of the earth in km.',
    [
      param('lat1', 'number', 'Degrees.'),
      param('lon1', 'number', 'Degrees.'),
      param('lat2', 'number', 'Degrees.'),
      param('lon2', 'number', 'Degrees.'),
    ],
    haversine,
    [{ ...ex('round(haversine(39.04380, -77.48790, 45.73723, -119.81143), 2)', 3512.71) }],
  ),
]
