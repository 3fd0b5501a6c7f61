// A predicate of a plan in words that a reader of any query language knows. The exact form is that of print.ts.
import { byName } from '../text/by-name.ts'
import type { Call, Const, Consts, Expr, Pred, Test } from './plan.ts'
import { isHidden } from './plan.ts'
import { printPred } from './print.ts'

export function predicateWords(p: Pred): string {
  switch (p.kind) {
    case 'true':
    case 'false':
      return p.kind
    case 'and':
      return p.of.map(inBrackets).join(' and ')
    case 'or':
      return numberEquality(p.of) ?? p.of.map(inBrackets).join(' or ')
    case 'not':
      return negated(p.of)
    case 'present':
      return `${exprWords(p.expr)} is present`
    case 'holds':
      if (p.expr.kind === 'truth') return predicateWords(p.expr.of)
      return searchWords(p.expr) ?? `${exprWords(p.expr)} is true`
    case 'test':
      return testWords(p)
  }
}

const inBrackets = (p: Pred): string =>
  (p.kind === 'and' || p.kind === 'or') && p.of.length > 1 && numberEquality(p.of) === undefined
    ? `(${predicateWords(p)})`
    : predicateWords(p)

function negated(p: Pred): string {
  if (p.kind === 'present') return `${exprWords(p.expr)} is absent`
  if (p.kind === 'test' && p.args.length === 2 && RELATION.exec(p.prim)?.[1] === 'eq')
    return `${exprWords(p.args[0] as Expr)} != ${exprWords(p.args[1] as Expr)}`
  return `not (${predicateWords(p)})`
}

/** `f = "1"`, or `f` in another spelling of that number. */
function numberEquality(of: readonly Pred[]): string | undefined {
  const [a, b] = of
  if (of.length !== 2 || a?.kind !== 'test' || b?.kind !== 'test' || a.prim !== 'str.eq' || b.prim !== 're.test')
    return undefined
  const [x, value] = a.args
  const pattern = b.consts['pattern']
  if (!x || value?.kind !== 'lit' || typeof value.value !== 'string' || typeof pattern !== 'string') return undefined
  const sameField = b.args[0] !== undefined && exprWords(b.args[0]) === exprWords(x)
  return sameField && /^\^\\\+\?0\*/.test(pattern) ? `${exprWords(x)} = ${value.value}` : undefined
}

const RELATION = /^(?:str|num|int|dec|double|time)\.(eq|lt|le|gt|ge)$/
const SIGNS: Readonly<Record<string, string>> = byName({ eq: '=', lt: '<', le: '<=', gt: '>', ge: '>=' })
/** Tests of two values or of one. */
const BETWEEN: Readonly<Record<string, string>> = byName({
  'str.contains': 'contains',
  'str.startsWith': 'begins with',
  'str.endsWith': 'ends with',
  'str.globOf': 'matches',
  'str.hasPhrase': 'has the phrase',
  'list.contains': 'has the element',
  'ip.inCidrOf': 'lies in',
})
const KINDS: Readonly<Record<string, string>> = byName({
  'ip.isPrivateV4': 'is a private IPv4 address',
  'ip.isV4': 'is an IPv4 address',
  'ip.isV6': 'is an IPv6 address',
  'ip.isValid': 'is an address',
})

function testWords(t: Test): string {
  const [a, b] = t.args
  if (!a) return printPred(t)
  const x = exprWords(a)
  const sign = SIGNS[RELATION.exec(t.prim)?.[1] ?? '']
  if (b && sign) return `${x} ${sign} ${exprWords(b)}`
  const between = BETWEEN[t.prim]
  if (b && between) return `${x} ${between} ${exprWords(b)}`
  const kind = KINDS[t.prim]
  if (kind) return `${x} ${kind}`
  return `${x} ${patternWords(t.prim, t.consts) ?? `passes ${printPred({ ...t, args: [] })}`}`
}

function patternWords(prim: string, consts: Consts): string | undefined {
  const caseWords = consts['ignoreCase'] === true ? ' in any case' : ''
  switch (prim) {
    case 'str.glob':
      return `matches ${JSON.stringify(consts['pattern'])}${caseWords}`
    case 'str.in': {
      const values = texts(consts['values'])
      return values.length === 1
        ? `= ${JSON.stringify(values[0])}${caseWords}`
        : `is one of ${values.map((v) => JSON.stringify(v)).join(', ')}${caseWords}`
    }
    case 're.test':
      return `matches /${String(consts['pattern'])}/${String(consts['flags'] ?? '')}`
    case 'time.textPartIs':
      return `is a date whose ${String(consts['part'])} is ${String(consts['op'])} ${String(consts['value'])}`
    case 'ip.inCidr':
      return `lies in ${texts(consts['subnets']).join(' or ')}`
    default:
      return undefined
  }
}
const texts = (c: Const | undefined): string[] => (Array.isArray(c) ? c.map(String) : [])

/** Free text is a hidden column, named by its test. */
function searchWords(e: Expr): string | undefined {
  const found = e.kind === 'col' ? /^\$:search (\S+) ([\s\S]*?) (?:true|false)?$/.exec(e.id) : null
  return found ? `free text ${JSON.stringify((found[2] as string).replace(/^\*|\*$/g, ''))}` : undefined
}

/** Conversions do not change what a reader sees. */
const SILENT = /^(?:(?:num|int)\.parse|(?:num|int|dec|bool)\.toText|dec\.toNum|num\.fromInt)$/

function exprWords(e: Expr): string {
  switch (e.kind) {
    case 'col':
      return columnWords(e.id)
    case 'lit':
      return e.value === null ? 'nothing' : typeof e.value === 'string' ? JSON.stringify(e.value) : String(e.value)
    case 'truth':
      return predicateWords(e.of)
    case 'if':
      return `(if ${predicateWords(e.cond)} then ${exprWords(e.then)} else ${exprWords(e.else)})`
    case 'call':
      return callWords(e)
    case 'env':
      return `the ${e.name} of the run`
  }
}

/** The name of the field that a column holds; undefined for a helper of the plan. */
export const fieldOf = (id: string): string | undefined => (isHidden(id) ? /^\$:field (.+)$/.exec(id)?.[1] : id)

function columnWords(id: string): string {
  const field = fieldOf(id)
  if (field !== undefined) return field
  if (id === '$:raw') return 'the message'
  return id.replace(/^\$:/, '').replace(/\d+$/, '')
}

function callWords(e: Call): string {
  const [a] = e.args
  if (a && SILENT.test(e.prim)) return exprWords(a)
  const of = e.args.map(exprWords).join(', ')
  const { path, name, pattern } = e.consts
  if (Array.isArray(path)) return `${path.map((p) => (typeof p === 'object' ? '[*]' : String(p))).join('.')} of ${of}`
  if (e.prim === 'parsed.field' && typeof name === 'string') return `${name} of ${of}`
  if (typeof pattern === 'string') return `a capture of /${pattern}/ in ${of}`
  return `${e.prim.slice(e.prim.indexOf('.') + 1)}(${of})`
}
