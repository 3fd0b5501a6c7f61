// The plan of one query as a portable detection: filters, then at most counting, thresholds, order and columns. Steps that platforms do not
// share (joins, sequences, several sources) are refused, with their place.
import { keepsNothing } from '../lang/shared/condition.ts'
import type { EventDetection, Measure, Portable, SortKey, Step } from '../lang/shared/portable.ts'
import {
  type AggCall,
  type Aggregate,
  type Expr,
  isHidden,
  type OrderKey,
  type Place,
  type Plan,
  type Pred,
  type Stage,
} from '../plan/plan.ts'
import { mapExpr } from '../plan/walk.ts'
import { byName } from '../text/by-name.ts'
import type { Span } from '../text/source.ts'
import { conditionOf, fieldOf, numberFieldOf, type Origin } from './condition.ts'
import { group, Unsayable } from './groups.ts'
import { simplified } from './simplify.ts'

const MEASURES: Readonly<Record<string, Measure['of']>> = byName({
  'agg.count': 'count',
  'agg.countDistinct': 'distinct',
  'agg.sum': 'sum',
  'agg.sumInt': 'sum',
  'agg.sumNum': 'sum',
  'agg.avg': 'average',
  'agg.minInt': 'min',
  'agg.minNum': 'min',
  'agg.minDec': 'min',
  'agg.minTime': 'min',
  'agg.minText': 'min',
  'agg.maxInt': 'max',
  'agg.maxNum': 'max',
  'agg.maxDec': 'max',
  'agg.maxTime': 'max',
  'agg.maxText': 'max',
  'agg.percentile': 'percentile',
  'agg.collect': 'values',
})

interface Words {
  /** The text of a place, for the reason of a refusal. */
  readonly text: (at: Span) => string
  /** A field's name on other platforms. */
  readonly nameOf: (field: string) => string
  /** Limits that the platform sets where the text says none. */
  readonly impliedLimits?: readonly number[]
}

/** As many groups: the text asks for all that the platform gives. */
const ALL_GROUPS = 1_000_000

export function detectionOf(plan: Plan, { text, nameOf, impliedLimits = [] }: Words): Portable {
  const flow = new Flow(text, impliedLimits)
  try {
    if (plan.lets.length > 0) throw new Unsayable('it reads its events more than once')
    const { from, stages } = plan.out
    if (from.kind === 'let' || from.name !== 'events') throw new Unsayable('it reads something else than events')
    for (const c of from.columns)
      flow.origins.set(c.id, c.from.kind === 'field' ? { kind: 'field', name: nameOf(c.from.name) } : c.from)
    for (const s of stages) flow.stage(s)
    return { detections: [flow.detection()], diagnostics: [] }
  } catch (e) {
    if (!(e instanceof Unsayable)) throw e
    return { reason: e.message, ...(e.at && { at: e.at }) }
  }
}

class Flow {
  readonly origins = new Map<string, Origin>()
  readonly #text: (at: Span) => string
  readonly #impliedLimits: readonly number[]
  readonly #conditions: Parameters<typeof group>[1][number][] = []
  readonly #steps: Step[] = []
  #aggregated = false
  /** The number of rows that the last aggregate saw, hidden, and its measures. */
  #rows: string | undefined
  #measures: readonly Measure[] = []
  /** That no events make no row. */
  #notNothing: Step | undefined

  constructor(text: (at: Span) => string, impliedLimits: readonly number[]) {
    this.#text = text
    this.#impliedLimits = impliedLimits
  }

