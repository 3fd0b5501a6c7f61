// An earlier SELECT computes parts that a filter or a set would repeat. Every test of a field repeats its expression in a vocabulary, and a
// form can write an argument twice (for "the double if it is finite"). Otherwise a sum of thirty fields would have a billion characters.
// ClickHouse would need half a second to parse thirty tests of one mapped address.
import { col } from '../plan/build.ts'
import { jsonText } from '../plan/json-text.ts'
import { type Expr, HIDDEN, type Pred } from '../plan/plan.ts'
import { columnsOf, type Mapper, mapExpr, mapPred } from '../plan/walk.ts'

type Node = Expr | Pred
export type Call = Node & { readonly kind: 'call' | 'test' }
type Writes = (node: Call, i: number) => number

/** Fewest nodes of a repeated part that gets a column, each as often as the SQL writes it. */
const SMALLEST = 6

export class SharedParts {
  /** The parts to compute before, in this order. */
  readonly inner: { readonly id: string; readonly expr: Expr }[] = []
  readonly #ids = new Map<string, number>()
  readonly #known = new WeakMap<Node, { readonly id: number; readonly size: number }>()
  readonly #count = new Map<number, number>()
  readonly #columns = new Map<number, Expr>()
  #entered: Expr | undefined
  readonly #mapper: Mapper = {
    enter: (e) => {
      const isInside = e === this.#entered
      this.#entered = undefined
      if (isInside || !this.#isShared(e)) return undefined
      const { id } = this.#look(e)
      const found = this.#columns.get(id)
      if (found) return found
      this.#entered = e
      const expr = mapExpr(e, this.#mapper)
      const name = `${HIDDEN}shared ${this.inner.length}`
      this.inner.push({ id: name, expr })
      const column = col(name, e.ty)
      this.#columns.set(id, column)
      return column
    },
  }

  readonly #writes: Writes

  /** `writes`: how often the SQL of a call or a test writes its argument number `i`. */
  constructor(roots: readonly Node[], writes: Writes) {
    this.#writes = writes
    for (const r of roots) this.#visit(r, 1)
  }

  /** The parts to compute before, together with all that read the same earlier ones. */
  levels(): (typeof this.inner)[] {
    const levelOf = new Map<string, number>()
    const levels: (typeof this.inner)[] = []
    for (const part of this.inner) {
      const level = Math.max(0, ...[...columnsOf(part.expr)].map((id) => (levelOf.get(id) ?? -1) + 1))
      levelOf.set(part.id, level)
      levels[level] = [...(levels[level] ?? []), part]
    }
    return levels
  }

  expr(e: Expr): Expr {
    return mapExpr(e, this.#mapper)
  }
  pred(p: Pred): Pred {
    return mapPred(p, this.#mapper)
  }

  #isShared(e: Node): boolean {
    if (e.kind !== 'if' && e.kind !== 'call') return false
    const { id, size } = this.#look(e)
    return size >= SMALLEST && (this.#count.get(id) ?? 0) > 1
  }

  /** Counts how often a part is written. The parts inside a repeated part are counted once. */
  #visit(node: Node, times: number): void {
    const { id } = this.#look(node)
    const before = this.#count.get(id) ?? 0
    this.#count.set(id, before + times)
    if (before > 0) return
    partsOf(node).forEach((part, i) => {
      this.#visit(part, this.#timesOf(node, part, i))
    })
  }

  #timesOf(node: Node, part: Node, i: number): number {
    const isSmall = part.kind === 'col' || part.kind === 'lit'
    return (node.kind === 'call' || node.kind === 'test') && !isSmall ? this.#writes(node, i) : 1
  }

  /** Equal parts have one id. */
  #look(node: Node): { readonly id: number; readonly size: number } {
    const known = this.#known.get(node)
    if (known) return known
    const parts = partsOf(node)
    const own = Object.entries(node).filter(([, v]) => !parts.includes(v) && !isListOf(v, parts))
    const key = jsonText([own, parts.map((p) => this.#look(p).id)])
    const id = this.#ids.get(key) ?? this.#ids.size
    this.#ids.set(key, id)
    const size = parts.reduce((n, p, i) => n + this.#timesOf(node, p, i) * this.#look(p).size, 1)
    const looked = { id, size }
    this.#known.set(node, looked)
    return looked
  }
}

const isListOf = (value: unknown, parts: readonly Node[]): boolean =>
  Array.isArray(value) && value.length === parts.length && value.every((v, i) => v === parts[i])

function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.of
    case 'call':
    case 'test':
      return node.args
    case 'if':
      return [node.cond, node.then, node.else]
    case 'not':
    case 'truth':
      return [node.of]
    case 'holds':
    case 'present':
      return [node.expr]
    default:
      return []
  }
}
