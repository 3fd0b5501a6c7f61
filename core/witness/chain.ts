// A plan as the ways that one event can take to its output. A way is one source and the stages behind it, through lets and unions.
import { compilePred, rowScope } from '../eval/compile.ts'
import { and, call, col, conjuncts, FALSE, lit, NO_ENV, not, or, present, test, TRUE } from '../plan/build.ts'
import { prims } from '../prims/registry.ts'
import {
  type Expr,
  isHidden,
  type Plan,
  type Pred,
  type Relation,
  type SourceColumn,
  type SourceNode,
  type Stage,
  type Ty,
} from '../plan/plan.ts'

export interface Step {
  readonly stage: Stage
  /** As the evaluator's hooks name it. */
  readonly path: string
  /** The partner's way through a join of a relation with itself, if the event takes it too. */
  readonly own?: Chain
}
export interface Chain {
  readonly source: SourceNode
  readonly steps: readonly Step[]
}

/** A predicate of a step that must be true, or false, of the row before the step. */
export interface Goal {
  readonly step: number
  readonly pred: Pred
  readonly want: boolean
}
/** A goal that the plan states: a conjunct of a filter, or a condition that a stage has without naming it. */
export interface Condition extends Goal {
  /** Names it among the conditions of the plan. */
  readonly key: string
  readonly path: string
  readonly stage: Stage
  /** Position among the conjuncts of the filter; null: the stage is no filter. */
  readonly conjunct: number | null
}

const MOST_CHAINS = 24

/** Every way through the plan, the main one first. */
export const chainsOf = (plan: Plan): Chain[] => relationChains(plan.out, 'out', plan).slice(0, MOST_CHAINS)

export function relationChains(r: Relation, path: string, plan: Plan): Chain[] {
  let chains = fromChains(r, plan)
  r.stages.forEach((stage, i) => {
    const at = `${path}.${i}`
    const right = stage.kind === 'join' ? relationChains(stage.right, `${at}.right`, plan)[0] : undefined
    chains = chains.map((c) => {
      const step = { stage, path: at, ...(right && takesBoth(c, right) && { own: right }) }
      return { ...c, steps: [...c.steps, step] }
    })
    if (stage.kind === 'union' && chains.length < MOST_CHAINS)
      chains.push(...stage.others.flatMap((o, k) => relationChains(o, `${at}.other${k}`, plan)))
  })
  return chains
}

function fromChains({ from }: Relation, plan: Plan): Chain[] {
  if (from.kind === 'source') return [{ source: from, steps: [] }]
  const found = plan.lets.find((l) => l.name === from.name)
  return found ? relationChains(found.rel, `let:${found.name}`, plan) : []
}

const sharedSteps = (a: Chain, b: Chain): number => {
  const at = a.steps.findIndex((s, i) => s.path !== b.steps[i]?.path)
  return at < 0 ? a.steps.length : at
}
/** An event on the first way is on the second too: behind the steps that both have, the second drops nothing. */
function takesBoth(a: Chain, b: Chain): boolean {
  const shared = sharedSteps(a, b)
  return (
    shared > 0 &&
    conditionsOf({ source: { ...b.source, where: TRUE }, steps: b.steps.slice(shared) }).every(
      (c) => c.conjunct === null,
    )
  )
}

/** Do two ways lead through the same steps? */
export const sharesSteps = (a: Chain, b: Chain): boolean => a.steps.some((s) => b.steps.some((o) => o.path === s.path))

/** Does the way lead through a join of a relation with itself? */
export const isSelfJoined = (chain: Chain, plan: Plan): boolean =>
  chain.steps.some(
    ({ stage, path }) =>
      stage.kind === 'join' &&
      relationChains(stage.right, `${path}.right`, plan).some((right) => sharesSteps(right, chain)),
  )

/** The conditions that an event meets on its way, in order. */
export function conditionsOf({ source, steps }: Chain): Condition[] {
  const first: Condition[] =
    source.where.kind === 'true' ? [] : filterConditions({ kind: 'filter', where: source.where }, 0, 'source')
  const all = steps.flatMap(({ stage, path }, step) => stageConditions(stage, step, path))
  return [...first, ...all.map((c) => (isWideLimit(c, steps) ? { ...c, conjunct: null } : c))]
}

