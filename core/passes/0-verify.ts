// Checks a plan against its own rules. A problem is a bug of a lowering or a pass, never of a query.
import type { Prim } from '../prims/prim.ts'
import { prims } from '../prims/registry.ts'
import {
  type AggCall,
  type Expr,
  type Join,
  type Let,
  type OrderKey,
  type Plan,
  type Pred,
  REST,
  type Relation,
  type SourceNode,
  type Stage,
  type Ty,
  type Value,
  type WindowStage,
} from '../plan/plan.ts'
import { afterStage, type Schema, schemaOf, schemaOfFrom } from '../plan/schema.ts'

/** Source whose rows are an engine's result. Its columns have any type, whatever their binding. */
export const CORE = 'core'

/** Problems of the plan, one sentence each with the path of the stage (`out.2`, `let:NAME.0`). Empty: it is sound. */
export function verify(plan: Plan): string[] {
  const problems: string[] = []
  plan.lets.forEach((l, i) => {
    const earlier = plan.lets.slice(0, i)
    if (earlier.some((e) => e.name === l.name)) problems.push(`let:${l.name}: defined twice`)
    verifyRelation(l.rel, earlier, `let:${l.name}`, problems)
  })
  verifyRelation(plan.out, plan.lets, 'out', problems)
  return problems
}

function verifyRelation(r: Relation, lets: readonly Let[], path: string, problems: string[]): void {
  if (r.from.kind === 'let') {
    const { name } = r.from
    if (!lets.some((l) => l.name === name)) problems.push(`${path}: reads ${name}, which is not defined before`)
  } else verifySource(r.from, path, problems)
  let schema = schemaOfFrom(r.from, lets)
  r.stages.forEach((stage, i) => {
    new StageCheck(schema, `${path}.${i}`, lets, problems).stage(stage)
    schema = afterStage(schema, stage, lets)
  })
}

const BOUND: Readonly<Record<string, Ty>> = { file: 'str', raw: 'str', seq: 'int', time: 'time' }

function verifySource(s: SourceNode, path: string, problems: string[]): void {
  const ids = new Set<string>()
  for (const c of s.columns) {
    if (ids.has(c.id)) problems.push(`${path}: source column ${c.id} twice`)
    if (c.id === REST) problems.push(`${path}: source column with the id of REST`)
    ids.add(c.id)
    const { from } = c
    const ty =
      from.kind === 'field'
        ? 'str'
        : from.kind === 'array' || from.kind === 'elements'
          ? 'list'
          : from.kind === 'search'
            ? 'bool'
            : BOUND[from.name]
    if (ty !== c.ty && s.name !== CORE)
      problems.push(`${path}: source column ${c.id} is ${c.ty}, but its binding gives ${ty}`)
    if (from.kind === 'search' && prims.get(from.test.prim)?.kind !== 'test')
      problems.push(`${path}: source column ${c.id} searches with ${from.test.prim}, which is no test`)
  }
  new StageCheck(schemaOfFrom(s, []), path, [], problems).pred(s.where)
}

/** A stage makes REST of names and values in the data, or adds the fields of a parsed text to it. */
const isPivot = (a: { readonly id: string; readonly prim?: string }): boolean => a.id === REST && a.prim === 'agg.pivot'
const isParsedRest = ({ id, expr }: { readonly id: string; readonly expr: Expr }): boolean =>
  id === REST && expr.kind === 'call' && expr.prim === 'parsed.rest'

class StageCheck {
  private readonly schema: Schema
  private readonly path: string
  private readonly lets: readonly Let[]
  private readonly problems: string[]

  constructor(schema: Schema, path: string, lets: readonly Let[], problems: string[]) {
    this.schema = schema
    this.path = path
    this.lets = lets
    this.problems = problems
  }

  say(what: string): void {
    this.problems.push(`${this.path}: ${what}`)
  }

  stage(s: Stage): void {
    switch (s.kind) {
      case 'filter':
        this.pred(s.where)
        return
      case 'set':
        this.distinct(s.columns.map((c) => (isParsedRest(c) ? 'the parsed' : c.id)))
        for (const c of s.columns) this.expr(c.expr)
        return
      case 'project':
        this.distinct(s.columns)
        for (const id of s.columns) if (!this.schema.columns.has(id)) this.say(`keeps ${id}, which is no column`)
        if (s.rest && !this.schema.rest) this.say('keeps REST, which is not there')
        return
      case 'unnest':
        this.distinct([s.into, ...(s.index === null ? [] : [s.index])])
        this.expr(s.list, 'list')
        return
      case 'aggregate':
        this.distinct([...s.keys, ...s.aggs].map((k) => (isPivot(k) ? 'the pivot' : k.id)))
        for (const k of s.keys) this.expr(k.expr)
        for (const a of s.aggs) this.agg(a)
        this.count(s.limit)
        return
      case 'order':
      case 'take':
        if (s.kind === 'take') this.count(s.count)
        this.order(s.by)
        return
      case 'window':
        this.distinct(s.columns.map((c) => c.id))
        for (const e of s.partition) this.expr(e)
        this.order(s.order)
        for (const c of s.columns) this.agg(c)
        this.ranges(s)
        return
      case 'join':
        this.join(s)
        return
      case 'union':
        this.union(s.others)
        return
      default:
        // A new kind of stage does not compile here until it has its checks.
        s satisfies never
    }
  }

