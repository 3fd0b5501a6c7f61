// Texts of fields come again: images, users, hosts, keys. Each is kept with the filters that it proposes and the answers of tests.
import type { ValuesByPlace } from '../logs/format.ts'
import { flatCopy } from '../text/flat-copy.ts'
import type { FilterTable } from './tables.ts'

export class KnownText {
  readonly text: string
  /** False: it was read for one event. */
  readonly isKept: boolean
  /** By number of a test: its answer. */
  tests: Map<number, boolean> | undefined = undefined
  /** Filters of the needles in the text, by the table that found them. */
  proposed: Map<FilterTable, readonly number[]> | undefined = undefined

  constructor(text: string, isKept: boolean) {
    this.text = text
    this.isKept = isKept
  }
}

/** Texts of one generation. Those that are used move to the next one. */
const MOST = 8192
/** A longer text takes longer to be known again, and seldom comes again. */
const LONGEST = 600
/** The credit of a place grows by each text that is known, and shrinks by each that is not. This is the most and the first. */
const CREDIT = 64
const GAIN = 2
/** So many texts of a place without credit are not looked up. */
const PAUSE = 4000

export class KnownTexts {
  #young = new Map<string, KnownText>()
  #old = new Map<string, KnownText>()

  /** `credits`: of the places of the record's shape; the empty list to begin with. */
  at(record: ValuesByPlace, place: number, credits: number[]): KnownText {
    const credit = credits[place] ?? CREDIT
    if (credit < 0) {
      credits[place] = credit === -1 ? CREDIT : credit + 1
      return new KnownText(record.value(place), false)
    }
    const spelling = record.spelling(place)
    if (spelling.length > LONGEST) return new KnownText(record.value(place), false)
    const young = this.#young.get(spelling)
    if (young) {
      if (credit < CREDIT) credits[place] = credit + GAIN
      return young
    }
    const old = this.#old.get(spelling)
    if (old) {
      this.#keep(flatCopy(spelling), old)
      return old
    }
    credits[place] = credit === 0 ? -PAUSE : credit - 1
    const value = record.value(place)
    const key = flatCopy(spelling)
    const made = new KnownText(value === spelling ? key : flatCopy(value), true)
    this.#keep(key, made)
    return made
  }

  #keep(key: string, known: KnownText): void {
    if (this.#young.size >= MOST) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, known)
  }
}
