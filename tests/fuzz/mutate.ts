// Mutants of texts, events and bytes.
import type { Random } from './random.ts'

const NUMBERS =
  '0 1 -1 -0 2 0.5 1e3 1e308 9e999 255 256 65536 2147483648 9007199254740993 9223372036854775807 9223372036854775808 18446744073709551616 0x10 007 1.10'.split(
    ' ',
  )
const TEXTS = [
  '',
  ' ',
  '*',
  '%',
  '_',
  '\\',
  "'",
  'a,b',
  'É',
  'ß',
  'İ',
  '\u{1f600}',
  'null',
  'true',
  'NaN',
  '-0',
  '1e5',
  '10.0.0.1',
  '::1',
  '2026-03-02T14:00:00Z',
  '[]',
  '{}',
  '{"a":1}',
  'constructor',
  '__proto__',
]

const TOKEN = /\s+|"(?:[^"\\\n]|\\.)*"|\/(?:[^/\\\n]|\\.)+\/[a-z]*|[#@\w.]+|[^\s\w]/g

export const tokensOf = (text: string): string[] => text.match(TOKEN) ?? []

/** The text with one to three changes: more of them seldom parse. `others`: texts of the same language. `names`: fields of the events. */
export function mutateText(text: string, others: readonly string[], names: readonly string[], random: Random): string {
  const tokens = tokensOf(text)
  for (let n = random.chance(0.6) ? 1 : 2 + random.int(2); n > 0 && tokens.length > 0; n--)
    change(tokens, others, names, random)
  return tokens.join('')
}

function change(tokens: string[], others: readonly string[], names: readonly string[], random: Random): void {
  const at = random.int(tokens.length)
  const few = 1 + random.int(4)
  // Changes that keep the text valid come twice.
  switch (random.pick([0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8])) {
    case 0:
      tokens.splice(at, few)
      return
    case 1:
      tokens.splice(at, 0, ...tokens.slice(at, at + few))
      return
    case 2: {
      const other = random.int(tokens.length)
      const token = tokens[at] as string
      tokens[at] = tokens[other] as string
      tokens[other] = token
      return
    }
    case 3:
      tokens[at] = random.pick(tokensOf(random.pick(others))) ?? ''
      return
    // A stage of another text, before one of this one.
    case 4: {
      const stage = random.pick(random.pick(others).split('|'))
      const bar = nextOf(tokens, at, /^\|$/)
      tokens.splice(bar ?? tokens.length, 0, `\n| ${stage.trim()}\n`)
      return
    }
    case 5:
      replace(tokens, at, /^\d/, random.pick(NUMBERS))
      return
    case 6:
      replace(tokens, at, /^"/, JSON.stringify(random.pick(TEXTS)))
      return
    case 7:
      if (names.length > 0) replace(tokens, at, /^[#@A-Za-z_]/, random.pick(names))
      return
    default:
      replace(tokens, at, /^[<>=!+*/-]/, random.pick(['=', '!=', '<', '>', '<=', '>=', '+', '-', '*', '/', '%', '!']))
  }
}

function nextOf(tokens: readonly string[], from: number, is: RegExp): number | undefined {
  for (let i = 0; i < tokens.length; i++) {
    const at = (from + i) % tokens.length
    if (is.test(tokens[at] as string)) return at
  }
  return undefined
}

function replace(tokens: string[], from: number, is: RegExp, by: string): void {
  const at = nextOf(tokens, from, is)
  if (at !== undefined) tokens[at] = by
}

/** Lines of JSON events, some with other values, without a field, or twice. Other lines stay. */
export function mutateEvents(text: string, random: Random): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (!line.startsWith('{') || !random.chance(0.5)) return [line]
      let event: Record<string, unknown>
      try {
        event = JSON.parse(line) as Record<string, unknown>
      } catch {
        return [line]
      }
      const names = Object.keys(event)
      const name = random.pick(names) ?? 'a'
      const change = random.int(6)
      if (change === 0) delete event[name]
      else if (change === 1) return [line, line]
      else if (change === 2) event[name] = random.pick(NUMBERS)
      else if (change === 3) event[name] = event[random.pick(names) ?? 'a'] ?? null
      else if (change === 4 && typeof event[name] === 'string') event[name] = `${event[name]}${random.pick(TEXTS)}`
      else event[name] = random.pick(TEXTS)
      return [JSON.stringify(event)]
    })
    .join('\n')
}

const BYTES: readonly string[] = [
  '\0',
  '\u00ff',
  '\n',
  '\r\n',
  '\r',
  '\ufeff',
  '"',
  '\\',
  '\\u',
  '\\ud800',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '=',
  '|',
  '<',
  '>',
  '&#x110000;',
  '<![CDATA[',
  '\t',
  '\u001b[2J',
  '99999999999999999999',
  '#fields\t',
  '<13>1 - - - - - ',
  '7 <13>a',
]

/** Bytes with one to six changes. `others`: bytes to take pieces from. */
export function mutateBytes(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  let out = bytes
  for (let n = 1 + random.int(6); n > 0; n--) {
    const at = random.int(out.length + 1)
    const to = Math.min(out.length, at + 1 + random.int(random.chance(0.2) ? 400 : 12))
    const [before, piece, after] = [out.subarray(0, at), out.subarray(at, to), out.subarray(to)]
    switch (random.int(7)) {
      case 0:
        out = Buffer.concat([before, after])
        break
      case 1:
        out = Buffer.concat([before, piece, piece, after])
        break
      case 2:
        out = Buffer.concat([
          before,
          Buffer.from(random.pick(BYTES), random.chance(0.3) ? 'latin1' : 'utf8'),
          piece,
          after,
        ])
        break
      case 3:
        out = Buffer.concat([before, Buffer.from([random.int(256)]), after])
        break
      case 4: {
        const other = random.pick(others)
        const from = random.int(other.length)
        out = Buffer.concat([before, other.subarray(from, from + 1 + random.int(300)), piece, after])
        break
      }
      case 5:
        if (random.chance(0.3)) out = before
        break
      default: {
        // Lines in another order.
        const lines = out.toString('latin1').split('\n')
        const line = random.int(lines.length)
        lines.splice(random.int(lines.length), 0, ...lines.splice(line, 1))
        out = Buffer.from(lines.join('\n'), 'latin1')
      }
    }
  }
  return out
}
