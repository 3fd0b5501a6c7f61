// Steps: assignments, case and match, calls as steps, groupings, saved queries.
import { and, call, col, iff, lit, not, present, test, TRUE } from '../../plan/build.ts'
import * as codes from '../../diag/catalogue/cql-lower.ts'
import type { AggCall, Expr, Pred } from '../../plan/plan.ts'
import type { Assign, Call, CaseStep, Expr as AstExpr, Guard, MatchStep, Pipeline, SavedStep, Step } from './ast.ts'
import { bare, wordOf } from './3-lower-args.ts'
import { callOf } from './3-lower-call.ts'
import { lowerExpr } from './3-lower-expr.ts'
import { filterPred, filterStep, valuePred } from './3-lower-filter.ts'
import type { GroupedParts, GroupKey } from './3-lower-context.ts'
import type { Flow } from './3-lower-flow.ts'
import { assignGroups, patternOf } from './3-lower-regex.ts'
import { pick } from './3-lower-pick.ts'
import { isNull, toStr, unified } from './3-lower-values.ts'

export function lowerSteps(flow: Flow, pipeline: Pipeline): void {
  for (const step of pipeline.steps) {
    flow.at = step.span
    lowerStep(flow, step)
  }
}

function lowerStep(flow: Flow, step: Step): void {
  switch (step.kind) {
    case 'filter':
      filterStep(flow, step.filter)
      return
    case 'assign':
      assign(flow, step)
      return
    case 'case':
      branches(
        flow,
        step.branches.map((body) => ({ guard: undefined, body })),
      )
      return
    case 'match':
      match(flow, step)
      return
    case 'stats':
      grouped(flow, [], step.items, { limit: null })
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
    if (!lower.value && !lower.filter && (lower.step || lower.aggregate)) {
      runFound(flow, value.call, found)
      return
    }
  }
  flow.assign(target, lowerExpr(flow, step.value))
}

/** A call as a step of its own. */
export function runCall(flow: Flow, c: Call, more: { readonly negated?: boolean } = {}): void {
  const found = callOf(flow, c, more)
  if (found) runFound(flow, c, found)
}

function runFound(flow: Flow, c: Call, found: NonNullable<ReturnType<typeof callOf>>): void {
  const { builtin, context } = found
  const { lower } = builtin
  if ((lower.whole || (lower.aggregate && !lower.value && !lower.step)) && flow.inBranch) {
    flow.low.say(codes.notInBranch, c.span, { name: `\`${builtin.name}()\`` })
    return
  }
  if (context.negated && !(lower.step && lower.negatable)) {
    if (lower.filter) {
      flow.filter(not(lower.filter(context)))
      return
    }
    flow.filter(not(filterPred(flow, { kind: 'call', call: c, span: c.span })))
    return
  }
  if (lower.step) {
    lower.step(context)
    return
  }
  if (lower.filter) {
    flow.filter(lower.filter(context))
    return
  }
  if (lower.value) {
    flow.assign(context.as ?? builtin.output ?? context.args.field('field'), lower.value(context))
    return
  }
  if (lower.aggregate) {
    const item: AstExpr = { kind: 'call', call: c, span: c.span }
    grouped(flow, [], [context.as === undefined || context.args.has('as') ? item : named(context.as, item)], {
      limit: null,
    })
    return
  }
}
const named = (name: string, value: AstExpr): AstExpr => ({
  kind: 'named',
  name: { name, quoted: false, span: value.span },
  value,
  span: value.span,
})

// ── groupings ──

