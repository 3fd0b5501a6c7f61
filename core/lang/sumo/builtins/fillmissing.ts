// Adds rows for slices and values that do not occur: every combination of generated values that no row has.
import { sumoNotRun, sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import { absent, and, call, col, FALSE, holds, iff, lit, not, present, test, TRUE, truth } from '../../../plan/build.ts'
import type { Expr, Relation, Ty } from '../../../plan/plan.ts'
import type { Span } from '../../../text/source.ts'
import { toNum, toStr } from '../../shared/convert.ts'
import { numberValue } from '../1-lex/lex.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import { type Cursor, name } from '../2-parse/cursor.ts'
import { duration, isString, namesUntil, nextString, stringOf } from '../2-parse/tokens.ts'
import { operator, param, search, SOME_DAY } from '../3-lower/builtin-kit.ts'
import type { Field, Flow } from '../3-lower/flow.ts'
import { bucketStart } from '../3-lower/slices.ts'
import { fromText, joinKey, toInt } from '../3-lower/values.ts'

type Filler = number | string | null

interface Fill {
  readonly slice: { readonly field: Name | undefined; readonly spanMs: number | undefined } | undefined
  /** `values`: undefined for `values all`. */
  readonly values: readonly { readonly field: Name; readonly values: readonly string[] | undefined }[]
  /** Values of fields in rows that are filled in. */
  readonly fillers: readonly { readonly value: Filler; readonly fields: readonly Name[] }[]
  readonly takeLast: boolean
}

function parseFill(c: Cursor): Fill | undefined {
  let slice: Fill['slice']
  let takeLast = false
  const values: { field: Name; values: string[] | undefined }[] = []
  const fillers: { value: Filler; fields: Name[] }[] = []
  while (!c.stageOver) {
    if (c.eatWord('timeslice')) {
      const spanMs = c.eat('(') ? duration(c) : undefined
      if (spanMs !== undefined && !c.expect(')')) return undefined
      slice = { field: c.eatWord('in') && name(c), spanMs }
    } else if (c.eatWord('values')) {
      const list = c.eatWord('all') ? undefined : listOf(c)
      if (!c.expectWord('in')) return undefined
      const field = name(c)
      if (!field) return undefined
      values.push({ field, values: list })
    } else if (c.eatWord('with')) {
      const value = constant(c)
      if (!c.expectWord('for')) return undefined
      fillers.push({ value, fields: namesUntil(c, ['with', 'takelast', 'timeslice', 'values']) })
    } else if (c.eatWord('takelast')) takeLast = true
    else if (!c.eat(',')) {
      c.fail('`timeslice`, `values` or `with`')
      return undefined
    }
  }
  // Published queries write it without arguments to fill the slices.
  if (values.length === 0) slice ??= { field: undefined, spanMs: undefined }
  return { slice, values, fillers, takeLast }
}

/** `-1`, `"none"`, `null`. */
function constant(c: Cursor): Filler {
  const minus = c.eat('-')
  const t = c.next()
  if (t.kind === 'string') return stringOf(c, t)
  const value = numberValue(t.text)
  if (value !== undefined) return minus ? -value : value
  if (t.text.toLowerCase() !== 'null') c.fail('a number, a string or null', t)
  return null
}

function listOf(c: Cursor): string[] {
  const out: string[] = []
  c.expect('(')
  while (isString(c) || c.peek().kind === 'number') {
    out.push(isString(c) ? nextString(c) : c.next().text)
    if (!c.eat(',')) break
  }
  c.expect(')')
  return out
}

/** Limit of the vendor for combinations. */
const MOST = 10_000

/** Messages are filled as tables are: the page only asks for a table in dashboards that refresh themselves. */
function lowerFill(f: Flow, s: Fill, { head }: Place): void {
  for (const v of s.values) f.read(v.field)
  f.split()
  const generators: Generator[] = []
  const slice = s.slice && sliceOf(f, head, s.slice)
  if (s.slice && !slice) return
  if (s.takeLast && !slice) {
    f.lowering.report(sumoRuledOut, head, {
      what: '`takeLast` needs slices to take the last value of',
      remedy: 'add `timeslice` to `fillmissing`',
    })
    return
  }
  if (slice) generators.push(slice)
  for (const v of s.values) generators.push(valuesOf(f, v.field, v.values))
  const grid = combine(generators)
  const keys = generators.map((g) => ({ id: g.id, expr: col(g.id, g.ty) as Expr }))
  grid.push({
    kind: 'join',
    how: 'anti',
    right: f.fork().relation(false),
    on: keys.map((k) => ({ left: joinKey(k.expr), right: joinKey(k.expr) })),
    within: null,
    include: [],
    missing: null,
    max: null,
    order: [],
  })
  const others = [...f.fields.values()].filter((x) => !generators.some((g) => g.id === x.id))
  const filled = others.map((x) => ({
    id: x.id,
    expr: fillerOf(s, x.id) ?? (f.cells.has(x.id) ? absent(x.ty) : zero(x.ty)),
  }))
  grid.push({ kind: 'set', columns: filled.map((x, i) => ({ id: x.id, expr: cast(x.expr, others[i]?.ty ?? 'str') })) })
  const mark = s.takeLast ? f.hidden('filled') : undefined
  if (mark !== undefined) {
    setId(f, mark, truth(FALSE))
    setId(grid, mark, truth(TRUE))
  }
  grid.push({
    kind: 'project',
    columns: [...[...f.fields.values()].map((x) => x.id), ...(mark ? [mark] : [])],
    rest: false,
  })
  f.push({ kind: 'union', others: [grid.relation(false)] })
  if (mark !== undefined && slice) takeLast(f, slice, generators, others, col(mark, 'bool'))
  f.lowering.limits.push({ what: 'fillmissing', limit: MOST })
  if (f.messages) return
  // A chart needs its rows in the order of the slices.
  f.order = keys.map((k) => ({ expr: k.expr, dir: 'asc', nulls: 'last' }))
  f.push({ kind: 'order', by: f.order })
  f.ordered = true
}

/** A row that was filled in takes the values of the last slice before it that has some, of the same other keys. */
function takeLast(
  f: Flow,
  slice: Generator,
  generators: readonly Generator[],
  others: readonly Field[],
  filled: Expr,
): void {
  const at = toInt(col(slice.id, slice.ty))
  const partition = generators.filter((g) => g !== slice).map((g) => col(g.id, g.ty))
  const columns = others.map((x) => ({
    id: f.hidden('last'),
    prim: 'agg.argMax',
    args: [toStr(col(x.id, x.ty)), toNum(at), at],
    consts: {},
    where: and(not(holds(filled)), present(toStr(col(x.id, x.ty)))),
    ty: 'str' as const,
    frame: { before: null, after: 0 },
  }))
  f.push({ kind: 'window', partition, order: [{ expr: at, dir: 'asc', nulls: 'last' }], columns })
  const set = others.map((x, i) => {
    const last = col((columns[i] as { id: string }).id, 'str')
    const value = cast(fromText(last, x.ty), x.ty)
    return { id: x.id, expr: iff(and(holds(filled), present(last)), value, col(x.id, x.ty)) }
  })
  f.push({ kind: 'set', columns: set })
}

interface Generator {
  readonly flow: Flow
  readonly id: string
  readonly ty: Ty
}

/** A value in the type of the column that it fills. */
const inType = (e: Expr, ty: Ty): Expr => (ty === 'int' ? toInt(e) : ty === 'num' ? toNum(e) : toStr(e))

/** The starts of all slices of the interval. */
function sliceOf(f: Flow, head: Span, { field, spanMs }: NonNullable<Fill['slice']>): Generator | undefined {
  const name = field ?? { name: f.slice?.name ?? '_timeslice', quoted: false, span: head }
  const found = f.fields.get(name.name.toLowerCase())
  const ms = spanMs ?? f.slice?.spanMs
  const buckets = ms === undefined ? f.slice?.buckets : undefined
  if (!found || (ms === undefined && buckets === undefined)) {
    const reason = found ? 'no `timeslice` before it says how wide a slice is' : `there is no ${name.name} to fill`
    f.lowering.report(sumoNotRun, head, { name: 'fillmissing timeslice', reason })
    return undefined
  }
  const flow = once(f)
  const slot = f.lowering.hiddenId('slot')
  const start: Expr = { kind: 'env', name: 'start', ty: 'time' }
  const end: Expr = { kind: 'env', name: 'end', ty: 'time' }
  if (ms === undefined) {
    const list = lit(
      Array.from({ length: buckets ?? 1 }, (_, i) => String(i)),
      'list',
    )
    flow.push({ kind: 'unnest', list, into: slot, index: null, keep: false })
    const slice = bucketStart(flow, call('int.parse', 'int', [col(slot, 'str')]), BigInt(buckets ?? 1))
    setId(flow, found.id, inType(slice, found.ty))
    return { flow, id: found.id, ty: found.ty }
  }
  // Slices follow the reader's zone, slots are UTC. Slots of half the width reach every slice, even on a day of 23 hours.
  const width = BigInt(Math.max(1, Math.round(ms)))
  const span = (f.lowering.zone === 'UTC' || width < 2n ? width : width / 2n) * 1000n
  flow.push({
    kind: 'unnest',
    list: call('time.slots', 'list', [start, end], { span, most: BigInt(MOST) }),
    into: slot,
    index: null,
    keep: false,
  })
  const at = call('time.fromMillis', 'time', [call('int.parse', 'int', [col(slot, 'str')])])
  const within = iff(test('time.lt', [at, start]), start, at)
  const slice = call('time.bucket', 'time', [within], { span: width * 1000n, zone: f.lowering.zone })
  const millis = inType(call('time.toMillis', 'int', [slice]), found.ty)
  flow.push({ kind: 'aggregate', keys: [{ id: found.id, expr: millis }], nullKeys: 'keep', aggs: [], limit: null })
  return { flow, id: found.id, ty: found.ty }
}

/** The values of the text, or all that occur. */
function valuesOf(f: Flow, field: Name, values: readonly string[] | undefined): Generator {
  const { expr, field: found } = f.read(field)
  const id = found?.id ?? field.name
  if (values === undefined) {
    const flow = f.fork()
    flow.push({ kind: 'aggregate', keys: [{ id, expr }], nullKeys: 'keep', aggs: [], limit: null })
    return { flow, id, ty: expr.ty }
  }
  const flow = once(f)
  flow.push({ kind: 'unnest', list: lit(values, 'list'), into: id, index: null, keep: false })
  if (expr.ty === 'str') return { flow, id, ty: 'str' }
  setId(flow, id, inType(col(id, 'str'), expr.ty))
  return { flow, id, ty: expr.ty }
}

/** One row. */
function once(f: Flow): Flow {
  const flow = f.fork()
  flow.push({
    kind: 'aggregate',
    keys: [],
    nullKeys: 'keep',
    aggs: [
      { id: f.lowering.hiddenId('one'), prim: 'agg.count', args: [], consts: {}, where: { kind: 'true' }, ty: 'int' },
    ],
    limit: null,
  })
  return flow
}

const setId = (flow: Flow, id: string, expr: Expr): void => flow.push({ kind: 'set', columns: [{ id, expr }] })

/** Every combination. */
function combine(generators: readonly Generator[]): Flow {
  const [first, ...rest] = generators as [Generator, ...Generator[]]
  const ids = [first.id]
  for (const g of rest) {
    const right: Relation = g.flow.relation(false)
    const one = lit('1', 'str')
    first.flow.push({
      kind: 'join',
      how: 'inner',
      right,
      on: [{ left: one, right: one }],
      within: null,
      include: [{ id: g.id, from: g.id }],
      missing: null,
      max: null,
      order: [],
    })
    ids.push(g.id)
  }
  first.flow.push({ kind: 'project', columns: ids, rest: false })
  return first.flow
}

function fillerOf(s: Fill, id: string): Expr | undefined {
  const found = s.fillers.find((g) => g.fields.some((n) => n.name.toLowerCase() === id.toLowerCase()))
  if (!found) return undefined
  return typeof found.value === 'number' ? lit(found.value, 'num') : lit(found.value, 'str')
}

function zero(ty: Expr['ty']): Expr {
  if (ty === 'int') return lit(0n, 'int')
  if (ty === 'num') return lit(0, 'num')
  if (ty === 'dec') return lit('0', 'dec')
  return ty === 'bool' ? lit(false, 'bool') : absent(ty)
}

/** A literal in the type of its column. */
function cast(e: Expr, ty: Expr['ty']): Expr {
  if (e.kind !== 'lit' || e.ty === ty || e.value === null) return e
  const n = Number(e.value)
  if (ty === 'int') return lit(Number.isInteger(n) ? BigInt(n) : null, 'int')
  if (ty === 'num') return lit(Number.isFinite(n) ? n : null, 'num')
  if (ty === 'dec') return lit(Number.isFinite(n) ? String(n) : null, 'dec')
  return lit(String(e.value), ty)
}

const H = 3_600_000
const events = [
  { _messageTime: SOME_DAY[0], user: 'al' },
  { _messageTime: SOME_DAY[0] + 12 * H, user: 'bo' },
]
const at = (hours: number): number => SOME_DAY[0] + hours * H

export const fill = operator<Fill>({
  name: 'fillmissing',
  doc: 'Adds rows for slices and values that no row has: numbers 0, texts missing.',
  params: [
    param(
      'timeslice',
      'duration',
      'Fill the slices; `(1h)` if no `timeslice` says how wide, `in field` elsewhere.',
      false,
    ),
    param('values', 'texts', '`("a", "b") in field` or `all in field`.', false),
    param('with', 'expression', '`0 for field`: what a filled field holds.', false),
  ],
  examples: [
    search(
      'timeslice 12h | count by _timeslice | fillmissing timeslice',
      events.slice(0, 1),
      [
        { _timeslice: at(0), _count: 1 },
        { _timeslice: at(12), _count: 0 },
      ],
      SOME_DAY,
    ),
    search(
      'count by user | fillmissing values("al", "cy") in user',
      events,
      [
        { user: 'al', _count: 1 },
        { user: 'bo', _count: 1 },
        { user: 'cy', _count: 0 },
      ],
      SOME_DAY,
    ),
    search(
      'timeslice 12h | count by _timeslice, user | fillmissing timeslice, values all in user',
      events,
      [
        { _timeslice: at(0), user: 'al', _count: 1 },
        { _timeslice: at(0), user: 'bo', _count: 0 },
        { _timeslice: at(12), user: 'al', _count: 0 },
        { _timeslice: at(12), user: 'bo', _count: 1 },
      ],
      SOME_DAY,
    ),
    search(
      'timeslice 12h | count by _timeslice, user | transpose row _timeslice column user | fillmissing timeslice(6h)',
      events,
      [{ _timeslice: at(0), al: '1' }, { _timeslice: at(6) }, { _timeslice: at(12), bo: '1' }, { _timeslice: at(18) }],
      SOME_DAY,
    ),
  ],
  notes: [
    'Columns that `transpose` has made stay missing in added rows. The rows of a table come out ordered by what was filled. Added messages have no text and no time of their own.',
  ],
  parse: parseFill,
  lower: lowerFill,
})
