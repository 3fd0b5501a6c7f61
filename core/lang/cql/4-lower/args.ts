// Arguments of a call, bound to the parameters of its function and checked once.
import { byName } from '../../../text/by-name.ts'
import * as codes from '../../../diag/catalogue/cql-lower.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import type { Span } from '../../../text/source.ts'
import type { ParamDoc } from '../../shared/builtin.ts'
import type { Arg, Call, Expr as AstExpr, Pipeline } from '../3-parse/ast.ts'
import type { Flow } from './flow.ts'
import { nearest } from '../../../text/nearest.ts'
import { numberOf } from '../../shared/convert.ts'
import { millisOf } from './millis.ts'
import { lit } from '../../../plan/build.ts'

/** Functions whose parameters are the fields they set. */
const ANY_NAME = new Set(['eval'])

export class Args {
  readonly flow: Flow
  readonly call: Call
  readonly fn: string
  private readonly bound = new Map<string, Arg>()
  private readonly read: Set<string>
  private readonly params: readonly ParamDoc[]
  /** False: an argument is missing or wrong, and the call cannot be lowered. */
  ok = true

  constructor(flow: Flow, call: Call, fn: string, params: readonly ParamDoc[]) {
    this.flow = flow
    this.call = call
    this.fn = fn
    this.params = params
    this.read = flow.lowering.readOf(this)
    const unnamed = params.find((p) => p.unnamed)
    let unnamedCount = 0
    for (const arg of call.args) {
      const name = arg.name ?? unnamed?.name
      // The queries of correlate() are the one list without brackets.
      if (arg.name === undefined && unnamedCount > 0 && unnamed?.takes === 'queries') continue
      if (arg.name === undefined && ++unnamedCount > 1) {
        this.fail(codes.severalUnnamed, arg.span, { fn, name: unnamed?.name ?? '' })
        continue
      }
      const doc = params.find((p) => p.name === name)
      if (name === undefined || (!doc && !ANY_NAME.has(fn))) {
        const names = params.map((p) => p.name)
        const near = nearest(name ?? '', names)
        this.fail(codes.unknownParameter, arg.nameSpan ?? arg.span, {
          fn,
          name: name ?? '(unnamed)',
          known: names,
          ...(near ? { near } : {}),
        })
        continue
      }
      if (this.bound.has(name)) this.fail(codes.givenTwice, arg.span, { fn, name })
      this.bound.set(name, arg)
      if (doc) this.checkKind(doc, arg)
    }
    for (const p of params)
      if (p.required && !this.bound.has(p.name)) this.fail(codes.missingParameter, call.nameSpan, { fn, name: p.name })
  }

  private fail<P>(entry: Parameters<typeof this.flow.lowering.report<P>>[0], at: Span, params: P): void {
    this.ok = false
    this.flow.lowering.report(entry, at, params)
  }

  private checkKind(doc: ParamDoc, arg: Arg): void {
    const e = bare(arg.value)
    const scalarKinds = ['field', 'text', 'number', 'bool', 'duration']
    const wrong =
      (doc.takes === 'pipeline' &&
        e.kind !== 'pipeline' &&
        e.kind !== 'call' &&
        e.kind !== 'filter' &&
        e.kind !== 'array') ||
      (scalarKinds.includes(doc.takes) && (e.kind === 'pipeline' || e.kind === 'array' || e.kind === 'filter')) ||
      (doc.takes === 'number' && numberText(e) === undefined) ||
      (doc.takes === 'bool' && !['bool', 'param'].includes(e.kind) && !/^(true|false)$/.test(wordOf(e) ?? '')) ||
      (doc.takes === 'field' && wordOf(e) === undefined && e.kind !== 'param')
    if (wrong) {
      this.fail(codes.wrongKind, arg.value.span, {
        fn: this.fn,
        name: doc.name,
        takes: KINDS[doc.takes] ?? doc.takes,
      })
      return
    }
    const word = wordOf(e)
    if (
      doc.oneOf &&
      word !== undefined &&
      !Object.keys(doc.oneOf).some((k) => k.toLowerCase() === word.toLowerCase())
    ) {
      this.fail(codes.notOneOf, arg.value.span, {
        fn: this.fn,
        name: doc.name,
        value: word,
        known: Object.keys(doc.oneOf),
      })
    }
  }

  has(name: string): boolean {
    this.read.add(name)
    return this.bound.has(name)
  }
  /** Says of every argument that the lowering never looked at that it changes nothing. */
  reportUnread(): void {
    if (!this.ok) return
    for (const [name, arg] of this.bound) {
      const reason = this.params.find((p) => p.name === name)?.unused
      if (!this.read.has(name) && reason === undefined)
        this.flow.lowering.report(codes.noEffect, arg.nameSpan ?? arg.span, { fn: this.fn, name })
    }
  }
  span(name: string): Span {
    this.read.add(name)
    return this.bound.get(name)?.value.span ?? this.call.span
  }
  /** Every argument by the name of its parameter. */
  places(): Readonly<Record<string, Span>> {
    return Object.fromEntries([...this.bound].map(([name, arg]) => [name, arg.span]))
  }
  ast(name: string): AstExpr | undefined {
    this.read.add(name)
    const arg = this.bound.get(name)
    return arg && bare(arg.value)
  }
  names(): string[] {
    for (const name of this.bound.keys()) this.read.add(name)
    return [...this.bound.keys()]
  }

