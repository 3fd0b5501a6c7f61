// Candidates that could make a detection quieter: values that its findings share, networks, groups, and higher thresholds.
import type { Tuple } from '../../eval/evaluate.ts'
import type { ExclusionCondition } from '../../lang/shared/exclusion.ts'
import { networkOf, type Threshold } from './clause.ts'

export type Change =
  | { readonly kind: 'exclusion'; readonly conditions: readonly ExclusionCondition[] }
  | { readonly kind: 'threshold'; readonly threshold: Threshold; readonly value: number }

export interface Columns {
  readonly names: readonly string[]
  readonly rows: readonly Tuple[]
}

/** Most values of a column that become candidates. */
const MOST_VALUES = 4
/** Smallest share of the events behind findings that a value must have. */
const LEAST_SHARE = 0.02
const MOST_GROUPS = 6

export interface Exclusion {
  readonly conditions: readonly ExclusionCondition[]
  /** Indices of the rows that it removes. */
  readonly rows: ReadonlySet<number>
}

/**
 * Groups, and values of many of the rows `behind` findings; the columns of `first` come first. Of two that remove the same of these rows
 * only the first is kept. Groups come before values: a group is narrower, so it removes fewer other rows. Ordered by rows, most first.
 */
export function exclusionsOf(
  { names, rows }: Columns,
  behind: readonly number[],
  first: readonly string[],
  groups: readonly string[],
): Exclusion[] {
  const order = [...new Set([...first.filter((n) => names.includes(n)), ...names])]
  const found = new Map<string, Exclusion>()
  const add = (conditions: readonly ExclusionCondition[], own: readonly number[]): void => {
    // A condition that removes every row is no tuning.
    if (own.length === 0 || own.length === behind.length) return
    const key = own.join(' ')
    if (!found.has(key)) found.set(key, { conditions, rows: takenBy(conditions, { names, rows }) })
  }
  const columns = groups.map((g) => names.indexOf(g))
  if (groups.length > 1 && !columns.includes(-1)) {
    const together = new Map<string, number[]>()
    for (const i of behind) push(together, JSON.stringify(columns.map((c) => rows[i]?.[c] ?? null)), i)
    for (const [key, own] of [...together].sort((a, b) => b[1].length - a[1].length).slice(0, MOST_GROUPS)) {
      const values = JSON.parse(key) as (string | null)[]
      const conditions = groups.flatMap((field, n): ExclusionCondition[] => {
        const value = values[n]
        return value === null || value === undefined || value === '' ? [] : [{ field, value }]
      })
      if (conditions.length === groups.length) add(conditions, own)
    }
  }
  for (const field of order) {
    const column = names.indexOf(field)
    const values = valuesIn(rows, behind, column)
    if (isMeasure(values)) continue
    const top = mostOf(values, behind.length)
    for (const [value, own] of top) add([{ field, value }], own)
    for (const [subnet, own] of mostOf(networksIn(values), behind.length)) add([{ field, subnet }], own)
  }
  return [...found].sort(([a], [b]) => b.split(' ').length - a.split(' ').length).map(([, e]) => e)
}

/** An amount, a time or a session number is no reason to exclude an event. Ports have few values, so they are no measure. */
const isMeasure = (values: ReadonlyMap<string, unknown>): boolean =>
  values.size > MOST_NUMBERS && [...values.keys()].every((v) => /^-?\d+(?:\.\d+)?$/.test(v))
const MOST_NUMBERS = 20

function valuesIn(rows: readonly Tuple[], behind: readonly number[], column: number): Map<string, number[]> {
  const values = new Map<string, number[]>()
  for (const i of behind) {
    const value = rows[i]?.[column]
    if (typeof value === 'string' && value !== '') push(values, value, i)
  }
  return values
}

/** Networks with at least two of the addresses. */
function networksIn(values: ReadonlyMap<string, readonly number[]>): Map<string, number[]> {
  const networks = new Map<string, { addresses: number; own: number[] }>()
  for (const [value, own] of values) {
    const network = networkOf(value)
    if (network === undefined) continue
    const known = networks.get(network) ?? { addresses: 0, own: [] }
    known.addresses++
    known.own.push(...own)
    networks.set(network, known)
  }
  return new Map(
    [...networks].flatMap(([n, { addresses, own }]) => (addresses > 1 ? [[n, own.sort((a, b) => a - b)]] : [])),
  )
}

const push = (into: Map<string, number[]>, key: string, i: number): void => {
  const list = into.get(key)
  if (list) list.push(i)
  else into.set(key, [i])
}

const mostOf = (values: ReadonlyMap<string, number[]>, of: number): [string, number[]][] =>
  [...values]
    .filter(([, own]) => own.length >= Math.max(1, of * LEAST_SHARE))
    .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .slice(0, MOST_VALUES)

/** Indices of the rows that meet the conditions. */
export function takenBy(conditions: readonly ExclusionCondition[], { names, rows }: Columns): Set<number> {
  const tests = conditions.map((c): ((row: Tuple) => boolean) => {
    const column = names.indexOf(c.field)
    if ('value' in c) return (row) => row[column] === c.value
    return (row) => typeof row[column] === 'string' && networkOf(row[column]) === c.subnet
  })
  const taken = new Set<number>()
  rows.forEach((row, i) => {
    if (tests.every((t) => t(row))) taken.add(i)
  })
  return taken
}

/** Higher numbers for a threshold: 25, 50, 75 and 90 percent of the values that pass it now would stay below. */
export function raised({ value, operator }: Threshold, seen: readonly number[]): number[] {
  const over = seen.filter((n) => n >= value).sort((a, b) => a - b)
  if (over.length === 0) return []
  const at = (share: number): number => over[Math.min(over.length - 1, Math.floor(over.length * share))] as number
  // `> value` excludes the value itself; `>=` needs the next number.
  const numbers = [0.25, 0.5, 0.75, 0.9].map((s) => neat(at(s)) + (operator === '>=' ? 1 : 0))
  return [...new Set(numbers)].filter((n) => n > value)
}

/** Rounds up to two significant digits. */
function neat(n: number): number {
  const digits = Math.max(0, Math.floor(Math.log10(Math.max(1, n))) - 1)
  return Math.ceil(n / 10 ** digits) * 10 ** digits
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

/** A file name for a tuning that no other tuning has. */
export function fileNameOf(change: Change, taken: ReadonlySet<string>): string {
  const text =
    change.kind === 'threshold'
      ? `raise ${change.threshold.column} to ${change.value}`
      : `exclude ${change.conditions.map((c) => `${c.field} ${'value' in c ? c.value : c.subnet}`).join(' ')}`
  const name = slug(text).slice(0, 72).replace(/-$/, '')
  for (let n = 1; ; n++) {
    const tried = n === 1 ? name : `${name}-${n}`
    if (!taken.has(tried)) return tried
  }
}

export function wordsOf(change: Change): string {
  if (change.kind === 'threshold') {
    const { column, operator, value } = change.threshold
    return `${column} ${operator} ${change.value} instead of ${value}`
  }
  return change.conditions
    .map((c) => ('value' in c ? `${c.field} = ${c.value}` : `${c.field} in ${c.subnet}`))
    .join(', ')
}