  private join(s: Join): void {
    verifyRelation(s.right, this.lets, `${this.path}.right`, this.problems)
    const schema = schemaOf(s.right, this.lets)
    const right = new StageCheck(schema, `${this.path}: right`, this.lets, this.problems)
    for (const o of s.on) {
      this.expr(o.left, 'str')
      right.expr(o.right, 'str')
    }
    if (s.within) {
      this.expr(s.within.left)
      right.expr(s.within.right)
      this.signature('test', s.within.prim, [s.within.left, s.within.right])
    }
    right.order(s.order)
    this.count(s.max)
    this.distinct(s.include.map((i) => (i.id === REST && !this.schema.rest ? 'the rest' : i.id)))
    if ((s.how === 'semi' || s.how === 'anti') && s.include.length > 0) this.say(`a ${s.how} join includes columns`)
    for (const i of s.include) {
      if (!schema.columns.has(i.from)) this.say(`includes ${i.from}, which is no column of the right side`)
      if (this.schema.columns.has(i.id)) this.say(`includes a column as ${i.id}, which the left side has`)
    }
  }

  private union(others: readonly Relation[]): void {
    const types = new Map(this.schema.columns)
    others.forEach((r, i) => {
      verifyRelation(r, this.lets, `${this.path}.other${i}`, this.problems)
      for (const [id, ty] of schemaOf(r, this.lets).columns) {
        const known = types.get(id)
        if (known !== undefined && known !== ty) this.say(`${id} is ${known} in one relation and ${ty} in another`)
        types.set(id, ty)
      }
    })
  }

  private distinct(ids: readonly string[]): void {
    ids.forEach((id, i) => {
      if (ids.indexOf(id) !== i) this.say(`names ${id} twice`)
      if (id === REST) this.say('gives a column the id of REST')
    })
  }
  private count(n: number | null): void {
    if (n !== null && (!Number.isSafeInteger(n) || n < 0)) this.say(`has the count ${n}`)
  }
  private order(by: readonly OrderKey[]): void {
    for (const k of by) this.expr(k.expr)
  }

  /** A range has one key. No other column may depend on the order of rows with the same key. */
  private ranges({ order, columns }: WindowStage): void {
    const ranged = columns.filter((c) => 'back' in c.frame)
    if (ranged.length === 0) return
    const [key] = order
    if (ranged.length !== columns.length) this.say('has ranges and rows in one window')
    if (order.length !== 1 || key?.dir !== 'asc' || (key.expr.ty !== 'time' && key.expr.ty !== 'int'))
      this.say('has a range whose order is not one rising time or integer')
    for (const c of ranged) if (c.prim.startsWith('win.')) this.say(`has ${c.prim} over a range`)
  }

  private agg(a: AggCall): void {
    this.pred(a.where)
    for (const arg of a.args) this.expr(arg)
    // Lag, lead and rank exist only in the window stage, which computes them itself.
    if (a.prim.startsWith('win.')) return
    const prim = this.signature('aggregate', a.prim, a.args)
    if (prim?.kind === 'aggregate' && prim.returns !== a.ty) this.say(`${a.prim} gives ${prim.returns}, not ${a.ty}`)
  }

  expr(e: Expr, wanted?: Ty): void {
    if (wanted !== undefined && e.ty !== wanted) this.say(`an expression is ${e.ty} where ${wanted} is wanted`)
    switch (e.kind) {
      case 'col': {
        const ty = e.id === REST ? (this.schema.rest ? 'str' : undefined) : this.schema.columns.get(e.id)
        if (ty === undefined) this.say(`reads ${e.id}, which is no column`)
        else if (ty !== e.ty) this.say(`reads ${e.id} as ${e.ty}, but it is ${ty}`)
        return
      }
      case 'lit':
        if (!isOf(e.value, e.ty)) this.say(`a literal is not ${e.ty}: ${String(e.value)}`)
        return
      case 'if':
        this.pred(e.cond)
        this.expr(e.then, e.ty)
        this.expr(e.else, e.ty)
        return
      case 'truth':
        this.pred(e.of)
        return
      case 'call': {
        for (const a of e.args) this.expr(a)
        const prim = this.signature('scalar', e.prim, e.args)
        if (prim?.kind === 'scalar' && prim.returns !== e.ty) this.say(`${e.prim} gives ${prim.returns}, not ${e.ty}`)
      }
    }
  }

  pred(p: Pred): void {
    switch (p.kind) {
      case 'and':
      case 'or':
        for (const q of p.of) this.pred(q)
        return
      case 'not':
        this.pred(p.of)
        return
      case 'holds':
        this.expr(p.expr, 'bool')
        return
      case 'present':
        this.expr(p.expr)
        return
      case 'test':
        for (const a of p.args) this.expr(a)
        this.signature('test', p.prim, p.args)
    }
  }

  private signature(kind: Prim['kind'], id: string, args: readonly Expr[]): Prim | undefined {
    const prim = prims.get(id)
    if (prim?.kind !== kind) {
      this.say(prim ? `${id} is ${prim.kind}, used as ${kind}` : `there is no primitive ${id}`)
      return undefined
    }
    const last = prim.params.at(-1)
    const open = last?.[0].includes('...') ? last[1] : undefined
    const fixed = open === undefined ? prim.params : prim.params.slice(0, -1)
    if (args.length < fixed.length || (open === undefined && args.length > fixed.length))
      this.say(`${id} takes ${prim.params.length} arguments, not ${args.length}`)
    args.forEach((a, i) => {
      const ty = fixed[i]?.[1] ?? open
      if (ty !== undefined && ty !== a.ty) this.say(`${id} takes ${ty} as argument ${i + 1}, not ${a.ty}`)
    })
    return prim
  }
}

function isOf(value: Value, ty: Ty): boolean {
  if (value === null) return true
  switch (ty) {
    case 'str':
    case 'dec':
      return typeof value === 'string'
    case 'int':
    case 'time':
      return typeof value === 'bigint'
    case 'num':
      // Infinity and NaN are values of the family `double`.
      return typeof value === 'number'
    case 'bool':
      return typeof value === 'boolean'
    case 'list':
      return Array.isArray(value)
  }
}
