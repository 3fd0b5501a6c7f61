// Prints a plan for people and expected files: one stage a line, inner relations indented. No code parses it.
import type {
  AggCall,
  Binding,
  Const,
  Consts,
  Expr,
  Frame,
  From,
  OrderKey,
  Plan,
  Pred,
  Relation,
  Stage,
  Value,
} from './plan.ts'

export function printPlan(plan: Plan): string {
  const lets = plan.lets.map((l) => `let ${name(l.name)} =\n${indent(printRelation(l.rel))}`)
  return [...lets, printRelation(plan.out)].join('\n')
}

function printRelation(r: Relation): string {
  return [printFrom(r.from), ...r.stages.map((s) => `| ${printStage(s)}`)].join('\n')
}

const indent = (text: string): string => text.replaceAll(/^/gm, '    ')
/** A name that could be misread is quoted. */
const name = (id: string): string =>
  /^[\p{L}_$@#][\p{L}\p{N}_.$:@#[\]]*$/u.test(id) ? id : `\`${id.replaceAll('`', '``')}\``
const list = (items: readonly string[]): string => items.join(', ')

function printFrom(from: From): string {
  if (from.kind === 'let') return `from let ${name(from.name)}`
  const columns = from.columns.map((c) => {
    const bound = printBinding(c.from)
    return bound === name(c.id) ? bound : `${name(c.id)} = ${bound}`
  })
  if (from.rest) columns.push('rest')
  const all = from.interval === 'all' ? ' over all time' : ''
  const where = from.where.kind === 'true' ? '' : ` where ${printPred(from.where)}`
  return `from ${name(from.name)}${all} (${list(columns)})${where}`
}

function printBinding(b: Binding): string {
  switch (b.kind) {
    case 'field':
      return name(b.name)
    case 'meta':
      return `meta ${b.name}`
    case 'array':
      return `array ${name(b.name)}`
    case 'elements':
      return `elements ${name(b.name)}`
    case 'search': {
      const left = [...b.except.map(name), ...(b.exceptPrefixes ?? []).map((p) => `${name(p)}*`)]
      const except = left.length > 0 ? ` except ${list(left)}` : ''
      return `any ${b.of === undefined ? 'field' : `of ${b.of.map(name).join(' or ')}`} ${b.test.prim}(${printConsts(b.test.consts)})${except}`
    }
  }
}

function printStage(s: Stage): string {
  switch (s.kind) {
    case 'filter':
      return `filter ${printPred(s.where)}`
    case 'set':
      return `set ${list(s.columns.map((c) => `${name(c.id)} = ${printExpr(c.expr)}`))}`
    case 'project':
      return `keep ${list([...s.columns.map(name), ...(s.rest ? ['rest'] : [])])}`
    case 'unnest':
      return `unnest ${printExpr(s.list)} into ${list([s.into, ...(s.index === null ? [] : [s.index])].map(name))}${s.keep ? ' keeping rows without' : ''}`
    case 'aggregate': {
      const keys = s.keys.map((k) => nameValue(k.id, printExpr(k.expr)))
      const by = keys.length === 0 ? '' : ` by ${list(keys)}${s.nullKeys === 'drop' ? ' dropping absent' : ''}`
      return `aggregate ${list(s.aggs.map(printAgg))}${by}${s.limit === null ? '' : ` limit ${s.limit}`}`
    }
    case 'order':
      return `order by ${printOrder(s.by)}`
    case 'take':
      return `take ${s.count}${s.by.length > 0 ? ` by ${printOrder(s.by)}` : ''}`
    case 'window': {
      const over = s.partition.length > 0 ? ` partition by ${list(s.partition.map(printExpr))}` : ''
      const by = s.order.length > 0 ? ` order by ${printOrder(s.order)}` : ''
      return `window ${list(s.columns.map((c) => `${printAgg(c)} ${printFrame(c.frame)}`))}${over}${by}`
    }
    case 'join':
      return printJoin(s)
    case 'union':
      return ['union', ...s.others.map((r) => indent(printRelation(r)))].join('\n')
  }
}

function printFrame(f: Frame): string {
  const rows = (n: number | null): string => (n === null ? 'all' : String(n))
  return 'back' in f ? `range ${f.back} back${f.others ? ', others' : ''}` : `rows ${rows(f.before)}..${rows(f.after)}`
}

function printJoin(s: Extract<Stage, { kind: 'join' }>): string {
  const on = s.on.map((o) => `${printExpr(o.left)} = right ${printExpr(o.right)}`)
  if (s.within) on.push(`${s.within.prim}(${printExpr(s.within.left)}, right ${printExpr(s.within.right)})`)
  const parts = [`${s.how} join on ${on.join(' and ')}`]
  if (s.include.length > 0) parts.push(`include ${list(s.include.map((i) => nameValue(i.id, name(i.from))))}`)
  if (s.missing !== null) parts.push(`missing ${JSON.stringify(s.missing)}`)
  if (s.max !== null) parts.push(`at most ${s.max}`)
  if (s.order.length > 0) parts.push(`order by ${printOrder(s.order)}`)
  return `${parts.join(' ')}\n${indent(printRelation(s.right))}`
}

const nameValue = (id: string, expr: string): string => (name(id) === expr ? expr : `${name(id)} = ${expr}`)

function printAgg(a: AggCall): string {
  const where = a.where.kind === 'true' ? '' : ` where ${printPred(a.where)}`
  return `${name(a.id)} = ${callText(a.prim, a.args, a.consts)}${where}`
}

const printOrder = (by: readonly OrderKey[]): string =>
  list(
    by.map((k) => `${printExpr(k.expr)}${k.dir === 'desc' ? ' desc' : ''}${k.nulls === 'last' ? ' absent last' : ''}`),
  )

function callText(prim: string, args: readonly Expr[], consts: Consts): string {
  const constants = printConsts(consts)
  return `${prim}(${list(args.map(printExpr))}${constants === '' ? '' : `; ${constants}`})`
}
const printConsts = (consts: Consts): string =>
  list(
    Object.entries(consts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${k}: ${printConst(v)}`),
  )
function printConst(c: Const): string {
  if (typeof c === 'bigint') return String(c)
  if (typeof c !== 'object' || c === null) return JSON.stringify(c)
  if (isList(c)) return `[${list(c.map(printConst))}]`
  return `{${printConsts(c)}}`
}
const isList = (c: readonly Const[] | Consts): c is readonly Const[] => Array.isArray(c)

const INFIX: Readonly<Record<string, string>> = {
  eq: '=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
}
/** Only for texts, numbers and integers: the conversions of the operands and the type of a literal show which of them it is. */
function infix(prim: string, args: readonly Expr[]): string | undefined {
  const [family, op] = prim.split('.')
  const sign = op === undefined || args.length !== 2 ? undefined : INFIX[op]
  if (sign === undefined || !['str', 'num', 'int', 'time'].includes(family ?? '')) return undefined
  return `${operand(args[0] as Expr)} ${sign} ${operand(args[1] as Expr)}`
}
const operand = (e: Expr): string => {
  const text = printExpr(e)
  return (e.kind === 'call' && infix(e.prim, e.args) !== undefined) || e.kind === 'if' ? `(${text})` : text
}

function printExpr(e: Expr): string {
  switch (e.kind) {
    case 'col':
      return name(e.id)
    case 'lit':
      return printValue(e.value, e.ty)
    case 'env':
      return `env.${e.name}`
    case 'if':
      return `if ${printPred(e.cond)} then ${printExpr(e.then)} else ${printExpr(e.else)}`
    case 'truth':
      return `truth(${printPred(e.of)})`
    case 'call':
      return infix(e.prim, e.args) ?? callText(e.prim, e.args, e.consts)
  }
}

function printValue(value: Value, ty: string): string {
  if (value === null) return 'absent'
  if (typeof value === 'bigint') return ty === 'time' ? `${value}us` : `${value}i`
  return JSON.stringify(value)
}

/** `inside`: how tightly the context binds. 0 or, 1 and, 2 anything else. */
export function printPred(p: Pred, inside = 0): string {
  const wrap = (level: number, text: string): string => (level < inside ? `(${text})` : text)
  switch (p.kind) {
    case 'true':
    case 'false':
      return p.kind
    case 'or':
      return wrap(0, p.of.map((q) => printPred(q, 1)).join(' or '))
    case 'and':
      return wrap(1, p.of.map((q) => printPred(q, 2)).join(' and '))
    case 'not':
      return `not ${printPred(p.of, 3)}`
    case 'holds':
      return `holds(${printExpr(p.expr)})`
    case 'present':
      return `present(${printExpr(p.expr)})`
    case 'test': {
      const text = infix(p.prim, p.args)
      return text === undefined ? callText(p.prim, p.args, p.consts) : wrap(2, text)
    }
  }
}
