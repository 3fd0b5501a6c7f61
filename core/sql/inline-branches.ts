// A `case` that changes one field needs no number of its branch: its conditions choose the value. A SELECT less, which ClickHouse would
// analyse with all that are inside of it. Several fields keep the number, so that each condition is computed once.
import { iff } from '../plan/build.ts'
import { type Needs, needs } from '../plan/needs.ts'
import type { Expr, If, Plan, Relation, Stage } from '../plan/plan.ts'
import { columnsOf } from '../plan/walk.ts'

export function inlineBranches(plan: Plan): Plan {
  const known = needs(plan)
  const within = (r: Relation): Relation => ({ ...r, stages: inlined(r, known.get(r) as readonly Needs[]) })
  return { lets: plan.lets.map((l) => ({ ...l, rel: within(l.rel) })), out: within(plan.out) }
}

function inlined({ stages }: Relation, after: readonly Needs[]): Stage[] {
  const out: Stage[] = []
  for (let i = 0; i < stages.length; i++) {
    const [stage, next] = [stages[i] as Stage, stages[i + 1]]
    const made = next && joined(stage, next, after[i + 2] as Needs)
    out.push(made ?? stage)
    if (made) i++
  }
  return out
}

/** Both stages as one. */
function joined(stage: Stage, next: Stage, after: Needs): Stage | undefined {
  if (stage.kind !== 'set' || next.kind !== 'set' || stage.columns.length !== 1) return undefined
  const [number] = stage.columns
  if (!number || after.has(number.id)) return undefined
  const readers = next.columns.filter((c) => columnsOf(c.expr).has(number.id))
  const [reader] = readers
  const expr = readers.length === 1 && reader && chosen(number.expr, number.id, reader.expr)
  if (!expr) return undefined
  return { ...next, columns: next.columns.map((c) => (c === reader ? { ...c, expr } : c)) }
}

/** The value by the conditions of the number. Undefined: the value does not only compare the number. */
function chosen(number: Expr, id: string, value: Expr): Expr | undefined {
  const branches = armsOf(number)
  const values = armsOf(value)
  if (branches.arms.length === 0 || values.arms.length === 0) return undefined
  const byNumber = new Map<unknown, Expr>()
  for (const { cond, then } of values.arms) {
    const [of, literal] = cond.kind === 'test' && cond.prim === 'int.eq' ? cond.args : []
    if (of?.kind !== 'col' || of.id !== id || literal?.kind !== 'lit' || columnsOf(then).has(id)) return undefined
    if (!byNumber.has(literal.value)) byNumber.set(literal.value, then)
  }
  const numbers = [...branches.arms.map((a) => a.then), branches.otherwise]
  if (columnsOf(values.otherwise).has(id) || numbers.some((n) => n.kind !== 'lit')) return undefined
  const found = numbers.map((n) => (n.kind === 'lit' ? byNumber.get(n.value) : undefined))
  const isSmall = values.otherwise.kind === 'col' || values.otherwise.kind === 'lit'
  if (!isSmall && found.filter((f) => f === undefined).length > 1) return undefined
  const last = found.at(-1) ?? values.otherwise
  return branches.arms.reduceRight<Expr>((rest, a, i) => iff(a.cond, found[i] ?? values.otherwise, rest), last)
}

function armsOf(e: Expr): { readonly arms: readonly Pick<If, 'cond' | 'then'>[]; readonly otherwise: Expr } {
  const arms: Pick<If, 'cond' | 'then'>[] = []
  let otherwise = e
  while (otherwise.kind === 'if') {
    arms.push(otherwise)
    otherwise = otherwise.else
  }
  return { arms, otherwise }
}
