// Generators of plans and rows for property tests. A plan is built from a tape of numbers, so that shrinking shortens the plan.
import fc from 'fast-check'
import { absent, and, call, col, iff, lit, not, or, present, TRUE, test, text, truth } from './build.ts'
import type { AggCall, Expr, Let, OrderKey, Plan, Pred, Relation, Stage, Ty } from './plan.ts'
import { afterStage, type Schema, schemaOf, schemaOfFrom } from './schema.ts'
import { eventsSource, lookupSource, TEXTS } from './arbitrary-rows.ts'

interface PlanOptions {
  /** At most this many stages in the outer relation. Default 5. */
  readonly stages?: number
  /** Kinds of stages to leave out. */
  readonly without?: readonly Stage['kind'][]
  /** Primitives to leave out. */
  readonly withoutPrims?: readonly string[]
  /** The source may have REST. Default true. */
  readonly rest?: boolean
}

/** Plans over the source `events` and the look-up `lookup:t`, valid by the verifier, deterministic up to the order of rows. */
export const arbitraryPlan = (options: PlanOptions = {}): fc.Arbitrary<Plan> =>
  fc
    .array(fc.nat({ max: 999 }), { minLength: 40, maxLength: 200, size: 'max' })
    .map((tape) => new Builder(tape, options).plan())

/** Predicates over the columns of `eventsSource`. */
export const arbitraryPred = (options: PlanOptions = {}): fc.Arbitrary<Pred> =>
  fc
    .array(fc.nat({ max: 999 }), { minLength: 10, maxLength: 40, size: 'max' })
    .map((tape) => new Builder(tape, options).pred(schemaOfFrom(eventsSource(false), []), 3))
// Halves and integers only: their sums do not depend on the order of rows.

class Builder {
  readonly tape: readonly number[]
  readonly options: PlanOptions
  private at = 0
  private names = 0
  readonly lets: Let[] = []

  constructor(tape: readonly number[], options: PlanOptions) {
    this.tape = tape
    this.options = options
  }

  pick(n: number): number {
    const value = this.tape[this.at++] ?? 0
    return value % n
  }
  of<T>(list: readonly T[]): T {
    return list[this.pick(list.length)] as T
  }
  fresh(): string {
    return `f${this.names++}`
  }

  plan(): Plan {
    const rest = this.options.rest !== false && this.pick(3) === 1
    const from = eventsSource(rest)
    if (this.pick(4) === 1) {
      this.lets.push({ name: 'base', rel: this.relation(from, 2) })
      const out = this.relation({ kind: 'let', name: 'base' }, this.options.stages ?? 5)
      return { lets: this.lets, out }
    }
    return { lets: [], out: this.relation(from, this.options.stages ?? 5) }
  }

  relation(from: Relation['from'], max: number): Relation {
    const stages: Stage[] = []
    let schema = schemaOfFrom(from, this.lets)
    const count = this.pick(max + 1)
    for (let i = 0; i < count; i++) {
      const stage = this.stage(schema)
      if (this.options.without?.includes(stage.kind)) continue
      stages.push(stage)
      schema = afterStage(schema, stage, this.lets)
    }
    return { from, stages }
  }

  stage(schema: Schema): Stage {
    switch (this.pick(12)) {
      case 0:
      case 1:
        return { kind: 'filter', where: this.pred(schema, 2) }
      case 2:
      case 3:
        return { kind: 'set', columns: this.sets(schema) }
      case 4:
        return this.aggregate(schema)
      case 5:
        return { kind: 'order', by: this.order(schema) }
      case 6:
        return { kind: 'take', count: this.pick(4), by: this.pick(3) === 0 ? [] : this.order(schema) }
      case 7:
        return this.project(schema)
      case 8:
        return {
          kind: 'unnest',
          list: this.expr('list', schema, 1),
          into: this.fresh(),
          index: this.pick(2) ? this.fresh() : null,
          keep: this.pick(2) === 1,
        }
      case 9:
        return this.window(schema)
      case 10:
        return this.join(schema)
      default:
        return { kind: 'union', others: [this.aligned(schema)] }
    }
  }

  sets(schema: Schema): { id: string; expr: Expr }[] {
    const texts = [...schema.columns].filter(([, ty]) => ty === 'str').map(([id]) => id)
    const ty = this.of(['str', 'num', 'int', 'str', 'list', 'bool'] as const)
    const over = ty === 'str' && texts.length > 0 && this.pick(3) === 1
    const out = [{ id: over ? this.of(texts) : this.fresh(), expr: this.expr(ty, schema, 2) }]
    if (this.pick(3) === 1) out.push({ id: `$:${this.fresh()}`, expr: this.expr('str', schema, 2) })
    return out
  }

