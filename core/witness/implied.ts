// Predicates that hold for every event that the steps before let through: no event can fall out there.
import type { Call, Consts, Expr, Pred, Test } from '../plan/plan.ts'
import { jsonText } from '../plan/json-text.ts'
import { textConst, textsConst } from '../prims/kit.ts'
import { primOf, prims } from '../prims/registry.ts'
import {
  definite,
  foldedLiterals,
  groupIndex,
  groupNode,
  literals,
  lowerText,
  type Node,
  nullable,
  parseRegex,
  type Regex,
  runner,
  walk,
} from '../regex/regex.ts'
import { byName } from '../text/by-name.ts'
import { type Chain, type Condition, originOf } from './chain.ts'
import { onlyPresence, SURE, TOTAL } from './presence.ts'

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

/** Does the expression always have a value, given that those with these forms have one? */
function isPresent(chain: Chain, e: Expr, step: number, known: ReadonlySet<string>, depth = 0): boolean {
  if (depth > 40) return false
  const form = formOf(chain, e, step)
  if (form !== undefined && known.has(form)) return true
  switch (e.kind) {
    case 'truth':
      return true
    case 'lit':
      return e.value !== null
    case 'if':
      return choiceIsPresent(chain, e, step, known, depth + 1)
    case 'call':
      if (SURE.has(e.prim)) return true
      if (TOTAL.has(e.prim)) return e.args.every((a) => isPresent(chain, a, step, known, depth + 1))
      return capturesElement(chain, e, step)
    case 'col': {
      const origin = originOf(chain, e.id, step, e.ty)
      if (origin.kind === 'expr') return isPresent(chain, origin.expr, origin.at, known, depth + 1)
      if (origin.kind === 'element') return !isKept(chain, origin.at)
      // Products write no event without a time.
      if (origin.kind === 'source') return origin.column.from.kind === 'meta' && origin.column.from.name === 'time'
      return origin.kind === 'computed' && TOTAL.has(origin.prim)
    }
    default:
      return false
  }
}

/** `if present(x) then x else y` has a value where x has one. */
function choiceIsPresent(
  chain: Chain,
  { cond, then, else: other }: Extract<Expr, { kind: 'if' }>,
  step: number,
  known: ReadonlySet<string>,
  depth: number,
): boolean {
  const asked = cond.kind === 'present' ? cond.expr : undefined
  const form = asked && formOf(chain, asked, step)
  const inThen = form === undefined ? known : new Set([...known, form])
  if (!isPresent(chain, then, step, inThen, depth)) return false
  return (asked && isPresent(chain, asked, step, known, depth)) || isPresent(chain, other, step, known, depth)
}

const isKept = (chain: Chain, at: number): boolean => {
  const stage = chain.steps[at]?.stage
  return stage?.kind !== 'unnest' || stage.keep
}

/** A capture of a pattern, in a text that is one of its matches. */
function capturesElement(chain: Chain, e: Call, step: number): boolean {
  const [text] = e.args
  if (e.prim !== 're.group' || text?.kind !== 'col') return false
  const origin = originOf(chain, text.id, step, text.ty)
  const list = origin.kind === 'element' && !isKept(chain, origin.at) ? origin.list : undefined
  const sameSource = list?.kind === 'call' && list.prim === 're.groupAll' && list.consts['group'] === 0
  if (!sameSource || list.consts['pattern'] !== e.consts['pattern'] || list.consts['flags'] !== e.consts['flags'])
    return false
  const regex = regexOf(e.consts)
  const group = e.consts['group']
  const index = regex && groupIndex(regex, typeof group === 'string' ? group : Number(group ?? 0))
  return (
    regex !== undefined &&
    index !== undefined &&
    !readsAround(regex.root) &&
    (index === 0 || definite(regex.root, index))
  )
}

function regexOf(consts: Consts): Regex | undefined {
  const parsed = parseRegex(textConst(consts, 'pattern'), textConst(consts, 'flags'))
  return parsed.ok ? parsed.regex : undefined
}

