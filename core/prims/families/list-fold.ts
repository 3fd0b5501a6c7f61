// Aggregates over the elements of one list.
import { ELEMENT } from '../../plan/plan.ts'
import { elementExpr, elementPred } from '../element.ts'
import { listConst, noSql, textConst } from '../kit.ts'
import { type Accumulator, type Const, type Consts, type Law, type Prim, scalar, type Ty, type Value } from '../prim.ts'

const element = { kind: 'col', id: ELEMENT, ty: 'str' } as unknown as Const
const asNumber = { kind: 'call', prim: 'num.parse', args: [element], consts: {}, ty: 'num' } as unknown as Const
const all = { kind: 'true' } as unknown as Const

const fold = (id: Prim['id'], ty: Ty, laws: readonly [Law, ...Law[]]): Prim =>
  scalar({
    id,
    doc: `An aggregate that gives ${ty}, over the elements.`,
    params: [['list', 'list']],
    consts: {
      prim: 'The aggregate.',
      of: 'Its constants.',
      args: `Its arguments, expressions of the plan that read only ${ELEMENT}.`,
      where: `A predicate of the plan that reads only ${ELEMENT}: the elements that count.`,
    },
    returns: ty,
    nulls: 'propagate',
    js: (c, primOf) => {
      const agg = primOf(textConst(c, 'prim'))
      if (agg.kind !== 'aggregate') throw new RangeError(`internal: ${agg.id} is no aggregate`)
      const over = agg.js((c['of'] ?? {}) as Consts)
      const add = over.add as (state: unknown, ...args: readonly Value[]) => unknown
      const args = listConst(c, 'args').map((a) => elementExpr(a, primOf))
      const counts = elementPred(c['where'], primOf)
      return (list: readonly string[]) => {
        let state = over.init()
        for (const e of list) {
          if (!counts(e)) continue
          const values = args.map((read) => read(e))
          if (agg.nulls === 'own' || !values.includes(null)) state = add(state, ...values)
        }
        return (over.done as (state: unknown) => ReturnType<Accumulator['done']>)(state)
      }
    },
    sql: noSql,
    laws,
  })

export const folds: readonly Prim[] = [
  fold('list.foldInt', 'int', [
    { args: [['a', 'b', 'a']], consts: { prim: 'agg.countDistinct', of: {}, args: [element], where: all }, gives: 2n },
    { args: [[]], consts: { prim: 'agg.count', of: {}, args: [], where: all }, gives: 0n },
  ]),
  fold('list.foldNum', 'num', [
    { args: [['1', 'x', '4']], consts: { prim: 'agg.avg', of: {}, args: [asNumber], where: all }, gives: 2.5 },
    { args: [['x']], consts: { prim: 'agg.avg', of: {}, args: [asNumber], where: all }, gives: null },
    { args: [null], consts: { prim: 'agg.avg', of: {}, args: [asNumber], where: all }, gives: null },
  ]),
  fold('list.foldDec', 'dec', [
    { args: [['0.1', '0.2']], consts: { prim: 'agg.sum', of: {}, args: [element], where: all }, gives: '0.3' },
  ]),
  fold('list.foldStr', 'str', [
    {
      args: [['b', 'a', 'b']],
      consts: { prim: 'agg.collect', of: { limit: null, separator: ',' }, args: [element], where: all },
      gives: 'a,b',
    },
  ]),
]