  project(schema: Schema): Stage {
    const kept = [...schema.columns.keys()].filter(() => this.pick(3) !== 1)
    return { kind: 'project', columns: kept, rest: schema.rest && this.pick(2) === 0 }
  }

  aggregate(schema: Schema): Stage {
    const keys = Array.from({ length: this.pick(3) }, () => ({
      id: this.fresh(),
      expr: this.expr(this.of(['str', 'str', 'int', 'num']), schema, 1),
    }))
    const aggs = Array.from({ length: 1 + this.pick(2) }, () => this.agg(schema))
    return {
      kind: 'aggregate',
      keys,
      nullKeys: this.pick(2) ? 'drop' : 'keep',
      aggs,
      limit: this.pick(4) === 1 ? 2 : null,
    }
  }

  agg(schema: Schema): AggCall {
    const e = (ty: Ty): Expr => this.expr(ty, schema, 1)
    const make = (prim: string, ty: Ty, args: readonly Expr[], consts: AggCall['consts'] = {}): AggCall => ({
      id: this.fresh(),
      prim: `agg.${prim}`,
      args,
      consts,
      where: this.pick(4) === 1 ? this.pred(schema, 1) : TRUE,
      ty,
    })
    const all: readonly (() => AggCall)[] = [
      () => make('count', 'int', []),
      () => make('countDistinct', 'int', [e('str')]),
      () => make('sum', 'dec', [e('str')]),
      () => make('sumInt', 'int', [e('int')]),
      () => make('minText', 'str', [e('str')]),
      () => make('maxNum', 'num', [e('num')]),
      () => make('minTime', 'time', [e('time')]),
      () => make('list', 'list', [e('str')], { limit: 3 }),
      () => make('collect', 'str', [e('str')], { limit: 10, separator: '\n' }),
      () => make('any', 'str', [e('str')]),
    ]
    return this.tried(all, (c) => this.has(c.prim))
  }

  window(schema: Schema): Stage {
    const call = this.pick(2)
      ? this.agg(schema)
      : {
          id: this.fresh(),
          prim: 'win.lag',
          args: [this.expr('str', schema, 1)],
          consts: { distance: 1 },
          where: TRUE,
          ty: 'str' as const,
        }
    if (this.pick(4) === 0) return this.rangeWindow(schema)
    const frame = this.of([
      { before: null, after: 0 },
      { before: null, after: null },
      { before: 1, after: 0 },
      { before: 1, after: 1 },
      { before: null, after: -1 },
      { before: 2, after: -1 },
    ])
    return {
      kind: 'window',
      partition: this.pick(2) ? [this.expr('str', schema, 0)] : [],
      order: this.order(schema),
      columns: [{ ...call, frame }],
    }
  }

  rangeWindow(schema: Schema): Stage {
    const back = this.of([0n, 1n, 1_000_000n, 60_000_000n])
    return {
      kind: 'window',
      partition: this.pick(2) ? [this.expr('str', schema, 0)] : [],
      order: [{ expr: this.expr(this.of(['int', 'time'] as const), schema, 1), dir: 'asc', nulls: 'first' }],
      columns: [{ ...this.agg(schema), frame: { back } }],
    }
  }

  join(schema: Schema): Stage {
    const right = this.relation(lookupSource, 1)
    const columns = schemaOf(right, this.lets)
    const texts = [...columns.columns].filter(([, ty]) => ty === 'str').map(([id]) => id)
    const how = this.of(['inner', 'left', 'semi', 'anti'] as const)
    const include =
      how === 'semi' || how === 'anti' ? [] : texts.slice(0, 2).map((from) => ({ id: this.fresh(), from }))
    const key = texts.length > 0 ? col(this.of(texts), 'str') : text('a')
    return {
      kind: 'join',
      how,
      right,
      on: [{ left: this.expr('str', schema, 0), right: key }],
      within: this.pick(4) === 1 ? { prim: 'str.le', left: this.expr('str', schema, 0), right: key } : null,
      include,
      missing: this.pick(2) ? '' : null,
      max: this.of([null, 1, 2]),
      order: this.pick(2) ? [{ expr: key, dir: this.of(['asc', 'desc'] as const), nulls: 'last' }] : [],
    }
  }

  /** Another relation over the events, with no column of the same id and another type. */
  aligned(schema: Schema): Relation {
    const from = eventsSource(false)
    const keep = from.columns.filter((c) => (schema.columns.get(c.id) ?? c.ty) === c.ty).map((c) => c.id)
    return {
      from,
      stages: [
        { kind: 'filter', where: this.pred(schemaOfFrom(from, []), 1) },
        { kind: 'project', columns: keep, rest: false },
      ],
    }
  }