export function aggregatesOf(flow: Flow, items: readonly AstExpr[]): GroupedParts {
  const calls: AggCall[] = []
  const after: ((flow: Flow) => void)[] = []
  const keys: string[] = []
  const names: string[] = []
  let noneIsNoRow = items.length > 0
  let oneEvent: GroupedParts['oneEvent']
  const add = (e: AstExpr, as: string | undefined, where: Pred, on: Flow): void => {
    const item = bare(e)
    if (item.kind === 'named') {
      add(item.value, item.name.name, where, on)
      return
    }
    if (item.kind === 'array') {
      for (const i of item.items) add(i, undefined, where, on)
      return
    }
    if (item.kind === 'pipeline') {
      addPipeline(item.pipeline, on)
      return
    }
    const word = wordOf(item)
    if (item.kind !== 'call') {
      flow.low.say(codes.notAnAggregate, e.span, { what: word === undefined ? 'this' : `\`${word}\`` })
      return
    }
    if (item.call.name.toLowerCase() === 'groupby' || item.call.name.toLowerCase() === 'stats') {
      nested(item.call, where, on)
      return
    }
    const found = callOf(on, item.call, as === undefined ? {} : { as })
    if (!found) return
    const whole = found.builtin.name
    if ((whole === 'tail' || whole === 'head') && found.context.args.text('limit') === '1') {
      oneEvent = { fn: whole, at: item.span }
      noneIsNoRow = false
      return
    }
    if (!found.builtin.lower.aggregate) {
      flow.low.say(codes.notAnAggregate, item.span, { what: `\`${found.builtin.name}()\`` })
      return
    }
    const made = found.builtin.lower.aggregate(found.context)
    calls.push(...made.calls.map((a) => ({ ...a, where: and(a.where, where) })))
    names.push(...(made.outputs ?? made.calls).map((o) => o.id))
    if (!made.noneIsNoRow) noneIsNoRow = false
    const { outputs } = made
    if (outputs)
      after.push((f) =>
        f.assignAll(
          outputs.map((o) => ({ name: o.id, expr: o.expr })),
          true,
        ),
      )
  }
  const nested = (c: Call, where: Pred, on: Flow): void => {
    const found = callOf(on, c)
    if (!found) return
    keys.push(...found.context.args.fields('field'))
    noneIsNoRow = false
    const inner = found.context.args.items('function')
    if (!found.context.args.has('function'))
      add(
        { kind: 'call', call: { name: 'count', nameSpan: c.nameSpan, args: [], span: c.span }, span: c.span },
        undefined,
        where,
        on,
      )
    for (const i of inner) add(i, undefined, where, on)
  }
  // `{filters | agg | transforms}`: filters limit what the aggregate sees, transforms run on its result.
  const addPipeline = (p: Pipeline, on: Flow): void => {
    const branch = on.branch(p.span)
    const at = p.steps.findIndex((s) => isAggregate(s))
    const step = p.steps[at]
    if (!step) {
      flow.low.say(codes.notAnAggregate, p.span, { what: 'the sub-pipeline' })
      return
    }
    lowerSteps(branch, { steps: p.steps.slice(0, at), span: p.span })
    const rest = p.steps.slice(at + 1)
    if (step.kind === 'stats') for (const i of step.items) add(i, undefined, branch.cond, branch)
    else if (step.kind === 'assign') add(step.value, step.target.name, branch.cond, branch)
    else if (step.kind === 'filter' && step.filter.kind === 'call') {
      add({ kind: 'call', call: step.filter.call, span: step.span }, undefined, branch.cond, branch)
    }
    if (rest.length > 0) after.push((f) => lowerSteps(f, { steps: rest, span: p.span }))
  }
  for (const item of items) add(item, undefined, TRUE, flow)
  return { calls, after, keys, names, noneIsNoRow, oneEvent }
}

function isAggregate(s: Step): boolean {
  if (s.kind === 'stats') return true
  const c =
    s.kind === 'assign' && s.value.kind === 'call'
      ? s.value.call
      : s.kind === 'filter' && s.filter.kind === 'call'
        ? s.filter.call
        : undefined
  return c !== undefined && AGGREGATES.has(c.name.toLowerCase())
}
/** Filled by 3-lower.ts, which sees all records. */
export const AGGREGATES = new Set<string>()

