// A changed query back in its host. Where each change belongs is known from the pieces; how the host writes it is tried, and read again.
import { differences } from '../../text/unified-diff.ts'
import { hostSpan, type Source, type Span } from '../../text/source.ts'
import { queriesIn } from './embedded.ts'

/** How hosts write a text: as it is, with escapes, with doubled quotes. */
const WAYS: readonly ((text: string, lineEnd: string) => string)[] = [
  (text, lineEnd) => text.replaceAll('\n', lineEnd),
  (text) => JSON.stringify(text).slice(1, -1),
  (text, lineEnd) => text.replaceAll("'", "''").replaceAll('\n', lineEnd),
]

/** The host with another text for one of its queries, the rest as it was. Undefined: the host cannot have this text at this place. */
export function withQuery(host: Source, index: number, text: string): string | undefined {
  const before = queriesIn(host) ?? []
  const query = before[index]?.source
  if (!query) return undefined
  const expected = before.map((q, i) => `${q.language} ${i === index ? text : q.source.text}`)
  const edits = editsOf(query.text, text).map((e) => ({ at: hostSpan(query, e.at), text: e.text }))
  for (const way of WAYS) {
    let changed = host.text
    for (const { at, text: added } of edits.toReversed())
      changed = changed.slice(0, at.start) + way(added, lineEnd(host.text, at.start)) + changed.slice(at.end)
    const after = queriesIn({ ...host, text: changed }) ?? []
    if (after.length === expected.length && after.every((q, i) => `${q.language} ${q.source.text}` === expected[i]))
      return changed
  }
  return undefined
}

/** A line end and the indentation of the line. */
function lineEnd(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const indentation = /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? ''
  return (text.includes('\r\n') ? '\r\n' : '\n') + indentation
}

const tokens = (text: string): readonly string[] => text.match(/\w+|\n|[^\S\n]+|[^\w\s]/g) ?? []

function editsOf(before: string, after: string): { at: Span; text: string }[] {
  const edits: { at: Span; text: string }[] = []
  let offset = 0
  let isOpen = false
  for (const { sign, text } of differences(tokens(before), tokens(after))) {
    const length = sign === '+' ? 0 : text.length
    const last = isOpen ? edits.pop() : undefined
    isOpen = sign !== ' '
    if (isOpen)
      edits.push({
        at: { start: last?.at.start ?? offset, end: offset + length },
        text: (last?.text ?? '') + (sign === '+' ? text : ''),
      })
    else if (last) edits.push(last)
    offset += length
  }
  return edits
}
