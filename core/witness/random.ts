/** A small seeded generator (multiply and xorshift on 32 bits): a seed gives the same numbers on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) | 0
    for (let i = 0; i < 4; i++) this.next()
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.#state = (Math.imul(this.#state, 747796405) + 1442695041) | 0
    let word = this.#state
    word = Math.imul(word ^ (word >>> ((word >>> 28) + 4)), 277803737)
    return ((word ^ (word >>> 22)) >>> 0) / 4294967296
  }

  /** 0 ≤ x < n. */
  below(n: number): number {
    return Math.floor(this.next() * n)
  }
}
