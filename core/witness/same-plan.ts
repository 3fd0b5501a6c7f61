// Plans that are equal after laws that hold for every event: tests of constants are decided, and hidden columns have no names of their own.
import { and, conjuncts, FALSE } from '../plan/build.ts'
import { type Consts, type Expr, isHidden, type Plan, type Relation, type Stage } from '../plan/plan.ts'
import { jsonText } from '../plan/json-text.ts'
import { printPlan } from '../plan/print.ts'
import { mapPlan, mapRelations, visitStage } from '../plan/walk.ts'
import { optimise } from '../passes/optimise.ts'
import { isPlainStep } from '../prims/json-steps.ts'
import { listConst } from '../prims/kit.ts'
import { parseRegex } from '../regex/regex.ts'
import { onlyPresence } from './presence.ts'
import { chainsOf, conditionsOf, decidedPred } from './chain.ts'
import { foldedCall, normal } from './normal.ts'
import { consequencesOf, decidedBranches, idleConditions } from './implied.ts'

/** Equal texts: the plans have the same rows for every event. */
export function planText(plan: Plan): string {
  const folded = mapPlan(plan, {
    pred: (p) => {
      const of = onlyPresence(p)
      if (of) return decidedPred({ kind: 'present', expr: presenceOf(of) })
      return decidedPred(p.kind === 'test' ? { ...p, consts: plainFlags(p.consts) } : p)
    },
    expr: (e) =>
      e.kind === 'call'
        ? foldedCall({ ...e, consts: plainFlags(e.consts) })
        : e.kind === 'if' && e.cond.kind === 'true'
          ? e.then
          : e.kind === 'if' && e.cond.kind === 'false'
            ? e.else
            : e,
  })
  const numbers = new Map<string, number>()
  const simple = mapRelations(optimise(mapRelations(folded, withoutTrue)), normal)
  const text = printPlan(mapRelations(optimise(simple), withoutTrue))
  return text.replace(/\$:[a-z]+\d+/g, (name) => {
    numbers.set(name, numbers.get(name) ?? numbers.size)
    return `$:h${numbers.get(name)}`
  })
}

/** All values at a path are a list, an empty one too: only the path to the list decides whether there is one. */
function presenceOf(e: Expr): Expr {
  if (e.kind !== 'call' || e.prim !== 'json.getAll') return e
  const path = listConst(e.consts, 'path')
  const first = path.findIndex((p) => !isPlainStep(typeof p === 'bigint' ? Number(p) : p))
  return first < 0 ? e : { ...e, consts: { ...e.consts, path: [...path.slice(0, first), null] } }
}

/** Without the flags that do not change what the pattern means. A zone has several names. */
function plainFlags(all: Consts): Consts {
  const consts = all['zone'] === 'Z' || all['zone'] === 'GMT' ? { ...all, zone: 'UTC' } : all
  const [pattern, flags] = [consts['pattern'], consts['flags']]
  if (typeof pattern !== 'string' || typeof flags !== 'string') return consts
  const meaning = (f: string): string | undefined => {
    const parsed = parseRegex(pattern, f)
    return parsed.ok ? jsonText(parsed.regex.root) : undefined
  }
  const own = meaning(flags)
  if (own === undefined) return consts
  const least = [...flags].reduce((f, flag) => (meaning(f.replace(flag, '')) === own ? f.replace(flag, '') : f), flags)
  return least === flags ? consts : { ...consts, flags: least }
}

/** Columns of a source are read by name. */
const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0

const sorted = (from: Relation['from']): Relation['from'] =>
  from.kind === 'source' ? { ...from, columns: from.columns.toSorted(byId) } : from

const withoutTrue = (r: Relation): Relation => ({
  from: sorted(r.from),
  stages: r.stages.filter((s) => !(s.kind === 'filter' && s.where.kind === 'true')),
})

/** Without branches that no row takes, without predicates that follow from others, and without steps that only drop columns which nothing reads. */
export function withoutIdle(plan: Plan): Plan {
  const idle = new Map<string, boolean>()
  const never = new Map<string, boolean>()
  const decided = new Map<string, Stage | undefined>()
  for (const chain of chainsOf(plan)) {
    const conditions = conditionsOf(chain)
    const implied = idleConditions(chain, conditions)
    const { contradiction } = consequencesOf(chain, conditions)
    for (const c of conditions) never.set(c.key, c.key === contradiction?.key && (never.get(c.key) ?? true))
    for (const [path, s] of decidedBranches(chain, conditions)) {
      const known = decided.get(path)
      decided.set(path, !decided.has(path) || (known && jsonText(known) === jsonText(s)) ? s : undefined)
    }
    for (const c of conditions)
      if (c.conjunct !== null) idle.set(c.key, implied.has(c.key) && (idle.get(c.key) ?? true))
  }
  const relation = (r: Relation, at: string): Relation => ({
    ...r,
    stages: r.stages.flatMap((s, i) => stage(s, `${at}.${i}`, r.stages.slice(i + 1))),
  })
  const stage = (s: Stage, at: string, behind: readonly Stage[]): Stage[] => {
    switch (s.kind) {
      case 'filter':
        if (conjuncts(s.where).some((_, i) => never.get(`${at}#${i}`) === true)) return [{ ...s, where: FALSE }]
        return [{ ...s, where: and(...conjuncts(s.where).filter((_, i) => idle.get(`${at}#${i}`) !== true)) }]
      case 'set':
        return [decided.get(at) ?? s]
      case 'project':
        return isUnread(s, behind) ? [] : [s]
      case 'union':
        return [{ ...s, others: s.others.map((o, k) => relation(o, `${at}.other${k}`)) }]
      case 'join':
        return [{ ...s, right: relation(s.right, `${at}.right`) }]
      default:
        return [s]
    }
  }
  return {
    lets: plan.lets.map((l) => ({ ...l, rel: relation(l.rel, `let:${l.name}`) })),
    out: relation(plan.out, 'out'),
  }
}

const PLAIN: ReadonlySet<Stage['kind']> = new Set(['aggregate', 'filter', 'order', 'set'])

/** An aggregate follows, and up to it only columns that the step keeps are read. */
function isUnread(s: Stage & { kind: 'project' }, behind: readonly Stage[]): boolean {
  const end = behind.findIndex((b) => b.kind === 'aggregate')
  if (end < 0) return false
  const known = new Set(s.columns)
  for (const b of behind.slice(0, end + 1)) {
    const reads = new Set<string>()
    visitStage(b, { expr: (e) => void (e.kind === 'col' && reads.add(e.id)) })
    if (!PLAIN.has(b.kind) || [...reads].some((id) => !known.has(id) && !isHidden(id))) return false
    if (b.kind === 'set') for (const c of b.columns) known.add(c.id)
  }
  return true
}
