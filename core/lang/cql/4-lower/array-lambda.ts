// Pipelines over the elements of an array, as constants of list primitives. They read the element and no other field of the event.
import { and, call as primCall, col, lit, TRUE } from '../../../plan/build.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { ELEMENT, type Expr, type Pred } from '../../../plan/plan.ts'
import { mapExpr, mapPred, type Mapper } from '../../../plan/walk.ts'
import type { Span } from '../../../text/source.ts'
import type { Pipeline } from '../3-parse/ast.ts'
import { Flow } from './flow.ts'
import { RelationBuilder, SourceColumns } from './relation-builder.ts'
import { toStr } from '../../shared/convert.ts'
import { choose } from './values.ts'

interface OverElement {
  /** True if the filters of the pipeline let the element pass. */
  readonly cond: Pred
  /** Value of the output field, or else of the variable, after the pipeline; absent if the element does not pass. */
  readonly value: Expr
}

/** The pipeline with the element under these names; undefined, with a diagnostic, if it needs more than the element. */
export function overElement(
  flow: Flow,
  names: readonly string[],
  pipeline: Pipeline,
  call: { readonly fn: string; readonly at: Span; readonly output?: string; readonly objects?: true },
): OverElement | undefined {
  const inner = new Flow(
    flow.lowering,
    flow.parts,
    new RelationBuilder(new SourceColumns('element', false, () => {})),
    pipeline.span,
  )
  const elementNames = names.map((n) => [n, col(ELEMENT, 'str')] as const)
  const { output } = call
  // The output field is absent until the pipeline sets it.
  inner.close(
    output === undefined || names.includes(output) ? elementNames : [...elementNames, [output, lit(null, 'str')]],
  )
  let outside: string | undefined
  inner.unknown = (name) => {
    // Elements that are objects are JSON texts.
    const of = call.objects && names.find((n) => name.startsWith(`${n}.`))
    if (of)
      return primCall('parsed.field', 'str', [col(ELEMENT, 'str')], { how: 'json', name: name.slice(of.length + 1) })
    outside ??= `the field \`${name}\` inside \`${call.fn}()\``
    return lit(null, 'str')
  }
  const lets = flow.lowering.lets.length
  flow.parts.steps(inner, pipeline)
  const values = new Map<string, Expr>()
  const substitute: Mapper = {
    expr: (e) => {
      if (e.kind === 'env') outside ??= `the time of the run inside \`${call.fn}()\``
      return e.kind === 'col' ? (values.get(e.id) ?? e) : e
    },
  }
  let cond: Pred = TRUE
  for (const s of inner.rel.stages) {
    if (s.kind === 'filter') cond = and(cond, mapPred(s.where, substitute))
    else if (s.kind === 'set')
      for (const c of s.columns.map((x) => ({ id: x.id, e: mapExpr(x.expr, substitute) }))) values.set(c.id, c.e)
    else outside ??= `a step in \`${call.fn}()\` that sees more than one element`
  }
  if (inner.rel.source.columns.size > 0 || flow.lowering.lets.length > lets)
    outside ??= `the event inside \`${call.fn}()\``
  if (outside !== undefined) {
    flow.lowering.report(notRunHere, call.at, { name: call.fn, what: outside })
    return undefined
  }
  const result = output !== undefined && inner.touched.has(output) ? output : (names[0] as string)
  const value = toStr(mapExpr(inner.read(result), substitute))
  return { cond, value: choose(cond, value, lit(null, 'str')) }
}
