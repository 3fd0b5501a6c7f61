import { call, FALSE, lit, present, test } from '../../../plan/build.ts'
import type { Expr, OrderKey, Pred } from '../../../plan/plan.ts'
import type { Flow } from './flow.ts'
import { numberOf, toNum, toStr } from '../../shared/convert.ts'
import { equals, isNull } from './values.ts'

/** Equality with a pattern: `*` is a wildcard that nothing can escape. */
export function textPred(flow: Flow, subject: Expr, text: string): Pred {
  if (isNull(subject)) return FALSE
  if (/^\*+$/.test(text)) return present(subject)
  if (text.includes('*')) return test('str.glob', [toStr(subject)], { pattern: text, ignoreCase: false })
  const byNumber = numberOf(text) !== null && flow.lowering.choice('numeric-equality') === 'number'
  return equals(subject, lit(text, 'str'), byNumber)
}

/** Sort keys: a type and a direction for each name, or one for all. */
export function orderKeys(
  flow: Flow,
  names: readonly string[],
  types: readonly string[],
  orders: readonly string[],
): OrderKey[] {
  const nulls = flow.lowering.choice('sort-missing') === 'first' ? 'first' : 'last'
  return names.flatMap((name, i): OrderKey[] => {
    const word = (orders[i] ?? orders.at(-1) ?? 'desc').toLowerCase()
    const dir = word.startsWith('asc') ? 'asc' : 'desc'
    const value = flow.read(name)
    if (isNull(value)) return []
    const number: OrderKey = { expr: value.ty === 'int' ? value : toNum(value), dir, nulls }
    const text: OrderKey = { expr: toStr(value), dir, nulls }
    switch ((types[i] ?? types.at(-1) ?? 'number').toLowerCase()) {
      case 'string':
        return [text]
      case 'any':
        return [number, text]
      case 'hex':
        return [{ expr: call('int.parseRadix', 'int', [toStr(value)], { radix: 16 }), dir, nulls }]
      default:
        return [number]
    }
  })
}

/** The newest rows, newest first; rows without a time come last. Of rows that have none, the last ones of their order. */
export function takeNewest(flow: Flow, count: number): void {
  const times = byTime(flow, 'desc')
  const by = times.length > 0 ? times : (flow.orderKeys ?? []).map(reversed)
  flow.push({ kind: 'take', count, by })
  flow.ordered = true
  flow.orderKeys = by
  flow.newestFirst = true
}

const reversed = ({ expr, dir, nulls }: OrderKey): OrderKey => ({
  expr,
  dir: dir === 'asc' ? 'desc' : 'asc',
  nulls: nulls === 'first' ? 'last' : 'first',
})

export function byTime(flow: Flow, dir: 'asc' | 'desc'): OrderKey[] {
  const time = flow.orderTime()
  const seq = flow.seq()
  return [
    ...(time ? [{ expr: time, dir, nulls: 'last' } as const] : []),
    ...(seq.kind === 'lit' ? [] : [{ expr: seq, dir, nulls: 'last' } as const]),
  ]
}

export const lowerText = (e: Expr): Expr =>
  e.kind === 'lit' && typeof e.value === 'string'
    ? lit(e.value.toLowerCase(), 'str')
    : call('str.lower', 'str', [toStr(e)])
