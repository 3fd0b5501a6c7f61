// References of a query text: parameters from the command line, lookup files and saved queries from folders.
import { namedMissing } from '../../core/diag/catalogue/named-file.ts'
import { needMissing } from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, inText, diagnostic } from '../../core/diag/diagnostic.ts'
import type { Result } from '../../core/diag/result.ts'
import type { Source } from '../../core/text/source.ts'
import { tableFile } from '../../core/text/table-file.ts'
import { type Compiled, compileIn } from '../../core/workbench/compile-in.ts'
import type { ReadLanguage } from '../../core/workbench/language.ts'
import type { CompileContext } from '../../core/lang/shared/lowered.ts'
import { readInside } from '../files/open-inside.ts'
import { readSmallText } from '../files/read-small.ts'
import { findLookup, lookupColumns } from '../inputs/lookups.ts'

/** As on the command line: `name=value` pairs, folders. */
export interface CompileInputs {
  readonly param?: readonly string[]
  readonly semantics?: readonly string[]
  readonly lookups?: readonly string[]
  /** Files that map portable rules to telemetry. */
  readonly pipeline?: readonly string[]
}

/** Saved queries may name further ones. No real query nests ten deep. */
const ROUNDS = 10

export interface Resolved {
  readonly context: CompileContext
  /** The text in this context. Undefined: it was not compiled in it, since saved queries name ever more queries. */
  readonly compiled: Compiled | undefined
}

/** Compiles, finds what the text refers to, and compiles again until nothing new is found. */
export function resolveReferences(
  source: Source,
  language: ReadLanguage,
  inputs: CompileInputs,
  telemetry: Pick<CompileContext, 'collection' | 'fields' | 'zone'> = {},
): Resolved {
  let context: CompileContext = {
    ...telemetry,
    parameters: pairs(inputs.param),
    semantics: pairs(inputs.semantics),
    pipelines: (inputs.pipeline ?? []).map(pipelineFile),
  }
  for (let round = 0; round < ROUNDS; round++) {
    const compiled = compileIn(language, source, { context })
    const next = compiled.needs.length > 0 ? withNeeds(compiled, context, inputs.lookups ?? []) : undefined
    if (!next) return { context, compiled }
    context = next
  }
  return { context, compiled: undefined }
}

function pipelineFile(name: string): { name: string; text: string | undefined } {
  try {
    return { name, text: readSmallText(name) }
  } catch {
    return { name, text: undefined }
  }
}

const pairs = (all: readonly string[] = []): Record<string, string> =>
  Object.fromEntries(
    all.map((p) => {
      const at = p.indexOf('=')
      return at < 0 ? [p, ''] : [p.slice(0, at), p.slice(at + 1)]
    }),
  )

/** Undefined: nothing new was found. */
function withNeeds(
  compiled: Compiled,
  context: CompileContext,
  folders: readonly string[],
): CompileContext | undefined {
  const lookups: Record<string, { columns: readonly string[] }> = { ...context.lookups }
  const saved: Record<string, string> = { ...context.saved }
  let found = false
  for (const need of compiled.needs) {
    if (need.kind === 'lookup' && !Object.hasOwn(lookups, need.name)) {
      const columns = lookupColumns(need.name, folders)
      if (columns) lookups[need.name] = { columns }
      found ||= columns !== undefined
    }
    if (need.kind === 'saved' && !Object.hasOwn(saved, need.name)) {
      const text = savedText(need.name, compiled, folders)
      if (text?.ok) saved[need.name] = text.value
      found ||= text?.ok === true
    }
  }
  return found ? { ...context, lookups, saved } : undefined
}

/** `pkg/path:Name` is read from `pkg/path/Name.cql` or `Name.cql`. Undefined: there is no such file. Failure: it must not be read. */
function savedText(name: string, compiled: Compiled, folders: readonly string[]): Result<string> | undefined {
  const parts = name.split(/[/:]/).filter((p) => p !== '' && p !== '..' && p !== '.')
  const paths = [parts.join('/'), parts.at(-1) ?? ''].flatMap((p) => compiled.language.extensions.map((e) => p + e))
  let refused: Result<string> | undefined
  for (const folder of folders) {
    for (const path of paths) {
      const text = readInside({ from: folder, roots: [folder] }, path)
      if (text.ok) return text
      if (text.diagnostics[0]?.code !== namedMissing.id) refused ??= text
    }
  }
  return refused
}

/** CQL names files; Sumo names tables by paths. */
const fileFor = (name: string): string => (/[/:]/.test(name) ? `${tableFile(name)}.csv` : name)

/** References that could not be resolved. */
export function needDiagnostics(compiled: Compiled, { lookups = [] }: CompileInputs): Diagnostic[] {
  const said = compiled.diagnostics.flatMap((d) =>
    d.severity === 'error' && d.at.kind === 'text' ? [d.at.span.start] : [],
  )
  const needed = compiled.needs.filter((n) => n.kind === 'parameter')
  // A language tells all of them at the first one, or none.
  const parameters = needed.some((n) => said.includes(n.at.start)) ? [] : needed
  const missing = [...new Set(parameters.map((n) => n.name))]
  const [first] = parameters
  const all = first && [
    diagnostic(needMissing, inText(compiled.source, first.at), {
      kind: missing.length === 1 ? 'parameter' : 'parameters',
      names: missing,
      how: `give ${missing.length === 1 ? 'it' : 'them'} with ${missing.map((n) => `--param ${n}=VALUE`).join(' ')}`,
    }),
  ]
  const others = compiled.needs
    .filter((n) => n.kind !== 'lookup' || (!said.includes(n.at.start) && findLookup(n.name, lookups) === undefined))
    .flatMap(({ kind, name, at }): Diagnostic[] => {
      if (kind === 'parameter') return []
      const refused = kind === 'saved' ? savedText(name, compiled, lookups) : undefined
      if (refused?.ok === false) return refused.diagnostics.map((d) => ({ ...d, at: inText(compiled.source, at) }))
      const what = kind === 'saved' ? 'saved query' : 'lookup file'
      const how = {
        lookup: `put a CSV or JSON file ${fileFor(name)} into a folder and name the folder with --lookups`,
        saved: `put its text as ${name.split(/[/:]/).at(-1)}${compiled.language.extensions[0]} into a folder and name the folder with --lookups`,
      }[kind]
      return [diagnostic(needMissing, inText(compiled.source, at), { kind: what, names: [name], how })]
    })
  return [...(all ?? []), ...others]
}
