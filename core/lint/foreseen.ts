// Absent fields whose absence the query foresees: one of several names of a value, or a field that it tests for presence.
// An abstract run with the fields absent finds the reads that lose something by it. The other reads are foreseen.
import type { Expr, Plan, Pred, Stage } from '../plan/plan.ts'
import { isHidden } from '../plan/plan.ts'
import { columnsOf, columnsOfPred, visitStage } from '../plan/walk.ts'
import { isOnly, sourceState, type State, step, values, verdict } from './reach.ts'

export interface Foreseen {
  /** Fields that the query tests for presence, and other names of values that some field gives. */
  readonly optional: ReadonlySet<string>
  /** Fields that only alternatives of an `or` read, where another alternative is possible. */
  readonly alternatives: ReadonlySet<string>
  /** Fields that have a constant instead. */
  readonly defaults: ReadonlySet<string>
}

/** Aggregates that list values: the other columns of their rows do not depend on them. */
const LISTS = new Set(['agg.collect'])

export function foreseen(plan: Plan, isAbsent: (field: string) => boolean): Foreseen {
  const { from, stages } = plan.out
  if (from.kind !== 'source') return { optional: new Set(), alternatives: new Set(), defaults: new Set() }
  const reads = new Reads(sourceState(from, isAbsent))
  for (const { id, from: binding } of from.columns) {
    const fields = binding.kind === 'field' ? [binding.name] : binding.kind === 'search' ? (binding.of ?? []) : []
    if (fields.length > 0 && fields.every(isAbsent)) reads.lacking.set(id, new Set(fields))
  }
  for (const s of stages) reads.through(s)
  const { missed, alternatives, defaults, tested } = reads.result()
  const others = (some: Fields, ...except: Fields[]): Fields =>
    new Set([...some].filter((f) => !missed.has(f) && !except.some((e) => e.has(f))))
  return {
    optional: others(tested, alternatives, defaults),
    alternatives: others(alternatives, defaults),
    defaults: others(defaults),
  }
}

type Fields = ReadonlySet<string>
const NONE: Fields = new Set()
const all = (some: readonly Fields[]): Fields => new Set(some.flatMap((s) => [...s]))

class Reads {
  /** Columns without a value in any row → the absent fields that it would come from. */
  readonly lacking = new Map<string, Fields>()
  /** Fields whose absence takes something from the result. */
  private readonly missed = new Set<string>()
  private readonly alternatives = new Set<string>()
  private readonly defaults = new Set<string>()
  private readonly tested = new Set<string>()
  /** Columns that a condition tests for presence. */
  private readonly foreseenColumns = new Set<string>()
  /** Columns that an alternative reads. */
  private readonly settled = new Set<string>()
  /** Columns that are set from absent fields, or shown: they count unless a stage foresees it or uses them in another way. */
  private readonly assigned: (readonly [column: string, fields: Fields])[] = []
  /** Reads that count unless a stage tests the column for presence. */
  private readonly open: (readonly [column: string, fields: Fields])[] = []
  private state: State

  constructor(state: State) {
    this.state = state
  }

  result() {
    for (const [id, fields] of this.open) if (!this.foreseenColumns.has(id)) this.miss(fields)
    for (const [id, fields] of this.assigned)
      if (!this.foreseenColumns.has(id) && !this.settled.has(id)) this.miss(fields)
    return { missed: this.missed, alternatives: this.alternatives, defaults: this.defaults, tested: this.tested }
  }

  private miss(fields: Fields): void {
    for (const f of fields) this.missed.add(f)
  }

  through(stage: Stage): void {
    visitStage(stage, { expr: (e) => e.kind === 'col' && this.note(this.lacking.get(e.id)) })
    const next = step(stage, this.state, [])
    switch (stage.kind) {
      case 'aggregate':
        for (const k of stage.keys) this.miss(this.ofExpr(k.expr))
        for (const a of stage.aggs) {
          for (const arg of a.args) this.argument(arg, LISTS.has(a.prim))
          this.miss(this.ofPred(a.where))
        }
        this.lacking.clear()
        break
      case 'filter':
        this.miss(this.ofPred(stage.where))
        break
      case 'project':
        for (const id of stage.columns) this.assigned.push([id, this.lacking.get(id) ?? NONE])
        break
      case 'set':
        this.assign(stage.columns)
        break
      default:
        visitStage(stage, { expr: (e) => e.kind === 'col' && this.miss(this.lacking.get(e.id) ?? NONE) })
    }
    this.state = next
  }

  private note(fields: Fields = NONE): void {
    for (const f of fields) this.tested.add(f)
  }

