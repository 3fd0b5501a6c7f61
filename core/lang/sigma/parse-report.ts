// Diagnostics that parsing a Sigma file collects.
import * as codes from '../../diag/catalogue/sigma.ts'
import { type Code, type Diagnostic, diagnostic, type Fix, inText } from '../../diag/diagnostic.ts'
import { nearest } from '../../text/nearest.ts'
import type { Source, Span } from '../../text/source.ts'
import type { Entry } from './1-read.ts'

const MOST_VALUES = 50_000

/** Collects the diagnostics of one file from all parts of the parser. */
export class ParseReport {
  readonly source: Source
  readonly diagnostics: Diagnostic[] = []
  #values = 0

  constructor(source: Source) {
    this.source = source
  }

  /** Values of one file. Undefined: there are too many, which is reported once. */
  counted<T>(values: readonly T[], at: Span): readonly T[] | undefined {
    const before = this.#values
    this.#values += values.length
    if (this.#values <= MOST_VALUES) return values
    if (before <= MOST_VALUES) this.add(codes.sigmaTooLarge, at, { most: MOST_VALUES })
    return undefined
  }

  add<P>(code: Code<P>, at: Span, params: P, fixes: readonly Fix[] = []): void {
    this.diagnostics.push(diagnostic(code, inText(this.source, at), params, { fixes }))
  }

  wrongValue(key: string, at: Span, problem: string, remedy: string): void {
    this.add(codes.sigmaWrongValue, at, { key, problem, remedy })
  }

  unknownKeys(found: readonly Entry[], known: readonly string[]): void {
    for (const e of found)
      if (!known.includes(e.key))
        this.add(codes.sigmaUnknownKey, e.keySpan, { key: e.key, similar: similarOf(e.key, known) })
  }
}

/** A cache: thousands of rules have the same keys of their own. */
const similar = new WeakMap<readonly string[], Map<string, string | undefined>>()
const MOST_KEYS = 1000

function similarOf(key: string, known: readonly string[]): string | undefined {
  const of = similar.get(known) ?? new Map<string, string | undefined>()
  similar.set(known, of)
  if (of.has(key)) return of.get(key)
  if (of.size >= MOST_KEYS) of.clear()
  const found = nearest(key, known)
  of.set(key, found)
  return found
}
