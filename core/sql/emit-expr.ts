// Expressions and predicates as fragments.
import type { Consts, Env, Expr, If, Pred } from '../plan/plan.ts'
import type { Prim } from '../prims/prim.ts'
import { primOf } from '../prims/registry.ts'
import type { Arm, SqlDialect } from './dialect.ts'
import { equal } from '../plan/walk.ts'
import { Prec, type Sql } from '../sql-text/fragment.ts'
import type { Call } from './shared-parts.ts'

/** Tests of a text that are null for an absent one, and true or false for any other. */
const PLAIN = new Set(['re.test', 'str.eq', 'str.in'])

/** The SQL that reads a column. Undefined: no such column, so it is absent. */
export type ColumnSql = (id: string) => Sql | undefined

export class ExprEmitter {
  readonly dialect: SqlDialect
  readonly env: Env
  constructor(dialect: SqlDialect, env: Env) {
    this.dialect = dialect
    this.env = env
  }

  expr(e: Expr, scope: ColumnSql): Sql {
    const { dialect } = this
    switch (e.kind) {
      case 'lit':
        return dialect.literal(e.value, e.ty)
      case 'col':
        return scope(e.id) ?? dialect.literal(null, e.ty)
      case 'env':
        return dialect.literal(this.env[e.name], 'time')
      case 'truth':
        return dialect.truth(this.pred(e.of, scope, true))
      case 'if':
        return this.cases(e, scope)
      case 'call':
        return this.form(
          e.prim,
          e.args.map((a) => this.expr(a, scope)),
          e.consts,
        )
    }
  }

  /** One choice for a chain of ifs. Its conditions may be null for false. */
  private cases(e: If, scope: ColumnSql): Sql {
    const { sql } = this.dialect
    const arms: Arm[] = []
    let rest: Expr = e
    while (rest.kind === 'if') {
      const { cond, then, else: other }: If = rest
      // The chain may go on in the first branch: its values are then those of absent texts.
      const turned: Sql | undefined = other.kind === 'if' ? undefined : this.turned(cond, scope)
      const [when, value, next]: [Sql, Expr, Expr] = turned
        ? [turned, other, then]
        : [this.pred(cond, scope, false), then, other]
      arms.push({ when, value: this.expr(value, scope) })
      rest = next
    }
    const last = this.expr(rest, scope)
    const [first] = arms
    if (first && arms.length === 1 && first.when.text === `${first.value.text} is not null`)
      return sql`coalesce(${first.value}, ${last})`
    return this.dialect.choice(arms, last)
  }

  /** The opposite of `x is absent or a test of it`. */
  private turned(p: Pred, scope: ColumnSql): Sql | undefined {
    if (p.kind !== 'or' || p.of.length !== 2) return undefined
    const form = this.plainTest(p.of[1] as Pred, p.of[0] as Pred, scope)
    return form && this.dialect.sql.at(Prec.not)`not ${form}`
  }

  /** The test of a text that the other predicate calls absent. It is null for an absent text only. */
  private plainTest(p: Pred, other: Pred, scope: ColumnSql): Sql | undefined {
    if (p.kind !== 'test' || other.kind !== 'not' || other.of.kind !== 'present') return undefined
    return this.plainOver(p, other.of.expr, scope)
  }

  private plainOver(p: Pred & { kind: 'test' }, over: Expr, scope: ColumnSql): Sql | undefined {
    const [text, second] = p.args
    if (!PLAIN.has(p.prim) || !text || (second && second.kind !== 'lit') || !equal(text, over)) return undefined
    const form = this.test(p.prim, p.args, p.consts, scope)
    return form.text === 'true' || form.text === 'false' ? undefined : form
  }

  /**
   * `guard`: the fragment must be true or false. Without it, the fragment may be null for false. Both are the same where only true
   * counts: in WHERE, ON, FILTER and CASE, and below AND and OR there.
   */
  pred(p: Pred, scope: ColumnSql, guard: boolean): Sql {
    const { sql } = this.dialect
    switch (p.kind) {
      case 'true':
        return sql.raw('true')
      case 'false':
        return sql.raw('false')
      case 'and':
        return this.connect(p.of, 'and', scope, guard)
      case 'or':
        return this.connect(p.of, 'or', scope, guard)
      case 'not':
        return this.negate(p.of, scope)
      case 'present': {
        // A list is never absent.
        if (p.expr.ty === 'list') return sql.raw('true')
        return sql.at(Prec.compare)`${this.expr(p.expr, scope)} is not null`
      }
      case 'holds':
        return this.guardNull(this.expr(p.expr, scope), guard)
      case 'test':
        return this.guardNull(this.test(p.prim, p.args, p.consts, scope), guard)
    }
  }