  /** Text of a literal, a bare word or a parameter. */
  text(name: string, fallback = ''): string {
    const e = this.ast(name)
    return e ? this.word(e, name) : fallback
  }
  private word(e: AstExpr, name: string): string {
    const b = bare(e)
    if (b.kind === 'param') return this.flow.lowering.parameter(b.name, b.span, b.default) ?? '*'
    if (b.kind === 'regex') return b.pattern
    const word = wordOf(b)
    if (word === undefined) this.fail(codes.wrongKind, b.span, { fn: this.fn, name, takes: 'a text' })
    return word ?? ''
  }

  /** Milliseconds. Undefined, with a diagnostic: it is no duration, or a parameter without a value. */
  duration(name: string, fallback = ''): number | undefined {
    const e = this.ast(name)
    if (e?.kind === 'param' && this.flow.lowering.parameter(e.name, e.span, e.default) === undefined) {
      this.ok = false
      return undefined
    }
    const ms = millisOf(this.text(name, fallback))
    if (ms === undefined)
      this.fail(codes.wrongKind, this.span(name), { fn: this.fn, name, takes: KINDS['duration'] ?? '' })
    return ms
  }

  /** A pattern. A parameter without a value matches everything. */
  pattern(name: string): string {
    const e = this.ast(name)
    if (e?.kind === 'param') return this.flow.lowering.parameter(e.name, e.span, e.default) ?? ''
    return this.text(name)
  }

  texts(name: string): string[] {
    const e = this.ast(name)
    if (!e) return []
    return (e.kind === 'array' ? e.items : [e]).map((i) => this.word(i, name))
  }
  field(name: string, fallback = ''): string {
    return this.text(name, fallback)
  }
  fields(name: string): string[] {
    return this.texts(name)
  }
  items(name: string): readonly AstExpr[] {
    const e = this.ast(name)
    return e ? (e.kind === 'array' ? e.items : [e]) : []
  }
  number(name: string, fallback: number): number {
    const text = this.has(name) ? this.text(name) : undefined
    return text === undefined ? fallback : (numberOf(text) ?? fallback)
  }
  /** A limit. `max` gives the largest that is allowed. */
  limit(name: string, fallback: number, most: number): number {
    if (!this.has(name)) return fallback
    const text = this.text(name)
    return text.toLowerCase() === 'max' ? most : Math.min(most, Math.max(0, Math.floor(numberOf(text) ?? fallback)))
  }
  flag(name: string, fallback = false): boolean {
    return this.has(name) ? this.text(name).toLowerCase() === 'true' : fallback
  }
  expr(name: string): Expr {
    const e = this.ast(name)
    return e ? this.flow.parts.expr(this.flow, e) : lit(null, 'str')
  }
  cond(name: string): Pred {
    const e = this.ast(name)
    return e ? this.flow.parts.cond(this.flow, e) : { kind: 'false' }
  }
  pipeline(name: string): Pipeline | undefined {
    const e = this.ast(name)
    return e && pipelineOf(e)
  }
}

const KINDS: Readonly<Record<string, string>> = byName({
  field: 'a field name',
  fields: 'a field name or a list of them',
  text: 'a text',
  texts: 'a text or a list of them',
  number: 'a number',
  bool: '`true` or `false`',
  duration: 'a duration such as `5m`',
  pipeline: 'a sub-pipeline in braces',
})

export function pipelineOf(e: AstExpr): Pipeline | undefined {
  const b = bare(e)
  if (b.kind === 'pipeline') return b.pipeline
  if (b.kind === 'filter') return { steps: [{ kind: 'filter', filter: b.filter, span: b.span }], span: b.span }
  if (b.kind === 'call')
    return {
      steps: [{ kind: 'filter', filter: { kind: 'call', call: b.call, span: b.span }, span: b.span }],
      span: b.span,
    }
  return undefined
}

export function bare(e: AstExpr): AstExpr {
  return e.kind === 'group' ? bare(e.of) : e
}

/** A name or a literal as text; undefined for other expressions. */
export function wordOf(e: AstExpr): string | undefined {
  switch (e.kind) {
    case 'string':
    case 'number':
    case 'duration':
    case 'glob':
      return e.text
    case 'bool':
      return String(e.value)
    case 'field':
      return e.name.name
    case 'unary': {
      const word = e.op === '-' ? wordOf(bare(e.of)) : undefined
      return word === undefined ? undefined : `-${word}`
    }
    default:
      return undefined
  }
}
function numberText(e: AstExpr): string | undefined {
  if (e.kind === 'param') return ''
  const word = wordOf(e)
  return word !== undefined && (numberOf(word) !== null || word.toLowerCase() === 'max') ? word : undefined
}
