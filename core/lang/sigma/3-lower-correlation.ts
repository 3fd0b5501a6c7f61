// Lowers a correlation: it counts findings of rules and of other correlations in a window that slides from finding to finding.
import { byName } from '../../text/by-name.ts'
import * as codes from '../../diag/catalogue/sigma.ts'
import { absent, and, call, col, iff, lit, not, or, present, test, text } from '../../plan/build.ts'
import type { AggCall, Expr, Pred, Relation, Stage, Ty } from '../../plan/plan.ts'
import { nearest } from '../../text/nearest.ts'
import { RuleFlow, SEQ, TIME } from './3-lower-rule.ts'
import { Lowering } from './lowering.ts'
import type { Bound, Correlation, Document } from './ast.ts'
import type { SigmaBuiltin } from './builtin.ts'
import { all } from './builtins/_index.ts'
import { labels, shownTime } from './findings.ts'

/** The rule of a finding: its name, or for an ordered correlation its place in the list. */
const RULE = col('$:rule', 'str')
const VALUE = col('$:value', 'str')
const BEGIN = col('$:begin', 'time')
const COUNT = '$:count'
const EXTREME: Readonly<Record<string, readonly [greatest: string, least: string]>> = byName({
  int: ['agg.maxInt', 'agg.minInt'],
  num: ['agg.maxNum', 'agg.minNum'],
  dec: ['agg.maxDec', 'agg.minDec'],
})
const KEY = (i: number): Expr => col(`$:key${i}`, 'str')
const WANTED = (i: number): string => `$:wanted${i}`

export interface Correlated {
  readonly relation: Relation
  readonly columns: readonly string[]
}

/** Correlations of one file. */
export class Correlations {
  readonly #lowering: Lowering
  readonly #documents: ReadonlyMap<string, Document>
  readonly #open: Correlation[] = []
  readonly #beside: ReadonlySet<Document>

  /** `documents`: by name and id. `beside`: those of other files. */
  constructor(lowering: Lowering, documents: ReadonlyMap<string, Document>, beside: ReadonlySet<Document>) {
    this.#lowering = lowering
    this.#documents = documents
    this.#beside = beside
  }

  /** One row per group: the greatest count, and the time span of the windows that meet the condition. */
  findings(c: Correlation): Correlated | undefined {
    const met = this.#met(c, [])
    if (!met) return undefined
    const shown = sharedField(c)
    const keys = [
      ...c.groupBy.map((f, i) => ({ id: f, expr: KEY(i) })),
      ...(shown === undefined ? [] : [{ id: shown, expr: VALUE }]),
    ]
    const stages: Stage[] = [
      ...met.relation.stages,
      {
        kind: 'aggregate',
        keys,
        nullKeys: 'keep',
        aggs: [
          extreme(c, met.ty),
          aggregate('$:first', 'agg.minTime', BEGIN, 'time'),
          aggregate('$:last', 'agg.maxTime', TIME, 'time'),
        ],
        limit: null,
        at: c.sectionSpan,
      },
    ]
    // Without groups, an aggregation returns a row even for no findings.
    if (keys.length === 0) stages.push({ kind: 'filter', where: present(col('$:last', 'time')) })
    const own = labels(c)
    const columns = [...own.map((l) => l.id), ...keys.map((k) => k.id), c.type, 'first_seen', 'last_seen']
    const times = [
      { id: 'first_seen', expr: shownTime(col('$:first', 'time')) },
      { id: 'last_seen', expr: shownTime(col('$:last', 'time')) },
    ]
    stages.push({ kind: 'set', columns: [...own, ...times] }, { kind: 'project', columns, rest: false })
    return { relation: { from: met.relation.from, stages }, columns }
  }

  /** The findings at which the condition is met, with the fields that an outer correlation needs. */
  #met(c: Correlation, wanted: readonly string[]): { relation: Relation; ty: Ty } | undefined {
    const counted = countOf(c)
    if (!counted) return undefined
    this.#open.push(c)
    const found = c.rules.map(({ name }, place) => this.#ofRule(c, name, place, wanted))
    this.#open.pop()
    const [one, ...others] = found.filter((r) => r !== undefined)
    if (!one || found.includes(undefined)) return undefined
    const stages: Stage[] = [...one.stages]
    if (others.length > 0) stages.push({ kind: 'union', others })
    const keys = c.groupBy.map((_, i) => KEY(i))
    const grouped = this.#lowering.choice('null-group-keys') === 'drop' ? keys.map((k) => present(k)) : []
    const back = c.timespan - (this.#lowering.choice('timespan-border') === 'outside' ? 1n : 0n)
    stages.push({ kind: 'filter', where: and(present(TIME), ...grouped), at: c.sectionSpan })
    if (c.type === 'temporal_ordered') stages.push(...inOrder(c, keys, back))
    else stages.push(...counting(c, keys, back, counted))
    return { relation: { from: one.from, stages }, ty: counted.ty }
  }

  /** Another file says what is wrong with its own documents. */
  #loweringOf(d: Document): Lowering {
    return this.#beside.has(d) ? new Lowering(this.#lowering.source, this.#lowering.context) : this.#lowering
  }

