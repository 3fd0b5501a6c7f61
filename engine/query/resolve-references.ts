// What a query text names and does not hold: parameters from the caller, lookup files and saved queries from folders.
import { namedMissing } from '../../core/diag/catalogue/named-file.ts'
import { needMissing } from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, inText, diagnostic } from '../../core/diag/diagnostic.ts'
import type { Source } from '../../core/text/source.ts'
import { tableFile } from '../../core/text/table-file.ts'
import { type Compiled, compile, type CompileContext } from '../../core/workbench/compile.ts'
import { readInside } from '../files/open-inside.ts'
import { findLookup, lookupColumns } from '../inputs/lookups.ts'

/** As on the command line: `name=value` pairs, folders. */
export interface CompileInputs {
  readonly param?: readonly string[]
  readonly semantics?: readonly string[]
  readonly lookups?: readonly string[]
}

/** Saved queries may name further ones; ten rounds are more than any real nesting. */
const ROUNDS = 10

/** Everything known about the text: compiled, looked for what it names, compiled again. */
export function resolveReferences(
  source: Source,
  language: string,
  g: CompileInputs,
  telemetry: Pick<CompileContext, 'fields' | 'zone'> = {},
): CompileContext {
  let known: CompileContext = { ...telemetry, parameters: pairs(g.param), semantics: pairs(g.semantics) }
  for (let round = 0; round < ROUNDS; round++) {
    const compiled = compile(source, language, { context: known })
    const next = compiled.needs.length > 0 ? fetched(compiled, known, g.lookups ?? []) : undefined
    if (!next) break
    known = next
  }
  return known
}

const pairs = (all: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(
    all.map((p) => {
      const at = p.indexOf('=')
      return at < 0 ? [p, ''] : [p.slice(0, at), p.slice(at + 1)]
    }),
  )

function fetched(compiled: Compiled, known: CompileContext, folders: readonly string[]): CompileContext | undefined {
  const lookups: Record<string, { columns: readonly string[] }> = { ...known.lookups }
  const saved: Record<string, string> = { ...known.saved }
  let found = false
  for (const need of compiled.needs) {
    if (need.kind === 'lookup' && !Object.hasOwn(lookups, need.name)) {
      const columns = lookupColumns(need.name, folders)
      if (columns) lookups[need.name] = { columns }
      found ||= columns !== undefined
    }
    if (need.kind === 'saved' && !Object.hasOwn(saved, need.name)) {
      const text = savedText(need.name, compiled, folders)
      if (typeof text === 'string') saved[need.name] = text
      found ||= typeof text === 'string'
    }
  }
  return found ? { ...known, lookups, saved } : undefined
}

/** `pkg/path:Name` is looked for as `Name.cql` and as `pkg/path/Name.cql`. A diagnostic: there is a file, and it is not to be read. */
function savedText(name: string, compiled: Compiled, folders: readonly string[]): Diagnostic | string | undefined {
  const parts = name.split(/[/:]/).filter((p) => p !== '' && p !== '..' && p !== '.')
  const paths = [parts.join('/'), parts.at(-1) ?? ''].flatMap((p) => compiled.language.extensions.map((e) => p + e))
  let refused: Diagnostic | undefined
  for (const folder of folders) {
    for (const path of paths) {
      const text = readInside({ from: folder, roots: [folder] }, path)
      if (typeof text === 'string') return text
      if (text.code !== namedMissing.id) refused ??= text
    }
  }
  return refused
}

/** CQL names files; the tables of others have paths. */
const fileFor = (name: string): string => (/[/:]/.test(name) ? `${tableFile(name)}.csv` : name)

/** What is still missing. */
export function needDiagnostics(compiled: Compiled, { lookups = [] }: CompileInputs): Diagnostic[] {
  return compiled.needs
    .filter((n) => n.kind !== 'lookup' || findLookup(n.name, lookups) === undefined)
    .map(({ kind, name, at }) => {
      const refused = kind === 'saved' ? savedText(name, compiled, lookups) : undefined
      if (typeof refused === 'object') return { ...refused, at: inText(compiled.source, at) }
      const what = kind === 'saved' ? 'saved query' : kind === 'lookup' ? 'lookup file' : kind
      const how = {
        lookup: `put a CSV or JSON file ${fileFor(name)} into a folder and name the folder with --lookups`,
        parameter: `give it with --param ${name}=VALUE`,
        saved: `put its text as ${name.split(/[/:]/).at(-1)}${compiled.language.extensions[0]} into a folder and name the folder with --lookups`,
      }[kind]
      return diagnostic(needMissing, inText(compiled.source, at), { kind: what, name, how })
    })
}