  order(schema: Schema): OrderKey[] {
    return Array.from({ length: 1 + this.pick(2) }, () => ({
      expr: this.expr(this.of(['str', 'num', 'int', 'time'] as const), schema, 1),
      dir: this.of(['asc', 'desc'] as const),
      nulls: this.of(['first', 'last'] as const),
    }))
  }

  pred(schema: Schema, depth: number): Pred {
    const e = (ty: Ty): Expr => this.expr(ty, schema, depth - 1)
    if (depth > 0) {
      const p = (): Pred => this.pred(schema, depth - 1)
      const n = this.pick(6)
      if (n === 1) return and(p(), p())
      if (n === 2) return or(p(), p())
      if (n === 3) return not(p())
      if (n === 4) return { kind: 'holds', expr: e('bool') }
    }
    const all: readonly (() => Pred)[] = [
      () => test('str.eq', [e('str'), text(this.of(TEXTS))]),
      () => present(e(this.of(['str', 'num', 'time'] as const))),
      () => test('str.lt', [e('str'), e('str')]),
      () => test('str.in', [e('str')], { values: [this.of(TEXTS), this.of(TEXTS)], ignoreCase: this.pick(2) === 1 }),
      () =>
        test('str.glob', [e('str')], { pattern: this.of(['*a*', 'a*', '*', '1*0']), ignoreCase: this.pick(2) === 1 }),
      () => test('str.contains', [e('str'), text(this.of(TEXTS))]),
      () => test('num.gt', [e('num'), lit(this.of([0, 1, 9.5]), 'num')]),
      () => test('int.le', [e('int'), e('int')]),
      () => test('list.contains', [e('list'), text(this.of(TEXTS))]),
    ]
    return this.tried(all, (p) => p.kind !== 'test' || this.has(p.prim))
  }

  expr(ty: Ty, schema: Schema, depth: number): Expr {
    const columns = [...schema.columns].filter(([, t]) => t === ty).map(([id]) => col(id, ty))
    const leaf = (): Expr => (columns.length > 0 && this.pick(4) !== 1 ? this.of(columns) : this.literal(ty))
    if (depth <= 0 || this.pick(2) === 0) return leaf()
    if (this.pick(5) === 1)
      return iff(this.pred(schema, depth - 1), this.expr(ty, schema, depth - 1), this.expr(ty, schema, depth - 1))
    const e = (t: Ty): Expr => this.expr(t, schema, depth - 1)
    const made = this.made(ty, e, () => this.pred(schema, depth - 1))
    return made.kind === 'call' && !this.has(made.prim) ? leaf() : made
  }

  made(ty: Ty, e: (ty: Ty) => Expr, pred: () => Pred): Expr {
    switch (ty) {
      case 'str':
        return this.of([
          () => call('str.lower', 'str', [e('str')]),
          () => call('str.concat', 'str', [e('str'), e('str')]),
          () => call('num.toText', 'str', [e('num')]),
          () => call('int.toText', 'str', [e('int')]),
          () => call('list.at', 'str', [e('list')], { index: 0 }),
        ])()
      case 'num':
        return this.of([
          () => call('num.parse', 'num', [e('str')]),
          () => call('num.add', 'num', [e('num'), e('num')]),
          () => call('num.fromInt', 'num', [e('int')]),
        ])()
      case 'int':
        return this.of([
          () => call('str.length', 'int', [e('str')]),
          () => call('int.add', 'int', [e('int'), e('int')]),
          () => call('time.toMillis', 'int', [e('time')]),
        ])()
      case 'list':
        return call('str.split', 'list', [e('str')], { separator: ',' })
      case 'bool':
        return truth(pred())
      default:
        return this.literal(ty)
    }
  }

  literal(ty: Ty): Expr {
    switch (ty) {
      case 'str':
        return this.pick(6) === 1 ? absent('str') : text(this.of(TEXTS))
      case 'num':
        return lit(this.of([0, 1.5, -2]), 'num')
      case 'int':
        return lit(this.of([0n, 7n, -1n]), 'int')
      case 'bool':
        return lit(this.of([true, false, null]), 'bool')
      case 'list':
        return lit([], 'list')
      case 'dec':
        return lit('0', 'dec')
      case 'time':
        return lit(this.of([0n, 1_700_000_000_000_000n]), 'time')
    }
  }

  private has(prim: string): boolean {
    return !(this.options.withoutPrims ?? []).includes(prim)
  }
  /** A result of a maker that passes; after some tries, the last result. */
  private tried<T>(makers: readonly (() => T)[], passes: (made: T) => boolean): T {
    let made = this.of(makers)()
    for (let i = 0; i < 5 && !passes(made); i++) made = this.of(makers)()
    return made
  }
}
