// Rows as a reader sees them: hidden columns gone, the rest expanded, numbers by their exact text, a reproducible order.
import { numberText } from '../prims/number-text.ts'
import { type Column, isHidden, REST, type Row, type Ty, type Value } from '../plan/plan.ts'
import { compareValues } from '../plan/value.ts'

/** A cell as the reader gets it. `{ number }` is a number by its exact text; null is absent. */
export type Cell = string | boolean | null | { readonly number: string } | readonly string[]

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

interface PresentOptions {
  /** False: the query defines no order, so rows are sorted by their columns from left to right. */
  readonly ordered: boolean
  /** Columns to show first, in this order, where they exist. */
  readonly columns?: readonly string[]
}

export function present(columns: readonly Column[], rows: readonly Row[], options: PresentOptions): Table {
  const shownColumns = columns.filter((c) => !isHidden(c.id))
  const arrays = shownColumns.filter((c) => c.ty === 'list' && c.id.endsWith('[]')).map((c) => c.id)
  const visible = shownColumns.filter((c) => !arrays.includes(c.id))
  const rest = rows.map((r) =>
    arrays.length === 0 && typeof r[REST] !== 'string' ? NO_REST : withElements(restOf(r), r, arrays),
  )
  const names = new Set(visible.map((c) => c.id))
  const extra = [...new Set(rest.flatMap((r) => (r.size === 0 ? [] : [...r.keys()])))]
    .filter((n) => !names.has(n))
    .sort(byText)
  const first = (options.columns ?? []).flatMap((n) =>
    arrays.includes(n) ? extra.filter((e) => isElement(e, n)) : names.has(n) || extra.includes(n) ? [n] : [],
  )
  const shown = [...new Set([...first, ...visible.map((c) => c.id), ...extra])]
  const types = new Map(visible.map((c) => [c.id, c.ty]))
  const cells = rows.map((row, i) =>
    shown.map((name) => {
      const ty = types.get(name)
      return ty === undefined ? (rest[i]?.get(name) ?? null) : toCell(row[name] ?? null, ty)
    }),
  )
  return { columns: shown, rows: options.ordered ? cells : [...cells].sort(byCells) }
}

const NO_REST: ReadonlyMap<string, string> = new Map()

function restOf(row: Row): Map<string, string> {
  const text = row[REST]
  return typeof text === 'string' ? new Map(Object.entries(JSON.parse(text) as Record<string, string>)) : new Map()
}

const isElement = (name: string, array: string): boolean => name.replace(/\[\d+\]$/, '[]') === array

/** The elements of the arrays `a[]` as fields `a[0]`, `a[1]`, …, in place of elements that an event had under these names. */
function withElements(rest: Map<string, string>, row: Row, arrays: readonly string[]): Map<string, string> {
  for (const array of arrays) {
    for (const name of [...rest.keys()]) if (isElement(name, array)) rest.delete(name)
    const list = row[array]
    const stem = array.slice(0, -2)
    if (Array.isArray(list)) for (const [i, v] of list.entries()) rest.set(`${stem}[${i}]`, String(v))
  }
  return rest
}

/** A number has its exact digits. Lowering has already turned times into the form of the language. */
export function toCell(value: Value, ty: Ty): Cell {
  if (value === null) return null
  switch (typeof value) {
    case 'bigint':
      return { number: String(value) }
    case 'boolean':
      return value
    case 'number':
      return { number: numberText(value) }
    case 'string':
      return ty === 'dec' ? { number: value } : value
    default:
      return value
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function byCells(a: readonly Cell[], b: readonly Cell[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = byCell(a[i] ?? null, b[i] ?? null)
    if (order !== 0) return order
  }
  return 0
}
const PLAIN = /^[#-[\]-~]*$/
const isNumber = (c: Cell): c is { readonly number: string } => typeof c === 'object' && c !== null && 'number' in c
function byCell(a: Cell, b: Cell): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0)
  if (isNumber(a) && isNumber(b)) return compareValues(Number(a.number), Number(b.number)) || byText(a.number, b.number)
  // These texts have the order of their JSON, whose closing quote comes before each of their characters.
  if (typeof a === 'string' && typeof b === 'string' && PLAIN.test(a) && PLAIN.test(b)) return byText(a, b)
  return byText(JSON.stringify(a), JSON.stringify(b))
}
