// Steps of a JSON path. A step is a name, a position (from the end if negative), null for every member, or a record:
// `{ deep: true }` this value and all below it · `{ from, to, step }` a slice, null: open · `{ any: […] }` several names or positions ·
// `{ path, op, value }` the members at whose path a comparison holds; without `op`: that have the path.
import type { Const } from '../plan/plan.ts'

type Json = unknown
const isRecord = (c: Const): c is { readonly [name: string]: Const } =>
  typeof c === 'object' && c !== null && !Array.isArray(c)

/** A step that leads to one value at most. */
export const isPlainStep = (s: Const): s is string | number => typeof s === 'string' || typeof s === 'number'

const membersOf = (v: Json): Json[] => (typeof v === 'object' && v !== null ? Object.values(v) : [])

function childAt(v: Json, step: string | number): Json[] {
  if (typeof v !== 'object' || v === null) return []
  if (Array.isArray(v)) {
    const found: Json = typeof step === 'number' ? v.at(step) : undefined
    return found === undefined ? [] : [found]
  }
  return Object.hasOwn(v, step) ? [(v as Record<string, Json>)[step]] : []
}

function below(v: Json): Json[] {
  return [v, ...membersOf(v).flatMap(below)]
}

function sliceOf(v: Json, s: { readonly [name: string]: Const }): Json[] {
  if (!Array.isArray(v)) return []
  const bound = (x: Const | undefined): number | undefined =>
    x === null || x === undefined ? undefined : Math.trunc(Number(x))
  const step = Math.max(1, bound(s['step']) ?? 1)
  return v.slice(bound(s['from']), bound(s['to'])).filter((_, i) => i % step === 0)
}

function holds(member: Json, s: { readonly [name: string]: Const }): boolean {
  const path = Array.isArray(s['path']) ? (s['path'] as readonly Const[]) : []
  const [left] = walkJson(member, path)
  const op = s['op']
  if (op === undefined || op === null) return left !== undefined
  const right = s['value'] ?? null
  if (op === '==') return left === right
  if (op === '!=') return left !== right
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false
  const [a, b] = [left, right as number | string]
  return op === '<' ? a < b : op === '<=' ? a <= b : op === '>' ? a > b : a >= b
}

/** Every value that the steps lead to from this one. */
export function walkJson(value: Json, path: readonly Const[]): Json[] {
  const [step, ...rest] = path
  if (step === undefined) return [value]
  return next(value, step).flatMap((v) => walkJson(v, rest))
}

function next(value: Json, step: Const): Json[] {
  if (step === null) return membersOf(value)
  if (isPlainStep(step)) return childAt(value, step)
  if (!isRecord(step)) return []
  if (step['deep'] === true) return below(value)
  if (Array.isArray(step['any'])) return (step['any'] as readonly Const[]).flatMap((s) => next(value, s))
  if ('path' in step) return membersOf(value).filter((m) => holds(m, step))
  return sliceOf(value, step)
}
