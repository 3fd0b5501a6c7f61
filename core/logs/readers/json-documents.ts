// Cuts a text into its JSON objects without reading them: the elements of an array, or one object after another, pretty-printed or not.

export interface Piece {
  readonly record: string
  /** 1-based. */
  readonly line: number
}

/** The record for the missing end of an array; the JSON reader calls it cut off. */
const UNFINISHED = '['

/**
 * Every value at the top, or in the array at the top, becomes one record. Other text between them becomes a record too, so that it is counted
 * as bad. A value without an end reaches to the end of the text.
 */
export function* jsonDocuments(text: string): Iterable<Piece> {
  const lines = lineCounter(text)
  let at = skipSpace(text, text.charCodeAt(0) === 0xfeff ? 1 : 0)
  let inArray = false
  while (at < text.length) {
    const c = text[at]
    if (!inArray && c === '[') inArray = true
    else if (inArray && c === ']') inArray = false
    else if (c !== ',') {
      const end = endOfValue(text, at)
      yield { record: text.slice(at, end), line: lines(at) }
      // A last object without an end is cut off itself, and tells what is missing.
      if (end === text.length && (c === '{' || c === '[') && closeOf(text, at) === undefined) return
      at = skipSpace(text, end)
      continue
    }
    at = skipSpace(text, at + 1)
  }
  if (inArray) yield { record: UNFINISHED, line: lines(text.length) }
}

export interface Member {
  readonly name: string
  /** The value as written. */
  readonly value: string
  /** Of the value in the text. */
  readonly at: number
}

/** The members of the object that is the text, not those inside its values. Stops where the text is no object any more. */
export function* jsonMembers(text: string): Iterable<Member> {
  let at = skipSpace(text, 0)
  if (text[at] !== '{') return
  at = skipSpace(text, at + 1)
  while (text[at] === '"') {
    const nameEnd = endOfString(text, at)
    const colon = skipSpace(text, nameEnd)
    if (text[colon] !== ':') return
    const from = skipSpace(text, colon + 1)
    const end = endOfMember(text, from)
    yield { name: text.slice(at + 1, nameEnd - 1), value: text.slice(from, end), at: from }
    at = skipSpace(text, end)
    if (text[at] !== ',') return
    at = skipSpace(text, at + 1)
  }
}

const AFTER_MEMBER = /[,}\n]/g

function endOfMember(text: string, from: number): number {
  const c = text[from]
  if (c === '{' || c === '[') return endOfValue(text, from)
  AFTER_MEMBER.lastIndex = c === '"' ? endOfString(text, from) : from
  return AFTER_MEMBER.exec(text)?.index ?? text.length
}

function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let next = text.indexOf('\n')
  return (offset) => {
    while (next >= 0 && next < offset) {
      line++
      next = text.indexOf('\n', next + 1)
    }
    return line
  }
}

/** RFC 7464 (`application/json-seq`, `journalctl -o json-seq`): each text begins with a record separator, or several. */
export function withoutMark(text: string): string {
  let at = 0
  while (text.charCodeAt(at) === 0x1e) at++
  return at === 0 ? text : text.slice(at)
}

function skipSpace(text: string, at: number): number {
  for (let i = at; ; i++) {
    const code = text.charCodeAt(i)
    // The last is the mark before each text of a sequence (RFC 7464).
    if (code !== 32 && code !== 9 && code !== 10 && code !== 13 && code !== 0x1e) return i
  }
}

const INTERESTING = /["{}[\]]/g
/** A scalar ends where the next value could begin. */
const AFTER_SCALAR = /[,\]\n]/g

function endOfValue(text: string, from: number): number {
  const c = text[from]
  if (c !== '{' && c !== '[') {
    AFTER_SCALAR.lastIndex = c === '"' ? endOfString(text, from) : from + 1
    return AFTER_SCALAR.exec(text)?.index ?? text.length
  }
  return closeOf(text, from) ?? text.length
}

/** Behind the bracket that closes the one at `from`. */
function closeOf(text: string, from: number): number | undefined {
  let depth = 0
  let at = from
  for (;;) {
    INTERESTING.lastIndex = at
    const found = INTERESTING.exec(text)
    if (!found) return undefined
    at = found.index + 1
    if (found[0] === '"') at = endOfString(text, found.index)
    else if (found[0] === '{' || found[0] === '[') depth++
    else if (--depth === 0) return at
  }
}

function endOfString(text: string, quote: number): number {
  let at = quote + 1
  for (;;) {
    const end = text.indexOf('"', at)
    if (end < 0) return text.length
    let slashes = 0
    while (text[end - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return end + 1
    at = end + 1
  }
}
