// The outline of a CQL tree.
import type { Span } from '../../text/source.ts'
import type * as outline from '../shared/outline.ts'
import type * as ast from './3-parse/ast.ts'
import { registry } from './registry.ts'

/** LogScale gives `or` precedence since its operator page of 1.202; https://library.humio.com/data-analysis/syntax-operators.html. */
const traits: outline.Traits = {
  orFirst: true,
  absentDiffers: true,
  foldsCase: false,
  regexValue: (field, pattern, negated) => `${field}${negated ? '!' : ''}=/${pattern.replace(/(?<!\\)\//g, '\\/')}/`,
  subnetTest: (field, subnets, negated) =>
    `${negated ? '!' : ''}cidr(${field}, subnet=[${subnets.map((s) => `"${s}"`).join(', ')}])`,
  defaultBranch: '*',
}

interface Into {
  readonly text: string
  readonly pipelines: outline.Pipeline[]
}

export function outlineOf(pipeline: ast.Pipeline, text: string): outline.Outline {
  const pipelines: outline.Pipeline[] = []
  addPipeline(pipeline, { text, pipelines }, true)
  return { traits, pipelines, names: namesIn(pipeline) }
}

function namesIn(node: unknown, found: { name: string; at: Span }[] = []): { name: string; at: Span }[] {
  if (Array.isArray(node)) for (const n of node) namesIn(n, found)
  else if (typeof node === 'object' && node !== null) {
    const { kind, name } = node as { readonly kind?: unknown; readonly name?: ast.Name }
    if (kind === 'field' && name && !name.quoted) found.push({ name: name.name, at: name.span })
    else for (const value of Object.values(node)) if (typeof value === 'object') namesIn(value, found)
  }
  return found
}

function addPipeline({ steps }: ast.Pipeline, into: Into, isMain: boolean): number {
  const index = into.pipelines.length
  const made: outline.Step[] = []
  into.pipelines.push({ steps: made, isMain })
  for (const step of steps) made.push(stepOf(step, into))
  return index
}

function stepOf(step: ast.Step, into: Into): outline.Step {
  const at = step.span
  switch (step.kind) {
    case 'assign':
      if (hasBraces(step, into)) addNested(step.value, into)
      return { kind: 'set', field: step.target.name, value: exprValue(step.value), at }
    case 'case': {
      const of = step.branches.map((b) => addPipeline(b, into, false))
      const last = step.branches.at(-1)?.steps[0]
      return {
        kind: 'branches',
        of,
        hasDefault: last?.kind === 'filter' ? isEverything(last.filter) : takesAll(last),
        at,
      }
    }
    case 'filter': {
      if (hasBraces(step, into)) addNested(step.filter, into)
      const only = step.filter
      if (only.kind !== 'call') return { kind: 'filter', where: condition(only, into.text), at }
      const record = registry.byName.get(only.call.name.toLowerCase())
      if (record?.kind === 'filter') return { kind: 'filter', where: condition(only, into.text), at }
      return { kind: 'other', name: only.call.name.toLowerCase(), isAggregate: record?.kind === 'aggregate', at }
    }
    case 'match': {
      const of = step.arms.map((a) => addPipeline(a.body, into, false))
      return { kind: 'branches', of, hasGuards: true, hasDefault: step.arms.some((a) => a.guard.kind === 'any'), at }
    }
    case 'saved':
      return { kind: 'other', name: step.name, isAggregate: false, at }
    case 'stats':
      return { kind: 'other', name: 'stats', isAggregate: true, at }
  }
}

/** A branch that begins with an assignment takes every event. */
const takesAll = (step: ast.Step | undefined): boolean => step === undefined || step.kind === 'assign'

function isEverything(f: ast.Filter): boolean {
  if (f.kind === 'group') return isEverything(f.of)
  if (f.kind === 'call') return registry.byName.get(f.call.name.toLowerCase())?.kind === 'transform'
  return f.kind === 'everything' || (f.kind === 'bool' && f.value)
}

const hasBraces = ({ span }: ast.Step, { text }: Into): boolean => text.slice(span.start, span.end).includes('{')

