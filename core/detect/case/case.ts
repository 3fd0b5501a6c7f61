// Prepares a case for an executor, which the caller chooses. `judge.ts` compares its result with the expectation.
import { renderDiagnostic } from '../../diag/render.ts'
import type { Env, Plan, Row, SourceNode } from '../../plan/plan.ts'
import type { Result } from '../../diag/result.ts'
import type { LogFormat } from '../../logs/format.ts'
import { formatNamed, plainText, recognise } from '../../logs/registry.ts'
import { isLookup } from '../../plan/sources.ts'
import { type Compiled, languageNamed, languageOfFile, readLanguages } from '../../workbench/compile.ts'
import { extractionFormat, isExtractionRule } from '../../workbench/extraction-rule.ts'
import { parserFormat, parserScript } from '../../workbench/parser-format.ts'
import type { ParserScript } from '../../workbench/parser-script.ts'
import { parseInstant } from '../../workbench/interval.ts'
import type { ReadLanguage } from '../../workbench/language.ts'
import { byName } from '../../text/by-name.ts'
import type { Source } from '../../text/source.ts'
import { blockText, fileText, type Problem, type ReadFile } from './block-text.ts'
import type { Block, Case, CaseFile } from './case-file.ts'
import { type Lookups, readLookupBlocks } from './case-lookups.ts'
import { caseRows } from './case-rows.ts'
import { type CompileText, compileAndOptimise } from './compile-text.ts'
import { type ReadEvents, readEvents } from './read-events.ts'

/** A query of a case with its telemetry, ready to be run. */
export interface Prepared {
  readonly block: Block
  readonly compiled: Compiled
  readonly plan: Plan | undefined
  readonly env: Env
  readonly rows: (source: SourceNode) => Row[]
  /** The expectation: the blocks between this query and the next. */
  readonly expected: readonly Block[]
}

export interface PreparedCase {
  readonly case: Case
  readonly queries: readonly Prepared[]
  readonly problems: readonly Problem[]
}

const EXPECTATIONS = new Set(['diagnostics', 'fires', 'quiet', 'result'])
const TELEMETRY = new Set(['events', 'raw'])
/** Other words for a block, and the word that is meant. A block of any other kind is prose. */
const MEANT = byName({
  event: 'events',
  input: 'events',
  log: 'events',
  logs: 'events',
  telemetry: 'events',
  expect: 'result',
  expected: 'result',
  output: 'result',
  results: 'result',
  rows: 'result',
  diagnostic: 'diagnostics',
  fire: 'fires',
  silent: 'quiet',
})

/** The telemetry and settings of a case, read once for all queries that are tried on it. */
export interface OpenCase {
  readonly case: Case
  readonly blocks: readonly Block[]
  readonly telemetry: readonly ReadEvents[]
  /** Rows of the telemetry. */
  readonly rows: (source: SourceNode) => Row[]
  /** Names of all fields in the telemetry. */
  readonly fields: readonly string[]
  readonly env: Env
  readonly lookups: Lookups
  readonly problems: readonly Problem[]
}

export function openCase(file: CaseFile, c: Case, readFile: ReadFile): OpenCase {
  const problems: Problem[] = []
  const blocks = [...file.shared, ...c.blocks]
  for (const { kind, line } of blocks) {
    const meant = MEANT[kind]
    if (meant === undefined) continue
    problems.push({ line, what: `a case has no block called \`${kind}\``, detail: [`fix: write \`${meant}\``] })
  }
  const clock = readClock(blocks, problems)
  const telemetry = readTelemetry(blocks, clock, readFile, problems)
  const times = telemetry.flatMap((t) => t.events.flatMap((e) => (e.event.time === undefined ? [] : [e.event.time])))
  const lookups = readLookupBlocks(blocks, readFile, problems)
  const env = envOf(clock, times)
  const fields = fieldNames(telemetry)
  return { case: c, blocks, telemetry, rows: caseRows(telemetry, env), fields, env, lookups, problems }
}

