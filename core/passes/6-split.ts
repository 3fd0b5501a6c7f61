// Pass 6: divides a plan into a core for an engine and a tail, which the evaluator runs over the engine's rows.
import type { Consts, From, Let, Plan, Relation, SourceNode, Stage } from '../plan/plan.ts'
import { REST } from '../plan/plan.ts'
import { and, conjuncts, TRUE } from '../plan/build.ts'
import { type Needs, needs, schemasOf } from '../plan/needs.ts'
import type { Schema } from '../plan/schema.ts'
import { CORE } from './0-verify.ts'
import { visitRelation, visitStage } from '../plan/walk.ts'

export { CORE }

interface Split {
  /** For the engine. Null: it cannot compute the plan's first relation, so everything is tail. */
  readonly core: Plan | null
  /**
   * For the evaluator; null: the engine runs the whole plan. Its source `core` holds the core's rows. Its other sources (of right sides
   * and lets) are telemetry as in the plan; the caller must supply them too.
   */
  readonly tail: Plan | null
  /** The engine's reasons for the end of the core, each once. */
  readonly reasons: readonly string[]
}

type PrimTail = (prim: string, consts: Consts) => string | undefined
type StageTail = (stage: Stage) => string | undefined

interface SplitOptions {
  /** The engine itself applies `SourceNode.where` (it reads its own tables) instead of the scan. Default false. */
  readonly engineFilters?: boolean
}

/**
 * The first stage of the outer relation that the engine answers with `tail` ends the core. A right side, another relation of a union
 * or a let that needs a tail makes the whole stage that uses it tail. Expects an optimised plan: its orders are total.
 */
export function split(
  raw: Plan,
  isTail: PrimTail,
  stageTail: StageTail = () => undefined,
  options: SplitOptions = {},
): Split {
  const finder = new TailFinder(raw.lets, isTail, stageTail, options.engineFilters === true)
  const plan = finder.pullTailFilters(raw)
  const fromReasons = finder.ofFrom(plan.out.from)
  if (fromReasons.length > 0) return { core: null, tail: plan, reasons: fromReasons }
  const at = plan.out.stages.findIndex((s) => finder.ofStage(s).length > 0)
  const end = plan.out.stages[at]
  if (!end) return { core: plan, tail: null, reasons: [] }
  const needed = (needs(plan).get(plan.out) as readonly Needs[])[at] as Needs
  const schema = schemasOf(plan.out, plan.lets)[at] as Schema
  const columns = [...schema.columns.keys()].filter((id) => needed.has(id))
  const rest = schema.rest && needed.has(REST)
  const keep: Stage = { kind: 'project', columns, rest }
  const core: Relation = { from: plan.out.from, stages: [...plan.out.stages.slice(0, at), keep] }
  const tail: Relation = { from: coreSource(schema, columns, rest), stages: plan.out.stages.slice(at) }
  return {
    core: { lets: letsOf(core, plan.lets), out: core },
    tail: { lets: letsOf(tail, plan.lets), out: tail },
    reasons: finder.ofStage(end),
  }
}

function coreSource(schema: Schema, columns: readonly string[], rest: boolean): SourceNode {
  return {
    kind: 'source',
    name: CORE,
    columns: columns.map((id) => ({ id, ty: schema.columns.get(id) ?? 'str', from: { kind: 'field', name: id } })),
    rest,
    interval: 'all',
    where: TRUE,
  }
}

/** The lets that a relation reads, directly or through others, in their order. */
function letsOf(r: Relation, lets: readonly Let[]): Let[] {
  const names = new Set<string>()
  const add = (x: Relation): void => {
    visitRelation(x, {
      relation: ({ from }) => {
        if (from.kind !== 'let' || names.has(from.name)) return
        names.add(from.name)
        const found = lets.find((l) => l.name === from.name)
        if (found) add(found.rel)
      },
    })
  }
  add(r)
  return lets.filter((l) => names.has(l.name))
}

class TailFinder {
  private readonly lets: readonly Let[]
  private readonly isTail: PrimTail
  private readonly stageTail: StageTail
  private readonly engineFilters: boolean

  constructor(lets: readonly Let[], isTail: PrimTail, stageTail: StageTail, engineFilters: boolean) {
    this.lets = lets
    this.isTail = isTail
    this.stageTail = stageTail
    this.engineFilters = engineFilters
  }

  /** Moves conjuncts of the source's filter that the engine cannot compute into a first filter stage. */
  pullTailFilters(plan: Plan): Plan {
    const { from, stages } = plan.out
    if (from.kind !== 'source' || this.ofFrom(from).length === 0) return plan
    const parts = conjuncts(from.where)
    const tails = parts.filter((p) => this.ofStage({ kind: 'filter', where: p }).length > 0)
    const where = and(...parts.filter((p) => !tails.includes(p)))
    const out: Relation = { from: { ...from, where }, stages: [{ kind: 'filter', where: and(...tails) }, ...stages] }
    return { ...plan, out }
  }

  ofFrom(from: From): string[] {
    if (from.kind === 'source') {
      return this.engineFilters ? this.ofStage({ kind: 'filter', where: from.where }) : []
    }
    const at = this.lets.findIndex((l) => l.name === from.name)
    const found = this.lets[at]
    return found ? this.ofRelation(found.rel) : []
  }

  ofRelation(r: Relation): string[] {
    return unique([...this.ofFrom(r.from), ...r.stages.flatMap((s) => this.ofStage(s))])
  }

  ofStage(stage: Stage): string[] {
    const reasons: (string | undefined)[] = [this.stageTail(stage)]
    if (stage.kind === 'join') reasons.push(...this.ofRelation(stage.right))
    if (stage.kind === 'union') for (const r of stage.others) reasons.push(...this.ofRelation(r))
    if (stage.kind === 'join' && stage.within) reasons.push(this.isTail(stage.within.prim, {}))
    if (stage.kind === 'aggregate') for (const a of stage.aggs) reasons.push(this.isTail(a.prim, a.consts))
    if (stage.kind === 'window') for (const a of stage.columns) reasons.push(this.isTail(a.prim, a.consts))
    visitStage(withoutInner(stage), {
      expr: (e) => {
        if (e.kind === 'call') reasons.push(this.isTail(e.prim, e.consts))
      },
      pred: (p) => {
        if (p.kind === 'test') reasons.push(this.isTail(p.prim, p.consts))
      },
    })
    return unique(reasons.filter((r) => r !== undefined))
  }
}

const unique = (list: readonly string[]): string[] => [...new Set(list)]

/** The stage without its inner relations. These are checked separately, because the scan applies their sources' filters. */
function withoutInner(stage: Stage): Stage {
  if (stage.kind === 'join') return { ...stage, right: { from: { kind: 'let', name: '' }, stages: [] } }
  return stage.kind === 'union' ? { ...stage, others: [] } : stage
}
