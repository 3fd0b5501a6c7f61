// Predicates that hold for every event that the steps before let through: no event can fall out there.
import type { Consts, Expr, Pred } from '../plan/plan.ts'
import { jsonText } from '../plan/json-text.ts'
import { textConst, textsConst } from '../prims/kit.ts'
import { primOf, prims } from '../prims/registry.ts'
import { definite, parseRegex } from '../regex/regex.ts'
import { type Chain, type Condition, originOf } from './chain.ts'

const LONGEST = 4000

/** The text of an expression with its columns followed to the source; undefined: it is too long to compare. */
function formOf(chain: Chain, e: Expr, step: number, depth = 0): string | undefined {
  if (depth > 40) return undefined
  switch (e.kind) {
    case 'col': {
      const origin = originOf(chain, e.id, step, e.ty)
      if (origin.kind === 'expr') return formOf(chain, origin.expr, origin.at, depth + 1)
      if (origin.kind === 'source') return `source ${origin.column.id}`
      if (origin.kind === 'computed' || origin.kind === 'joined') return `of another event ${origin.name}`
      return `${e.id} before ${step}`
    }
    case 'call': {
      const args = e.args.map((a) => formOf(chain, a, step, depth + 1))
      if (args.includes(undefined)) return undefined
      const text = callForm(e.prim, args as string[], e.consts)
      return text.length > LONGEST ? undefined : text
    }
    default:
      return e.kind === 'lit' || e.kind === 'env' ? jsonText(e) : `${jsonText(e).slice(0, LONGEST)} before ${step}`
  }
}

const callForm = (prim: string, args: readonly string[], consts: Consts): string =>
  `${prim}(${args.join(', ')}; ${jsonText(Object.entries(consts).sort(([a], [b]) => (a < b ? -1 : 1)))})`

/** Captures that have a value wherever the pattern is found. */
function captures(chain: Chain, p: Pred, step: number): string[] {
  if (p.kind !== 'test' || p.prim !== 're.test') return []
  const [text] = p.args
  const form = text && formOf(chain, text, step)
  const parsed = parseRegex(textConst(p.consts, 'pattern'), textConst(p.consts, 'flags'))
  if (form === undefined || !parsed.ok) return []
  const { root, groups } = parsed.regex
  return [null, ...groups].flatMap((name, i) => {
    if (i > 0 && !definite(root, i)) return []
    return [i, ...(name === null ? [] : [name])].map((group) => callForm('re.group', [form], { ...p.consts, group }))
  })
}

/** Expressions that have a value wherever this one has. */
function withParts(e: Expr): Expr[] {
  if (e.kind !== 'call') return [e]
  const prim = prims.get(e.prim)
  return prim?.kind === 'scalar' && prim.nulls === 'propagate' ? [e, ...e.args.flatMap(withParts)] : [e]
}

/** Expressions that have a value wherever the predicate holds. */
function required(p: Pred): Expr[] {
  if (p.kind === 'present') return withParts(p.expr)
  if (p.kind === 'and') return p.of.flatMap(required)
  if (p.kind === 'test' && prims.get(p.prim)?.nulls === 'propagate') return p.args.flatMap(withParts)
  return []
}

const TOTAL: ReadonlySet<string> = new Set([
  'num.fromInt',
  'int.toText',
  'num.toText',
  'dec.toText',
  'str.lower',
  'str.upper',
  'str.trim',
  'str.concat',
  'str.length',
  'bool.toText',
  'time.toMillis',
  'agg.count',
  'agg.countDistinct',
])
function neverAbsent(chain: Chain, e: Expr, step: number): boolean {
  switch (e.kind) {
    case 'truth':
      return true
    case 'lit':
      return e.value !== null
    case 'if':
      return neverAbsent(chain, e.then, step) && neverAbsent(chain, e.else, step)
    case 'call':
      return TOTAL.has(e.prim) && e.args.every((a) => neverAbsent(chain, a, step))
    case 'col': {
      const origin = originOf(chain, e.id, step, e.ty)
      if (origin.kind === 'expr') return neverAbsent(chain, origin.expr, origin.at)
      // Products write no event without a time.
      if (origin.kind === 'source') return origin.column.from.kind === 'meta' && origin.column.from.name === 'time'
      return origin.kind === 'computed' && TOTAL.has(origin.prim)
    }
    default:
      return false
  }
}

const starsOf = (e: Expr | undefined): boolean =>
  e !== undefined &&
  ((e.kind === 'lit' && typeof e.value === 'string' && /^\*+$/.test(e.value)) ||
    (e.kind === 'call' && TOTAL.has(e.prim) && e.args.length === 1 && starsOf(e.args[0])))

/** The expression whose presence is all that a predicate asks, if it holds for every value. */
function onlyPresence(p: Pred): Expr | undefined {
  if (p.kind === 'present') return p.expr
  const isAny =
    p.kind === 'test' &&
    ((p.prim === 'str.glob' && /^\*+$/.test(textConst(p.consts, 'pattern'))) ||
      (p.prim === 'str.globOf' && starsOf(p.args[1])) ||
      (p.prim === 're.test' && /^(?:\.\*)?$/.test(textConst(p.consts, 'pattern'))))
  return isAny ? p.args[0] : undefined
}