  #ofRule(c: Correlation, name: string, place: number, wanted: readonly string[]): Relation | undefined {
    const at = c.rules[place]?.span ?? c.sectionSpan
    const d = this.#documents.get(name)
    if (!d || d.kind === 'filter') {
      this.#loweringOf(c).report(codes.sigmaNoReference, at, { name, similar: nearest(name, this.#documents.keys()) })
      return undefined
    }
    const own = (field: string): string => c.aliases.get(field)?.get(name) ?? field
    const label = c.type === 'temporal_ordered' ? String(place) : name
    const fields = [...c.groupBy, ...c.fields, ...wanted].map(own)
    const of = (read: (i: number) => Expr): { id: string; expr: Expr }[] => [
      ...c.groupBy.map((_, i) => ({ id: `$:key${i}`, expr: read(i) })),
      { id: RULE.id, expr: text(label) },
      ...(c.fields.length === 0
        ? []
        : [{ id: VALUE.id, expr: joinedValues(c.fields.map((_, i) => read(c.groupBy.length + i))) }]),
      ...wanted.map((_, i) => ({ id: WANTED(i), expr: read(c.groupBy.length + c.fields.length + i) })),
    ]
    if (d.kind === 'rule') {
      const flow = new RuleFlow(this.#loweringOf(d), d, fields)
      const set = of((i) => flow.field(fields[i] as string))
      const columns = [...set.map((s) => s.id), TIME.id, SEQ.id]
      const stages: Stage[] = [...flow.stages, { kind: 'set', columns: set }, { kind: 'project', columns, rest: false }]
      return { from: flow.source(false), stages }
    }
    if (this.#open.includes(d)) {
      this.#loweringOf(c).report(codes.sigmaNotCorrelated, at, {
        what: `the correlation ${name}`,
        reason: 'it refers to itself',
      })
      return undefined
    }
    const inner = this.#met(d, fields)
    if (!inner) return undefined
    const set = of((i) => col(WANTED(i), 'str'))
    const stages: Stage[] = [
      ...inner.relation.stages,
      ...(c.type.startsWith('temporal') ? [] : begins(d)),
      { kind: 'set', columns: set },
      { kind: 'project', columns: [...set.map((s) => s.id), TIME.id, SEQ.id], rest: false },
    ]
    return { from: inner.relation.from, stages }
  }
}

/** A burst counts once: at the first finding that meets the condition after a timespan in which none did. */
function begins(d: Correlation): Stage[] {
  const [own, before] = [col('$:at', 'str'), col('$:before', 'str')]
  const micros = call('time.toInt', 'int', [TIME])
  const earlier: AggCall = { ...aggregate(before.id, 'win.lag', own, 'str'), consts: { distance: 1 } }
  const since = call('int.sub', 'int', [micros, call('int.parse', 'int', [before])])
  return [
    // `win.lag` reads texts only.
    { kind: 'set', columns: [{ id: own.id, expr: call('int.toText', 'str', [micros]) }] },
    {
      kind: 'window',
      partition: d.groupBy.map((_, i) => KEY(i)),
      order: [TIME, SEQ].map((expr) => ({ expr, dir: 'asc', nulls: 'first' })),
      columns: [{ ...earlier, frame: { before: null, after: null } }],
      at: d.sectionSpan,
    },
    {
      kind: 'filter',
      where: or(not(present(before)), test('int.gt', [since, lit(d.timespan, 'int')])),
      at: d.sectionSpan,
    },
  ]
}

const between = (from: Expr, to: Expr): Expr =>
  call('int.sub', 'int', [call('time.toInt', 'int', [to]), call('time.toInt', 'int', [from])])

/** Several fields count as one value: the combination of all. */
function joinedValues(of: readonly Expr[]): Expr {
  const [one, ...others] = of
  if (!one) return absent('str')
  if (others.length === 0) return one
  const parts = of.flatMap((e, i) => (i === 0 ? [e] : [text('\u001f'), e]))
  return iff(and(...of.map((e) => present(e))), call('str.concat', 'str', parts), absent('str'))
}

// ── counting ──

type Counted = Pick<AggCall, 'args' | 'consts' | 'prim' | 'ty'>

const builtinOf = (type: string) => (all as readonly SigmaBuiltin[]).find((b) => b.name === type)?.lower.counts

const countOf = (c: Correlation): Counted | undefined =>
  builtinOf(c.type)?.({ rule: RULE, field: VALUE, percentile: c.percentile })

/** The field whose values have shares: without `percentile`, each value's share is compared and a finding names the value. */
const sharedField = (c: Correlation): string | undefined =>
  c.type === 'value_percentile' && c.percentile === undefined ? c.fields[0] : undefined

