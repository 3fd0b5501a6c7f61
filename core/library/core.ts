// `assay/core`: the functions of the library that need no files. They run in Node, a worker and a browser.
import { readEvents } from '../detect/case/read-events.ts'
import { diagnosticToJson } from '../diag/render.ts'
import type { Diagnostic as OwnDiagnostic } from '../diag/diagnostic.ts'
import { binder } from '../eval/bind.ts'
import { evaluate as evaluatePlan } from '../eval/evaluate.ts'
import type { CompileContext } from '../lang/shared/lowered.ts'
import type { Env, Row, SourceNode } from '../plan/plan.ts'
import { printPlan } from '../plan/print.ts'
import { completionsAt, hoverAt, openText, type OpenText } from '../services/services.ts'
import { fieldsRead } from '../workbench/absent-field-checks.ts'
import { compile as compileText, languageNamed, optimised } from '../workbench/compile.ts'
import { fixed, lint as lintText } from '../workbench/lint.ts'
import { type Cell, present } from '../workbench/present.ts'
import type { Core, Diagnostic, TextOptions, Value } from './api.ts'

export type * from './api.ts'

const sourceOf = (text: string, { name = '<query>' }: TextOptions) => ({ name, text })
const contextOf = ({ parameters }: TextOptions): CompileContext => (parameters ? { parameters } : {})
export const toJson = (all: readonly OwnDiagnostic[]): Diagnostic[] =>
  all.map((d) => diagnosticToJson(d) as unknown as Diagnostic)

/** Throws a RangeError for a language that Assay does not read. */
function known(language: string): string {
  const found = languageNamed(language)
  if (!found) throw new RangeError(`there is no language ${language}`)
  return found.id
}

export const lint: Core['lint'] = (text, options) =>
  toJson(lintText(sourceOf(text, options), known(options.language), contextOf(options)).diagnostics)

export const fix: Core['fix'] = (text, options) =>
  fixed(sourceOf(text, options), known(options.language), contextOf(options)).text

export const format: Core['format'] = (text, options) =>
  languageNamed(known(options.language))?.format?.(sourceOf(text, options))

export const compile: Core['compile'] = (text, options) => {
  const compiled = compileText(sourceOf(text, options), known(options.language), { context: contextOf(options) })
  const { plan, diagnostics, wouldBeRefused } = compiled
  return {
    diagnostics: toJson(diagnostics),
    wouldBeRefused,
    plan: plan && printPlan(optimised(plan)),
    fields: plan?.out.from.kind === 'source' ? fieldsRead(plan.out.from) : [],
  }
}

export const evaluate: Core['evaluate'] = (text, options) => {
  const source = sourceOf(text, options)
  const read = readEvents(options.logs, {
    file: '<logs>',
    format: options.format,
    context: { zone: 'UTC', year: 1970 },
    tags: {},
    from: 0n,
  })
  const times = read.events.flatMap(({ event: { time } }) => (time === undefined ? [] : [time]))
  const [start, last] = times.reduce(([a, b], t) => [t < a ? t : a, t > b ? t : b], [times[0] ?? 0n, times[0] ?? 0n])
  const env: Env = { now: last, start, end: last + 1n, zone: 'UTC' }
  const compiled = compileText(source, known(options.language), { context: { ...contextOf(options), interval: env } })
  const diagnostics = toJson(compiled.diagnostics)
  const plan = compiled.plan && optimised(compiled.plan)
  if (!plan || !read.format) return { ok: false, columns: [], rows: [], diagnostics }
  const { aliases } = read.format
  const rowsOf = (s: SourceNode): Row[] => {
    const { row } = binder(s, aliases, {})
    return read.events.map(({ event, meta }) => row(event, meta))
  }
  const result = evaluatePlan(plan, rowsOf, env)
  const table = present(result.columns, result.rows, compiled.presentation)
  return { ok: true, columns: table.columns, rows: rowObjects(table.columns, table.rows), diagnostics }
}

export const rowObjects = (
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): Readonly<Record<string, Value>>[] =>
  rows.map((cells) => Object.fromEntries(columns.map((c, i) => [c, asValue(cells[i] ?? null)])))

function asValue(cell: Cell): Value {
  if (typeof cell !== 'object' || cell === null || !('number' in cell)) return cell
  const n = Number(cell.number)
  return /^-?\d+$/.test(cell.number) && !Number.isSafeInteger(n) ? BigInt(cell.number) : n
}

const opened = (text: string, options: TextOptions): OpenText | undefined =>
  openText(sourceOf(text, options), known(options.language))

export const complete: Core['complete'] = (text, offset, options) => {
  const document = opened(text, options)
  return document ? completionsAt(document, offset) : []
}

export const hover: Core['hover'] = (text, offset, options) => {
  const document = opened(text, options)
  return document && hoverAt(document, offset)?.text
}
