// Times of the run and of fields.
import type { EnvRef, Expr } from '../../../../plan/plan.ts'
import { call, lit, test } from '../../../../plan/build.ts'
import { choose } from '../values.ts'
import { first, page } from '../params.ts'
import { toNum } from '../../../shared/convert.ts'
import { type CqlBuiltin, builtin, type CallContext } from '../builtin.ts'

export const runTimeFunction = (name: EnvRef['name'], doc: string, gives: number): CqlBuiltin =>
  builtin({
    name,
    category: 'time',
    kind: 'transform',
    doc,
    notes: [],
    params: [first('as', 'field', 'Name of the output field.', { default: `_${name}` })],
    output: `_${name}`,
    fidelity: 'exact',
    evidence: page(name),
    examples: [
      {
        title: 'In milliseconds',
        given: [{ a: '1' }],
        query: `t := ${name}() | groupBy(t, function=[])`,
        gives: [{ t: gives }],
        from: page(name),
      },
    ],
    lower: {
      kind: 'value',
      value: () => call('time.toMillis', 'int', [{ kind: 'env', name, ty: 'time' }]),
    },
  })

/** The pattern without its letters for several others. */
export const plainFormat = (pattern: string): string =>
  pattern.replaceAll('%h', '%b').replaceAll('%r', '%I:%M:%S %p').replaceAll('%c', '%a %b %e %T %Y')

/** A field that holds epoch seconds or milliseconds, as time. */
export function timeFromEpoch(c: CallContext, name: string, unit: string): Expr {
  const value = c.flow.read(name)
  if (value.kind === 'call' && value.prim === 'time.toMillis' && value.args[0] && unit !== 'seconds')
    return value.args[0]
  const number = toNum(value)
  const millis = (x: Expr): Expr => call('num.toInt', 'int', [x])
  const seconds = millis(call('num.mul', 'num', [number, lit(1000, 'num')]))
  const whole = value.ty === 'int' ? value : millis(number)
  if (unit === 'seconds') return call('time.fromMillis', 'time', [seconds])
  if (unit === 'milliseconds') return call('time.fromMillis', 'time', [whole])
  // Numbers up to this one are seconds, larger ones milliseconds.
  return call('time.fromMillis', 'time', [
    choose(test('num.le', [number, lit(100_000_000_000, 'num')]), seconds, whole),
  ])
}
