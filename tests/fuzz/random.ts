// Choices that a seed repeats.

export interface Random {
  /** An integer from 0 up to, without, `below`. */
  int(below: number): number
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
}

/** xorshift32: small, quick, and equal on every machine. */
export function randomOf(seed: number): Random {
  // Neighbouring seeds begin far apart; zero would stay zero.
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  for (let i = 0; i < 8; i++) next()
  const int = (below: number): number => (below <= 0 ? 0 : next() % below)
  return {
    int,
    chance: (share) => next() / 2 ** 32 < share,
    pick: <T>(list: readonly T[]): T => list[int(list.length)] as T,
  }
}
