// The scope and the stages of a search, in order.
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import * as textCodes from '../../../diag/catalogue/sumo.ts'
import { lowerAggregate } from './aggregate.ts'
import type { Registry } from './builtin.ts'
import { lowerExpr } from './expr.ts'
import type { Flow } from './flow.ts'
import { lowerScope } from './scope.ts'
import type { Expr as Ast, Name, Query, Stage } from '../2-parse/ast.ts'

export function lowerQuery(f: Flow, query: Query): void {
  if (query.scope) {
    f.at = query.scope.span
    lowerScope(f, query.scope)
  }
  f.parts.stages(f, query.stages)
}

export function lowerStages(registry: Registry, f: Flow, stages: readonly Stage[]): void {
  stages.forEach((s, i) => {
    f.at = s.span
    f.ahead = stages.slice(i + 1)
    f.parseFollows = isParse(registry, stages[i + 1])
    if (!isParse(registry, s)) f.matched = []
    lowerStage(registry, f, s)
  })
}

const isParse = (registry: Registry, s: Stage | undefined): boolean =>
  s?.kind === 'operator' && registry.operator(s.name)?.kind === 'parse'

function lowerStage(registry: Registry, f: Flow, s: Stage): void {
  switch (s.kind) {
    case 'operator':
      registry.operator(s.name)?.lower(f, s.node, s)
      break
    case 'aggregate':
      lowerAggregate(registry, f, s)
      break
    case 'assign':
      assign(f, s)
      break
    case 'notRun':
      f.notRun(s.head, s.name, s.reason)
      break
    case 'hole':
      f.low.needs.push({ kind: 'parameter', name: s.name, at: s.span })
      f.low.say(textCodes.sumoHole, s.span, { name: s.name })
      break
    case 'macro':
      f.low.say(codes.sumoNotRun, s.head, { name: `the macro ${s.name}`, reason: 'its text is in the tenant' })
      break
    case 'error':
      break
  }
}

<<<<<<< HEAD
=======
/** Some of these make columns that later stages read; guessing them would only hide the reason. */
function notRun(f: Flow, s: Stage): void {
  const name = s.kind === 'other' ? s.name : s.kind
  f.low.say(codes.sumoNotRun, s.head, { name, reason: REASONS[name] ?? 'Assay does not have it yet' })
  f.open = true
}

const REASONS: Record<string, string> = {
  benchmark: 'it compares with other customers of the vendor',
  details: 'it belongs to logreduce',
  geolookup: 'it is internal to the vendor',
  infer: 'its models are in the tenant',
  logcompare: 'its clustering is not published',
  logexplain: 'its clustering is not published',
  logreduce: 'its clustering is not published',
  sample: 'it is internal to the vendor',
  sessionize: 'it is not built yet',
  summarize: 'its clustering is not published',
  trace: 'it is not built yet',
  transaction: 'only `on key with states … in field` is built, without fringe, patterns and showing',
}

function where(f: Flow, c: Ast): void {
  const parts = conjuncts(c)
  for (const p of parts) {
    const sub = subqueryOf(p)
    if (sub) semiJoin(f, sub.sub, sub.negated)
  }
  for (const p of parts) if (!subqueryOf(p)) f.filter(lowerCond(f, p).yes)
}

/** Conjuncts are filters of their own only where a subquery stands among them: one step of the text is one stage else. */
function conjuncts(c: Ast): readonly Ast[] {
  if (!hasSubquery(c)) return [c]
  if (c.kind === 'group') return conjuncts(c.of)
  return c.kind === 'binary' && c.op === 'and' ? [...conjuncts(c.left), ...conjuncts(c.right)] : [c]
}
function hasSubquery(c: Ast): boolean {
  if (c.kind === 'subquery') return true
  if (c.kind === 'group' || c.kind === 'unary') return hasSubquery(c.of)
  return c.kind === 'binary' && (hasSubquery(c.left) || hasSubquery(c.right))
}
function subqueryOf(c: Ast): { sub: Extract<Ast, { kind: 'subquery' }>['sub']; negated: boolean } | undefined {
  if (c.kind === 'subquery') return { sub: c.sub, negated: false }
  if (c.kind === 'group') return subqueryOf(c.of)
  if (c.kind !== 'unary') return undefined
  const inner = subqueryOf(c.of)
  return inner && { sub: inner.sub, negated: !inner.negated }
}

>>>>>>> da3a9aa (Refusals, help and summaries in plain English)
function assign(f: Flow, s: Extract<Stage, { kind: 'assign' }>): void {
  const target = s.target ?? firstField(s.value)
  const expr = lowerExpr(f, s.value)
  if (target) f.set([{ name: target.name, expr }])
}

function firstField(e: Ast): Name | undefined {
  if (e.kind === 'field') return e.name
  if (e.kind === 'group') return firstField(e.of)
  return e.kind === 'call' ? e.args.map(firstField).find((n) => n !== undefined) : undefined
}
