// A correlation: findings of its rules, counted in a window that slides from one finding to the next.
import * as codes from '../../diag/catalogue/sigma.ts'
import { and, call, col, lit, not, present, test, text } from '../../plan/build.ts'
import type { AggCall, Expr, Pred, Relation, Stage, Ty } from '../../plan/plan.ts'
import { type Lowering, type RuleFlow, TIME } from './3-lower-rule.ts'
import type { Bound, Correlation } from './ast.ts'
import type { SigmaBuiltin } from './builtin.ts'
import { all } from './builtins/_index.ts'
import { labels, shownTime } from './findings.ts'

const NAME = col('$:rule', 'str')
const VALUE = col('$:value', 'str')
const BEGIN = '$:begin'
const COUNT = '$:count'
const GREATEST: Readonly<Partial<Record<Ty, string>>> = { int: 'agg.maxInt', num: 'agg.maxNum' }

export function correlated(
  low: Lowering,
  c: Correlation,
  flows: readonly { readonly name: string; readonly flow: RuleFlow }[],
): { relation: Relation; columns: readonly string[] } | undefined {
  const counts = (all as readonly SigmaBuiltin[]).find((b) => b.name === c.type)?.lower.counts
  if (!counts) {
    low.report(codes.sigmaNotCorrelated, c.typeSpan, {
      what: c.type,
      reason: 'the plan has no window that keeps the order of events',
    })
    return undefined
  }
  const found = flows.map(({ name, flow }) => findings(c, name, flow))
  const [one, ...others] = found
  if (!one) return undefined
  const keys = c.groupBy.map((_, i) => col(`$:key${i}`, 'str'))
  const stages: Stage[] = [...one.stages]
  if (others.length > 0) stages.push({ kind: 'union', others })
  const grouped = low.choice('null-group-keys') === 'drop' ? keys.map((k) => present(k)) : []
  const back = c.timespan - (low.choice('timespan-border') === 'outside' ? 1n : 0n)
  const counted = counts({ rule: NAME, field: VALUE })
  stages.push(
    { kind: 'filter', where: and(present(TIME), ...grouped), at: c.sectionSpan },
    {
      kind: 'window',
      partition: keys,
      order: [{ expr: TIME, dir: 'asc', nulls: 'first' }],
      columns: [
        { id: COUNT, where: { kind: 'true' }, ...counted, frame: { back } },
        { ...aggregate(BEGIN, 'agg.minTime', TIME, 'time'), frame: { back } },
      ],
      at: c.sectionSpan,
    },
    { kind: 'filter', where: fulfilled(c, counted.ty, flows.length), at: c.sectionSpan },
    {
      kind: 'aggregate',
      keys: c.groupBy.map((f, i) => ({ id: f, expr: keys[i] as Expr })),
      nullKeys: 'keep',
      aggs: [
        greatest(c.type, counted.ty),
        aggregate('$:first', 'agg.minTime', col(BEGIN, 'time'), 'time'),
        aggregate('$:last', 'agg.maxTime', TIME, 'time'),
      ],
      limit: null,
      at: c.sectionSpan,
    },
  )
  // Without groups there is one row even where nothing was found.
  if (keys.length === 0) stages.push({ kind: 'filter', where: present(col('$:last', 'time')) })
  const columns = [...labels(c).map((l) => l.id), ...c.groupBy, c.type, 'first_seen', 'last_seen']
  stages.push(
    {
      kind: 'set',
      columns: [
        ...labels(c),
        { id: 'first_seen', expr: shownTime(col('$:first', 'time')) },
        { id: 'last_seen', expr: shownTime(col('$:last', 'time')) },
      ],
    },
    { kind: 'project', columns, rest: false },
  )
  return { relation: { from: one.from, stages }, columns }
}

const aggregate = (id: string, prim: string, of: Expr, ty: Ty): AggCall => ({
  id,
  prim,
  args: [of],
  consts: {},
  where: { kind: 'true' },
  ty,
})

/** The greatest count. Sums are decimal texts, and compared as such. */
const greatest = (id: string, ty: Ty): AggCall =>
  ty === 'dec'
    ? aggregate(id, 'agg.maxDec', call('dec.toText', 'str', [col(COUNT, ty)]), ty)
    : aggregate(id, GREATEST[ty] ?? 'agg.maxInt', col(COUNT, ty), ty)

/** What the correlation looks at of a rule's findings: keys under its own names, the counted value, whose finding it is, and when. */
function findings(c: Correlation, name: string, flow: RuleFlow): Relation {
  const own = (field: string): string => c.aliases.get(field)?.get(name) ?? field
  const set = [
    ...c.groupBy.map((f, i) => ({ id: `$:key${i}`, expr: flow.field(own(f)) })),
    { id: NAME.id, expr: text(name) },
    ...(c.field === undefined ? [] : [{ id: VALUE.id, expr: flow.field(own(c.field)) }]),
  ]
  const stages: Stage[] = [
    ...flow.stages,
    { kind: 'set', columns: set },
    { kind: 'project', columns: [...set.map((s) => s.id), TIME.id], rest: false },
  ]
  return { from: flow.source(false), stages }
}

function fulfilled(c: Correlation, ty: Ty, rules: number): Pred {
  const bounds: readonly Bound[] = c.bounds.length > 0 ? c.bounds : [{ op: 'gte', value: BigInt(rules) }]
  const count = col(COUNT, ty)
  const [family, of, value]: [string, Expr, (n: bigint) => Expr] =
    ty === 'int'
      ? ['int', count, (n) => lit(n, 'int')]
      : ['num', ty === 'dec' ? call('dec.toNum', 'num', [count]) : count, (n) => lit(Number(n), 'num')]
  const prims: Readonly<Record<Bound['op'], string>> = { eq: 'eq', neq: 'eq', gt: 'gt', gte: 'ge', lt: 'lt', lte: 'le' }
  return and(
    ...bounds.map((b) => {
      const p = test(`${family}.${prims[b.op]}`, [of, value(b.value)])
      return b.op === 'neq' ? and(not(p), present(of)) : p
    }),
  )
}