/** `compileText`: the cases of a page share it, so a query of many cases is compiled once. */
export function prepareCase(
  file: CaseFile,
  c: Case,
  readFile: ReadFile,
  compileText: CompileText = compileAndOptimise,
): PreparedCase {
  const open = openCase(file, c, readFile)
  const problems = [...open.problems]
  const queries: Prepared[] = []
  for (const block of queryBlocks(open)) {
    const text = blockText(block, readFile, problems)
    const query = prepareQuery(open, block, text ?? '', compileText)
    if (query.expected.length === 0)
      problems.push({
        line: block.line,
        what: 'the case has no expectation for this query',
        detail: ['fix: add a `result`, `fires`, `quiet` or `diagnostics` block below the query'],
      })
    if (text !== undefined) queries.push(query)
  }
  if (queries.length === 0)
    problems.push({
      line: open.case.line,
      what: 'the case has no query',
      detail: [`fix: add a block whose first word is a language: ${readLanguages.map((l) => l.id).join(', ')}`],
    })
  return { case: open.case, queries, problems }
}

/** The blocks of a case that hold queries to run. */
export const queryBlocks = ({ blocks }: OpenCase): Block[] =>
  blocks.filter((b) => languageNamed(b.kind) !== undefined && !isSaved(b))

/** Field names of the events, and the other names that their formats answer. */
function fieldNames(telemetry: readonly ReadEvents[]): string[] {
  const names = new Set<string>()
  for (const { format, events, tags } of telemetry) {
    for (const name of [...Object.keys(format?.aliases ?? {}), ...Object.keys(tags)]) names.add(name)
    for (const { event } of events) for (const name of event.fields.keys()) names.add(name)
  }
  return [...names]
}

/** One query of a case. The caller has read its text from the block or its file. */
export function prepareQuery(
  { blocks, rows, fields, env, lookups }: OpenCase,
  block: Block,
  text: string,
  compileText: CompileText,
): Prepared {
  const path = block.options.get('file')
  const source: Source = path === undefined ? block.source : { name: path, text }
  const language = (path && languageOfFile(path)) || (languageNamed(block.kind) as ReadLanguage)
  const options = [...block.options]
  const { compiled, plan } = compileText(source, language.id, {
    strict: block.options.has('strict'),
    context: {
      interval: env,
      zone: env.zone,
      ...(language.read.foldsNames ? { fields } : {}),
      lookups: lookups.known,
      saved: Object.fromEntries(
        blocks.flatMap((b) => (isSaved(b) ? [[b.options.get('saved') ?? '', b.source.text] as const] : [])),
      ),
      semantics: Object.fromEntries(options.filter(([k]) => language.read.semantics.some((s) => s.id === k))),
      parameters: Object.fromEntries(options.filter(([k]) => k.startsWith('?')).map(([k, v]) => [k.slice(1), v])),
    },
  })
  const i = blocks.indexOf(block)
  const next = blocks.findIndex((b, j) => j > i && languageNamed(b.kind) && !isSaved(b))
  return {
    block,
    compiled,
    plan,
    env,
    rows: (s) => (isLookup(s) ? lookups.rows(s) : rows(s)),
    expected: blocks.slice(i + 1, next < 0 ? blocks.length : next).filter((b) => EXPECTATIONS.has(b.kind)),
  }
}

/** ```cql saved=Name: a query that other queries call by its name. */
const isSaved = (b: Block): boolean => b.options.has('saved')

interface Clock {
  readonly now: bigint | undefined
  readonly from: bigint | undefined
  readonly to: bigint | undefined
  readonly zone: string
}

function readClock(blocks: readonly Block[], problems: Problem[]): Clock {
  const clock: Record<string, string> = {}
  const block = blocks.filter((b) => b.kind === 'clock').at(-1)
  for (const line of block?.source.text.split('\n') ?? []) {
    const m = /^\s*(now|from|to|zone):\s*(.+?)\s*$/.exec(line)
    if (m) clock[m[1] as string] = m[2] as string
    else if (line.trim() && block)
      problems.push({
        line: block.line,
        what: `unknown clock setting: ${line.trim()}`,
        detail: ['fix: use now:, from:, to: or zone:'],
      })
  }
  const zone = clock['zone'] ?? 'UTC'
  const instant = (name: string): bigint | undefined => {
    const text = clock[name]
    if (text === undefined) return undefined
    const at = parseInstant(text, zone)
    if (at === undefined && block)
      problems.push({
        line: block.line,
        what: `not a time: ${text}`,
        detail: ['fix: write a time such as 2026-03-02T14:00:00Z'],
      })
    return at
  }
  return { now: instant('now'), from: instant('from'), to: instant('to'), zone }
}

