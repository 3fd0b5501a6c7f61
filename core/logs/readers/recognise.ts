// Looking at the first lines of a file.
import type { Recognition } from '../format.ts'
import { syslogHead } from './syslog.ts'

export type Sample = Readonly<Record<string, unknown>>

export interface Sampled {
  /** Lines that are not blank. */
  readonly lines: number
  readonly objects: readonly Sample[]
}

const seen = new WeakMap<readonly string[], Sampled>()

/** The JSON objects among the lines. Every format asks for the same lines, so they are parsed once. */
export function sample(head: readonly string[]): Sampled {
  const known = seen.get(head)
  if (known) return known
  const lines = head.filter((l) => l.trim() !== '')
  const objects = lines.flatMap((line) => {
    const parsed = parse(line)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? [parsed as Sample] : []
  })
  const made = { lines: lines.length, objects }
  seen.set(head, made)
  return made
}

function parse(line: string): unknown {
  if (!/^\s*\{/.test(line)) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** JSON behind a syslog head without the head; any other line as it is. */
export function headless(line: string): string {
  const at = line.charCodeAt(0) === 123 ? 0 : line.indexOf('{')
  if (at <= 0 || at > MOST_HEAD) return line
  const { priority, time } = syslogHead(line.slice(0, at))
  return priority === undefined && time === undefined ? line : line.slice(at)
}
const MOST_HEAD = 300

/** A share of the sampled lines has the shape: scored by `weight`; nothing under half of them. */
export function byShare(
  { lines, objects }: Sampled,
  weight: number,
  what: string,
  is: (object: Sample) => boolean,
): Recognition | undefined {
  const count = objects.filter(is).length
  if (count === 0 || count * 2 < lines) return undefined
  const of =
    count === lines
      ? lines === 1
        ? 'the only line is a'
        : `all ${lines} lines looked at are`
      : `${count} of ${lines} lines looked at are`
  const noun = lines === 1 && count === 1 ? 'JSON object' : 'JSON objects'
  return { score: (weight * count) / lines, why: `${of} ${noun} ${what}`.trim() }
}

/** The head of a file that holds JSON objects in an array, or objects that go on over several lines. */
export function looksLikeDocuments(
  head: readonly string[],
): { readonly what: string; readonly text: string } | undefined {
  const text = head
    .join('\n')
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (/^\[\s*(?:\{|\]\s*$|$)/.test(text)) return { what: 'the file begins as a JSON array of objects', text }
  if (/^\{\s*\n\s*"/.test(text)) return { what: 'the file begins as a JSON object over several lines', text }
  return undefined
}

/** A share of the lines that are not blank has the shape; nothing under half of them. */
export function shareOf(
  head: readonly string[],
  weight: number,
  what: string,
  is: (line: string) => boolean,
): Recognition | undefined {
  const lines = head.filter((l) => l.trim() !== '')
  const count = lines.filter(is).length
  if (count === 0 || count * 2 < lines.length) return undefined
  return {
    score: (weight * count) / lines.length,
    why:
      count === lines.length
        ? `all ${count} lines looked at are ${what}`
        : `${count} of ${lines.length} lines looked at are ${what}`,
  }
}