  private test(prim: string, args: readonly Expr[], consts: Consts, scope: ColumnSql): Sql {
    return this.form(
      prim,
      args.map((a) => this.expr(a, scope)),
      consts,
    )
  }

  private negate(of: Pred, scope: ColumnSql): Sql {
    const { sql } = this.dialect
    if (of.kind === 'present' && of.expr.ty !== 'list')
      return sql.at(Prec.compare)`${this.expr(of.expr, scope)} is null`
    return sql.at(Prec.not)`not ${this.pred(of, scope, true)}`
  }

  private connect(of: readonly Pred[], word: 'and' | 'or', scope: ColumnSql, guard: boolean): Sql {
    const { sql } = this.dialect
    if (of.length === 0) return sql.raw(word === 'and' ? 'true' : 'false')
    const parts: Sql[] = []
    const all = word === 'or' ? oneList(of) : of
    for (let i = 0; i < all.length; i++) {
      const [p, next] = [all[i] as Pred, all[i + 1]]
      const both = next && this.pair(word, p, next, scope, guard)
      parts.push(both ?? this.pred(p, scope, guard))
      if (both) i++
    }
    return sql.join(parts, ` ${word} `, Prec[word])
  }

  /** `x is absent or a test of it`, `x is there and not a test of it`, each with the test alone. */
  private pair(word: 'and' | 'or', p: Pred, next: Pred, scope: ColumnSql, guard: boolean): Sql | undefined {
    const { sql } = this.dialect
    if (word === 'or') {
      const form = this.plainTest(next, p, scope)
      return form && sql`coalesce(${form}, true)`
    }
    if (p.kind !== 'present' || next.kind !== 'not' || next.of.kind !== 'test') return undefined
    const form = this.plainOver(next.of, p.expr, scope)
    return form && this.guardNull(sql.at(Prec.not)`not ${form}`, guard)
  }

  private guardNull(test: Sql, guard: boolean): Sql {
    return guard ? this.dialect.sql`coalesce(${test}, false)` : test
  }

  /** How often the form of a primitive writes its argument number `i`. */
  writes(node: Pick<Call, 'args' | 'consts' | 'prim'>, i: number): number {
    const { sql } = this.dialect
    const mark = (n: number): string => `<argument ${n}>`
    const form = formOf(
      node.prim,
      node.args.map((_, n) => sql.raw(mark(n))),
      node.consts,
      this.dialect,
    )
    return 'tail' in form ? 1 : form.text.split(mark(i)).length - 1
  }

  /** The dialect's form of a primitive. Throws if there is none: the split should have ended the core before it. */
  form(id: string, args: readonly Sql[], consts: Consts): Sql {
    const form = formOf(id, args, consts, this.dialect)
    if ('tail' in form) throw new Error(`internal: ${id} has no form for ${this.dialect.name}: ${form.tail}`)
    return form
  }
}

export function formOf(id: string, args: readonly Sql[], consts: Consts, dialect: SqlDialect): Sql | { tail: string } {
  const prim: Prim | undefined = primOf(id)
  if (!prim) throw new Error(`internal: plan names the primitive ${id}, which does not exist`)
  const form = prim.sql[dialect.name]
  return typeof form === 'function' ? form(dialect.sql, args, consts) : form
}

/** Tests of one text for lists of values, one after the other, are one list. */
function oneList(of: readonly Pred[]): readonly Pred[] {
  const out: Pred[] = []
  for (const p of of) {
    const last = out.at(-1)
    const isSame =
      p.kind === 'test' &&
      p.prim === 'str.in' &&
      last?.kind === 'test' &&
      last.prim === 'str.in' &&
      p.consts['ignoreCase'] === last.consts['ignoreCase'] &&
      equal(p.args[0] as Expr, last.args[0] as Expr)
    if (!isSame) out.push(p)
    else {
      const values = [last, p].flatMap((t) => t.consts['values'] as readonly string[])
      out[out.length - 1] = { ...last, consts: { ...last.consts, values } }
    }
  }
  return out
}