  detection(): EventDetection {
    const steps = this.#steps.filter(
      (s, i) => s !== this.#notNothing || keepsNothing(this.#measures, this.#steps.slice(i + 1)),
    )
    return { kind: 'events', where: simplified(group('all', this.#conditions)), steps }
  }

  stage(s: Stage): void {
    try {
      this.#stage(s)
    } catch (e) {
      if (!(e instanceof Unsayable) || !s.at || (e.at && e.at !== s.at)) throw e
      throw new Unsayable(`${e.message} (step \`${this.#text(s.at)}\`)`, s.at)
    }
  }

  #stage(s: Stage): void {
    const at = s.at ? { at: s.at } : {}
    const originOf = (id: string): Origin | undefined => this.origins.get(id)
    switch (s.kind) {
      case 'filter': {
        if (this.#asksForRows(s.where)) return
        const where = conditionOf(s.where, originOf, () => s.at)
        if (this.#aggregated) this.#steps.push({ kind: 'where', where, ...at })
        else this.#conditions.push(where)
        return
      }
      case 'set': {
        const before = new Map(this.origins)
        for (const c of s.columns) this.origins.set(c.id, { kind: 'expr', expr: this.#bound(c.expr, before) })
        return
      }
      case 'aggregate':
        this.#aggregate(s, s.at)
        return
      case 'order':
      case 'take': {
        // Limits that the text does not mention are of the platform, not of the detection.
        if (!s.at || (!this.#aggregated && s.kind === 'order')) return
        const { type, limit } = s.at.parameters ?? {}
        const by = s.by.flatMap((k) => sortKey(k, originOf, type ?? s.at))
        const isImplied = s.kind === 'take' && !limit && this.#impliedLimits.includes(s.count)
        if (isImplied && !this.#aggregated && by.every((k) => k.field === '@timestamp')) return
        // A limit in the order of the step before is one step with it.
        const last = this.#steps.at(-1)
        const key = (of: readonly SortKey[]): string => JSON.stringify(of.map(({ at: _, ...k }) => k))
        if (s.kind === 'take' && last?.kind === 'order' && key(last.by) === key(by)) this.#steps.pop()
        if (s.kind === 'order' || isImplied) this.#steps.push({ kind: 'order', by, ...at })
        else this.#steps.push({ kind: 'order', by, limit: s.count, limitAt: limit ?? s.at, ...at })
        return
      }
      case 'project': {
        const fields = s.columns.filter((c) => !isHidden(c))
        // Behind counting, the platform would refuse a column that nothing makes.
        const made = this.#aggregated ? fields.find((f) => originOf(f)?.kind === 'expr') : undefined
        if (!s.rest && s.at && made !== undefined) throw new Unsayable(`shows the computed value \`${made}\``)
        // Keys and fields have the names of the other platforms: a tag of CQL is written without its sign.
        const named = fields.map((f) => {
          const from = originOf(f)
          return from?.kind === 'named' || from?.kind === 'field' ? from.name : f
        })
        if (!s.rest && s.at) this.#steps.push({ kind: 'columns', fields: named, ...at })
        return
      }
      default:
        throw new Unsayable(REASONS[s.kind] ?? `a step of the kind ${s.kind}`)
    }
  }

  /** `$:rows > 0`: platforms say it of a count that is shown. */
  #asksForRows(where: Pred): boolean {
    const [rows, none] = where.kind === 'test' && where.prim === 'int.gt' ? where.args : []
    if (rows?.kind !== 'col' || rows.id !== this.#rows || none?.kind !== 'lit' || none.value !== 0n) return false
    const shown = this.#measures.find((m) => m.of === 'count' && m.field === undefined)
    if (!shown) return false
    this.#notNothing = { kind: 'where', where: { kind: 'number', field: shown.name, op: '>', value: 0 } }
    this.#steps.push(this.#notNothing)
    return true
  }

  /** The expression with the columns as they were: `x := lower(x)` reads the old `x`. */
  #bound(e: Expr, before: ReadonlyMap<string, Origin>): Expr {
    return mapExpr(e, {
      expr: (x) => {
        const from = x.kind === 'col' ? before.get(x.id) : undefined
        if (x.kind !== 'col' || !from) return x
        if (from.kind === 'expr') return from.expr
        const id = `$:old ${x.id}`
        this.origins.set(id, from)
        return { ...x, id }
      },
    })
  }

  #aggregate(s: Aggregate, at: Place | undefined): void {
    const originOf = (id: string): Origin | undefined => this.origins.get(id)
    let bucket: bigint | undefined
    const by = s.keys.flatMap(({ id, expr }): string[] => {
      const span = bucketOf(expr, originOf)
      if (span !== undefined) {
        bucket = span
        return []
      }
      const field = fieldOf(expr, originOf)
      if (field === undefined) throw new Unsayable(`groups by the computed value \`${id}\``)
      return [field]
    })
    const measures = s.aggs
      .filter((a) => !isHidden(a.id))
      .map((a) => measureOf(a, originOf, at?.parameters?.['function'] ?? at))
    this.#measures = measures
    this.#rows = s.aggs.find((a) => isHidden(a.id) && a.prim === 'agg.count' && a.where.kind === 'true')?.id
    const names = new Map<string, string>()
    for (const { id, expr } of s.keys) {
      const field = bucketOf(expr, originOf) === undefined ? fieldOf(expr, originOf) : undefined
      if (field !== undefined) names.set(id, field)
    }
    this.origins.clear()
    for (const [id, name] of names) this.origins.set(id, { kind: 'named', name })
    for (const m of measures) this.origins.set(m.name, { kind: 'named', name: m.name })
    this.#aggregated = true
    const nullKeys = s.nullKeys === 'keep' && by.length > 0 ? ({ nullKeys: 'keep' } as const) : {}
    this.#steps.push({
      kind: 'aggregate',
      by,
      measures,
      ...nullKeys,
      ...(s.limit !== null &&
        s.limit < ALL_GROUPS &&
        !this.#impliedLimits.includes(s.limit) && {
          limit: s.limit,
          ...placed(at?.parameters?.['limit'] ?? at, 'limitAt'),
        }),
      ...(bucket !== undefined && { bucket }),
      ...(at && { at }),
    })
  }
}

/** The position of an event among those of its time is no value of it. */
function sortKey(k: OrderKey, originOf: (id: string) => Origin | undefined, at: Span | undefined): SortKey[] {
  const from = k.expr.kind === 'col' ? originOf(k.expr.id) : undefined
  if (from?.kind === 'meta' && from.name === 'seq') return []
  const descending = k.dir === 'desc'
  const number = k.expr.kind === 'call' && /^(?:int|num|dec)\.toText$/.test(k.expr.prim) ? k.expr.args[0] : undefined
  const shown = number && fieldOf(number, originOf)
  if (shown !== undefined) return [{ field: shown, descending, as: 'text', ...placed(at, 'at') }]
  const field = timeOf(k.expr) ?? fieldOf(k.expr, originOf)
  if (field !== undefined)
    return [{ field, descending, as: k.expr.ty === 'str' ? 'text' : 'number', ...placed(at, 'at') }]
  const read = numberFieldOf(k.expr, originOf)
  if (read === undefined) throw new Unsayable('it orders rows by a computed value')
  return [{ field: read, descending, as: 'read-number', ...placed(at, 'at') }]
}

const placed = <K extends string>(at: Span | undefined, key: K): { readonly [k in K]?: Span } =>
  (at ? { [key]: { start: at.start, end: at.end } } : {}) as { readonly [k in K]?: Span }

const REASONS: Readonly<Record<string, string>> = byName({
  join: 'it joins events',
  union: 'it puts several searches together',
  unnest: 'it makes several rows of one event',
  window: 'it looks at neighbouring rows',
})

/** The length of the time slices that a key counts in, microseconds. */
function bucketOf(e: Expr, originOf: (id: string) => Origin | undefined): bigint | undefined {
  if (e.kind === 'col') {
    const from = originOf(e.id)
    return from?.kind === 'expr' ? bucketOf(from.expr, originOf) : undefined
  }
  if (e.kind !== 'call') return undefined
  if (e.prim === 'time.bucket') {
    const { span } = e.consts
    return typeof span === 'bigint' || typeof span === 'number' ? BigInt(span) : undefined
  }
  const [of] = e.args
  return of && e.args.length === 1 ? bucketOf(of, originOf) : undefined
}

function measureOf(a: AggCall, originOf: (id: string) => Origin | undefined, at: Span | undefined): Measure {
  const of = MEASURES[a.prim]
  if (!of) throw new Unsayable(`the aggregate \`${a.id}\` (${a.prim.replace('agg.', '')})`)
  const there = a.prim === 'agg.count' && a.where.kind === 'present' ? a.where.expr : undefined
  if (a.where.kind !== 'true' && !there) throw new Unsayable(`\`${a.id}\` counts only some of its events`)
  const arg = there ?? a.args[0]
  if (!arg) return { name: a.id, of, ...placed(at, 'at') }
  const field = fieldOf(plainArgument(arg), originOf) ?? timeOf(arg)
  if (field === undefined) throw new Unsayable(`\`${a.id}\` is of a computed value`)
  const { p, percentile } = a.consts
  const share = typeof p === 'number' ? p : typeof percentile === 'number' ? percentile : undefined
  const { limit, separator } = a.consts
  if (of === 'values' && separator !== '\n')
    throw new Unsayable(`\`${a.id}\` has the separator ${JSON.stringify(separator)}`)
  return {
    name: a.id,
    of,
    field,
    ...(of === 'percentile' && share !== undefined && { percentile: share }),
    ...(of === 'values' && typeof limit === 'number' && { most: limit }),
    ...placed(at, 'at'),
  }
}

/** Aggregates read numbers of fields. */
const plainArgument = (e: Expr): Expr =>
  e.kind === 'call' && /^(?:num|int|dec)\.(?:parse|fromInt|toNum)$/.test(e.prim) && e.args[0]
    ? plainArgument(e.args[0])
    : e

const timeOf = (e: Expr): string | undefined =>
  e.kind === 'call' && e.prim === 'time.toMillis' && e.args[0]?.kind === 'col' && e.args[0].id === '$:time'
    ? '@timestamp'
    : undefined
