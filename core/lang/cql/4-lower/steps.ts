// Steps: assignments, case and match, calls as steps, groupings, saved queries.
import { not } from '../../../plan/build.ts'
import * as codes from '../../../diag/catalogue/cql-lower.ts'
import type { Assign, Call, Expr as AstExpr, Pipeline, SavedStep, Step } from '../3-parse/ast.ts'
import { parse } from '../3-parse/parse.ts'
import { bare, wordOf } from './args.ts'
import { callOf, type FoundCall } from './call.ts'
import type { Flow } from './flow.ts'
import { lowerBranches, lowerMatch } from './case.ts'

export function lowerSteps(flow: Flow, pipeline: Pipeline): void {
  for (const step of pipeline.steps) {
    flow.at = step.span
    lowerStep(flow, step)
  }
}

function lowerStep(flow: Flow, step: Step): void {
  switch (step.kind) {
    case 'filter':
      flow.parts.filterStep(flow, step.filter)
      return
    case 'assign':
      assign(flow, step)
      return
    case 'case':
      lowerBranches(
        flow,
        step.branches.map((body) => ({ guard: undefined, body })),
      )
      return
    case 'match':
      lowerMatch(flow, step)
      return
    case 'stats':
      flow.parts.group(flow, [], step.items, { limit: null })
      return
    case 'saved':
      saved(flow, step)
      return
  }
}

function assign(flow: Flow, step: Assign): void {
  const value = bare(step.value)
  const target = step.target.name
  if (value.kind === 'call') {
    const found = callOf(flow, value.call, { as: target })
    if (!found) return
    const { lower } = found.builtin
    // A step chooses its output: an array, or another field.
    if (lower.kind === 'step' || lower.kind === 'aggregate' || (lower.kind === 'value' && lower.asStep)) {
      runFound(flow, value.call, found)
      return
    }
  }
  flow.assign(target, flow.parts.expr(flow, step.value))
}

/** A call as a step of its own. */
export function runCall(flow: Flow, c: Call, options: { readonly negated?: boolean } = {}): void {
  const found = callOf(flow, c, options)
  if (found) runFound(flow, c, found)
}

function runFound(flow: Flow, c: Call, found: FoundCall): void {
  const { builtin, context } = found
  const { lower } = builtin
  flow.at = { ...flow.at, parameters: context.args.places() }
  const needsAll = lower.kind === 'aggregate' || (lower.kind === 'step' && lower.whole)
  if (needsAll && flow.inBranch) {
    if (builtin.kind === 'transform')
      flow.lowering.report(codes.notRunHere, c.span, { name: builtin.name, what: `\`${builtin.name}()\` in a branch` })
    else flow.lowering.report(codes.notInBranch, c.span, { name: `\`${builtin.name}()\`` })
    return
  }
  if (context.negated && !(lower.kind === 'step' && lower.negatable)) {
    const condition =
      lower.kind === 'condition'
        ? lower.condition(context)
        : flow.parts.filterPred(flow, { kind: 'call', call: c, span: c.span })
    flow.filter(not(condition))
    return
  }
  switch (lower.kind) {
    case 'step':
      lower.step(context)
      return
    case 'condition':
      if (lower.asStep) lower.asStep(context)
      else flow.filter(lower.condition(context))
      return
    case 'value':
      if (lower.asStep) lower.asStep(context, lower.value(context))
      else flow.assign(context.as ?? builtin.output ?? context.args.field('field'), lower.value(context))
      return
    case 'aggregate': {
      const item: AstExpr = { kind: 'call', call: c, span: c.span }
      const isNamed = context.as === undefined || context.args.has('as')
      flow.parts.group(flow, [], [isNamed ? item : named(context.as as string, item)], { limit: null })
    }
  }
}
const named = (name: string, value: AstExpr): AstExpr => ({
  kind: 'named',
  name: { name, quoted: false, span: value.span },
  value,
  span: value.span,
})

// ── saved queries ──

/** Uses of saved queries in a query. The largest public query has a dozen. */
const MOST_SAVED = 1000

function saved(flow: Flow, step: SavedStep): void {
  const { lowering: low } = flow
  const text = low.context.saved?.[step.name]
  if (text === undefined || low.inlining.includes(step.name)) {
    low.need({ kind: 'saved', name: step.name, at: step.span })
    low.report(codes.unknownSaved, step.span, { name: step.name })
    flow.addUnknown()
    return
  }
  if (low.inlined >= MOST_SAVED) {
    if (low.inlined === MOST_SAVED) low.report(codes.tooManySaved, step.span, { name: step.name, most: MOST_SAVED })
    low.inlined = MOST_SAVED + 1
    flow.addUnknown()
    return
  }
  low.inlined++
  const values = new Map<string, string>()
  for (const a of step.args) {
    const word = wordOf(bare(a.value))
    if (a.name !== undefined && word !== undefined) values.set(a.name, word)
  }
  const outer = { arguments: low.arguments, at: low.inlinedAt }
  low.arguments = values
  low.inlinedAt ??= step.span
  low.inlining.push(step.name)
  const { at } = flow
  for (const s of parse({ name: step.name, text }).pipeline.steps) {
    flow.at = at
    lowerStep(flow, s)
  }
  low.inlining.pop()
  low.arguments = outer.arguments
  low.inlinedAt = outer.at
}
