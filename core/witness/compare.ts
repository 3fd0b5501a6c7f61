// One comparison of two runs: rows that only one has, and rows of one finding whose values changed.
import type { Cell, Table } from '../workbench/present.ts'

export interface Comparison {
  readonly same: boolean
  /** Columns that only one side has. */
  readonly columns: { readonly onlyA: readonly string[]; readonly onlyB: readonly string[] }
  /** Rows of the second run that the first lacks, and the reverse; cells by column. */
  readonly added: readonly Finding[]
  readonly gone: readonly Finding[]
  /** Rows with the same text cells and other numbers. */
  readonly changed: readonly { readonly before: Finding; readonly after: Finding }[]
  /** The rows are the same and their order is not. */
  readonly reordered: boolean
}
export type Finding = Readonly<Record<string, Cell>>

/** Numbers agree to 9 digits, as engines add doubles in different orders. */
function cellKey(c: Cell): string {
  if (typeof c === 'object' && c !== null && 'number' in c) {
    const x = Number(c.number)
    return Number.isSafeInteger(x) || !Number.isFinite(x) ? c.number : String(Number(x.toPrecision(9)))
  }
  return JSON.stringify(c)
}

/** `ordered`: the order of rows counts too. */
export function compareTables(a: Table, b: Table, ordered: boolean): Comparison {
  // Without rows no reader sees the columns.
  const isEmpty = a.rows.length + b.rows.length === 0
  const onlyA = isEmpty ? [] : a.columns.filter((c) => !b.columns.includes(c))
  const onlyB = isEmpty ? [] : b.columns.filter((c) => !a.columns.includes(c))
  const shared = a.columns.filter((c) => b.columns.includes(c)).sort()
  const [x, y] = [keyed(a, shared), keyed(b, shared)]
  const left = new Map<string, Finding[]>()
  for (const { key, row } of x) left.set(key, [...(left.get(key) ?? []), row])
  const added: Finding[] = []
  for (const { key, row } of y) {
    const twins = left.get(key)
    if (twins?.length) twins.pop()
    else added.push(row)
  }
  const gone = [...left.values()].flat()
  const reordered = ordered && added.length + gone.length === 0 && x.some(({ key }, i) => key !== y[i]?.key)
  const columns = { onlyA, onlyB }
  const changed = paired(gone, added)
  return {
    same: onlyA.length + onlyB.length + added.length + gone.length === 0 && !reordered,
    columns,
    added: added.filter((r) => !changed.some((c) => c.after === r)),
    gone: gone.filter((r) => !changed.some((c) => c.before === r)),
    changed,
    reordered,
  }
}

function keyed({ columns, rows }: Table, shared: readonly string[]): { key: string; row: Finding }[] {
  const places = shared.map((c) => columns.indexOf(c))
  return rows.map((cells) => ({
    key: JSON.stringify(places.map((p) => cellKey(cells[p] ?? null))),
    row: Object.fromEntries(columns.map((c, i) => [c, cells[i] ?? null])),
  }))
}

/** Rows whose texts are the same are one finding with other numbers, if only one on each side has these texts. */
function paired(gone: readonly Finding[], added: readonly Finding[]): { before: Finding; after: Finding }[] {
  const name = (row: Finding): string =>
    JSON.stringify(
      Object.entries(row)
        .filter(([, c]) => typeof c === 'string')
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    )
  const group = (rows: readonly Finding[]): Map<string, Finding[]> => {
    const out = new Map<string, Finding[]>()
    for (const r of rows) out.set(name(r), [...(out.get(name(r)) ?? []), r])
    return out
  }
  const after = group(added)
  return [...group(gone)].flatMap(([key, before]) => {
    const other = after.get(key)
    const [b] = before
    const [a] = other ?? []
    return key !== '[]' && before.length === 1 && other?.length === 1 && a && b ? [{ before: b, after: a }] : []
  })
}