function envOf(clock: Clock, times: readonly bigint[]): Env {
  const first = times.reduce((a, b) => (b < a ? b : a), times[0] ?? 0n)
  const last = times.reduce((a, b) => (b > a ? b : a), times[0] ?? 0n)
  const start = clock.from ?? first
  const end = clock.to ?? last + 1n
  return { now: clock.now ?? clock.to ?? last, start, end, zone: clock.zone }
}

function readTelemetry(blocks: readonly Block[], clock: Clock, readFile: ReadFile, problems: Problem[]): ReadEvents[] {
  const all: ReadEvents[] = []
  let from = 0n
  for (const block of blocks) {
    if (!TELEMETRY.has(block.kind)) continue
    const path = block.options.get('file')
    const text = blockText(block, readFile, problems)
    if (text === undefined) continue
    const category = block.options.get('category')
    const repo = block.options.get('repo')
    const year = block.options.get('year')
    const notAfter = clock.now ?? clock.to
    const read = readEvents(repeated(text, block, problems), {
      file: path ?? block.source.name,
      format: parserOf(block, text, readFile, problems) ?? block.options.get('format'),
      context: {
        zone: block.options.get('zone') ?? 'UTC',
        year: 1970,
      },
      anchor:
        year === undefined && notAfter === undefined
          ? undefined
          : { notAfter: notAfter ?? 0n, ...(year !== undefined && { year: Number(year) }) },
      tags: { ...metadata(block), ...(category && { _sourceCategory: category }), ...(repo && { '#repo': repo }) },
      from,
    })
    from += BigInt(read.events.length + read.unparsed.length)
    if (!read.format)
      problems.push({
        line: block.line,
        what: 'this telemetry has an unknown format',
        detail: ['fix: name the format with `format=` in the first line of the block'],
      })
    else if (read.needsYear)
      problems.push({
        line: block.line,
        what: 'stamps of this telemetry lack the year',
        detail: ['fix: write `year=2026` in the first line of the block, or `now:` in a clock block'],
      })
    else if (read.events.length === 0 && read.bad.length === 0 && text.trim() !== '')
      problems.push({
        line: block.line,
        what: `this telemetry has no event, read as ${read.format.name}`,
        detail: ['fix: name the format with `format=` in the first line of the block, or remove the block'],
      })
    for (const bad of read.bad) {
      if (!block.options.has('bad'))
        problems.push({
          line: block.line + bad.line,
          what: `a record could not be read: ${bad.reason}`,
          detail: [
            'fix: correct the record, or add `bad` to the first line of the block if the case tests bad records',
          ],
        })
    }
    all.push(read)
  }
  return all
}

/** `@name=value`: metadata of any name, as after a file on the command line. */
const metadata = (block: Block): Record<string, string> =>
  Object.fromEntries([...block.options].flatMap(([k, v]) => (k.startsWith('@') ? [[k.slice(1), v]] : [])))

/** `parser=FILE`: the script or rule for fields that reads the telemetry; undefined: none, or `problems` has the reason. */
function parserOf(block: Block, telemetry: string, readFile: ReadFile, problems: Problem[]): LogFormat | undefined {
  const path = block.options.get('parser')
  const text = path === undefined ? undefined : fileText(path, block, readFile, problems)
  if (path === undefined || text === undefined) return undefined
  const script = parserScript({ name: path, text })
  const format = script.ok ? formatBy(script.value, block.options.get('format'), telemetry) : script
  if (format.ok) return format.value
  const detail = format.diagnostics.flatMap((d) => renderDiagnostic(d, { colour: false }).split('\n'))
  problems.push({ line: block.line, what: `the parser ${path} is refused`, detail })
  return undefined
}

/** A rule for fields adds to the format that the telemetry has. */
function formatBy(script: ParserScript, named: string | undefined, telemetry: string): Result<LogFormat> {
  if (!isExtractionRule(script.source)) return parserFormat(script)
  const base = named === undefined ? recognise(telemetry.split('\n'))[0]?.format : formatNamed(named)
  return extractionFormat(script.source, base ?? plainText)
}

/** `repeat=N`: the telemetry N times, with the number of the repetition for `{n}`. */
function repeated(text: string, block: Block, problems: Problem[]): string {
  const times = block.options.get('repeat')
  if (times === undefined) return text
  if (/^[1-9]\d{0,5}$/.test(times))
    return Array.from({ length: Number(times) }, (_, i) => text.replaceAll('{n}', String(i + 1))).join('')
  problems.push({
    line: block.line,
    what: `not a number of repeats: repeat=${times}`,
    detail: ['fix: write a number from 1 to 999999'],
  })
  return text
}
