// One event on its way through a chain: the row before each step, as the evaluator would have it. Values of other events are assigned.
import { binder } from '../eval/bind.ts'
import { compileExpr, compilePred, knownPrim, rowScope } from '../eval/compile.ts'
import { type Column, type Env, isHidden, REST, type Pred, type Row, type Stage, type Value } from '../plan/plan.ts'
import { visitStage } from '../plan/walk.ts'
import type { Accumulator } from '../prims/prim.ts'
import { type Assignment, BASE_TIME, eventOf, sourceVariable, typed } from './assignment.ts'
import { type Chain, type Goal, type Step, variableOf } from './chain.ts'
import { jsonLine } from '../logs/readers/json/write.ts'
import { isText, type Reading } from './telemetry.ts'

type Move = (row: Row, assigned: Assignment) => Row

export class Template {
  readonly chain: Chain
  readonly env: Env
  readonly #reading: Reading
  readonly #bind: ReturnType<typeof binder>
  readonly #moves: readonly Move[]
  readonly #readsText: boolean
  readonly #columns: 'all' | 'read-later'
  readonly #tests = new WeakMap<Pred, (row: Row) => boolean>()
  readonly #types = new Map<string, Column['ty']>()
  /** A cache. */
  readonly #rows = new WeakMap<Assignment, readonly Row[]>()

  /** `columns`: 'read-later' leaves out what a query computes only to show it. */
  constructor(chain: Chain, env: Env, reading: Reading, columns: 'all' | 'read-later' = 'all') {
    const { aliases = {}, tags = {} } = reading
    this.#reading = reading
    this.chain = chain
    this.env = env
    this.#columns = columns
    this.#bind = binder(chain.source, aliases, tags)
    this.#readsText = chain.source.columns.some(isText)
    this.#moves = chain.steps.map(({ stage }, i) => this.#move(stage, i))
  }

  /** Texts that the fields have before anything is asked of them. */
  start(): Assignment {
    const out = new Map<string, string | null>([['time', BASE_TIME.toString()]])
    for (const column of this.chain.source.columns) {
      const variable = sourceVariable(column)
      if (variable?.startsWith('f:') && !isHidden(column.id)) out.set(variable, sampleOf(variable))
    }
    return out
  }

  /** Type of an assigned value of another event. */
  typeOf(variable: string): Column['ty'] | undefined {
    return this.#types.get(variable)
  }

  /** The rows before step 0, 1, … and behind the last. */
  rows(assigned: Assignment): readonly Row[] {
    const known = this.#rows.get(assigned)
    if (known) return known
    const rows = this.#rowsOf(assigned)
    this.#rows.set(assigned, rows)
    return rows
  }