/** Pipelines in arguments. */
function addNested(node: unknown, into: Into): void {
  if (Array.isArray(node)) {
    for (const n of node) addNested(n, into)
    return
  }
  if (typeof node !== 'object' || node === null) return
  const o = node as { readonly kind?: unknown; readonly pipeline?: unknown }
  if (o.kind === 'pipeline' && typeof o.pipeline === 'object') {
    addPipeline(o.pipeline as ast.Pipeline, into, false)
    return
  }
  for (const value of Object.values(node)) if (typeof value === 'object') addNested(value, into)
}

function condition(f: ast.Filter, text: string, inBrackets = false): outline.Condition {
  const at = f.span
  switch (f.kind) {
    case 'and':
    case 'or':
      return {
        kind: f.kind,
        of: f.of.map((x) => condition(x, text)),
        isWritten: f.of.some((x, i) =>
          /\b(?:and|or)\b/i.test(text.slice(x.span.end, f.of[i + 1]?.span.start ?? x.span.end)),
        ),
        inBrackets,
        at,
      }
    case 'compare':
      return comparison(f)
    case 'freeText': {
      const value = literal(f.value)
      return value ? { kind: 'text', value, at } : { kind: 'opaque', at }
    }
    case 'group':
      return condition(f.of, text, true)
    case 'not':
      return { kind: 'not', of: condition(f.of, text), at }
    case 'call':
      return called(f.call, undefined) ?? { kind: 'opaque', at }
    case 'applied': {
      const of = called(f.call, f.field)
      return of ? (f.negated ? { kind: 'not', of, at } : of) : { kind: 'opaque', at }
    }
    default:
      return { kind: 'opaque', at }
  }
}

function comparison({ field, op, value, span: at }: ast.Compare): outline.Condition {
  const of = literal(value)
  if (!of || op === '<=>') return { kind: 'opaque', at }
  const common = {
    kind: 'compare' as const,
    field: field.name,
    fieldAt: field.span,
    values: [of],
    hasWildcards: true,
    at,
  }
  if (of.kind === 'regex') {
    const test = { ...common, op: 'regex' as const }
    return op === '!=' ? { kind: 'not', of: test, at } : test
  }
  return { ...common, op: op === 'like' ? 'contains' : op }
}

/** `in` and `cidr`. */
function called(call: ast.Call, applied: ast.Name | undefined): outline.Compare | undefined {
  const name = call.name.toLowerCase()
  if (name !== 'in' && name !== 'cidr') return undefined
  const named = (n: string): ast.Expr | undefined => call.args.find((a) => a.name?.toLowerCase() === n)?.value
  const given = named('field') ?? call.args.find((a) => a.name === undefined)?.value
  const field =
    applied ??
    (given?.kind === 'field'
      ? given.name
      : given?.kind === 'string'
        ? { name: given.text, span: given.span }
        : undefined)
  const list = named(name === 'in' ? 'values' : 'subnet')
  const items = list?.kind === 'array' ? list.items : list ? [list] : []
  const values = items.flatMap((i) => exprValue(i) ?? [])
  if (!field || values.length === 0 || values.length < items.length) return undefined
  // A bare word in `values` is a text.
  const texts = values.map((v) => (v.kind === 'field' ? { ...v, kind: 'bare' as const } : v))
  return {
    kind: 'compare',
    field: field.name,
    fieldAt: field.span,
    op: name === 'in' ? 'in' : 'subnet',
    values: texts,
    hasWildcards: true,
    at: call.span,
  }
}

function literal(v: ast.Value): outline.Value | undefined {
  const at: Span = v.span
  if (v.kind === 'call') return undefined
  if (v.kind === 'param') return { kind: 'hole', text: v.name, at }
  if (v.kind === 'regex') return { kind: 'regex', text: v.pattern, at }
  if (v.kind === 'string') return { kind: 'text', text: v.text, at }
  return { kind: /^-?\d+(?:\.\d+)?$/.test(v.text) ? 'number' : 'bare', text: v.text, at }
}

function exprValue(e: ast.Expr): outline.Value | undefined {
  const at: Span = e.span
  switch (e.kind) {
    case 'field':
      return { kind: 'field', text: e.name.name, at }
    case 'glob':
      return { kind: 'bare', text: e.text, at }
    case 'number':
      return { kind: 'number', text: e.text, at }
    case 'param':
      return { kind: 'hole', text: e.name, at }
    case 'string':
      return { kind: 'text', text: e.text, at }
    default:
      return undefined
  }
}