/** The pattern looks at what is outside its match. */
function readsAround(root: Node): boolean {
  let found = false
  walk(root, (n) => {
    found ||= n.kind === 'look' || n.kind === 'at'
  })
  return found
}

/** Does every text that the expression can have come from a pattern whose capture, as a tree, passes? */
function isCapture(chain: Chain, e: Expr, step: number, passes: (capture: Node) => boolean, depth = 0): boolean {
  if (depth > 40) return false
  const inner = (of: Expr, at = step): boolean => isCapture(chain, of, at, passes, depth + 1)
  switch (e.kind) {
    case 'lit':
      return e.value === null
    case 'if':
      return inner(e.then) && inner(e.else)
    case 'col': {
      const origin = originOf(chain, e.id, step, e.ty)
      return origin.kind === 'expr' && inner(origin.expr, origin.at)
    }
    case 'call': {
      const [arg] = e.args
      if (e.prim === 'str.lower' || e.prim === 'str.upper') return arg !== undefined && inner(arg)
      const regex = e.prim === 're.group' ? regexOf(e.consts) : undefined
      const group = e.consts['group']
      const index = regex && groupIndex(regex, typeof group === 'string' ? group : Number(group ?? 0))
      const capture = regex && index !== undefined && (index === 0 ? regex.root : groupNode(regex.root, index))
      return capture ? passes(capture) : false
    }
    default:
      return false
  }
}

/** Every text of it has a character that is no white space. */
function hasInk(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return !node.set.some((low, i) => i % 2 === 0 && SPACES.some((c) => c >= low && c <= (node.set[i + 1] as number)))
    case 'seq':
      return node.of.some(hasInk)
    case 'alt':
      return node.of.every(hasInk)
    case 'repeat':
      return node.min > 0 && hasInk(node.of)
    case 'group':
    case 'atomic':
      return hasInk(node.of)
    default:
      return false
  }
}
const SPACES = [9, 10, 11, 12, 13, 32, 0xa0]

/** Is the test false for every text that its argument, a capture, can have? */
function failsForCapture(chain: Chain, t: Test, step: number): boolean {
  const [arg, other] = t.args
  if (!arg) return false
  if (t.prim === 'str.eq')
    return other?.kind === 'lit' && other.value === '' && isCapture(chain, arg, step, (c) => !nullable(c))
  return t.prim === 're.test' && textConst(t.consts, 'pattern') === '^\\s*$' && isCapture(chain, arg, step, hasInk)
}