/** A grouping as a step. Keys that are absent on a row: by the language's choice, unless `keepAbsent`. */
export function grouped(
  flow: Flow,
  keys: readonly GroupKey[],
  items: readonly AstExpr[],
  options: { readonly limit: number | null; readonly keepAbsent?: boolean },
): void {
  if (flow.inBranch) {
    flow.low.say(codes.notInBranch, flow.at, { name: 'an aggregate' })
    return
  }
  const parts = aggregatesOf(flow, items)
  const all: GroupKey[] = [...new Map(keys.map((k) => [k.name, k] as const)).values()]
  for (const name of parts.keys) if (!all.some((k) => k.name === name)) all.push({ name, expr: flow.read(name) })
  const keep = options.keepAbsent === true || (all.length > 0 && flow.low.choice('group-key-missing') === 'keep')
  const ids = new Set(all.map((k) => k.name))
  const before = flow.branch(flow.at)
  const calls = distinct(parts.calls.filter((c) => !ids.has(c.id)))
  flow.push({
    kind: 'aggregate',
    keys: all.map((k) => ({ id: k.name, expr: k.expr })),
    nullKeys: keep ? 'keep' : 'drop',
    aggs: calls,
    limit: options.limit,
  })
  flow.rel.sure.clear()
  if (!keep) for (const k of all) flow.rel.sure.add(k.name)
  for (const c of calls) if (SURE_AGGREGATES.has(c.prim)) flow.rel.sure.add(c.id)
  flow.renew([
    ...all.map((k) => [k.name, col(k.name, k.expr.ty)] as const),
    ...calls.filter((c) => !c.id.startsWith('$:')).map((c) => [c.id, col(c.id, c.ty)] as const),
  ])
  if (parts.oneEvent) readOneEvent(flow, before, calls, parts.oneEvent)
  for (const run of parts.after) run(flow)
  if (all.length === 0 && parts.noneIsNoRow && parts.names.length > 0) {
    const made = parts.names.map((n) => flow.read(n)).filter((e) => !isNull(e))
    if (made.length > 0) flow.filter(anyPresent(made))
  }
}
/** tail(1) and head(1) in a grouping: fields of the newest or oldest event, one aggregate for each that a later step names. */
function readOneEvent(
  flow: Flow,
  before: Flow,
  calls: AggCall[],
  { fn, at }: NonNullable<GroupedParts['oneEvent']>,
): void {
  const time = before.orderTime()
  const key = time ? call('num.fromInt', 'num', [call('time.toInt', 'int', [time])]) : lit(0, 'num')
  const seq = before.seq()
  const made = new Map<string, Expr>()
  flow.unknown = (name) => {
    const known = made.get(name)
    if (known) return known
    const picked = pick(flow.hidden('pick'), fn === 'tail' ? 'agg.argMax' : 'agg.argMin', before.read(name), key, seq)
    // The stage holds this very list: what is asked for later is still computed there.
    calls.push(picked.call)
    made.set(name, picked.value)
    return picked.value
  }
  flow.parsedBy = { fn, at }
}
const SURE_AGGREGATES = new Set(['agg.count', 'agg.countDistinct', 'agg.sum'])
const anyPresent = (exprs: readonly Expr[]): Pred =>
  exprs.length === 1 ? present(exprs[0] as Expr) : { kind: 'or', of: exprs.map((e) => present(e)) }

function distinct(calls: readonly AggCall[]): AggCall[] {
  const byId = new Map<string, AggCall>()
  for (const c of calls) if (!byId.has(c.id)) byId.set(c.id, c)
  return [...byId.values()]
}

// ── case and match ──

interface Branch {
  readonly guard: ((branch: Flow) => void) | undefined
  readonly body: Pipeline
}

function match(flow: Flow, step: MatchStep): void {
  const subject = flow.read(step.field.name)
  branches(
    flow,
    step.arms.map((arm) => ({
      guard: (branch: Flow) => guard(branch, subject, step, arm.guard),
      body: arm.body,
    })),
  )
}