/** More rows than any telemetry here has. */
const WIDE = 1000n
/** A limit of rows that a stage of the language has, as rows of a group: `take` is no predicate either. */
function isWideLimit({ pred, step }: Condition, steps: readonly Step[]): boolean {
  const [rank, limit] = pred.kind === 'test' && pred.prim === 'int.le' ? pred.args : []
  if (rank?.kind !== 'col' || !isHidden(rank.id) || limit?.kind !== 'lit') return false
  const isRank = ({ stage }: Step): boolean =>
    stage.kind === 'window' && stage.columns.some((c) => c.id === rank.id && c.prim === 'win.rank')
  return typeof limit.value === 'bigint' && limit.value > WIDE && steps.slice(0, step).some(isRank)
}

/** That everything which the way computes has a value: no condition of the query, but what it shows. */
export const computedValues = ({ steps }: Chain): Goal[] =>
  steps.flatMap(({ stage }, step): Goal[] => {
    const exprs =
      stage.kind === 'set'
        ? stage.columns.map((c) => c.expr)
        : stage.kind === 'aggregate'
          ? [...stage.keys.map((k) => k.expr), ...stage.aggs.flatMap((a) => a.args)]
          : []
    const results = stage.kind === 'aggregate' ? stage.aggs.map((a) => col(a.id, a.ty)) : []
    return [
      ...exprs.map((expr): Goal => ({ step, pred: present(expr), want: true })),
      ...results.map((expr): Goal => ({ step: step + 1, pred: present(expr), want: true })),
    ]
  })

function stageConditions(stage: Stage, step: number, path: string): Condition[] {
  const implied = (preds: readonly Pred[]): Condition[] =>
    preds.map((pred, i) => ({ step, pred, want: true, key: `${path}#${i}`, path, stage, conjunct: null }))
  switch (stage.kind) {
    case 'filter':
      return filterConditions(stage, step, path)
    case 'aggregate':
      return stage.nullKeys === 'drop' ? implied(stage.keys.map((k) => present(k.expr))) : []
    case 'join':
      return stage.how === 'inner' || stage.how === 'semi' ? implied(partnersOf(stage).map((e) => present(e))) : []
    case 'unnest':
      return stage.keep ? [] : implied([isFilled(stage.list)])
    default:
      return []
  }
}

/** A row of the left side without one of these gets no partner. */
const partnersOf = ({ on, within }: Stage & { kind: 'join' }): Expr[] => [
  ...on.map((o) => o.left),
  ...(within && prims.get(within.prim)?.nulls === 'propagate' ? [within.left] : []),
]

const filterConditions = (stage: Stage & { kind: 'filter' }, step: number, path: string): Condition[] =>
  conjuncts(stage.where).flatMap((pred, i) =>
    // A predicate over constants alone holds for all events or for none.
    folded(pred).kind === 'true' ? [] : [{ step, pred, want: true, key: `${path}#${i}`, path, stage, conjunct: i }],
  )

/** The predicate with the tests of constants decided. */
function folded(p: Pred): Pred {
  switch (p.kind) {
    case 'and':
      return and(...p.of.map(folded))
    case 'or':
      return or(...p.of.map(folded))
    case 'not':
      return not(folded(p.of))
    case 'holds':
      return p.expr.kind === 'truth' ? folded(p.expr.of) : decidedPred(p)
    default:
      return decidedPred(p)
  }
}

/** A predicate whose parts are decided already. */
export function decidedPred(p: Pred): Pred {
  switch (p.kind) {
    case 'and':
      return and(...p.of)
    case 'or':
      return or(...p.of)
    case 'not':
      return not(p.of)
    case 'true':
    case 'false':
      return p
    default: {
      const over = p.kind === 'test' ? p.args : [p.expr]
      return over.every(isFixed) ? (compilePred(p, rowScope, NO_ENV)({}) ? TRUE : FALSE) : p
    }
  }
}
/** The clock of the run is no constant. */
export const isFixed = (e: Expr): boolean => e.kind === 'lit' || (e.kind === 'call' && e.args.every(isFixed))

export const isFilled = (list: Expr): Pred => test('int.ge', [call('list.length', 'int', [list]), lit(1n, 'int')])

