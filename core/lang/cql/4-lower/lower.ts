// AST to plan. Never throws on a query: what cannot be lowered is said, and the plan is what could be.
import * as codes from '../../../diag/catalogue/cql-lower.ts'
import { call, lit, test } from '../../../plan/build.ts'
import type { EnvRef } from '../../../plan/plan.ts'
import type { Source } from '../../../text/source.ts'
import type { CompileContext, Lowered } from '../../shared/lowered.ts'
import { builtins } from './call.ts'
import { Lowering, type Parts } from './context.ts'
import { knownCond, lowerCond, lowerExpr } from './expr.ts'
import { Flow, RelationBuilder, SourceColumns } from './flow.ts'
import { AGGREGATES, grouped } from './group/group.ts'
import { lowerSteps } from './steps.ts'
import { takeNewest } from './ordering.ts'
import type { Pipeline } from '../3-parse/ast.ts'

const IMPLIED_TAIL = 200

for (const b of builtins) {
  if (b.lower.aggregate || b.kind === 'aggregate')
    for (const n of [b.name, ...(b.aliases ?? [])]) AGGREGATES.add(n.toLowerCase())
}

export function lower(pipeline: Pipeline, source: Source, known: CompileContext = {}): Lowered {
  const parts: Parts = {
    expr: lowerExpr,
    cond: lowerCond,
    known: knownCond,
    steps: lowerSteps,
    grouped,
    sub: (p, within) => {
      const flow = new Flow(
        low,
        new RelationBuilder(new SourceColumns('events', true, low.onRead, within ? 'all' : 'query')),
        p.span,
      )
      if (within) limitTo(flow, within)
      lowerSteps(flow, p)
      return flow
    },
  }
  const low: Lowering = new Lowering(source, known, parts)
  collectDefaults(pipeline, low.defaults)
  const flow = new Flow(low, new RelationBuilder(new SourceColumns('events', true, low.onRead)), pipeline.span)
  lowerSteps(flow, pipeline)
  flow.at = pipeline.steps.at(-1)?.span ?? pipeline.span
  // A step with an error may be the aggregate that was meant.
  const hasErrors = low.diagnostics.some((d) => d.severity === 'error')
  if (!flow.aggregated && !flow.ordered && !hasErrors) impliedTail(flow, pipeline)
  if (flow.parsedBy) low.say(codes.parsedFieldsOpen, flow.parsedBy.at, { fn: flow.parsedBy.fn })
  const columns = flow.finish()
  const lets = low.lets.map((l) => l.build())
  return {
    plan: { lets, out: flow.rel.finish() },
    diagnostics: low.diagnostics,
    assumptions: [...low.assumptions].sort(),
    needs: low.needs,
    fallbacks: low.onlyFallback(),
    readsInterval: low.readsInterval,
    presentation: {
      columns,
      ordered: flow.ordered,
      ...(flow.newestFirst ? { newestFirst: true } : {}),
      limits: low.limits,
    },
  }
}

function impliedTail(flow: Flow, pipeline: Pipeline): void {
  const end = { start: pipeline.span.end, end: pipeline.span.end }
  takeNewest(flow, IMPLIED_TAIL)
  flow.low.limits.push({ what: 'tail', limit: IMPLIED_TAIL })
  flow.low.say(codes.impliedTail, end, { limit: IMPLIED_TAIL })
}

/** An interval of its own, counted back from the end of the query's. In milliseconds. */
function limitTo(flow: Flow, within: { readonly start: number | undefined; readonly end: number | undefined }): void {
  const time = flow.time()
  const end: EnvRef = { kind: 'env', name: 'end', ty: 'time' }
  const before = (ms: number) =>
    call('time.fromInt', 'time', [
      call('int.sub', 'int', [call('time.toInt', 'int', [end]), lit(BigInt(Math.round(ms * 1000)), 'int')]),
    ])
  if (!time) return
  flow.filter(
    within.start === undefined
      ? test('time.ge', [time, { kind: 'env', name: 'start', ty: 'time' }])
      : test('time.ge', [time, before(within.start)]),
  )
  flow.filter(test('time.lt', [time, within.end === undefined ? end : before(within.end)]))
}

/** `?{x=default}` anywhere gives the default to every `?x`. */
function collectDefaults(node: unknown, into: Map<string, string>): void {
  if (Array.isArray(node)) {
    for (const n of node) collectDefaults(n, into)
    return
  }
  if (typeof node !== 'object' || node === null) return
  const o = node as { readonly kind?: unknown; readonly name?: unknown; readonly default?: unknown }
  if (o.kind === 'param' && typeof o.name === 'string' && typeof o.default === 'string') into.set(o.name, o.default)
  for (const value of Object.values(node)) collectDefaults(value, into)
}
