// Template variables: `{{name}}`, `{{{name}}}` and `$$name` are text that a dashboard replaces before a search runs.
import type { Piece, Source } from '../../../text/source.ts'

export const HOLE = /\{\{\{\s*([^{}|]+?)\s*(?:\|[^{}]*)?\}\}\}|\{\{\s*([^{}|]+?)\s*(?:\|[^{}]*)?\}\}|\$\$(\w+)/g

/** Where the variable that begins at `at` with two or three braces ends; undefined: never. */
export function holeEnd(text: string, at: number): number | undefined {
  const braces = text.startsWith('{{{', at) ? '}}}' : '}}'
  const close = text.indexOf(braces, at)
  return close < 0 ? undefined : close + braces.length
}

/** The name of a variable as written. */
export const holeName = (text: string): string => text.replace(/^\{\{\{?\s*|(?<!\s)\s*\}?\}\}$|^\$\$?/g, '')

/** Replaces the variables that have a value. Places in the result lead back to the original. */
export function fillTemplates(source: Source, values: ReadonlyMap<string, string>): Source {
  const pieces: Piece[] = []
  let text = ''
  let hostAt = 0
  const keep = (end: number): void => {
    if (end > hostAt) pieces.push({ start: text.length, length: end - hostAt, hostStart: hostAt })
    text += source.text.slice(hostAt, end)
    hostAt = end
  }
  for (const m of source.text.matchAll(HOLE)) {
    const value = values.get((m[1] ?? m[2] ?? m[3]) as string)
    if (value === undefined) continue
    keep(m.index)
    pieces.push({ start: text.length, length: 0, hostStart: m.index })
    text += value
    hostAt = m.index + m[0].length
  }
  if (hostAt === 0) return source
  keep(source.text.length)
  return { name: source.name, text, host: { source, pieces } }
}
