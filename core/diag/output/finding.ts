// Diagnostics as every output for other programs needs them: places in the outermost text, severities in order, a fingerprint.
import { positionAt, toHost } from '../../text/source.ts'
import type { Diagnostic, Severity } from '../diagnostic.ts'

export interface Finding {
  readonly diagnostic: Diagnostic
  /** Undefined: no place in a file. */
  readonly place: FindingPlace | undefined
  /** The same for the same problem after lines above it changed: of the code, the file, the line, and the number among equal ones. */
  readonly fingerprint: string
}

/** Lines and columns are 1-based, columns in UTF-16 code units, the end is exclusive. */
interface FindingPlace {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

/** In the given order. */
export function findings(diagnostics: readonly Diagnostic[]): Finding[] {
  const seen = new Map<string, number>()
  return diagnostics.map((diagnostic) => {
    const { place, line } = placeOf(diagnostic)
    const key = [diagnostic.code, place?.file ?? '', line.trim().replace(/\s+/g, ' ')].join('\n')
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    return { diagnostic, place, fingerprint: hash(`${key}\n${count}`) }
  })
}

function placeOf({ at }: Diagnostic): { place: FindingPlace | undefined; line: string } {
  if (at.kind === 'none') return { place: undefined, line: '' }
  if (at.kind === 'log') {
    const line = at.line ?? 1
    return { place: { file: fileName(at.file), line, column: 1, endLine: line, endColumn: 1 }, line: '' }
  }
  const { source, span } = toHost(at.source, at.span)
  const start = positionAt(source.text, span.start)
  const end = positionAt(source.text, Math.max(span.start, span.end))
  const before = source.text.lastIndexOf('\n', span.start - 1) + 1
  const after = source.text.indexOf('\n', span.start)
  return {
    place: {
      file: fileName(source.name),
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
    },
    line: source.text.slice(before, after < 0 ? undefined : after),
  }
}

/** A text from the command line or standard input has no file; brackets are no part of a path. */
const fileName = (name: string): string =>
  name
    .replace(/^<(.*)>$/, '$1')
    .replaceAll('\\', '/')
    .replace(/^\.\//, '')

/** FNV-1a with 64 bits (RFC 9923), hexadecimal. It tells findings apart and protects nothing. */
function hash(text: string): string {
  let h = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) h = ((h ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn
  return h.toString(16).padStart(16, '0')
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

/** The gravest first; equal ones keep their order. */
export const byGravity = (found: readonly Finding[]): Finding[] =>
  found.toSorted((a, b) => RANK[a.diagnostic.severity] - RANK[b.diagnostic.severity])

/** At most so many characters, with a sign that some were left out. */
export const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