/** The plan without one conjunct of the filter at `path`. */
export function withoutConjunct(plan: Plan, { path, conjunct, pred }: Condition): Plan {
  const relation = (r: Relation, at: string): Relation => ({
    from:
      r.from.kind === 'source' && path === 'source'
        ? { ...r.from, where: and(...conjuncts(r.from.where).filter((p) => p !== pred)) }
        : r.from,
    stages: r.stages.map((s, i) => stage(s, `${at}.${i}`)),
  })
  const stage = (s: Stage, at: string): Stage => {
    if (s.kind === 'filter' && at === path)
      return { ...s, where: and(...conjuncts(s.where).filter((_, i) => i !== conjunct)) }
    if (s.kind === 'union') return { ...s, others: s.others.map((o, k) => relation(o, `${at}.other${k}`)) }
    if (s.kind === 'join') return { ...s, right: relation(s.right, `${at}.right`) }
    return s
  }
  return {
    lets: plan.lets.map((l) => ({ ...l, rel: relation(l.rel, `let:${l.name}`) })),
    out: relation(plan.out, 'out'),
  }
}

/** The origin of a column's value, seen from before a step. */
export type Origin =
  | { readonly kind: 'expr'; readonly expr: Expr; readonly at: number }
  | { readonly kind: 'element'; readonly list: Expr; readonly at: number }
  /** The output of an aggregate or a window: `args` as the stage sees them. */
  | {
      readonly kind: 'computed'
      readonly name: string
      readonly ty: Ty
      readonly prim: string
      readonly args: readonly Expr[]
      readonly at: number
    }
  /** `keys`: without them the row has no partner. */
  | {
      readonly kind: 'joined'
      readonly name: string
      readonly ty: Ty
      readonly keys: readonly Expr[]
      readonly at: number
    }
  | { readonly kind: 'source'; readonly column: SourceColumn }
  | { readonly kind: 'none' }

/** Of a column that the event's own row on the partner's way has. */
function ownOrigin(chain: Chain, at: number, id: string, ty: Ty): Origin | undefined {
  const { stage, own } = chain.steps[at] as Step
  const from = stage.kind === 'join' && own ? stage.include.find((c) => c.id === id)?.from : undefined
  if (!own || from === undefined) return undefined
  const shared = sharedSteps(own, chain)
  let origin = originOf(own, from, own.steps.length, ty)
  while (origin.kind === 'expr' && origin.at >= shared && origin.expr.kind === 'col')
    origin = originOf(own, origin.expr.id, origin.at, origin.expr.ty)
  if (origin.kind === 'source') return origin
  return (origin.kind === 'expr' || origin.kind === 'element') && origin.at < shared ? origin : undefined
}

export const variableOf = (step: number, id: string): string => `${step}:${id}`

export function originOf({ source, steps }: Chain, id: string, before: number, ty: Ty): Origin {
  for (let at = before - 1; at >= 0; at--) {
    const { stage } = steps[at] as Step
    switch (stage.kind) {
      case 'set': {
        const found = stage.columns.find((c) => c.id === id)
        if (found) return { kind: 'expr', expr: found.expr, at }
        break
      }
      case 'project':
        if (!stage.columns.includes(id)) return { kind: 'none' }
        break
      case 'unnest':
        if (stage.into === id) return { kind: 'element', list: stage.list, at }
        if (stage.index === id) return { kind: 'none' }
        break
      case 'aggregate': {
        const key = stage.keys.find((k) => k.id === id)
        if (key) return { kind: 'expr', expr: key.expr, at }
        const agg = stage.aggs.find((a) => a.id === id)
        if (!agg) return { kind: 'none' }
        return { kind: 'computed', name: variableOf(at, id), ty: agg.ty, prim: agg.prim, args: agg.args, at }
      }
      case 'window': {
        const found = stage.columns.find((c) => c.id === id)
        if (found)
          return { kind: 'computed', name: variableOf(at, id), ty: found.ty, prim: 'win.other', args: found.args, at }
        break
      }
      case 'join':
        if (stage.include.some((c) => c.id === id))
          return (
            ownOrigin({ source, steps }, at, id, ty) ?? {
              kind: 'joined',
              name: variableOf(at, id),
              ty,
              keys: stage.on.map((o) => o.left),
              at,
            }
          )
        break
    }
  }
  const column = source.columns.find((c) => c.id === id)
  return column ? { kind: 'source', column } : { kind: 'none' }
}
