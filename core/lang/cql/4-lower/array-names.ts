// `a[0]`, `a[1]`, … and the array `a[]` of them are the same fields, whatever made them.
import { call, iff, lit, test } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import { isNull } from './values.ts'

/** A flow, as far as arrays need it. */
interface Names {
  readonly names: ReadonlyMap<string, Expr>
  readonly read: (name: string) => Expr
  readonly keep: (hint: string, expr: Expr) => Expr
}

/** `a[]` → `a`; `a[].b` stays, as a family of members. */
export function arrayOfName(name: string): string | undefined {
  if (name.endsWith('[]')) return name.slice(0, -2)
  return name.includes('[].') ? name : undefined
}

/** `a.b[0].c` → a, b, 0, c. */
export function pathOf(name: string): (string | number)[] {
  return [...name.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map((m) => (m[1] === undefined ? (m[2] as string) : Number(m[1])))
}

/** Names of single elements of the array `a[]` that the query has set or dropped since the array as a whole. */
export function elementNames(flow: Names, name: string): string[] {
  const stem = name.slice(0, -1)
  return [...flow.names.keys()].filter((n) => n.startsWith(stem) && /^\d+\]$/.test(n.slice(stem.length)))
}

/** More elements than a query sets one by one; the vendor has no such limit. */
const MOST_SET = 1000

/** The array with its single elements in their places, up to the first that is absent. */
export function overlaid(flow: Names, name: string, whole: Expr): Expr {
  const stem = name.slice(0, -2)
  const set = elementNames(flow, name).map((n) => Number(n.slice(stem.length + 1, -1)))
  const last = Math.max(-1, ...set)
  if (last < 0 || last > MOST_SET) return whole
  const base = isNull(whole) || whole.ty !== 'list' ? lit([], 'list') : whole
  const elements = Array.from({ length: last + 1 }, (_, i) => toStr(flow.read(`${stem}[${i}]`)))
  const first = flow.keep('array', call('list.of', 'list', elements))
  const rest = call('list.slice', 'list', [base], { from: last + 1 })
  const full = test('int.eq', [call('list.length', 'int', [first]), lit(BigInt(last + 1), 'int')])
  return flow.keep('array', iff(full, call('list.concat', 'list', [first, rest]), first))
}
