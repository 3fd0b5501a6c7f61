// A case file is a page: Markdown whose fenced blocks are telemetry, queries and expectations. Blocks before the first `##` belong to all
// cases. Each `##` is one case. Cases share nothing else.
import type { Piece, Source, Span } from '../../text/source.ts'
import { lineCounter } from '../../text/source.ts'

export interface Block {
  /** The word after the fence: `events`, `raw`, `cql`, `sumo`, `result`, `fires`, `quiet`, `diagnostics`, `clock`, … */
  readonly kind: string
  /** The other words after the fence: `name=value`, or a flag such as `ordered`. */
  readonly options: ReadonlyMap<string, string>
  /** The body as a source. Its places are reported as places of the page. */
  readonly source: Source
  /** The place of the body in the page. */
  readonly body: Span
  /** 1-based line of the fence. */
  readonly line: number
}

export interface Case {
  readonly title: string
  readonly line: number
  readonly prose: string
  /** `skip: reason` under the heading. */
  readonly skip: string | undefined
  /** `todo: reason`: the case must fail, and breaks the run when it starts to pass. */
  readonly todo: string | undefined
  /** `validates: GUID`: the telemetry is a recording of this validation test. */
  readonly validates: string | undefined
  readonly blocks: readonly Block[]
}

export interface CaseFile {
  readonly source: Source
  readonly title: string
  readonly shared: readonly Block[]
  readonly cases: readonly Case[]
}

interface Draft {
  title: string
  line: number
  prose: string[]
  blocks: Block[]
}

/** Reads a page. Text outside headings and fences is prose. A fence that is not closed extends to the end. */
export function parseCaseFile(source: Source): CaseFile {
  const { text } = source
  const shared: Draft = { title: source.name, line: 1, prose: [], blocks: [] }
  const drafts: Draft[] = []
  let current = shared
  const lineOf = lineCounter(text)
  let offset = 0
  while (offset < text.length) {
    const line = lineAt(text, offset)
    const fence = /^( {0,3})(`{3,}|~{3,})(.*)$/.exec(line.text)
    if (fence) {
      const block = readBlock(source, lineOf(offset), line.next, fence)
      current.blocks.push(block.block)
      offset = block.next
      continue
    }
    const heading = /^(#{1,2})\s(.*)$/.exec(line.text)
    const title = titleOf(heading?.[2] ?? '')
    if (heading?.[1] === '#') shared.title = title
    else if (heading) {
      current = { title, line: lineOf(offset), prose: [], blocks: [] }
      drafts.push(current)
    } else current.prose.push(line.text)
    offset = line.next
  }
  return { source, title: shared.title, shared: shared.blocks, cases: drafts.map(finish) }
}

/** The words of a heading, without the marks that may close it. One pattern for both would try all ways to share long white space. */
function titleOf(text: string): string {
  const trimmed = text.trim()
  let end = trimmed.length
  while (trimmed[end - 1] === '#') end--
  return trimmed.slice(0, end).trimEnd()
}

function finish({ title, line, prose, blocks }: Draft): Case {
  const word = (name: string) =>
    prose.map((p) => new RegExp(`^${name}:\\s*(.*)$`, 'i').exec(p.trim())?.[1]).find((w) => w !== undefined)
  const words = { skip: word('skip'), todo: word('todo'), validates: word('validates') }
  return { title, line, prose: prose.join('\n').trim(), ...words, blocks }
}

function lineAt(text: string, offset: number): { text: string; next: number } {
  const end = text.indexOf('\n', offset)
  const stop = end < 0 ? text.length : end
  return { text: text.slice(offset, stop).replace(/\r$/, ''), next: end < 0 ? text.length : end + 1 }
}

function readBlock(source: Source, line: number, bodyStart: number, fence: RegExpExecArray) {
  const [, indent = '', marks = '', info = ''] = fence
  const closing = new RegExp(`^ {0,3}${marks[0]}{${marks.length},}\\s*$`)
  const pieces: Piece[] = []
  let body = ''
  let offset = bodyStart
  let bodyEnd = bodyStart
  while (offset < source.text.length) {
    const { text, next } = lineAt(source.text, offset)
    if (closing.test(text)) {
      offset = next
      break
    }
    const strip = indent.length > 0 && text.startsWith(indent) ? indent.length : 0
    const content = text.slice(strip)
    pieces.push({ start: body.length, length: content.length + 1, hostStart: offset + strip })
    body += `${content}\n`
    offset = next
    bodyEnd = offset
  }
  const [kind = '', ...words] = info.trim().split(/\s+/)
  const options = new Map(
    words.filter(Boolean).map((w) => {
      const eq = w.indexOf('=')
      return eq < 0 ? [w, ''] : [w.slice(0, eq), w.slice(eq + 1)]
    }),
  )
  const block: Block = {
    kind,
    options,
    source: { name: source.name, text: body, host: { source, pieces } },
    body: { start: bodyStart, end: bodyEnd },
    line,
  }
  return { block, next: offset }
}

/** The page with new bodies for some blocks. Every other byte is unchanged. */
export function withBodies(
  source: Source,
  bodies: readonly { readonly block: Block; readonly body: string }[],
): string {
  let text = source.text
  for (const { block, body } of [...bodies].sort((a, b) => b.block.body.start - a.block.body.start)) {
    text = text.slice(0, block.body.start) + body + text.slice(block.body.end)
  }
  return text
}
