// The line at which a text that is no YAML goes wrong. A parser notices it later, and says something about each line that follows.
import type { Span } from '../text/source.ts'
import { type YamlLine, yamlLines } from './lines.ts'

export interface OddLine {
  readonly problem: string
  readonly remedy: string
  readonly at: Span
}

/** A line in a column of its own, an item without its hyphen, a key without its colon. Undefined: the columns and items are regular. */
export function oddLine(text: string): OddLine | undefined {
  const columns: number[] = []
  const lines = yamlLines(text).filter((l) => !l.inBlock && (l.key || l.item || l.value))
  const counts = new Map<number, number>()
  for (const { indent } of lines) counts.set(indent, (counts.get(indent) ?? 0) + 1)
  const uses = ({ indent }: YamlLine): number => counts.get(indent) ?? 0
  let above: YamlLine[] = []
  let document = 0
  for (const line of lines) {
    if (line.document !== document) {
      document = line.document
      columns.length = 0
      above = []
    }
    const last = above.at(-1)
    if (last && line.indent < last.indent && !columns.includes(line.indent)) {
      const outer = above.findLast((l) => l.indent < line.indent)
      const odd = outer && uses(outer) < uses(line) ? outer : line
      return {
        problem: 'the line begins in another column than the lines beside it',
        remedy: 'put as many blanks before it as before the lines beside it',
        at: contentOf(text, odd),
      }
    }
    if (last && isText(last) && line.indent > last.indent && (line.item || line.key))
      return { problem: 'a key ends with `:`', remedy: 'write `:` at its end', at: contentOf(text, last) }
    const lost = last && lostHyphen(line, last, above)
    if (lost)
      return {
        problem: 'an item of a list begins with `- `',
        remedy: 'write `- ` before it',
        at: contentOf(text, lost),
      }
    while (columns.length > 0 && (columns.at(-1) as number) > line.indent) columns.pop()
    while (above.length > 0 && (above.at(-1) as YamlLine).indent > line.indent) above.pop()
    above.push(line)
    columns.push(line.indent, ...(line.item && line.key ? [line.key.span.start - line.span.start] : []))
  }
  return undefined
}

/** The line in one column with items that is none. `key:` may be above its items. */
function lostHyphen(line: YamlLine, last: YamlLine, above: readonly YamlLine[]): YamlLine | undefined {
  if (line.item) {
    const before = above.findLast((l) => l.indent <= line.indent)
    return before && before.indent === line.indent && !before.item && (before.value || before !== last)
      ? before
      : undefined
  }
  return last.item && last.indent === line.indent && !line.key ? line : undefined
}

const isText = ({ key, item, value }: YamlLine): boolean => !key && !item && value !== undefined && !value.quoted

const contentOf = (text: string, { span, indent }: YamlLine): Span => ({
  start: Math.min(span.start + indent, text.length),
  end: span.end,
})
