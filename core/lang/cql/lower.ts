// AST → plan. Never throws: a part that cannot be lowered gives a diagnostic, and the plan leaves it out.
import * as codes from '../../diag/catalogue/cql-lower.ts'
import { call, lit, test } from '../../plan/build.ts'
import { type EnvRef, isHidden } from '../../plan/plan.ts'
import type { Source } from '../../text/source.ts'
import type { CompileContext, Lowered } from '../shared/lowered.ts'
import type { LoweredParser } from '../shared/lowered-parser.ts'
import type { IntervalBeforeEnd } from './4-lower/lower-types.ts'
import { Lowering } from './4-lower/lowering.ts'
import { callValue, hasValue, lowerCond, lowerExpr } from './4-lower/expr.ts'
import { filterPred, filterStep } from './4-lower/filter.ts'
import { DROPPED, Flow, type Parts } from './4-lower/flow.ts'
import { RelationBuilder, SourceColumns } from './4-lower/relation-builder.ts'
import { showFields } from './4-lower/show.ts'
import { aggregatesOf } from './4-lower/group/fused.ts'
import { lowerGroup } from './4-lower/group/group.ts'
import { lowerSteps, runCall } from './4-lower/steps.ts'
import { registry } from './registry.ts'
import { toStr } from '../shared/convert.ts'
import { isNull } from './4-lower/values.ts'
import { takeNewest } from './4-lower/ordering.ts'
import type { Pipeline } from './3-parse/ast.ts'

const IMPLIED_TAIL = 200

const parts: Parts = {
  registry,
  expr: lowerExpr,
  cond: lowerCond,
  hasValue,
  callValue,
  filterPred,
  filterStep,
  runCall,
  steps: lowerSteps,
  group: lowerGroup,
  aggregates: aggregatesOf,
  subQuery({ lowering }, pipeline, interval) {
    const source = new SourceColumns('events', true, lowering.onRead, interval ? 'all' : 'query')
    const flow = new Flow(lowering, parts, new RelationBuilder(source), pipeline.span)
    if (interval) limitTo(flow, interval)
    lowerSteps(flow, pipeline)
    return flow
  },
}

export function lower(pipeline: Pipeline, source: Source, context: CompileContext = {}): Lowered {
  const lowering = new Lowering(source, context)
  if (source.text.includes('?{')) collectDefaults(pipeline, lowering.defaults)
  const flow = new Flow(
    lowering,
    parts,
    new RelationBuilder(new SourceColumns('events', true, lowering.onRead)),
    pipeline.span,
  )
  lowerSteps(flow, pipeline)
  flow.at = pipeline.steps.at(-1)?.span ?? pipeline.span
  // A step with an error may be the aggregate that was meant.
  const hasErrors = lowering.diagnostics.some((d) => d.severity === 'error')
  if (!flow.aggregated && !flow.ordered && !hasErrors) impliedTail(flow, pipeline)
  if (!hasErrors) for (const c of lowering.calls) c.reportUnread()
  const columns = showFields(flow)
  const lets = lowering.lets.map((l) => l.build())
  return {
    plan: { lets, out: flow.rel.finish() },
    diagnostics: lowering.diagnostics,
    assumptions: [...lowering.assumptions].sort(),
    needs: lowering.needs,
    fallbacks: lowering.onlyFallback(),
    readsInterval: lowering.readsInterval,
    presentation: {
      columns,
      ordered: flow.ordered,
      ...(flow.newestFirst ? { newestFirst: true } : {}),
      limits: lowering.limits,
    },
  }
}

export function lowerParser(pipeline: Pipeline, source: Source, context: CompileContext = {}): LoweredParser {
  const lowering = new Lowering(source, context)
  lowering.isParser = true
  collectDefaults(pipeline, lowering.defaults)
  const rel = new RelationBuilder(new SourceColumns('events', false, lowering.onRead))
  const flow = new Flow(lowering, parts, rel, pipeline.span)
  flow.unknown = (name) =>
    name === '@rawstring' || name === DROPPED ? flow.fromSource(name) : lit(null, name.endsWith('[]') ? 'list' : 'str')
  lowerSteps(flow, pipeline)
  const opened = flow.opened.map(({ text, ...open }) => ({ ...open, text: flow.keep('text', text) }))
  const visible = [...flow.names].filter(([name]) => !isHidden(name))
  const kept = visible.filter(([, expr]) => !isNull(expr))
  // Columns of their own: a name may be that of a column which another name still reads.
  const columns = [...kept.map(([, expr]) => expr), ...opened.map((o) => o.text)].map((expr, i) => ({
    id: `out${i}`,
    expr: expr.ty === 'list' ? expr : toStr(expr),
  }))
  flow.push({ kind: 'set', columns })
  flow.push({ kind: 'project', columns: columns.map((c) => c.id), rest: false })
  return {
    plan: { lets: lowering.lets.map((l) => l.build()), out: flow.rel.finish() },
    diagnostics: lowering.diagnostics,
    needs: lowering.needs,
    names: kept.map(([name]) => name),
    removed: visible.filter(([, expr]) => isNull(expr)).map(([name]) => name),
    opened: opened.map(({ text: _, ...open }) => open),
  }
}

function impliedTail(flow: Flow, pipeline: Pipeline): void {
  const end = { start: pipeline.span.end, end: pipeline.span.end }
  takeNewest(flow, IMPLIED_TAIL)
  flow.lowering.limits.push({ what: 'tail', limit: IMPLIED_TAIL })
  flow.lowering.report(codes.impliedTail, end, { limit: IMPLIED_TAIL })
}

/** Limits a sub-query to its own interval. */
function limitTo(flow: Flow, within: IntervalBeforeEnd): void {
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
