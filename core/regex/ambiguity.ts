// Can a backtracking engine take exponentially long on a pattern? It can if the pattern reads one text in several ways within a loop:
// `(a+)+`, `(\w+\.?)+`, `(a|ab?)*`. RE2 does not backtrack, so such patterns run there if they can.
//
// The test is the one of Weber and Seidl (1991) on the automaton of positions: exponential ambiguity is a place from which two different
// paths over the same text lead back to it. Repetitions side by side (`\d+\d+`) are polynomial only, and are not reported.
import type { Node } from './ast.ts'
import { any, type CodeSet, intersect } from './sets.ts'

/** A pattern with more positions in loops counts as ambiguous, because the search would take too long. */
const MOST = 120

/** So few repetitions multiply the time only by a constant. Patterns of addresses have `(…\.){3}`. */
const FEW = 4

/** True: on some text, the time of a backtracking engine can double with every character. A repetition of more than `FEW` times counts as a loop. */
export function isAmbiguous(root: Node): boolean {
  const automaton = new Positions()
  automaton.add(root)
  return automaton.isAmbiguous()
}

interface Fragment {
  readonly first: readonly number[]
  readonly last: readonly number[]
  readonly nullable: boolean
}
const EMPTY: Fragment = { first: [], last: [], nullable: true }

/** Every set of the pattern is a position. `follow` says which may come next, and in how many ways. */
class Positions {
  readonly #sets: CodeSet[] = []
  readonly #follow: Map<number, number>[] = []

  /** `inLoop`: an outer repetition repeats the node without a small bound. */
  add(node: Node, inLoop = false): Fragment {
    switch (node.kind) {
      case 'set':
        return this.#position(node.set)
      case 'ref':
        return { ...this.#position(any), nullable: true }
      case 'seq':
        return node.of.map((n) => this.add(n, inLoop)).reduce((a, b) => this.#join(a, b), EMPTY)
      case 'alt': {
        const parts = node.of.map((n) => this.add(n, inLoop))
        return {
          first: parts.flatMap((p) => p.first),
          last: parts.flatMap((p) => p.last),
          nullable: parts.some((p) => p.nullable),
        }
      }
      case 'group':
      case 'atomic':
        return this.add(node.of, inLoop)
      case 'repeat': {
        const loops = node.max === null || node.max > FEW
        const body = this.add(node.of, inLoop || loops)
        if (loops || (inLoop && node.max !== null && node.max > 1)) this.#connect(body.last, body.first)
        return { ...body, nullable: body.nullable || node.min === 0 }
      }
      case 'look':
        // A text of its own, read from the same place: nothing follows it.
        this.add(node.of)
        return EMPTY
      case 'at':
        return EMPTY
    }
  }

  #position(set: CodeSet): Fragment {
    const id = this.#sets.push(set) - 1
    this.#follow.push(new Map())
    return { first: [id], last: [id], nullable: false }
  }

  #join(a: Fragment, b: Fragment): Fragment {
    this.#connect(a.last, b.first)
    return {
      first: a.nullable ? [...a.first, ...b.first] : a.first,
      last: b.nullable ? [...a.last, ...b.last] : b.last,
      nullable: a.nullable && b.nullable,
    }
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const p of from)
      for (const q of to) {
        const next = this.#follow[p] as Map<number, number>
        next.set(q, (next.get(q) ?? 0) + 1)
      }
  }

  isAmbiguous(): boolean {
    const loops = this.#components().filter((c) => c.length > 1 || this.#follow[c[0] as number]?.has(c[0] as number))
    return loops.some((positions) => this.#isAmbiguousLoop(positions))
  }

  /** `positions`: a strongly connected part. */
  #isAmbiguousLoop(positions: readonly number[]): boolean {
    if (positions.length > MOST) return true
    const inside = new Set(positions)
    const next = (p: number) => [...(this.#follow[p] as Map<number, number>)].filter(([q]) => inside.has(q))
    // The same step in two ways: `(a+)+` repeats by the inner and by the outer loop.
    if (positions.some((p) => next(p).some(([, ways]) => ways > 1))) return true
    const overlaps = new Map<string, boolean>()
    const overlap = (p: number, q: number): boolean => {
      const key = p < q ? `${p} ${q}` : `${q} ${p}`
      let known = overlaps.get(key)
      if (known === undefined) {
        known = p === q || intersect(this.#sets[p] as CodeSet, this.#sets[q] as CodeSet).length > 0
        overlaps.set(key, known)
      }
      return known
    }
    // Pairs of positions that one text can reach from a common one, and that it can bring together again.
    const apart = new Map<string, readonly [number, number]>()
    const queue: (readonly [number, number])[] = positions.map((p) => [p, p])
    const edges = new Map<string, string[]>()
    const seen = new Set(queue.map(String))
    for (let at = queue.pop(); at; at = queue.pop()) {
      const [p, q] = at
      if (p !== q) apart.set(String(at), at)
      for (const [p2] of next(p))
        for (const [q2] of next(q)) {
          if (!overlap(p2, q2)) continue
          const key = `${p2},${q2}`
          edges.set(key, [...(edges.get(key) ?? []), `${p},${q}`])
          if (seen.has(key)) continue
          seen.add(key)
          queue.push([p2, q2])
        }
    }
    // Searches backwards from pairs of equal positions for a pair of different ones.
    const back = positions.map((p) => `${p},${p}`)
    const reached = new Set(back)
    for (let key = back.pop(); key !== undefined; key = back.pop())
      for (const before of edges.get(key) ?? []) {
        if (reached.has(before)) continue
        if (apart.has(before)) return true
        reached.add(before)
        back.push(before)
      }
    return false
  }

  /** Strongly connected parts of the positions (Tarjan, without recursion). */
  #components(): number[][] {
    const index = new Map<number, number>()
    const low = new Map<number, number>()
    const onStack = new Set<number>()
    const stack: number[] = []
    const out: number[][] = []
    for (const root of this.#sets.keys()) {
      if (index.has(root)) continue
      const work: { node: number; next: number[] }[] = []
      const enter = (node: number) => {
        index.set(node, index.size)
        low.set(node, index.get(node) as number)
        stack.push(node)
        onStack.add(node)
        work.push({ node, next: [...(this.#follow[node] as Map<number, number>).keys()] })
      }
      enter(root)
      for (let top = work.at(-1); top; top = work.at(-1)) {
        const child = top.next.pop()
        if (child === undefined) {
          work.pop()
          const parent = work.at(-1)?.node
          const own = low.get(top.node) as number
          if (parent !== undefined) low.set(parent, Math.min(low.get(parent) as number, own))
          if (own !== index.get(top.node)) continue
          const part = stack.splice(stack.indexOf(top.node))
          for (const n of part) onStack.delete(n)
          out.push(part)
        } else if (!index.has(child)) enter(child)
        else if (onStack.has(child))
          low.set(top.node, Math.min(low.get(top.node) as number, index.get(child) as number))
      }
    }
    return out
  }
}
