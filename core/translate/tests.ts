// Tests of a value that may be computed: from primitives to tests of fields.
import { compilePred, rowScope } from '../eval/compile.ts'
import type { Condition, Part, Test } from '../lang/shared/portable.ts'
import { NO_ENV } from '../plan/build.ts'
import type { Consts, Expr, Pred, Value } from '../plan/plan.ts'
import { textsConst } from '../prims/kit.ts'
import { byName } from '../text/by-name.ts'
import { ALWAYS, group, NEVER, Unsayable } from './groups.ts'
import { afterBeginning, beforeEnd, isAnything, joined, partsOfGlob, partsOfPattern } from './parts.ts'

/** The refusal shows the text of the step, because names of the plan mean nothing to its author. */
export const UNSAID_TEST = 'it tests a computed value'
export const UNSAID_VALUE = 'it computes a value'

export type Shape =
  | { readonly kind: 'absent' }
  | { readonly kind: 'const'; readonly value: Value }
  | { readonly kind: 'field'; readonly field: string; readonly lower: boolean; readonly zone?: true }
  /** A number read from a field. */
  | { readonly kind: 'number'; readonly field: string }
  | { readonly kind: 'network'; readonly field: string; readonly bits: number }
  | {
      readonly kind: 'around'
      readonly before: string
      readonly field: string
      readonly lower: boolean
      readonly after: string
    }
  /** A field whose beginning is replaced by another. */
  | { readonly kind: 'renamed'; readonly of: Shape; readonly from: string; readonly to: string }
const NUMBERS: Readonly<Record<string, '<' | '<=' | '=' | '>' | '>='>> = byName({
  'num.lt': '<',
  'num.le': '<=',
  'num.eq': '=',
  'num.gt': '>',
  'num.ge': '>=',
  'int.lt': '<',
  'int.le': '<=',
  'int.eq': '=',
  'int.gt': '>',
  'int.ge': '>=',
  'dec.lt': '<',
  'dec.le': '<=',
  'dec.eq': '=',
  'dec.gt': '>',
  'dec.ge': '>=',
})
const TURNED = { '<': '>', '<=': '>=', '=': '=', '>': '<', '>=': '<=' } as const
const RELATIONS: Readonly<Record<string, 'contains' | 'ends' | 'equals' | 'starts'>> = byName({
  'str.eq': 'equals',
  'str.contains': 'contains',
  'str.startsWith': 'starts',
  'str.endsWith': 'ends',
})
export const META: Readonly<Record<string, string>> = byName({ raw: '@rawstring', time: '@timestamp' })

export function chained(a: Shape, b: Shape): Shape {
  if (a.kind === 'absent' || b.kind === 'absent') return { kind: 'absent' }
  if (a.kind === 'const' && b.kind === 'const') return { kind: 'const', value: String(a.value) + String(b.value) }
  if (a.kind === 'const' && b.kind === 'field')
    return { kind: 'around', before: String(a.value), field: b.field, lower: b.lower, after: '' }
  if (a.kind === 'field' && b.kind === 'const')
    return { kind: 'around', before: '', field: a.field, lower: a.lower, after: String(b.value) }
  if (a.kind === 'around' && b.kind === 'const') return { ...a, after: a.after + String(b.value) }
  throw new Unsayable(UNSAID_VALUE)
}

/** The zone of an address (`%eth0`) is cut; the beginning of a path is replaced. */
export function replaced(v: Shape, consts: Consts): Shape {
  const { pattern, with: by } = consts
  if (v.kind === 'field' && pattern === '%[^%]*$' && by === '') return { ...v, zone: true }
  const found = typeof pattern === 'string' && pattern.startsWith('^') ? partsOfPattern(pattern, 's') : undefined
  const [begin] = found?.parts ?? []
  if (
    (v.kind === 'field' || v.kind === 'renamed' || v.kind === 'around') &&
    begin &&
    'text' in begin &&
    typeof by === 'string'
  )
    return { kind: 'renamed', of: v, from: begin.text, to: by }
  throw new Unsayable(UNSAID_VALUE)
}

export function keyword(prim: string, consts: Consts): Condition {
  const { pattern } = consts
  if (prim === 'str.glob') {
    const parts = partsOfGlob(String(pattern))
    return { kind: 'keyword', parts, cased: consts['ignoreCase'] !== true }
  }
  if (prim === 're.test') {
    const flags = String(consts['flags'] ?? '')
    const simple = partsOfPattern(String(pattern), flags)
    if (simple) return { kind: 'keyword', ...simple }
    return { kind: 'keyword-regex', pattern: String(pattern), flags }
  }
  throw new Unsayable('a test of the whole record')
}

const evaluate = (p: Pred): Condition => (compilePred(p, rowScope, NO_ENV)({}) ? ALWAYS : NEVER)

