// Template variables: `{{name}}` and `$$name` are text that a dashboard replaces before a search runs.
import type { Piece, Source } from '../../../text/source.ts'

const HOLE = /\{\{\s*([^{}|]+?)\s*(?:\|[^{}]*)?\}\}|\$\$(\w+)/g

/** Names of the template variables in a text, in order, once each. */
export function templateNames(text: string): string[] {
  return [...new Set([...text.matchAll(HOLE)].map((m) => (m[1] ?? m[2]) as string))]
}

/**
 * The source with the variables that have a value replaced; the result knows its places in the original.
 * Without any it is the source itself.
 */
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
    const value = values.get((m[1] ?? m[2]) as string)
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