function counting(c: Correlation, keys: readonly Expr[], back: bigint, counted: Counted): Stage[] {
  const order = [{ expr: TIME, dir: 'asc' as const, nulls: 'first' as const }]
  const begin = { ...aggregate(BEGIN.id, 'agg.minTime', TIME, 'time'), frame: { back } }
  const every = { where: { kind: 'true' as const }, frame: { back } }
  const filter: Stage = { kind: 'filter', where: fulfilled(c, counted.ty), at: c.sectionSpan }
  if (sharedField(c) === undefined) {
    const columns = [{ id: COUNT, ...every, ...counted }, begin]
    return [{ kind: 'window', partition: keys, order, columns, at: c.sectionSpan }, filter]
  }
  const count = { prim: 'agg.count', args: [], consts: {}, ty: 'int' as const, ...every }
  const num = (id: string): Expr => call('num.fromInt', 'num', [col(id, 'int')])
  return [
    { kind: 'filter', where: present(VALUE), at: c.sectionSpan },
    { kind: 'window', partition: keys, order, columns: [{ id: '$:all', ...count }, begin], at: c.sectionSpan },
    { kind: 'window', partition: [...keys, VALUE], order, columns: [{ id: '$:own', ...count }], at: c.sectionSpan },
    {
      kind: 'set',
      columns: [
        {
          id: COUNT,
          expr: call('num.div', 'num', [call('num.mul', 'num', [num('$:own'), lit(100, 'num')]), num('$:all')]),
        },
      ],
    },
    filter,
  ]
}

/**
 * The rules in the order of the list. A finding of a rule keeps the latest start of a chain that it continues. A start that is too old for
 * this finding is too old for all later ones.
 */
function inOrder(c: Correlation, keys: readonly Expr[], back: bigint): Stage[] {
  const isOf = (place: number): Pred => test('str.eq', [RULE, text(String(place))])
  const start = (place: number): Expr => col(`$:start${place}`, 'time')
  const last = c.rules.length - 1
  const stages: Stage[] = [{ kind: 'set', columns: [{ id: '$:start0', expr: iff(isOf(0), TIME, absent('time')) }] }]
  for (let place = 1; place <= last; place++) {
    const before = aggregate('$:before', 'agg.maxTime', start(place - 1), 'time')
    const at = c.sectionSpan
    const order = [{ expr: TIME, dir: 'asc' as const, nulls: 'first' as const }]
    stages.push({ kind: 'window', partition: keys, order, columns: [{ ...before, frame: { back } }], at })
    const begun = iff(isOf(place), col('$:before', 'time'), absent('time'))
    stages.push({ kind: 'set', columns: [{ id: `$:start${place}`, expr: begun }] })
  }
  const begin = start(last)
  stages.push({
    kind: 'filter',
    where: and(present(begin), test('int.le', [between(begin, TIME), lit(back, 'int')])),
    at: c.sectionSpan,
  })
  const count = lit(BigInt(c.rules.length), 'int')
  stages.push({
    kind: 'set',
    columns: [
      { id: BEGIN.id, expr: begin },
      { id: COUNT, expr: count },
    ],
  })
  return stages
}

const aggregate = (id: string, prim: string, of: Expr, ty: Ty): AggCall => ({
  id,
  prim,
  args: [of],
  consts: {},
  where: { kind: 'true' },
  ty,
})

/** The count that is farthest from the bound. Sums are decimal texts and are compared as decimals. */
function extreme(c: Correlation, ty: Ty): AggCall {
  const isLeast = c.bounds.length > 0 && c.bounds.every((b) => b.op === 'lt' || b.op === 'lte')
  const [greatest, least] = EXTREME[ty] ?? ['agg.maxInt', 'agg.minInt']
  const of = ty === 'dec' ? call('dec.toText', 'str', [col(COUNT, ty)]) : col(COUNT, ty)
  return aggregate(c.type, isLeast ? least : greatest, of, ty)
}

function fulfilled(c: Correlation, ty: Ty): Pred {
  const bounds: readonly Bound[] = c.bounds.length > 0 ? c.bounds : [{ op: 'gte', value: c.rules.length }]
  const count = col(COUNT, ty)
  const isWhole = ty === 'int' && bounds.every((b) => Number.isSafeInteger(b.value))
  const [family, of, value]: [string, Expr, (n: number) => Expr] = isWhole
    ? ['int', count, (n) => lit(BigInt(n), 'int')]
    : ['num', asNumber(count, ty), (n) => lit(n, 'num')]
  const prims: Readonly<Record<Bound['op'], string>> = { eq: 'eq', neq: 'eq', gt: 'gt', gte: 'ge', lt: 'lt', lte: 'le' }
  return and(
    ...bounds.map((b) => {
      const p = test(`${family}.${prims[b.op]}`, [of, value(b.value)])
      return b.op === 'neq' ? and(not(p), present(of)) : p
    }),
  )
}

const asNumber = (count: Expr, ty: Ty): Expr =>
  ty === 'dec' ? call('dec.toNum', 'num', [count]) : ty === 'int' ? call('num.fromInt', 'num', [count]) : count
