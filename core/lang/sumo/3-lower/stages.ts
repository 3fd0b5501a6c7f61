// The scope and the stages of a search, in order.
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { sumoBareExpression } from '../../../diag/catalogue/sumo.ts'
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
    case 'macro':
      f.lowering.report(codes.sumoNotRun, s.head, { name: `the macro ${s.name}`, reason: 'its text is in the tenant' })
      break
    case 'hole':
    case 'error':
      break
  }
}

/** Their pages say that an alias is required. */
const NEEDS_NAME = /^(concat|format|replace|querystarttime|queryendtime|querytimerange)$/i

function assign(f: Flow, s: Extract<Stage, { kind: 'assign' }>): void {
  const target = s.target ?? firstField(s.value)
  if (!s.target && s.value.kind === 'call' && NEEDS_NAME.test(s.value.name))
    f.lowering.report(sumoBareExpression, s.span, { what: `the value of ${s.value.name}` })
  const expr = lowerExpr(f, s.value)
  if (target) f.set([{ name: target.name, expr }])
}

function firstField(e: Ast): Name | undefined {
  if (e.kind === 'field') return e.name
  if (e.kind === 'group') return firstField(e.of)
  return e.kind === 'call' ? e.args.map(firstField).find((n) => n !== undefined) : undefined
}
