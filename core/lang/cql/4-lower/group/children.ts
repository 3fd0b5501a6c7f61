// The functions of a grouping: each is a child pipeline over the rows of one group.
import * as codes from '../../../../diag/catalogue/cql-lower.ts'
import type { Span } from '../../../../text/source.ts'
import type { Assign, Call, Expr as AstExpr, Filter, Pipeline, Step } from '../../3-parse/ast.ts'
import { parse } from '../../3-parse/parse.ts'
import { bare, wordOf } from '../args.ts'
import type { CqlBuiltin } from '../builtin.ts'
import { reportUnknown } from '../call.ts'
import type { Flow } from '../flow.ts'

/** A child of one aggregate can share a stage with others: filters, the aggregate, and steps that see one row. */
export interface Fused {
  readonly kind: 'fused'
  readonly before: readonly Step[]
  readonly aggregates: readonly Aggregate[]
  readonly behind: readonly Step[]
  /** Written in braces: its outputs are those after its last step. */
  readonly braces: boolean
  readonly span: Span
}
export interface Aggregate {
  readonly call: Call
  readonly as: string | undefined
}
/** A child whose steps see more than one row, or that gives several. */
interface Whole {
  readonly kind: 'whole'
  readonly steps: readonly Step[]
  /** An aggregate that gives several rows, in a stage of its own. */
  readonly alone?: Fused
  readonly span: Span
}
export type Child = Fused | Whole

const builtinOf = (flow: Flow, c: Call): CqlBuiltin | undefined => flow.parts.registry.byName.get(c.name.toLowerCase())

/** The children of a list of functions; undefined, with a diagnostic, if an item is no aggregate. */
export function childrenOf(flow: Flow, items: readonly AstExpr[]): Child[] | undefined {
  const out = items.map((e) => childrenOfItem(flow, e, undefined))
  return out.every((c) => c !== undefined) ? out.flat() : undefined
}

function childrenOfItem(flow: Flow, e: AstExpr, as: string | undefined): Child[] | undefined {
  const item = bare(e)
  switch (item.kind) {
    case 'named':
      return childrenOfItem(flow, item.value, item.name.name)
    case 'array':
      return childrenOf(flow, item.items)
    case 'pipeline': {
      const child = pipelineChild(flow, item.pipeline)
      return child && [child]
    }
    case 'call':
      return callChildren(flow, item.call, as)
    default: {
      const word = wordOf(item)
      flow.lowering.report(codes.notAnAggregate, e.span, { what: word === undefined ? 'this' : `\`${word}\`` })
      return undefined
    }
  }
}

function callChildren(flow: Flow, c: Call, as: string | undefined): Child[] | undefined {
  const found = builtinOf(flow, c)
  if (!found) {
    reportUnknown(flow, c)
    return undefined
  }
  if (!isAggregate(found)) {
    flow.lowering.report(codes.notAnAggregate, c.span, { what: `\`${found.name}()\`` })
    return undefined
  }
  // stats() in a list is the list of its own functions.
  const [only] = c.args
  if (found.name === 'stats' && c.args.length === 1 && only && (only.name ?? 'function') === 'function')
    return childrenOfItem(flow, only.value, as)
  const span = c.span
  const fused: Fused = { kind: 'fused', before: [], aggregates: [{ call: c, as }], behind: [], braces: false, span }
  if (givesOneRow(found, c)) return [fused]
  if (found.lower.kind === 'aggregate') return [{ kind: 'whole', steps: [], alone: fused, span }]
  const step: Step =
    as === undefined
      ? { kind: 'filter', filter: { kind: 'call', call: c, span }, span }
      : assignment(as, { kind: 'call', call: c, span })
  return [{ kind: 'whole', steps: [step], span }]
}
const assignment = (name: string, value: AstExpr): Assign => ({
  kind: 'assign',
  target: { name, quoted: false, span: value.span },
  value,
  span: value.span,
})

