// Expressions and predicates as fragments.
import type { Consts, Env, Expr, If, Pred } from '../plan/plan.ts'
import type { Prim } from '../prims/prim.ts'
import { primOf } from '../prims/registry.ts'
import type { SqlDialect } from './dialect.ts'
import { Prec, type Sql } from '../sql-text/fragment.ts'
import type { Call } from './shared-parts.ts'

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

  /** One CASE for a chain of ifs. Its conditions may be null for false. */
  private cases(e: If, scope: ColumnSql): Sql {
    const { sql } = this.dialect
    const arms: Sql[] = []
    let rest: Expr = e
    while (rest.kind === 'if') {
      arms.push(sql`when ${this.pred(rest.cond, scope, false)} then ${this.expr(rest.then, scope)}`)
      rest = rest.else
    }
    return sql`case ${sql.join(arms, ' ')} else ${this.expr(rest, scope)} end`
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
    return sql.join(
      of.map((q) => this.pred(q, scope, guard)),
      ` ${word} `,
      Prec[word],
    )
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
