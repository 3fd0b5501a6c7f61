// A text of several lines that its host indents, folds or quotes: each line of the host is found again in the text.
import type { Piece } from '../../text/source.ts'

/** `text`: the value as the host's parser gives it. `start` and `end`: the lines of the host that hold it. */
export function piecesByLine(text: string, host: string, start: number, end: number): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let from = start
  while (from < end) {
    const stop = host.indexOf('\n', from)
    const next = stop < 0 || stop > end ? end : stop
    const line = host.slice(from, next).replace(/\r$/, '')
    const indent = line.length - line.trimStart().length
    const content = line.trim()
    const found = content === '' ? -1 : text.indexOf(content, at)
    if (found >= 0) {
      // Spaces that belong to the text come before the content in both.
      let lead = 0
      while (lead < indent && found - lead - 1 >= at && text[found - lead - 1] === line[indent - lead - 1]) lead++
      const length = content.length + lead
      pieces.push({ start: found - lead, length: length + 1, hostStart: from + indent - lead })
      at = found + content.length
    }
    from = next + 1
  }
  return pieces.length > 0 ? pieces : [{ start: 0, length: text.length, hostStart: start }]
}