function guard(branch: Flow, subject: Expr, step: MatchStep, g: Guard): void {
  if (g.kind === 'any') return
  if (g.kind === 'value') {
    // A bare `*` lets everything through; a quoted one asks for the field to be there.
    if (g.value.kind === 'bare' && g.value.text === '*') return
    if (g.value.kind === 'regex') {
      const p = patternOf(branch, g.value.pattern, g.value.flags, g.value.span)
      if (!p) return
      branch.filter(test('re.test', [toStr(subject)], p.consts))
      assignGroups(branch, toStr(subject), p)
      return
    }
    branch.filter(valuePred(branch, subject, g.value, false))
    return
  }
  const { call: c } = g
  const arg = {
    name: 'field',
    value: { kind: 'field' as const, name: step.field, span: step.field.span },
    span: step.field.span,
  }
  const pred = filterPred(branch, { kind: 'call', call: { ...c, args: [arg, ...c.args] }, span: g.span })
  branch.filter(g.negated ? not(pred) : pred)
}

/** The first branch that lets an event through takes it, and only its edits count; an event that none takes is gone. */
function branches(flow: Flow, all: readonly Branch[]): void {
  const done = all.map((b) => {
    const branch = flow.branch(flow.at)
    b.guard?.(branch)
    const at = flow.at
    lowerSteps(branch, b.body)
    branch.at = at
    return branch
  })
  const conds = done.map((b) => b.cond)
  const total = conds.at(-1)?.kind === 'true'
  const touched = [...new Set(done.flatMap((b) => [...b.touched]))]
  const parsed = done.some((b) => b.unknown !== flow.unknown)
  if (done.some((b) => b.open !== flow.open)) flow.low.say(codes.notInBranch, flow.at, { name: '`select()`' })
  if (touched.length === 0 && !parsed) {
    if (!total) flow.filter(conds.length === 1 ? (conds[0] as Pred) : { kind: 'or', of: conds })
    return
  }
  const taken = flow.keep('case', whichBranch(conds))
  if (!total) flow.filter(present(taken))
  const items = touched.flatMap((name) => {
    const expr = byBranch(
      taken,
      done.map((b) => b.read(name)),
    )
    return isNull(expr) ? (flow.drop(name), []) : [{ name, expr }]
  })
  flow.assignAll(items, true)
  for (const b of done) flow.parsedBy ??= b.parsedBy
  if (parsed) {
    const readers = done.map((b) => b.unknown)
    flow.unknown = (name) =>
      byBranch(
        taken,
        readers.map((read) => read(name)),
      )
  }
}

function whichBranch(conds: readonly Pred[]): Expr {
  return conds.reduceRight<Expr>(
    (rest, cond, i) => {
      const here = lit(BigInt(i), 'int')
      return cond.kind === 'true' ? here : cond.kind === 'false' ? rest : iff(cond, here, rest)
    },
    lit(null, 'int'),
  )
}

/** Where no branch took the event it is dropped, so what it would get does not matter. */
function byBranch(taken: Expr, values: readonly Expr[]): Expr {
  const same = unified(values)
  const last = same.length - 1
  return same
    .slice(0, last)
    .reduceRight<Expr>(
      (rest, value, i) =>
        equalExpr(value, rest) ? rest : iff(test('int.eq', [taken, lit(BigInt(i), 'int')]), value, rest),
      same[last] as Expr,
    )
}
const equalExpr = (a: Expr, b: Expr): boolean =>
  (a.kind === 'lit' && b.kind === 'lit' && a.value === b.value && a.ty === b.ty) ||
  (a.kind === 'col' && b.kind === 'col' && a.id === b.id)

// ── saved queries ──

function saved(flow: Flow, step: SavedStep): void {
  const { low } = flow
  const found = low.known.saved?.[step.name]
  if (!found || low.inlining.includes(step.name)) {
    low.need({ kind: 'saved', name: step.name, at: step.span })
    low.say(codes.unknownSaved, step.span, { name: step.name })
    return
  }
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
  for (const s of found.steps) {
    flow.at = at
    lowerStep(flow, s)
  }
  low.inlining.pop()
  low.arguments = outer.arguments
  low.inlinedAt = outer.at
}
