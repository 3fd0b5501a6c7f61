// A pattern that only asks for the beginning of a text, as the texts that it may begin with: `^172\.(1[6-9]|31)\.` has five. The kernel compares
// those without a string.
import type { Pred } from '../../../core/plan/plan.ts'

const MOST = 64
/** Without quotes and backslashes, which JSON escapes. */
const CHARACTER = /^[ !#-[\]-~]$/
const META = /[\\^$.*+?()[\]{}|]/

/** The first of the texts may be at the beginning. `isNegated`: none of them is. */
export interface Beginning {
  readonly texts: readonly string[]
  readonly isNegated: boolean
}

/** Of a test of one value. Undefined: it asks for more. */
export function beginningOf(p: Pred): Beginning | undefined {
  if (p.kind === 'not') {
    const of = beginningOf(p.of)
    return of && { ...of, isNegated: !of.isNegated }
  }
  if (p.kind !== 'test' || p.prim !== 're.test' || p.args.length !== 1 || p.args[0]?.kind !== 'col') return undefined
  const { pattern, flags } = p.consts
  const texts = flags === '' && typeof pattern === 'string' ? prefixesOf(pattern) : undefined
  return texts && { texts, isNegated: false }
}

/** A text matches if it begins with one of these. Undefined: the pattern asks for more. */
export function prefixesOf(pattern: string): readonly string[] | undefined {
  if (!pattern.startsWith('^')) return undefined
  const reader = new PatternReader(pattern.slice(1))
  const texts = reader.choice()
  return texts && reader.isAtEnd && texts.length > 0 && texts.every((t) => t !== '') ? texts : undefined
}

class PatternReader {
  readonly #pattern: string
  #at = 0

  constructor(pattern: string) {
    this.#pattern = pattern
  }

  get isAtEnd(): boolean {
    return this.#at === this.#pattern.length
  }

  /** Outside of parentheses an alternative would not begin with the anchor. */
  choice(isInside = false): string[] | undefined {
    let all: string[] = []
    while (true) {
      const texts = this.#sequence()
      if (!texts || all.length + texts.length > MOST) return undefined
      all = [...all, ...texts]
      if (this.#pattern[this.#at] !== '|') return all
      if (!isInside) return undefined
      this.#at++
    }
  }

  #sequence(): string[] | undefined {
    let texts = ['']
    while (!this.isAtEnd && !'|)'.includes(this.#pattern[this.#at] as string)) {
      const next = this.#item()
      if (!next || '*+?{'.includes(this.#pattern[this.#at] || ' ') || texts.length * next.length > MOST)
        return undefined
      texts = texts.flatMap((t) => next.map((n) => t + n))
    }
    return texts
  }

  #item(): string[] | undefined {
    const c = this.#pattern[this.#at++] as string
    if (c === '(') {
      if (this.#pattern.startsWith('?:', this.#at)) this.#at += 2
      const texts = this.choice(true)
      return this.#pattern[this.#at++] === ')' ? texts : undefined
    }
    if (c === '[') return this.#class()
    if (c !== '\\') return META.test(c) ? undefined : characters(c)
    const escaped = this.#pattern[this.#at++] ?? ''
    if (escaped === 'd') return [...'0123456789']
    return /[a-z0-9]/i.test(escaped) ? undefined : characters(escaped)
  }

  /** Letters, digits and ranges of them. */
  #class(): string[] | undefined {
    const end = this.#pattern.indexOf(']', this.#at)
    const inside = this.#pattern.slice(this.#at, end)
    if (!/^(?:[a-zA-Z0-9](?:-[a-zA-Z0-9])?)+$/.test(inside)) return undefined
    this.#at = end + 1
    const all = new Set<string>()
    for (const [, from = '', to = from] of inside.matchAll(/(.)(?:-(.))?/g)) {
      for (let c = from.charCodeAt(0); c <= to.charCodeAt(0); c++) all.add(String.fromCharCode(c))
    }
    return [...all].every((c) => CHARACTER.test(c)) ? [...all] : undefined
  }
}

const characters = (c: string): string[] | undefined => (CHARACTER.test(c) ? [c] : undefined)
