// Lookup files of a page: `lookup name=hosts.csv`, the table in the fence or in `file=`.
import { binder } from '../../eval/bind.ts'
import { csvHeader, splitCsv } from '../../logs/readers/csv.ts'
import type { Row, SourceNode } from '../../plan/plan.ts'
import { lookupName } from '../../plan/sources.ts'
import { blockText, type Problem, type ReadFile } from './block-text.ts'
import type { Block } from './case-file.ts'

export interface Lookups {
  /** The columns by lookup name, which compiling needs. */
  readonly known: Readonly<Record<string, { readonly columns: readonly string[] }>>
  rows(source: SourceNode): Row[]
}

interface Table {
  readonly columns: readonly string[]
  readonly records: readonly ReadonlyMap<string, string>[]
}

export function readLookupBlocks(blocks: readonly Block[], readFile: ReadFile, problems: Problem[]): Lookups {
  const tables = new Map<string, Table>()
  for (const block of blocks) {
    if (block.kind !== 'lookup') continue
    const path = block.options.get('file')
    const name = block.options.get('name') ?? path?.split('/').at(-1)
    const problem = (what: string, fix: string) => problems.push({ line: block.line, what, detail: [`fix: ${fix}`] })
    if (name === undefined) problem('the lookup has no name', 'write `lookup name=FILE.csv`')
    else {
      const text = blockText(block, readFile, problems)
      const table = text === undefined ? undefined : readCsv(text)
      if (text === undefined) continue
      if (table) tables.set(name, table)
      else problem(`the lookup ${name} is not a CSV with a header`, 'write the names of the columns in the first line')
    }
  }
  return {
    known: Object.fromEntries([...tables].map(([name, { columns }]) => [name, { columns }])),
    rows(source) {
      const bind = binder(source, {})
      const name = lookupName(source)
      return (tables.get(name)?.records ?? []).map((fields, i) =>
        bind.row({ fields, time: undefined }, { file: name, raw: '', seq: BigInt(i) }),
      )
    },
  }
}

/** Reads like the engine: an empty cell is an empty text, not an absent field. */
function readCsv(text: string): Table | undefined {
  const [first, ...lines] = text.split(/\r?\n/).filter((l) => l !== '')
  const header = csvHeader(first) ?? (first ? { names: splitCsv(first) ?? [first], separator: ',' } : undefined)
  if (!header) return undefined
  const records: ReadonlyMap<string, string>[] = []
  for (const line of lines) {
    const values = splitCsv(line, header.separator)
    if (!values) return undefined
    records.push(new Map(header.names.map((n, i) => [n, values[i] ?? ''])))
  }
  return { columns: header.names, records }
}