function pipelineChild(flow: Flow, p: Pipeline): Child | undefined {
  const steps = inlined(flow, p.steps)
  const at = steps.findIndex((s) => aggregatesOfStep(flow, s) !== undefined)
  const step = steps[at]
  if (!step) {
    flow.lowering.report(codes.notAnAggregate, p.span, { what: 'the sub-pipeline' })
    return undefined
  }
  const [before, behind] = [steps.slice(0, at), steps.slice(at + 1)]
  const aggregates = aggregatesOfStep(flow, step) ?? []
  const one = aggregates.length > 0 && aggregates.every((a) => givesOneRow(builtinOf(flow, a.call), a.call))
  return one && [...before, ...behind].every((s) => isOfOneRow(flow, s))
    ? { kind: 'fused', before, aggregates, behind, braces: true, span: p.span }
    : { kind: 'whole', steps, span: p.span }
}

/** The steps with the texts of saved queries in their place, where they are known. */
function inlined(flow: Flow, steps: readonly Step[]): readonly Step[] {
  const { lowering } = flow
  return steps.flatMap((s) => {
    const text = s.kind === 'saved' && s.args.length === 0 ? lowering.context.saved?.[s.name] : undefined
    if (s.kind !== 'saved' || text === undefined || lowering.inlining.includes(s.name)) return [s]
    return parse({ name: s.name, text }).pipeline.steps.map((inner) => ({ ...inner, span: s.span }))
  })
}

/** The aggregates of a step; empty for one that gives several rows; undefined for a step that sees one row. */
function aggregatesOfStep(flow: Flow, s: Step): Aggregate[] | undefined {
  switch (s.kind) {
    case 'stats': {
      const calls = s.items.map((i): Aggregate | undefined => {
        const item = bare(i)
        const value = item.kind === 'named' ? bare(item.value) : item
        const as = item.kind === 'named' ? item.name.name : undefined
        return value.kind === 'call' && isAggregate(builtinOf(flow, value.call)) ? { call: value.call, as } : undefined
      })
      return calls.every((c) => c !== undefined) ? calls : []
    }
    case 'assign': {
      const value = bare(s.value)
      if (value.kind !== 'call' || !isAggregate(builtinOf(flow, value.call))) return undefined
      return [{ call: value.call, as: s.target.name }]
    }
    case 'filter':
      if (s.filter.kind !== 'call' || !isAggregate(builtinOf(flow, s.filter.call))) return undefined
      return [{ call: s.filter.call, as: undefined }]
    default:
      return undefined
  }
}

const isAggregate = (b: CqlBuiltin | undefined): boolean =>
  b !== undefined && (b.lower.kind === 'aggregate' || b.kind === 'aggregate' || b.kind === 'sequence')

const givesOneRow = (b: CqlBuiltin | undefined, c: Call): boolean =>
  b !== undefined && b.lower.kind === 'aggregate' && b.lower.severalRows?.(c) !== true

/** The step sees one row at a time and gives at most one for it. */
function isOfOneRow(flow: Flow, s: Step): boolean {
  switch (s.kind) {
    case 'filter':
      return filterOfOneRow(flow, s.filter)
    case 'assign': {
      const value = bare(s.value)
      return value.kind !== 'call' || callOfOneRow(flow, value.call)
    }
    case 'case':
      return s.branches.every((b) => b.steps.every((x) => isOfOneRow(flow, x)))
    case 'match':
      return s.arms.every((a) => a.body.steps.every((x) => isOfOneRow(flow, x)))
    default:
      return false
  }
}
function filterOfOneRow(flow: Flow, f: Filter): boolean {
  switch (f.kind) {
    case 'and':
    case 'or':
      return f.of.every((x) => filterOfOneRow(flow, x))
    case 'group':
    case 'not':
      return filterOfOneRow(flow, f.of)
    case 'call':
    case 'applied':
      return callOfOneRow(flow, f.call)
    case 'saved':
      return false
    default:
      return true
  }
}
function callOfOneRow(flow: Flow, c: Call): boolean {
  const lower = builtinOf(flow, c)?.lower
  if (!lower) return true
  if (lower.kind === 'condition') return lower.severalRows?.(c) !== true
  return lower.kind === 'value' || (lower.kind === 'step' && lower.whole !== true)
}