export function single(prim: string, v: Shape, consts: Consts, p: Pred): Condition {
  if (v.kind === 'absent') return NEVER
  if (v.kind === 'const')
    return evaluate({ kind: 'test', prim, args: [{ kind: 'lit', value: v.value, ty: 'str' }], consts })
  if (prim === 'ip.inCidr' && v.kind === 'field')
    return group(
      'any',
      textsConst(consts, 'subnets').map((network) => ({ kind: 'network', field: v.field, network })),
    )
  const cased = consts['ignoreCase'] !== true
  if (prim === 'str.in')
    return group(
      'any',
      textsConst(consts, 'values').map((t) => texts(v, joined([{ text: t }]), cased, p)),
    )
  if (prim === 'str.glob') return texts(v, partsOfGlob(String(consts['pattern'])), cased, p)
  if (prim === 're.test') {
    const pattern = String(consts['pattern'])
    const flags = String(consts['flags'] ?? '')
    const simple = partsOfPattern(pattern, flags)
    if (simple) return texts(v, simple.parts, simple.cased, p)
    if (v.kind === 'field' && (!v.lower || !/[A-Z]|\[\^/.test(pattern)) && v.zone !== true)
      return { kind: 'regex', field: v.field, pattern, flags: v.lower && !flags.includes('i') ? `i${flags}` : flags }
  }
  throw new Unsayable(UNSAID_TEST)
}

/** A text with wildcards, tested against a value that may be computed. */
function texts(v: Shape, parts: readonly Part[], cased: boolean, p: Pred): Condition {
  switch (v.kind) {
    case 'field': {
      const lower = v.lower && cased
      if (lower && parts.some((x) => 'text' in x && x.text !== x.text.toLowerCase())) return NEVER
      if (isAnything(parts)) return { kind: 'exists', field: v.field }
      return { kind: 'text', field: v.field, parts, cased: cased && !v.lower }
    }
    case 'around': {
      const left = afterBeginning(parts, v.before, cased && !v.lower)
      const inner = left.flatMap((s) => beforeEnd(s, v.after, cased && !v.lower))
      return group(
        'any',
        inner.map((s) => texts({ kind: 'field', field: v.field, lower: v.lower }, s, cased, p)),
      )
    }
    case 'renamed': {
      // The value begins with `to` if it began with `from`, else it is as it was.
      const own = texts(v.of, parts, cased, p)
      const rest = afterBeginning(parts, v.to, cased).map((s) =>
        texts(v.of, joined([{ text: v.from }, ...s]), false, p),
      )
      return group('any', [own, ...rest.filter((c) => !isImplied(c, own))])
    }
    default:
      throw new Unsayable(UNSAID_TEST)
  }
}

/** `*x` includes `y*x`. */
function isImplied(narrow: Condition, wide: Condition): boolean {
  if (narrow.kind !== 'text' || wide.kind !== 'text' || narrow.field !== wide.field) return false
  const [star, ...rest] = wide.parts
  if (star === undefined || !('wild' in star) || star.wild !== '*') return false
  return JSON.stringify(narrow.parts).endsWith(JSON.stringify(rest).slice(1))
}

export function double(prim: string, a: Shape, b: Shape, p: Pred): Condition {
  if (a.kind === 'absent' || b.kind === 'absent') return NEVER
  if (a.kind === 'const' && b.kind === 'const')
    return evaluate({ kind: 'test', prim, args: [litOf(a.value), litOf(b.value)], consts: {} })
  const op = NUMBERS[prim]
  if (op) {
    if (b.kind === 'const' && (a.kind === 'number' || a.kind === 'field'))
      return { kind: 'number', field: a.field, op, value: Number(b.value) }
    if (a.kind === 'const' && (b.kind === 'number' || b.kind === 'field'))
      return { kind: 'number', field: b.field, op: TURNED[op], value: Number(a.value) }
    throw new Unsayable(UNSAID_TEST)
  }
  const network = prim === 'str.eq' ? (sameNetwork(a, b) ?? sameNetwork(b, a)) : undefined
  if (network) return network
  const how = RELATIONS[prim]
  if (!how) throw new Unsayable(UNSAID_TEST)
  if (b.kind === 'const') return texts(a, around(String(b.value), how), true, p)
  if (a.kind === 'const' && how === 'equals') return texts(b, [{ text: String(a.value) }], true, p)
  if (a.kind === 'field' && b.kind === 'field' && a.lower === b.lower)
    return { kind: 'fields', left: a.field, right: b.field, how, cased: !a.lower }
  throw new Unsayable(UNSAID_TEST)
}

const litOf = (value: Value): Expr => ({
  kind: 'lit',
  value,
  ty: typeof value === 'number' ? 'num' : typeof value === 'bigint' ? 'int' : 'str',
})

function around(text: string, how: 'contains' | 'ends' | 'equals' | 'starts'): Part[] {
  const begin: Part[] = how === 'contains' || how === 'ends' ? [{ wild: '*' }] : []
  const end: Part[] = how === 'contains' || how === 'starts' ? [{ wild: '*' }] : []
  return joined([...begin, { text }, ...end])
}

function sameNetwork(a: Shape, b: Shape): Test | undefined {
  return a.kind === 'network' && b.kind === 'const'
    ? { kind: 'network', field: a.field, network: `${String(b.value)}/${a.bits}` }
    : undefined
}
