/** A small seeded generator (PCG-like multiply and xorshift on 32 bits): a seed gives the same numbers on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) | 0
    for (let i = 0; i < 8; i++) this.next()
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.#state = (Math.imul(this.#state, 747796405) + 1442695041) | 0
    let word = this.#state
    word = Math.imul(word ^ (word >>> ((word >>> 28) + 4)), 277803737)
    return ((word ^ (word >>> 22)) >>> 0) / 4294967296
  }

  /** A whole number, both ends included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  of<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }

  hex(digits: number): string {
    let out = ''
    while (out.length < digits) out += this.int(0, 0xffff).toString(16).padStart(4, '0')
    return out.slice(0, digits)
  }
}