/** Keys of the conditions that follow from those before them. */
export function impliedKeys(chain: Chain, conditions: readonly Condition[]): Set<string> {
  const known = new Set<string>()
  const before = new Set<string>()
  const parts = new Map<string, string[]>()
  const values = new Map<string, readonly string[]>()
  const out = new Set<string>()
  const isNever = (p: Pred, step: number): boolean => {
    if (p.kind === 'not') return isFree(p.of, step)
    if (p.kind === 'or') return p.of.every((q) => isNever(q, step))
    if (p.kind === 'and') return p.of.some((q) => isNever(q, step))
    return p.kind === 'false' || (p.kind === 'test' && failsForCapture(chain, p, step))
  }
  const isFree = (p: Pred, step: number): boolean => {
    const of = onlyPresence(p)
    if (of) return isPresent(chain, of, step, known)
    if (p.kind === 'not') return isNever(p.of, step)
    if (p.kind === 'and') return p.of.every((q) => isFree(q, step))
    if (p.kind !== 'or') return p.kind === 'true'
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
    const whole = predForm(chain, c.pred, c.step)
    const part = partOf(chain, c)
    const isPart =
      (part !== undefined && (parts.get(part.of) ?? []).some((longer) => longer.includes(part.text))) ||
      isFoundIn(chain, c, parts)
    const isKnown = isFree(c.pred, c.step) || (whole !== undefined && before.has(whole)) || isPart
    if (isKnown || holdsForAll(chain, c, values)) out.add(c.key)
    const named = valuesOf(chain, c)
    if (named && !values.has(named.of)) values.set(named.of, named.values)
    if (part) parts.set(part.of, [...(parts.get(part.of) ?? []), part.text])
    if (whole !== undefined) for (const f of [whole, ...weakerForms(chain, c)]) before.add(f)
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

/** `*text*`: a longer text that was found includes this one. */
function partOf(chain: Chain, { pred, step }: Condition): { readonly of: string; readonly text: string } | undefined {
  if (pred.kind !== 'test') return undefined
  const [arg] = pred.args
  const form = arg && formOf(chain, arg, step)
  const ignoreCase = pred.consts['ignoreCase'] === true || textConst(pred.consts, 'flags').includes('i')
  const text = pred.prim === 're.test' ? needed(pred.consts, ignoreCase) : plainGlob(pred)
  if (form === undefined || text === undefined) return undefined
  return { of: `${form} ${String(ignoreCase)}`, text: ignoreCase ? lowerText(text) : text }
}
const plainGlob = ({ prim, consts }: Test): string | undefined =>
  prim === 'str.glob' ? /^\*([^*]+)\*$/.exec(textConst(consts, 'pattern'))?.[1] : undefined

/** The text that every match of a pattern has. */
function needed(consts: Consts, ignoreCase: boolean): string | undefined {
  const regex = regexOf(consts)
  const texts = regex && (ignoreCase ? foldedLiterals : literals)(regex.root)
  return texts?.length === 1 ? texts[0] : undefined
}

/** A pattern that is found in a text which an earlier predicate has found. */
function isFoundIn(chain: Chain, { pred, step }: Condition, parts: ReadonlyMap<string, readonly string[]>): boolean {
  if (pred.kind !== 'test') return false
  const [arg] = pred.args
  const form = arg && formOf(chain, arg, step)
  if (pred.prim === 'str.glob') {
    const text = plainGlob(pred)
    const folded = pred.consts['ignoreCase'] === true
    const all = text === undefined ? [] : (parts.get(`${form} ${String(folded)}`) ?? [])
    return all.some((known) => known.includes(folded ? lowerText(text as string) : (text as string)))
  }
  const regex = pred.prim === 're.test' && form !== undefined ? regexOf(pred.consts) : undefined
  if (!regex || readsAround(regex.root)) return false
  const run = runner(regex, 'none')
  const texts = [
    ...(parts.get(`${form} false`) ?? []),
    ...(regex.flags.includes('i') ? (parts.get(`${form} true`) ?? []) : []),
  ]
  return run !== undefined && texts.some((t) => run.test(t))
}

/** Tests that hold wherever a test holds. */
const WEAKER: Readonly<Record<string, readonly string[]>> = byName({
  'ip.isPrivateV4': ['ip.isV4', 'ip.isValid'],
  'ip.isV4': ['ip.isValid'],
  'ip.isV6': ['ip.isValid'],
})
function weakerForms(chain: Chain, { pred, step }: Condition): string[] {
  if (pred.kind !== 'test') return []
  return (WEAKER[pred.prim] ?? []).flatMap((prim) => predForm(chain, { ...pred, prim }, step) ?? [])
}

/** The text of a predicate with its columns followed to the source. */
function predForm(chain: Chain, p: Pred, step: number, depth = 0): string | undefined {
  if (depth > 12) return undefined
  const all = (forms: readonly (string | undefined)[]): string | undefined => {
    const text = forms.includes(undefined) ? undefined : forms.join(', ')
    return text === undefined || text.length > LONGEST ? undefined : text
  }
  switch (p.kind) {
    case 'true':
    case 'false':
      return p.kind
    case 'and':
    case 'or': {
      const of = all(p.of.map((q) => predForm(chain, q, step, depth + 1)))
      return of === undefined ? undefined : `${p.kind}(${of})`
    }
    case 'not': {
      const of = predForm(chain, p.of, step, depth + 1)
      return of === undefined ? undefined : `not(${of})`
    }
    case 'present':
    case 'holds': {
      const of = formOf(chain, p.expr, step)
      return of === undefined ? undefined : `${p.kind}(${of})`
    }
    case 'test': {
      const args = all(p.args.map((a) => formOf(chain, a, step)))
      return args === undefined ? undefined : `${p.prim}(${args}; ${jsonText(p.consts)})`
    }
  }
}
