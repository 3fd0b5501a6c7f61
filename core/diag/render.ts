// Diagnostics as text (plain is the golden form, ANSI the same with colour) and as JSON objects.
import { printForeign } from '../text/foreign.ts'
import { positionAt, type Source, toHost } from '../text/source.ts'
import type { Diagnostic, Place, Severity } from './diagnostic.ts'

interface RenderOptions {
  readonly colour: boolean
  /** Columns of source text shown at most; longer lines are cut around the span. */
  readonly width?: number
  /** Only message and place, on one line. */
  readonly brief?: boolean
  /** All diagnostics are printed; those beyond the limit of a code on one line each. */
  readonly all?: boolean
  /** Reasons and remedies that were already printed. They are left out, and new ones are added to the set. */
  readonly said?: Set<string>
}

const COLOURS: Record<Severity | 'dim' | 'bold', string> = {
  error: '\u001b[31m',
  warning: '\u001b[33m',
  info: '\u001b[36m',
  dim: '\u001b[2m',
  bold: '\u001b[1m',
}
const paint = (on: boolean, colour: keyof typeof COLOURS, text: string): string =>
  on ? `${COLOURS[colour]}${text}\u001b[0m` : text

/** One diagnostic, several lines, no trailing newline. */
export function renderDiagnostic(d: Diagnostic, options: RenderOptions): string {
  const { colour, width = 110, brief = false, said } = options
  const message = shortened(d.message, MOST_QUOTED)
  const lines = [`${paint(colour, d.severity, `${d.severity}[${d.code}]`)}: ${paint(colour, 'bold', visible(message))}`]
  if (brief) {
    const place = renderPlace(d.at, undefined, width)[0]?.replace('  --> ', '')
    return place === undefined ? (lines[0] as string) : `${lines[0]} (${place})`
  }
  lines.push(...renderPlace(d.at, colour ? d.severity : undefined, width))
  for (const label of d.also) lines.push(...renderPlace(label.at, undefined, width, label.text))
  const detail = (word: string, text: string) => {
    if (said?.has(text)) return
    said?.add(text)
    const short = shortened(text, MOST_REWRITE)
    lines.push(`  ${paint(colour, 'dim', `${word}:`)} ${visible(short).replaceAll('\n', '\n       ')}`)
  }
  if (d.why) detail('why', d.why)
  if (d.remedy) detail('fix', d.remedy)
  for (const note of d.notes) detail('note', note)
  return lines.join('\n')
}

function renderPlace(at: Place, severity: Severity | undefined, width: number, text = ''): string[] {
  if (at.kind === 'none') return text ? [`  ${visible(text)}`] : []
  if (at.kind === 'log')
    return [`  --> ${visible(at.file)}${at.line === undefined ? '' : `:${at.line}`}${text ? `  ${visible(text)}` : ''}`]
  const { source, span } = toHost(at.source, at.span)
  const { line, column } = positionAt(source.text, span.start)
  const { shown, offset } = excerpt(source, span.start, width)
  const gutter = String(line)
  const length = Math.max(1, Math.min(span.end, lineEnd(source.text, span.start)) - span.start)
  const before = visible(shown.slice(0, column - 1 - offset)).length
  const marker = '~'.repeat(Math.max(1, visible(shown.slice(column - 1 - offset, column - 1 - offset + length)).length))
  return [
    `  --> ${visible(source.name)}:${line}:${column}`,
    `  ${gutter} | ${visible(shown)}`,
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(before)}${severity ? paint(true, severity, marker) : marker}${text ? ` ${visible(text)}` : ''}`,
  ]
}

const lineStart = (text: string, at: number): number =>
  Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1
function lineEnd(text: string, at: number): number {
  const end = text.slice(at).search(/[\r\n]/)
  return end < 0 ? text.length : at + end
}

function excerpt(source: Source, at: number, width: number): { shown: string; offset: number } {
  const start = lineStart(source.text, at)
  const line = source.text.slice(start, lineEnd(source.text, at))
  if (line.length <= width) return { shown: line, offset: 0 }
  const offset = Math.max(0, Math.min(at - start - 20, line.length - width))
  const isCut = offset + width < line.length
  const inside = line.slice(offset + (offset > 0 ? 1 : 0), offset + width - (isCut ? 1 : 0))
  return { shown: `${offset > 0 ? '…' : ''}${inside}${isCut ? '…' : ''}`, offset }
}

const visible = (text: string): string => printForeign(text, 'terminal')

/** Most characters of a quotation, of a proposed rewrite, and of any text. */
const MOST_QUOTED = 120
const MOST_REWRITE = 480
const MOST_TEXT = 1000

/** Shortens quotations in backticks in the middle, so that a long quotation cannot hide the message. */
function shortened(text: string, most: number): string {
  const cut = (s: string, n: number): string => `${s.slice(0, n - 20)} … ${s.slice(-20)}`
  const quoted = text.replace(/`[^`]+`/g, (q) => (q.length > most ? cut(q, most) : q))
  return quoted.length > MOST_TEXT ? cut(quoted, MOST_TEXT) : quoted
}

/** Diagnostics of one code that are printed in full; a broken text can have thousands. */
const MOST_OF_A_KIND = 8

/** Two queries over the same logs say the same of these. */
function distinct(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const keys = new Set<string>()
  return all.filter((d) => {
    const key = [d.code, d.message, ...renderPlace(d.at, undefined, 80)].join('\n')
    const isNew = !keys.has(key)
    keys.add(key)
    return isNew
  })
}

/** Diagnostics for a reader, one text each. Reasons and remedies are printed once, and at most a few diagnostics of each code. */
export function renderDiagnostics(all: readonly Diagnostic[], options: RenderOptions): string[] {
  const said = options.said ?? new Set<string>()
  const seen = new Map<string, number>()
  const shown = distinct(all).flatMap((d) => {
    const n = (seen.get(d.code) ?? 0) + 1
    seen.set(d.code, n)
    const brief = options.brief ?? d.severity === 'info'
    if (n > MOST_OF_A_KIND) return options.all ? [renderDiagnostic(d, { ...options, brief: true })] : []
    return [renderDiagnostic(d, { ...options, brief, said })]
  })
  if (options.all) return shown
  const left = [...seen].flatMap(([code, n]) => (n > MOST_OF_A_KIND ? [`${n - MOST_OF_A_KIND} more ${code}`] : []))
  return left.length === 0 ? shown : [...shown, `(${left.join(', ')} not shown; --report and --format json have all)`]
}

/** The same record for tools: place as file, line, column (1-based) and offsets in the outermost text. */
export function diagnosticToJson(d: Diagnostic): Record<string, unknown> {
  return {
    code: d.code,
    slug: d.slug,
    severity: d.severity,
    message: d.message,
    why: d.why,
    remedy: d.remedy,
    ...placeToJson(d.at),
    ...(d.notes.length > 0 && { notes: d.notes }),
    ...(d.also.length > 0 && { also: d.also.map((l) => ({ text: l.text, ...placeToJson(l.at) })) }),
    ...(d.fixes.length > 0 && { fixes: d.fixes.map((f) => ({ title: f.title, safety: f.safety, edits: f.edits })) }),
    data: d.data,
  }
}

function placeToJson(at: Place): Record<string, unknown> {
  if (at.kind === 'none') return {}
  if (at.kind === 'log') return { file: at.file, ...(at.line !== undefined && { line: at.line }) }
  const { source, span } = toHost(at.source, at.span)
  const start = positionAt(source.text, span.start)
  const end = positionAt(source.text, span.end)
  return {
    file: source.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    start: span.start,
    end: span.end,
  }
}