/** Keys of the conditions that follow from those before them. */
export function impliedKeys(chain: Chain, conditions: readonly Condition[]): Set<string> {
  const known = new Set<string>()
  const before = new Set<string>()
  const parts = new Map<string, string[]>()
  const values = new Map<string, readonly string[]>()
  const out = new Set<string>()
  const isFree = (p: Pred, step: number): boolean => {
    const of = onlyPresence(p)
    if (of) return neverAbsent(chain, of, step) || known.has(formOf(chain, of, step) ?? '')
    if (p.kind === 'and') return p.of.every((q) => isFree(q, step))
    if (p.kind !== 'or') return false
    const absent = new Set(
      p.of.flatMap((q) => (q.kind === 'not' && q.of.kind === 'present' ? [formOf(chain, q.of.expr, step)] : [])),
    )
    return p.of.some((q) => {
      const any = onlyPresence(q)
      return (
        isFree(q, step) || (any !== undefined && withParts(any).some((e) => absent.has(formOf(chain, e, step) ?? '-')))
      )
    })
  }
  for (const c of conditions) {
    const whole = testForm(chain, c)
    const part = partOf(chain, c)
    const isPart = part !== undefined && (parts.get(part.of) ?? []).some((longer) => longer.includes(part.text))
    const isKnown = isFree(c.pred, c.step) || (whole !== undefined && before.has(whole)) || isPart
    if (isKnown || holdsForAll(chain, c, values)) out.add(c.key)
    const named = valuesOf(chain, c)
    if (named && !values.has(named.of)) values.set(named.of, named.values)
    if (part) parts.set(part.of, [...(parts.get(part.of) ?? []), part.text])
    if (whole !== undefined) before.add(whole)
    for (const e of required(c.pred)) {
      const f = formOf(chain, e, c.step)
      if (f !== undefined) known.add(f)
    }
    for (const f of captures(chain, c.pred, c.step)) known.add(f)
  }
  return out
}

const MOST_VALUES = 60

/** `field = text`, or a list of them: the only texts that the expression can have after it, in each case that counts. */
function valuesOf(
  chain: Chain,
  { pred, step }: Condition,
): { readonly of: string; readonly values: readonly string[] } | undefined {
  if (pred.kind !== 'test') return undefined
  const [arg, other] = pred.args
  const of = arg && formOf(chain, arg, step)
  const named =
    pred.prim === 'str.in'
      ? textsConst(pred.consts, 'values')
      : pred.prim === 'str.eq' && other?.kind === 'lit' && typeof other.value === 'string'
        ? [other.value]
        : undefined
  if (of === undefined || !named || named.length > MOST_VALUES) return undefined
  const isFolded = pred.consts['ignoreCase'] === true
  return { of, values: isFolded ? named.flatMap((v) => [v, v.toLowerCase(), v.toUpperCase()]) : named }
}

/** The test is true for each text that the field can have here. */
function holdsForAll(chain: Chain, { pred, step }: Condition, known: ReadonlyMap<string, readonly string[]>): boolean {
  const test = pred.kind === 'not' ? pred.of : pred
  if (test.kind !== 'test') return false
  const [arg, ...others] = test.args
  const values = arg && known.get(formOf(chain, arg, step) ?? '')
  const prim = prims.get(test.prim)
  if (!values || prim?.kind !== 'test' || prim.params[0]?.[1] !== 'str') return false
  const constants = others.map((o) => (o.kind === 'lit' ? o.value : undefined))
  if (constants.includes(undefined)) return false
  const holds = prim.js(test.consts, primOf) as (...args: unknown[]) => boolean
  return values.every((v) => holds(v, ...constants) === (pred.kind === 'test'))
}

/** The text that a pattern without signs looks for. */
const plainPattern = (pattern: string): string | undefined =>
  /^(?:\\[^A-Za-z0-9]|[^\\^$*+?()[\]{}|.])+$/.test(pattern) ? pattern.replace(/\\(.)/g, '$1') : undefined

/** `*text*`: a longer text that was found includes this one. */
function partOf(chain: Chain, { pred, step }: Condition): { readonly of: string; readonly text: string } | undefined {
  if (pred.kind !== 'test') return undefined
  const [arg] = pred.args
  const form = arg && formOf(chain, arg, step)
  const pattern = textConst(pred.consts, 'pattern')
  const text =
    pred.prim === 'str.glob'
      ? /^\*([^*]+)\*$/.exec(pattern)?.[1]
      : pred.prim === 're.test'
        ? plainPattern(pattern)
        : undefined
  if (form === undefined || text === undefined) return undefined
  const ignoreCase = pred.consts['ignoreCase'] === true || pred.consts['flags'] === 'i'
  return { of: `${form} ${String(ignoreCase)}`, text: ignoreCase ? text.toLowerCase() : text }
}

function testForm(chain: Chain, { pred, step }: Condition): string | undefined {
  if (pred.kind !== 'test') return undefined
  const args = pred.args.map((a) => formOf(chain, a, step))
  return args.includes(undefined) ? undefined : `${pred.prim}(${args.join(', ')}; ${jsonText(pred.consts)})`
}