  #rowsOf(assigned: Assignment): readonly Row[] {
    const event = eventOf(assigned)
    const raw = event.raw ?? (this.#readsText ? jsonLine(event) : '')
    const out: Row[] = [this.#bind.row(event, { file: 'witness', raw, seq: 0n })]
    for (const move of this.#moves) out.push(move(out[out.length - 1] as Row, assigned))
    return out
  }

  holds(goal: Goal, rows: readonly Row[]): boolean {
    return this.test(goal.pred)(rows[goal.step] ?? {}) === goal.want
  }

  test(pred: Pred): (row: Row) => boolean {
    const known = this.#tests.get(pred)
    if (known) return known
    const made = compilePred(pred, rowScope, this.env)
    this.#tests.set(pred, made)
    return made
  }

  #move(stage: Stage, i: number): Move {
    const { env } = this
    switch (stage.kind) {
      case 'set': {
        const read = this.#columns === 'all' ? undefined : this.#readAfter(i)
        const of = stage.columns.flatMap((c) =>
          read && !read.has(c.id) ? [] : [[c.id, compileExpr(c.expr, rowScope, env)] as const],
        )
        if (of.length === 0) return (row) => row
        return (row) => {
          const out: Record<string, Value> = { ...row }
          for (const [id, f] of of) out[id] = f(row)
          return out
        }
      }
      case 'project': {
        const kept = [...stage.columns, ...(stage.rest ? [REST] : [])]
        return (row) => {
          const out: Record<string, Value> = {}
          for (const id of kept) out[id] = row[id] ?? null
          return out
        }
      }
      case 'unnest': {
        const list = compileExpr(stage.list, rowScope, env)
        return (row) => {
          const elements = (list(row) ?? []) as readonly string[]
          const index = stage.index === null ? {} : { [stage.index]: elements.length > 0 ? 0n : null }
          return { ...row, [stage.into]: elements[0] ?? null, ...index }
        }
      }
      case 'aggregate': {
        const keys = stage.keys.map((k) => [k.id, compileExpr(k.expr, rowScope, env)] as const)
        const aggs = stage.aggs.map((a) => [a.id, this.#computed(a, i)] as const)
        return (row, assigned) => ({
          ...Object.fromEntries(keys.map(([id, f]) => [id, f(row)])),
          ...Object.fromEntries(aggs.map(([id, f]) => [id, f(row, assigned)])),
        })
      }
      case 'window': {
        const aggs = stage.columns.map((a) => [a.id, this.#computed(a, i)] as const)
        return (row, assigned) => ({ ...row, ...Object.fromEntries(aggs.map(([id, f]) => [id, f(row, assigned)])) })
      }
      case 'join': {
        const inner = stage.how === 'inner'
        const types = this.#typesAfter(i)
        const included = stage.include.map((c) => [c.id, types.get(c.id) ?? 'str'] as const)
        for (const [id, ty] of included) this.#types.set(variableOf(i, id), ty)
        const keys = stage.on.map((o) => compileExpr(o.left, rowScope, env))
        const { own } = this.chain.steps[i] as Step
        const partner = own && included.length > 0 ? new Template(own, env, this.#reading) : undefined
        return (row, assigned) => {
          const hasPartner = inner || keys.every((key) => key(row) !== null)
          const itself = partner?.rows(assigned).at(-1)
          const joined = included.map(([id, ty]) => {
            const from = stage.include.find((c) => c.id === id)?.from
            if (itself && from !== undefined && !assigned.has(variableOf(i, id)))
              return [id, itself[from] ?? null] as const
            const given = hasPartner ? assigned.get(variableOf(i, id)) : undefined
            const other = inner ? (ty === 'time' ? BASE_TIME.toString() : 'joined') : stage.missing
            return [id, typed(given === undefined ? other : given, ty)] as const
          })
          return { ...row, ...Object.fromEntries(joined) }
        }
      }
      default:
        return (row) => row
    }
  }

  #readAfter(step: number): Set<string> {
    const out = new Set<string>()
    for (const { stage } of this.chain.steps.slice(step + 1))
      visitStage(stage, { expr: (e) => void (e.kind === 'col' && out.add(e.id)) })
    return out
  }

  /** Types of columns as later steps read them: a join does not name those that it adds. */
  #typesAfter(step: number): Map<string, Column['ty']> {
    const out = new Map<string, Column['ty']>()
    for (const { stage } of this.chain.steps.slice(step + 1))
      visitStage(stage, { expr: (e) => void (e.kind === 'col' && !out.has(e.id) && out.set(e.id, e.ty)) })
    return out
  }

  /** An aggregate over the row alone, unless its value is assigned. */
  #computed(
    call: Extract<Stage, { kind: 'aggregate' }>['aggs'][number],
    step: number,
  ): (row: Row, assigned: Assignment) => Value {
    const variable = variableOf(step, call.id)
    this.#types.set(variable, call.ty)
    const isWindow = call.prim.startsWith('win.')
    const prim = isWindow ? undefined : knownPrim(call.prim, 'aggregate')
    const acc = prim?.js(call.consts) as Accumulator | undefined
    const args = call.args.map((a) => compileExpr(a, rowScope, this.env))
    const where = compilePred(call.where, rowScope, this.env)
    return (row, assigned) => {
      const given = assigned.get(variable)
      if (given !== undefined) return typed(given, call.ty)
      if (!acc || !prim) return call.prim === 'win.rank' ? 1n : null
      const values = args.map((f) => f(row))
      const seen = where(row) && !(prim.nulls === 'propagate' && values.includes(null))
      const state = acc.init()
      return acc.done((seen ? acc.add(state as never, ...(values as never[])) : state) as never)
    }
  }
}

const ADDRESS = /ip$|ip4$|_ip\b|address|addr\b|^src$|^dst$/i
const AMOUNT = /bytes|count|size|duration|port|length|total|num|score|time$|seconds|_ms$|id$|status|code/i

/** A text that a field of this name could have. */
export function sampleOf(variable: string): string {
  const name = variable.slice(2)
  if (ADDRESS.test(name)) return '198.51.100.7'
  if (AMOUNT.test(name)) return '1'
  return 'x1'
}
