// Conversions between column types. Lowering puts every conversion into the plan; executors convert nothing.
import { call, iff, lit, present } from '../../plan/build.ts'
import type { Expr, Value } from '../../plan/plan.ts'
import { parseNumber } from '../../prims/number-text.ts'

const INTEGER = /^[+-]?[0-9]{1,30}$/
export const isInteger = (text: string): boolean => INTEGER.test(text)

/** The number a text denotes, or null. The grammar is that of the primitive `num.parse`. */
export const numberOf = parseNumber

const integerOf = (text: string): bigint => BigInt(text.replace(/^\+/, ''))

/** A number literal of a query: `int` if it is whole, else `num`; absent if it is no number. */
export const numberLit = (text: string): Expr =>
  isInteger(text) ? lit(integerOf(text), 'int') : lit(numberOf(text), 'num')

/** Text of a literal; null if it is absent. A list has one element a line. */
export const litText = (value: Value): string | null =>
  value === null ? null : typeof value === 'object' ? value.join('\n') : String(value)

/** Microseconds of a time literal become milliseconds, as `time.toMillis` gives them. */
const textOf = (e: Extract<Expr, { kind: 'lit' }>): string | null =>
  litText(e.ty === 'time' && typeof e.value === 'bigint' ? e.value / 1000n : e.value)

/** As `str`: times in epoch milliseconds, lists with one element a line. */
export function toStr(e: Expr): Expr {
  if (e.kind === 'lit') return lit(textOf(e), 'str')
  switch (e.ty) {
    case 'str':
      return e
    case 'time':
      return call('int.toText', 'str', [call('time.toMillis', 'int', [e])])
    case 'list':
      return call('list.join', 'str', [e], { separator: '\n' })
    default:
      return call(`${e.ty}.toText`, 'str', [e])
  }
}

/** As `num`: times in epoch milliseconds; absent if the text is no number. */
export function toNum(e: Expr): Expr {
  if (e.kind === 'lit') {
    const text = textOf(e)
    return lit(text === null ? null : numberOf(text), 'num')
  }
  switch (e.ty) {
    case 'num':
      return e
    case 'int':
      return call('num.fromInt', 'num', [e])
    case 'dec':
      return call('dec.toNum', 'num', [e])
    case 'time':
      return call('num.fromInt', 'num', [call('time.toMillis', 'int', [e])])
    default:
      return call('num.parse', 'num', [toStr(e)])
  }
}

/**
 * As `int`, fractions cut; times in epoch milliseconds. `digits`: a text beyond 2^53 keeps all its digits (`exact`, Sumo Logic), or goes
 * through a double (`double`, LogScale).
 */
export function toInt(e: Expr, digits: 'double' | 'exact'): Expr {
  if (e.ty === 'int') return e
  if (e.ty === 'time' && e.kind !== 'lit') return call('time.toMillis', 'int', [e])
  const text = e.kind === 'lit' ? textOf(e) : null
  if (text !== null && isInteger(text)) return lit(integerOf(text), 'int')
  const cut = call('num.toInt', 'int', [toNum(e)])
  if (digits === 'double' || e.ty !== 'str') return cut
  const exact = call('int.parse', 'int', [e])
  return iff(present(exact), exact, cut)
}
