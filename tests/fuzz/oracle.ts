// The outcome of one input of the fuzz.

/**
 * `parsed`: the text compiled; the file is text. `ran`: the evaluator gave rows; a format recognised the file. `counted`: some event
 * passed the last filter, or the engines differ; the file has events.
 */
export type Count = 'counted' | 'parsed' | 'ran'

export interface Outcome {
  readonly counts: readonly Count[]
  /** Broken promises, in words. */
  readonly faults: readonly Fault[]
}

export interface Fault {
  readonly kind: 'difference' | 'promise' | 'throw'
  readonly text: string
}

/** Counts over the inputs of one kind. */
export interface Sums extends Record<Count | Fault['kind'], number> {
  mutants: number
  slow: number
}

/** The sums of a kind; they begin at 0. */
export function sumsOf(all: Record<string, Sums>, kind: string): Sums {
  all[kind] ??= { mutants: 0, parsed: 0, ran: 0, counted: 0, difference: 0, promise: 0, throw: 0, slow: 0 }
  return all[kind]
}

/** Calls, and turns what is thrown into a fault. */
export async function guarded<T>(part: string, faults: Fault[], call: () => Promise<T> | T): Promise<T | undefined> {
  try {
    return await call()
  } catch (e) {
    faults.push({ kind: 'throw', text: `${part}: ${e instanceof Error ? (e.stack ?? e.message) : String(e)}` })
    return undefined
  }
}

/** The first place in which two values differ, or undefined. */
export function unlike(a: unknown, b: unknown): string | undefined {
  const text = (v: unknown): string =>
    JSON.stringify(v, (_, x: unknown) => (typeof x === 'bigint' ? `${x}n` : x instanceof Map ? [...x] : x)) ??
    'undefined'
  const [left, right] = [text(a), text(b)]
  if (left === right) return undefined
  let at = 0
  while (left[at] === right[at]) at++
  return `${left.slice(Math.max(0, at - 60), at + 100)}\n  other: ${right.slice(Math.max(0, at - 60), at + 100)}`
}
