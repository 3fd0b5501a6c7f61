// Laws as tests: runs one in JavaScript, and turns a primitive's laws into SQL that any runner of a dialect can check.
import type { Value } from '../plan/plan.ts'
import { type Sql, type SqlTag, sqlTag } from '../sql-text/fragment.ts'
import type { Accumulator, AggLaw, Dialect, Law, Prim, Ty } from './prim.ts'
import { primOf } from './registry.ts'

/** The primitive's result in JavaScript, with the evaluator's rule for absent arguments. */
export function runScalar(prim: Prim, law: Pick<Law, 'args' | 'consts'>): Value {
  if (prim.kind === 'aggregate') throw new TypeError(`${prim.id} is an aggregate`)
  if (prim.nulls === 'propagate' && law.args.some((a) => a === null)) return prim.kind === 'test' ? false : null
  return (prim.js(law.consts ?? {}, primOf) as (...args: readonly Value[]) => Value)(...law.args)
}
export function runAggregate(prim: Prim, law: Pick<AggLaw, 'consts' | 'rows'>): Value {
  if (prim.kind !== 'aggregate') throw new TypeError(`${prim.id} is no aggregate`)
  const acc = prim.js(law.consts ?? {}) as Accumulator & {
    add(state: unknown, ...args: readonly Value[]): unknown
    done(state: unknown): Value
  }
  let state = acc.init()
  for (const row of law.rows) {
    if (prim.nulls === 'propagate' && row.some((a) => a === null)) continue
    state = acc.add(state, ...row)
  }
  return acc.done(state)
}

/** Equal, with doubles (and sums that hold one) to 1e-9 relative. */
export function sameValue(a: Value, b: Value, ty: Ty | 'test'): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => x === b[i])
  if (a === b || Object.is(a, b)) return true
  if (ty === 'num' && typeof a === 'number' && typeof b === 'number') return near(a, b)
  if (ty === 'dec' && typeof a === 'string' && typeof b === 'string')
    return /[.e]/.test(a + b) && near(Number(a), Number(b))
  return false
}
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))

export interface LawQuery {
  readonly prim: string
  /** A SELECT that gives one value as text (`list`: JSON-like text, see `shown`), or null. */
  readonly query: string
  readonly returns: Ty | 'test'
  readonly gives: Value
}

