// A parser script of LogScale as a log format: its event is one line, and the fields that it makes are those of the event.
import { type Code, type Diagnostic, noPlace, diagnostic } from '../diag/diagnostic.ts'
import { noParser, parserNeeds } from '../diag/catalogue/workbench.ts'
import { failure, ok, type Result } from '../diag/result.ts'
import { eachRow } from '../eval/each-row.ts'
import type { LoweredParser } from '../lang/shared/lowered-parser.ts'
import type { Event, FormatContext, LogFormat, Reader } from '../logs/format.ts'
import { optimise } from '../passes/optimise.ts'
import type { Env, Value } from '../plan/plan.ts'
import { parsedText } from '../prims/parsed-text.ts'
import type { Source } from '../text/source.ts'
import { readYaml } from '../yaml/yaml-file.ts'
import { readLanguages } from './compile.ts'
import { PARSER_FORMAT, type ParserScript } from './parser-script.ts'

/** https://library.humio.com/data-analysis/parsers-package-guidelines.html */
const CPS_TAGS = [
  'Cps.version',
  'Vendor',
  'ecs.version',
  'event.dataset',
  'event.kind',
  'event.module',
  'event.outcome',
  'observer.type',
]

/** The script in a file: all of it, or `script` and `tagFields` of the YAML of a package. */
export function parserScript(file: Source): Result<ParserScript> {
  if (!/\.ya?ml$/i.test(file.name)) return ok({ source: file })
  const yaml = readYaml(file, notYaml)
  if (yaml.diagnostics.length > 0) return failure(...yaml.diagnostics)
  const { script, tagFields } = (yaml.value ?? {}) as { readonly script?: unknown; readonly tagFields?: unknown }
  if (typeof script !== 'string')
    return failure(diagnostic(noParser, noPlace, { path: file.name, problem: 'it has no `script`' }))
  const tags = Array.isArray(tagFields) ? { tagFields: tagFields.map(String) } : {}
  return ok({ source: { name: file.name, text: script }, ...tags })
}
const notYaml: Code<{ problem: string }> = {
  ...noParser,
  message: (p) => noParser.message({ path: 'the file', problem: p.problem }),
  remedy: () => noParser.remedy({ path: '', problem: '' }),
}

/** Errors of the script; without any, the format. A lookup file that the script names is taken for an empty one. */
export function parserFormat(script: ParserScript): Result<LogFormat> & { readonly warnings?: readonly Diagnostic[] } {
  const { source, tagFields = CPS_TAGS } = script
  const language = readLanguages.find((l) => l.parser !== undefined)
  if (!language?.parser) throw new Error('internal: no language has parsers')
  const lookups: Record<string, { columns: readonly string[] }> = {}
  const parsed = language.read.parse(source, { lookups })
  let lowered = language.parser(source, parsed, { lookups })
  const files = lowered.needs.filter((n) => n.kind === 'lookup').map((n) => n.name)
  if (files.length > 0) {
    for (const name of files) lookups[name] = { columns: [] }
    lowered = language.parser(source, parsed, { lookups })
  }
  const all = [...parsed.diagnostics, ...lowered.diagnostics]
  const errors = all.filter((d) => d.severity === 'error')
  if (errors.length > 0) return failure(...errors)
  const plan = optimise(lowered.plan)
  const warnings = files.length > 0 ? [diagnostic(parserNeeds, noPlace, { files, script: source.name })] : []
  return {
    ...ok({
      name: PARSER_FORMAT,
      title: `Parser ${source.name}`,
      doc: 'Lines that a parser script reads.',
      unit: 'line',
      recognise: () => undefined,
      answers: () => false,
      reader: (context) => new ParserReader({ ...lowered, plan }, tagFields, context),
      aliases: {},
      tags: {},
      json: false,
    }),
    warnings,
  }
}

interface Opened {
  readonly slot: number
  readonly read: ReturnType<typeof parsedText>
}

class ParserReader implements Reader {
  readonly #parser: LoweredParser
  readonly #tags: ReadonlySet<string>
  readonly #each: ReturnType<typeof eachRow>
  readonly #raw: readonly string[]
  readonly #opened: readonly Opened[]
  readonly #slots: readonly number[]
  readonly #decided: (name: string) => boolean

  constructor(parser: LoweredParser, tagFields: readonly string[], context: FormatContext) {
    this.#parser = parser
    this.#tags = new Set(tagFields)
    const now = BigInt(Date.UTC(context.year, 11, 31)) * 1000n
    const env: Env = { now, start: 0n, end: now, zone: context.zone }
    this.#each = eachRow(parser.plan, env, 'events')
    const { from } = parser.plan.out
    this.#raw = from.kind === 'source' ? from.columns.map((c) => (c.from.kind === 'meta' ? c.from.name : '')) : []
    const slot = (id: string): number => this.#each.layout.get(id) ?? -1
    this.#slots = parser.names.map((_, i) => slot(`out${i}`))
    const first = parser.names.length
    this.#opened = parser.opened.map((o, i) => ({ slot: slot(`out${first + i}`), read: parsedText(o.consts) }))
    const names = new Set([...parser.names, ...parser.removed])
    const arrays = [...names].filter((n) => n.endsWith('[]')).map((n) => n.slice(0, -1))
    this.#decided = (name) => names.has(name) || arrays.some((a) => name.startsWith(a))
  }

  read(record: string): ReturnType<Reader['read']> {
    if (record.trim() === '') return { skip: 'blank' }
    const row: Value[] = this.#raw.map((name) => (name === 'raw' ? record : null))
    const [result] = this.#each.run(row)
    return result ? this.#event(result, record) : { skip: 'dropped by the parser' }
  }

  #event(row: readonly Value[], record: string): Event {
    const fields = new Map<string, string>()
    let time: bigint | undefined
    let raw: string | undefined
    this.#parser.names.forEach((name, i) => {
      const value = row[this.#slots[i] as number] ?? null
      if (Array.isArray(value)) for (const [j, v] of value.entries()) fields.set(`${name.slice(0, -1)}${j}]`, String(v))
      else if (value !== null) {
        const text = String(value)
        if (name === '@timestamp') time = /^-?\d+$/.test(text) ? BigInt(text) * 1000n : undefined
        else if (name === '@rawstring') raw = text
        else fields.set(this.#tags.has(name) ? `#${name}` : name, text)
      }
    })
    this.#parser.opened.forEach(({ prefix, removed, wins }, i) => {
      const { slot, read } = this.#opened[i] as Opened
      const text = row[slot] ?? null
      if (typeof text !== 'string') return
      for (const [own, value] of read(text) ?? []) {
        const cut = removed.find((r) => own.startsWith(r))
        const name = `${prefix}${cut === undefined ? own : own.slice(cut.length)}`
        const shown = this.#tags.has(name) ? `#${name}` : name
        if (!this.#decided(name) && (wins || !fields.has(shown))) fields.set(shown, value)
      }
    })
    return { fields, time, ...(raw === undefined || raw === record ? {} : { raw }) }
  }
}
