// Lookup files that a query names: CSV with a header, or a JSON array of objects.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { badLookup, noLookup } from '../../core/diag/catalogue/log.ts'
import { diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { binder } from '../../core/eval/bind.ts'
import { compilePred, tupleScope } from '../../core/eval/compile.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import { CsvRecords, csvHeader, splitCsv } from '../../core/logs/readers/csv.ts'
import { jsonDocuments } from '../../core/logs/readers/json-documents.ts'
import { readJson } from '../../core/logs/readers/json/read.ts'
import type { Env, SourceNode } from '../../core/plan/plan.ts'
import { tableFile } from '../../core/text/table-file.ts'
import { readInside } from '../files/open-inside.ts'
import { columnIds, lookupName } from '../../core/plan/sources.ts'

/** The rows of a lookup source. An empty cell is an empty text, not an absent field. */
export function readLookup(source: SourceNode, folders: readonly string[], env: Env): Result<readonly Tuple[]> {
  const name = lookupName(source)
  const found = findLookup(name, folders)
  if (found === undefined) return failure(diagnostic(noLookup, inLog(name), { name, folders }))
  const path = join(found.folder, found.file)
  const text = lookupText(found)
  if (!text.ok) return text
  const records = recordsOf(text.value)
  if (typeof records === 'string') return failure(diagnostic(badLookup, inLog(path), { name, path, reason: records }))
  const bind = binder(source, {})
  const where = compilePred(source.where, tupleScope(new Map(columnIds(source).map((id, i) => [id, i]))), env)
  const rows: Tuple[] = []
  let seq = 0n
  for (const fields of records) {
    const row = bind.tuple({ fields, time: undefined }, { file: path, raw: '', seq: seq++ })
    if (where(row)) rows.push(row)
  }
  return ok(rows)
}

interface LookupFile {
  readonly folder: string
  readonly file: string
}

/**
 * Only names of files directly in the folders: a query must not reach anything else. A lookup table of Sumo Logic
 * (`path://"/Library/…/name"`, `geo://location`) has the name that `tableFile` gives.
 */
export function findLookup(name: string, folders: readonly string[]): LookupFile | undefined {
  const names = [...new Set([name, tableFile(name)])]
  for (const folder of folders) {
    let files: string[]
    try {
      files = readdirSync(folder)
    } catch {
      continue
    }
    const file = names.flatMap((n) => [n, `${n}.csv`, `${n}.json`]).find((n) => files.includes(n))
    if (file !== undefined) return { folder, file }
  }
  return undefined
}

const lookupText = ({ folder, file }: LookupFile): Result<string> => readInside({ from: folder, roots: [folder] }, file)

/** The records of a lookup file, or a text that says what is wrong with them. */
const recordsOf = (text: string): readonly ReadonlyMap<string, string>[] | string =>
  /^\s*[[{]/.test(text) ? jsonRecords(text) : csvRecords(text)

function jsonRecords(text: string): ReadonlyMap<string, string>[] | string {
  const out: ReadonlyMap<string, string>[] = []
  for (const { record, line } of jsonDocuments(text)) {
    const read = readJson(record)
    if ('bad' in read) return `line ${line}: ${read.bad}`
    out.push(read.fields)
  }
  return out
}

function csvRecords(text: string): ReadonlyMap<string, string>[] | string {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const first = lines.shift()
  // A single column without separators is a lookup file too.
  const header = csvHeader(first) ?? (first ? { names: splitCsv(first) ?? [first], separator: ',' } : undefined)
  if (!header) return 'no header line'
  const out: ReadonlyMap<string, string>[] = []
  const split = new CsvRecords(header.separator)
  for (const [i, line] of lines.entries()) {
    if (line === '' && !split.isOpen) continue
    const values = split.line(line)
    if (!values) continue
    if (split.isTorn) return `line ${i + 2}: a quote is missing: one closes before more text of its value`
    if (values.length !== header.names.length)
      return `line ${i + 2}: ${values.length} values under ${header.names.length} columns`
    out.push(new Map(header.names.map((n, c) => [n, values[c] as string])))
  }
  return split.isOpen ? 'a quote is never closed' : out
}

/** Column names of a lookup file, in order. Undefined: there is none, or it cannot be read; `readLookup` then says why. */
export function lookupColumns(name: string, folders: readonly string[]): readonly string[] | undefined {
  const found = findLookup(name, folders)
  const text = found && lookupText(found)
  const records = text?.ok ? recordsOf(text.value) : ''
  if (typeof records === 'string') return undefined
  return [...new Set(records.flatMap((r) => [...r.keys()]))]
}
