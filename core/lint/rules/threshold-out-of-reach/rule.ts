import type { Aggregate, Expr, Plan, Pred, Relation, Stage } from '../../../plan/plan.ts'
import { equal } from '../../../plan/walk.ts'
import { placeOf } from '../../places.ts'
import { lintRule, type Violation } from '../../rule.ts'

interface Params {
  readonly column: string
  readonly most: number
  readonly reason: string
}

export const thresholdOutOfReach = lintRule<Params>({
  id: 'LNT504',
  slug: 'threshold-out-of-reach',
  severity: 'warning',
  title: 'A threshold above the largest count',
  message: (p) => `\`${p.column}\` is at most ${p.most}, because ${p.reason}`,
  why: 'A count is never larger than the number of rows that it counts. In a group, a key has one value.',
  remedy: () => 'lower the threshold, or count before the limit, in larger groups or over another field',
  check({ plan, source }) {
    const found: Violation<Params>[] = []
    visit(plan, (params, stage) => found.push({ at: placeOf(source, stage.at), params }))
    return found
  },
})

/** The most that a column can be, and the reason. */
interface Most {
  readonly value: number
  readonly reason: string
}

function visit(plan: Plan, report: (params: Params, stage: Stage) => void): void {
  const rows = new Map<string, Most | undefined>()
  const relation = ({ from, stages }: Relation): Most | undefined => {
    let most = from.kind === 'let' ? rows.get(from.name) : undefined
    let columns = new Map<string, Most>()
    for (const s of stages) {
      switch (s.kind) {
        case 'take':
          if (!most || s.count < most.value) most = { value: s.count, reason: `only ${s.count} rows are left before` }
          break
        case 'aggregate': {
          columns = counts(s, most)
          if (s.keys.length === 0) most = { value: 1, reason: 'an aggregate without a key has one row' }
          break
        }
        case 'set':
          for (const c of s.columns) columns.delete(c.id)
          break
        case 'filter':
          for (const p of allOf(s.where)) {
            const over = exceeded(p, columns)
            if (over) report(over, s)
          }
          break
        case 'join':
          relation(s.right)
          most = undefined
          columns = new Map()
          break
        case 'union':
          for (const r of s.others) relation(r)
          most = undefined
          columns = new Map()
          break
        case 'unnest':
        case 'window':
          most = undefined
          columns = new Map()
          break
        default:
      }
    }
    return most
  }
  for (const l of plan.lets) rows.set(l.name, relation(l.rel))
  relation(plan.out)
}

function counts(stage: Aggregate, rows: Most | undefined): Map<string, Most> {
  const found = new Map<string, Most>()
  for (const a of stage.aggs) {
    const [of] = a.args
    const isKey = a.prim === 'agg.countDistinct' && of !== undefined && stage.keys.some((k) => equal(k.expr, of))
    if (isKey) found.set(a.id, { value: 1, reason: 'each group has one value of its key' })
    else if (rows && /^agg\.count(?:Distinct|Present)?$/.test(a.prim)) found.set(a.id, rows)
  }
  return found
}

const allOf = (p: Pred): readonly Pred[] => (p.kind === 'and' ? p.of.flatMap(allOf) : [p])

/** `n > 5`, where n is at most 5 or less. */
function exceeded(p: Pred, columns: ReadonlyMap<string, Most>): Params | undefined {
  if (p.kind !== 'test' || p.args.length !== 2) return undefined
  const [, type = '', op = ''] = /^(int|num|double)\.(gt|ge|eq|lt|le)$/.exec(p.prim) ?? []
  const [left, right] = p.args as readonly [Expr, Expr]
  if (type === '') return undefined
  const isTurned = numberOf(left) !== undefined
  const column = columnOf(isTurned ? right : left)
  const bound = numberOf(isTurned ? left : right)
  const most = column === undefined ? undefined : columns.get(column)
  if (!most || bound === undefined || column === undefined) return undefined
  const asked = isTurned ? ({ lt: 'gt', le: 'ge', eq: 'eq' } as Record<string, string>)[op] : op
  const isOver = asked === 'gt' ? bound >= most.value : (asked === 'ge' || asked === 'eq') && bound > most.value
  return isOver ? { column, most: most.value, reason: most.reason } : undefined
}

/** A whole number as a number of another type is the same number. */
const bare = (e: Expr): Expr => (e.kind === 'call' && /\.fromInt$/.test(e.prim) && e.args[0] ? bare(e.args[0]) : e)
const columnOf = (e: Expr): string | undefined => {
  const of = bare(e)
  return of.kind === 'col' ? of.id : undefined
}
function numberOf(e: Expr): number | undefined {
  const of = bare(e)
  if (of.kind !== 'lit') return undefined
  return typeof of.value === 'bigint' || typeof of.value === 'number' ? Number(of.value) : undefined
}