const sqlTypes: Readonly<Record<Dialect, Readonly<Record<Ty, string>>>> = {
  duckdb: {
    str: 'varchar',
    dec: 'varchar',
    int: 'hugeint',
    num: 'double',
    time: 'bigint',
    bool: 'boolean',
    list: 'varchar[]',
  },
  clickhouse: {
    str: 'Nullable(String)',
    dec: 'Nullable(String)',
    int: 'Nullable(Int128)',
    num: 'Nullable(Float64)',
    time: 'Nullable(Int64)',
    bool: 'Nullable(Bool)',
    list: 'Array(String)',
  },
}
const quote: Readonly<Record<Dialect, (text: string) => string>> = {
  duckdb: (text) =>
    text.includes('\u0000')
      ? `(${text
          .split('\u0000')
          .map((t) => quote.duckdb(t))
          .join(' || chr(0) || ')})`
      : `'${text.replaceAll("'", "''")}'`,
  clickhouse: (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\u0000', '\\0')}'`,
}
/** A tag for checks; compilers have their own. */
const lawTag: Readonly<Record<Dialect, SqlTag>> = {
  duckdb: sqlTag(quote.duckdb, (n) => `"${n.replaceAll('"', '""')}"`),
  clickhouse: sqlTag(quote.clickhouse, (n) => `\`${n.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``),
}

function literalText(value: Value, ty: Ty, dialect: Dialect): string {
  const type = sqlTypes[dialect][ty]
  if (value === null) return ty === 'list' ? `cast([] as ${type})` : `cast(null as ${type})`
  const plain = Array.isArray(value)
    ? `[${value.map((v: string) => quote[dialect](v)).join(', ')}]`
    : typeof value === 'string'
      ? quote[dialect](value)
      : typeof value === 'boolean'
        ? String(value)
        : typeof value === 'bigint' && dialect === 'clickhouse'
          ? `'${value}'`
          : typeof value === 'bigint'
            ? `'${value}'`
            : `'${value}'`
  return `cast(${plain} as ${type})`
}

/** Unit separator between elements, so that lists come back as one text. */
const LIST_MARK = '\u001f'
/** The value as text, absent as null. */
function shownSql(text: string, returns: Ty | 'test', dialect: Dialect): string {
  if (returns === 'test')
    return dialect === 'duckdb'
      ? `cast(coalesce(${text}, false) as varchar)`
      : `if(ifNull(${text}, 0), 'true', 'false')`
  if (returns === 'list')
    return dialect === 'duckdb'
      ? `case when len(${text}) = 0 then '[]' else '[' || array_to_string(${text}, chr(31)) end`
      : `if(length(${text}) = 0, '[]', concat('[', arrayStringConcat(${text}, '\\x1f')))`
  return dialect === 'duckdb' ? `cast(${text} as varchar)` : `toString(${text})`
}
/** The text that a law's query returned → a value of the type. */
export function readShown(text: string | null, returns: Ty | 'test'): Value {
  if (text === null) return null
  if (returns === 'test' || returns === 'bool') return text === 'true'
  if (returns === 'num') return Number(text.replace(/inf$/, 'Infinity'))
  if (returns === 'int' || returns === 'time') return BigInt(text)
  if (returns === 'list') return text === '[]' ? [] : text.slice(1).split(LIST_MARK)
  return text
}

const paramTy = (prim: Prim, i: number): Ty =>
  (prim.params[Math.min(i, prim.params.length - 1)] as readonly [string, Ty])[1]

/** One query per law that the dialect can run; laws that answer `tail` are left out. Arguments are columns, so nothing is folded. */
export function lawQueries(prim: Prim, dialect: Dialect, extra: readonly (Law | AggLaw)[] = []): readonly LawQuery[] {
  const form = prim.sql[dialect]
  // Neighbours need an `over`, which a window stage writes.
  if (typeof form !== 'function' || prim.id.startsWith('win.')) return []
  const out: LawQuery[] = []
  const returns = prim.kind === 'test' ? 'test' : prim.returns
  for (const law of [...prim.laws, ...extra]) {
    const rows = 'rows' in law ? law.rows : [law.args]
    const width = 'rows' in law ? prim.params.length : law.args.length
    const args = Array.from({ length: width }, (_, i) => lawTag[dialect].id(`c${i}`))
    const made = form(lawTag[dialect], args, law.consts ?? {})
    if ('tail' in made) continue
    out.push({ prim: prim.id, query: select(made, rows, width, prim, dialect, returns), returns, gives: law.gives })
  }
  return out
}

function select(
  made: Sql,
  rows: readonly (readonly Value[])[],
  width: number,
  prim: Prim,
  dialect: Dialect,
  returns: Ty | 'test',
): string {
  // ClickHouse folds a constant of a subquery, and its functions have other code for constants: `materialize` makes a column.
  const inColumn = (literal: string): string => (dialect === 'clickhouse' ? `materialize(${literal})` : literal)
  const column = (row: readonly Value[] | undefined, i: number): string =>
    `${inColumn(literalText(row?.[i] ?? null, paramTy(prim, i), dialect))} as c${i}`
  const one = (row: readonly Value[] | undefined): string =>
    `select ${Array.from({ length: width }, (_, i) => column(row, i)).join(', ') || '1 as none'}`
  const from =
    rows.length === 0 ? `select * from (${one(undefined)}) e where 1 = 0` : rows.map((r) => one(r)).join(' union all ')
  const value = `(${made.text})`
  return `select ${shownSql(value, returns, dialect)} as v from (${from}) t`
}