  private argument(arg: Expr, isListed: boolean): void {
    const fields = this.ofExpr(arg)
    if (arg.kind !== 'col') this.miss(fields)
    // All names of a value that is only shown: the author expected to find one of them in some logs.
    else if (isListed && fields.size > 1) this.foreseenColumns.add(arg.id)
    else this.open.push([arg.id, fields])
  }

  private assign(columns: readonly { readonly id: string; readonly expr: Expr }[]): void {
    const assigned = columns.map(({ id, expr }) => ({
      id,
      fields: this.ofExpr(expr),
      lacks: isOnly(values(expr, this.state), null),
    }))
    for (const { id, fields, lacks } of assigned) {
      if (lacks) this.lacking.set(id, fields)
      else this.lacking.delete(id)
      if (!lacks) this.open.push([id, fields])
      else if (!isHidden(id)) this.assigned.push([id, fields])
    }
  }

  /** The absent fields that take something from a value. */
  private ofExpr(e: Expr): Fields {
    switch (e.kind) {
      case 'call':
        return all(e.args.map((a) => this.ofExpr(a)))
      case 'col':
        return this.lacking.get(e.id) ?? NONE
      case 'if': {
        const v = verdict(e.cond, this.state)
        if (this.testsPresence(e.cond)) {
          const fields = all([this.ofExpr(e.then), this.ofExpr(e.else)])
          if (isOnly(values(e, this.state), null)) return fields
          // The value is a constant if all of them are absent.
          if (values(e, this.state)) for (const f of fields) this.defaults.add(f)
          return v === 'true' ? this.ofExpr(e.then) : v === 'false' ? this.ofExpr(e.else) : NONE
        }
        // A test of the value does not make the condition right.
        this.miss(this.ofPred(e.cond))
        const branches = [...(v === 'false' ? [] : [e.then]), ...(v === 'true' ? [] : [e.else])]
        return all(branches.map((b) => this.ofExpr(b)))
      }
      case 'truth':
        return this.ofPred(e.of)
      case 'env':
      case 'lit':
        return NONE
    }
  }

  /** The absent fields that take something from the rows for which a predicate holds. */
  private ofPred(p: Pred): Fields {
    switch (p.kind) {
      case 'and':
        return all(p.of.map((q) => this.ofPred(q)))
      case 'or':
        return this.ofAlternatives(p.of)
      case 'not': {
        if (this.testsPresence(p.of))
          return verdict(p, this.state) === 'false' ? this.lackingOf(columnsOfPred(p.of)) : NONE
        // An exclusion of what no event has excludes nothing, which its author cannot have meant.
        return this.ofPred(p.of)
      }
      case 'holds':
      case 'present':
        return this.ofExpr(p.expr)
      case 'test':
        return all(p.args.map((a) => this.ofExpr(a)))
      case 'true':
      case 'false':
        return NONE
    }
  }

  private ofAlternatives(some: readonly Pred[]): Fields {
    const verdicts = some.map((p) => verdict(p, this.state))
    const tests = some.map((p) => this.testsPresence(p))
    if (verdicts.some((v, i) => v === 'true' && tests[i])) return NONE
    if (verdicts.every((v) => v === 'false')) return all(some.map((p) => this.ofPred(p)))
    some.forEach((p, i) => {
      if (verdicts[i] === 'false') this.settle(p, this.ofPred(p))
    })
    return all(some.filter((_, i) => verdicts[i] !== 'false').map((p) => this.ofPred(p)))
  }

  private lackingOf(columns: Iterable<string>): Fields {
    return all([...columns].map((id) => this.lacking.get(id) ?? NONE))
  }

  private settle(p: Pred, fields: Fields): void {
    for (const f of fields) this.alternatives.add(f)
    for (const id of columnsOfPred(p)) this.settled.add(id)
  }

  /** Does the predicate only ask whether values are present, not empty, not blank? The columns count as foreseen then. */
  private testsPresence(p: Pred): boolean {
    if (!asksPresence(p)) return false
    for (const id of columnsOfPred(p)) this.foreseenColumns.add(id)
    return true
  }
}

function asksPresence(p: Pred): boolean {
  switch (p.kind) {
    case 'and':
    case 'or':
      return p.of.some(asksPresence) && p.of.every((q) => asksPresence(q) || isTestOfBlank(q))
    case 'not':
      return asksPresence(p.of)
    case 'present':
      return columnsOf(p.expr).size > 0
    default:
      return false
  }
}

/** The other half of "missing or empty" and "missing or blank". */
function isTestOfBlank(p: Pred): boolean {
  if (p.kind === 'not') return isTestOfBlank(p.of)
  if (p.kind !== 'test') return false
  if (p.prim === 're.test') return p.consts['pattern'] === '^\\s*$'
  const [, second] = p.args
  return p.prim === 'str.eq' && second?.kind === 'lit' && second.value === ''
}
