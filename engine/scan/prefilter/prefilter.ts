// The search over bytes before parsing: which lines of a block may match. A line that is ruled out can match none of the sources.
import type { Pred } from '../../../core/plan/plan.ts'

export interface LinePrefilter {
  /** `text`: the bytes of a block of whole lines as Latin-1. Searching a string is cheaper than searching a Buffer: no call leaves V8. */
  search(text: string): BlockSearch
  /** The same for a search in bytes. Left out: lines of JSON. */
  readonly expressions?: LineExpressions
}

/** Expressions of V8 for single lines, with their bytes as Latin-1. */
export interface LineExpressions {
  /** All of them match in a line that may match, the strictest first. */
  readonly patterns: readonly string[]
  /** A line with one of these texts is a record. */
  readonly marks: readonly string[]
}

/** Answers for the lines of one block, from front to back: call with growing `from`. */
export interface BlockSearch {
  /** False: the line at [from, to) certainly does not match. */
  mayMatch(from: number, to: number): boolean
  /** True: the line has the shape of a record, so it may be counted as an event without parsing. */
  isRecord(from: number, to: number): boolean
}

/** ASCII that JSON and text show as it is: no control characters, quotes or backslashes. */
export const PRINTABLE = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/

/** The first place of something in a block from an offset on, remembered: most lines lie before it and cost one comparison. */
export class Finder {
  readonly #find: (from: number) => number
  #from = -1
  #next = -1

  /** `find`: the first place from an offset on; -1: none. */
  constructor(find: (from: number) => number) {
    this.#find = find
  }

  /** The first place from `from` on; infinite: none. */
  at(from: number): number {
    // Checks that share a finder may ask for places of one line in any order.
    if (from < this.#from || this.#next < from) {
      this.#from = from
      const found = this.#find(from)
      this.#next = found < 0 ? Number.POSITIVE_INFINITY : found
    }
    return this.#next
  }
}

export type LineCheck = (from: number, to: number) => boolean

/** A check that fails moves forward by one place: it is the cheapest way to rule out the lines that follow. */
export function allHold(checks: LineCheck[], from: number, to: number): boolean {
  for (let i = 0; i < checks.length; i++) {
    const check = checks[i] as LineCheck
    if (check(from, to)) continue
    if (i > 0) {
      checks[i] = checks[i - 1] as LineCheck
      checks[i - 1] = check
    }
    return false
  }
  return true
}

const DIGITS = /^\d{1,18}$/
export const areDigits = (texts: readonly string[]): boolean => texts.every((t) => DIGITS.test(t))

/** The texts with which a test for equality or membership compares its first argument; undefined: it is another test. */
export function comparedTexts(p: Extract<Pred, { kind: 'test' }>): readonly string[] | undefined {
  const [, other] = p.args
  if (p.prim === 'str.eq') return other?.kind === 'lit' && typeof other.value === 'string' ? [other.value] : undefined
  const { values, ignoreCase } = p.consts
  if (p.prim !== 'str.in' || !Array.isArray(values)) return undefined
  const texts = values.filter((v): v is string => typeof v === 'string')
  // Digits have no case.
  return texts.length === values.length && (ignoreCase !== true || areDigits(texts)) ? texts : undefined
}
