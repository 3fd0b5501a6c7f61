// Pipelines over the elements of an array, as constants of list primitives. Other fields of the event are arguments beside the list.
import { and, call as primCall, col, lit, TRUE } from '../../../plan/build.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { ELEMENT, type Expr, OUTER, type Pred } from '../../../plan/plan.ts'
import { mapExpr, mapPred, type Mapper } from '../../../plan/walk.ts'
import type { Span } from '../../../text/source.ts'
import type { Expr as AstExpr, Pipeline } from '../3-parse/ast.ts'
import { type AggregateList, Flow } from './flow.ts'
import { RelationBuilder, SourceColumns } from './relation-builder.ts'
import { toStr } from '../../shared/convert.ts'
import { choose, isNull } from './values.ts'

interface OverElement {
  /** True if the filters of the pipeline let the element pass. */
  readonly cond: Pred
  /** Value of the output field, or else of the variable, after the pipeline; absent if the element does not pass. */
  readonly value: Expr
  /** Fields of the event that the pipeline reads: further arguments of the list primitive. */
  readonly outer: readonly Expr[]
}

interface Inner {
  readonly flow: Flow
  /** Fields of the event that were read, as arguments beside the list. */
  readonly outer: readonly Expr[]
  /** Puts the columns that steps have set in place of their names. */
  readonly substitute: Mapper
  /** The condition of the filters so far. */
  readonly settled: () => Pred
  /** Reports what needs more than an element; false then. */
  readonly isOfElement: () => boolean
}

/** A flow in which these names are the element of a list. */
function elementFlow(
  flow: Flow,
  names: readonly (readonly [string, Expr])[],
  span: Span,
  call: { readonly fn: string; readonly at: Span; readonly objectsOf: readonly string[] },
): Inner {
  const inner = new Flow(
    flow.lowering,
    flow.parts,
    new RelationBuilder(new SourceColumns('element', false, () => {})),
    span,
  )
  inner.close(names)
  let outside: string | undefined
  const outer: Expr[] = []
  inner.unknown = (name) => {
    // Elements that are objects are JSON texts.
    const of = call.objectsOf.find((n) => name.startsWith(`${n}.`))
    if (of) {
      const member = { how: 'json', name: name.slice(of.length + 1) }
      return name.includes('[]')
        ? primCall('parsed.elements', 'list', [col(ELEMENT, 'str')], member)
        : primCall('parsed.field', 'str', [col(ELEMENT, 'str')], member)
    }
    const field = flow.read(name)
    if (isNull(field)) return field
    if (field.ty === 'list') {
      outside ??= `the array \`${name}\` inside \`${call.fn}()\``
      return lit(null, 'str')
    }
    return col(`${OUTER}${outer.push(toStr(field)) - 1}`, 'str')
  }
  const lets = flow.lowering.lets.length
  const values = new Map<string, Expr>()
  const substitute: Mapper = {
    expr: (e) => {
      if (e.kind === 'env') outside ??= `the time of the run inside \`${call.fn}()\``
      return e.kind === 'col' ? (values.get(e.id) ?? e) : e
    },
  }
  const settled = (): Pred => {
    let cond: Pred = TRUE
    for (const s of inner.rel.stages) {
      if (s.kind === 'filter') cond = and(cond, mapPred(s.where, substitute))
      else if (s.kind === 'set')
        for (const c of s.columns.map((x) => ({ id: x.id, e: mapExpr(x.expr, substitute) }))) values.set(c.id, c.e)
      else outside ??= `a step in \`${call.fn}()\` that sees more than one element`
    }
    return cond
  }
  const isOfElement = (): boolean => {
    if (inner.rel.source.columns.size > 0 || flow.lowering.lets.length > lets)
      outside ??= `the event inside \`${call.fn}()\``
    if (outside !== undefined) flow.lowering.report(notRunHere, call.at, { name: call.fn, what: outside })
    return outside === undefined
  }
  return { flow: inner, outer, substitute, settled, isOfElement }
}

/** The pipeline with the element under these names; undefined, with a diagnostic, if it needs more than one event. */
export function overElement(
  flow: Flow,
  names: readonly string[],
  pipeline: Pipeline,
  call: { readonly fn: string; readonly at: Span; readonly output?: string; readonly objects?: true },
): OverElement | undefined {
  const elementNames = names.map((n) => [n, col(ELEMENT, 'str')] as const)
  const { output } = call
  // The output field is absent until the pipeline sets it.
  const all: (readonly [string, Expr])[] =
    output === undefined || names.includes(output) ? elementNames : [...elementNames, [output, lit(null, 'str')]]
  const inner = elementFlow(flow, all, pipeline.span, { ...call, objectsOf: call.objects ? names : [] })
  flow.parts.steps(inner.flow, pipeline)
  const cond = inner.settled()
  const result = output !== undefined && inner.flow.touched.has(output) ? output : (names[0] as string)
  const value = toStr(mapExpr(inner.flow.read(result), inner.substitute))
  if (!inner.isOfElement()) return undefined
  return { cond, value: choose(cond, value, lit(null, 'str')), outer: inner.outer }
}

/** Aggregates with the element under a name; undefined, with a diagnostic, if they need more than the element. */
export function overElements(
  flow: Flow,
  name: string,
  items: readonly AstExpr[],
  fn: string,
  at: Span,
): AggregateList | undefined {
  const inner = elementFlow(flow, [[name, col(ELEMENT, 'str')]], at, { fn, at, objectsOf: [] })
  const list = inner.flow.parts.aggregates(inner.flow, items, fn)
  if (!list) return undefined
  const where = inner.settled()
  const calls = list.calls.map((c) => ({
    ...c,
    args: c.args.map((a) => mapExpr(a, inner.substitute)),
    where: and(where, mapPred(c.where, inner.substitute)),
  }))
  if (!inner.isOfElement()) return undefined
  if (inner.outer.length > 0) {
    const what = `a field of the event inside \`${fn}()\``
    flow.lowering.report(notRunHere, at, { name: fn, what })
    return undefined
  }
  return { calls, finish: list.finish }
}
