// Diagnostics as text (plain is the golden form, ANSI the same with colour) and as JSON objects.
import { positionAt, type Source, toHost } from '../text/source.ts'
import type { Diagnostic, Place, Severity } from './diagnostic.ts'

export interface RenderOptions {
  readonly colour: boolean
  /** Columns of source text shown at most; longer lines are cut around the span. */
  readonly width?: number
  /** Only what and where, on one line. */
  readonly brief?: boolean
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
export function renderDiagnostic(d: Diagnostic, { colour, width = 110, brief = false }: RenderOptions): string {
  const lines = [
    `${paint(colour, d.severity, `${d.severity}[${d.code}]`)}: ${paint(colour, 'bold', visible(d.message))}`,
  ]
  if (brief)
    return `${lines[0]}${d.at.kind === 'none' ? '' : renderPlace(d.at, undefined, width)[0]?.replace('  -->', ' at')}`
  lines.push(...renderPlace(d.at, colour ? d.severity : undefined, width))
  for (const label of d.also) lines.push(...renderPlace(label.at, undefined, width, label.text))
  const detail = (word: string, text: string) =>
    lines.push(`  ${paint(colour, 'dim', `${word}:`)} ${visible(text).replaceAll('\n', '\n       ')}`)
  if (d.why) detail('why', d.why)
  if (d.remedy) detail('fix', d.remedy)
  for (const note of d.notes) detail('note', note)
  return lines.join('\n')
}

function renderPlace(at: Place, severity: Severity | undefined, width: number, text = ''): string[] {
  if (at.kind === 'none') return text ? [`  ${text}`] : []
  if (at.kind === 'log')
    return [`  --> ${visible(at.file)}${at.line === undefined ? '' : `:${at.line}`}${text ? `  ${text}` : ''}`]
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
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(before)}${severity ? paint(true, severity, marker) : marker}${text ? ` ${text}` : ''}`,
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
  return { shown: line.slice(offset, offset + width), offset }
}

/** Control characters of foreign text must not reach a terminal. */
export const visible = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\u00b7').replaceAll('\t', ' ')

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
