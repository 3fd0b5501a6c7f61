// Types of columns as engines write them: `STRUCT(a VARCHAR, b BIGINT[])` of DuckDB, `Map(LowCardinality(String), String)` of ClickHouse.
import type { ColumnType, TableColumn } from './column.ts'

interface Written {
  readonly name: string
  readonly args: readonly { readonly label: string; readonly type: Written }[]
  /** `[]` behind it, so often. */
  readonly lists: number
}

const TOKEN = /\s*("(?:[^"]|"")*"|`(?:[^`\\]|\\.|``)*`|'(?:[^'\\]|\\.|'')*'|\[\d*\]|[(),]|[^\s(),"'`[\]]+)/gy

function tokens(text: string): string[] {
  return [...text.matchAll(TOKEN)].map((m) => m[1] as string)
}

class TypeReader {
  readonly #tokens: readonly string[]
  #at = 0
  constructor(text: string) {
    this.#tokens = tokens(text)
  }

  /** Words up to a parenthesis, comma or end; the first of several may be a label (`a VARCHAR`). */
  read(): { label: string; type: Written } {
    const words: string[] = []
    let args: Written['args'] = []
    let lists = 0
    for (let t = this.#tokens[this.#at]; t !== undefined && t !== ',' && t !== ')'; t = this.#tokens[this.#at]) {
      this.#at++
      if (t === '(') args = this.#list()
      else if (t.startsWith('[')) lists++
      else words.push(t)
    }
    const isLabelled = words.length > 1 && (args.length > 0 || !/^(?:TIMESTAMP|TIME|DOUBLE)$/i.test(words[0] as string))
    const label = isLabelled ? unquoted(words[0] as string) : ''
    return { label, type: { name: words.slice(isLabelled ? 1 : 0).join(' '), args, lists } }
  }

  #list(): Written['args'] {
    const list: { label: string; type: Written }[] = []
    while (this.#at < this.#tokens.length) {
      list.push(this.read())
      if (this.#tokens[this.#at++] === ')') break
    }
    return list
  }
}

const unquoted = (t: string): string =>
  t.startsWith('"')
    ? t.slice(1, -1).replaceAll('""', '"')
    : t.startsWith('`')
      ? t.slice(1, -1).replace(/\\(.)/g, '$1')
      : t

const written = (text: string): Written => new TypeReader(text).read().type

const asLists = (of: ColumnType, n: number): ColumnType => (n === 0 ? of : { kind: 'list', of: asLists(of, n - 1) })
const membersOf = (w: Written, of: (w: Written) => ColumnType): TableColumn[] =>
  w.args.map((a, i) => ({ name: a.label || String(i + 1), type: of(a.type) }))
const last = (w: Written): Written => w.args.at(-1)?.type ?? { name: '', args: [], lists: 0 }

export const duckdbType = (text: string): ColumnType => ofDuckdb(written(text))

function ofDuckdb(w: Written): ColumnType {
  const name = w.name.toUpperCase()
  const one = (): ColumnType => {
    if (name === 'STRUCT') return { kind: 'struct', members: membersOf(w, ofDuckdb) }
    if (name === 'MAP') return { kind: 'map', of: ofDuckdb(last(w)) }
    if (/^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/.test(name)) return { kind: 'whole' }
    if (name === 'VARCHAR' || name === 'JSON') return { kind: 'text' }
    if (name === 'FLOAT' || name === 'DOUBLE') return { kind: 'double' }
    if (name === 'DECIMAL') return { kind: 'exact' }
    if (name === 'BOOLEAN') return { kind: 'bool' }
    if (/^(?:TIMESTAMP(?:_\w+)?(?: WITH TIME ZONE)?|DATE)$/.test(name)) return { kind: 'stamp' }
    return { kind: 'other' }
  }
  return asLists(one(), w.lists)
}

export const clickhouseType = (text: string): ColumnType => ofClickhouse(written(text), false)

function ofClickhouse(w: Written, isNullable: boolean): ColumnType {
  const { name } = w
  if (name === 'Nullable') return ofClickhouse(last(w), true)
  if (name === 'LowCardinality' || name === 'SimpleAggregateFunction') return ofClickhouse(last(w), isNullable)
  if (name === 'Array') return { kind: 'list', of: ofClickhouse(last(w), true) }
  if (name === 'Map') return { kind: 'map', of: ofClickhouse(last(w), true) }
  if (name === 'Tuple') return { kind: 'struct', members: membersOf(w, (x) => ofClickhouse(x, false)) }
  if (name === 'Nested')
    return { kind: 'list', of: { kind: 'struct', members: membersOf(w, (x) => ofClickhouse(x, false)) } }
  if (/^U?Int\d+$/.test(name)) return { kind: 'whole' }
  // Of an Enum a value that it lacks is an error, and FixedString has NULs behind its text.
  if (name === 'String' || name === 'FixedString' || /^Enum\d+$/.test(name))
    return {
      kind: 'text',
      ...(!isNullable && { isEmptyAbsent: true }),
      ...(name === 'String' && { isPlain: true }),
    }
  if (/^(?:B?Float\d+)$/.test(name)) return { kind: 'double' }
  if (/^Decimal/.test(name)) return { kind: 'exact' }
  if (name === 'Bool') return { kind: 'bool' }
  if (/^Date/.test(name)) return { kind: 'stamp' }
  return { kind: 'other' }
}
