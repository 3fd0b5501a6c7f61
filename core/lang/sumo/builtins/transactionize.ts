// Messages of one transaction: those with the same key.
import { sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import { byName } from '../../../text/by-name.ts'
import { absent, and, call, col, iff, lit, or, present, TRUE } from '../../../plan/build.ts'
import type { AggCall, Expr } from '../../../plan/plan.ts'
import { toNum, toStr } from '../../shared/convert.ts'
import type { Name, Stage } from '../2-parse/ast.ts'
import { type RunLimits, runLimit } from '../2-parse/transaction-limits.ts'
import { type Cursor, isName, name } from '../2-parse/cursor.ts'
import { isString, nextString } from '../2-parse/tokens.ts'
import { operator, param, search } from '../3-lower/builtin-kit.ts'
import type { Field, Flow } from '../3-lower/flow.ts'
import { linked } from '../3-lower/linked-rows.ts'
import { cutIntoRuns, isCut } from '../3-lower/transaction-runs.ts'

interface Merge {
  readonly field: Name
  readonly how: 'distinct' | 'first' | 'join' | 'last'
  readonly separator: string
  readonly as: Name | undefined
}

interface Transactionize {
  readonly keys: readonly Name[]
  /** How the names of the added fields begin. */
  readonly prefix: string
  readonly limits: RunLimits
  readonly keepOrphans: boolean
  readonly merge: readonly Merge[] | undefined
  /** Behind merge, on the one row of each group. */
  readonly steps: readonly Stage[]
}

function parseTransactionize(c: Cursor): Transactionize | undefined {
  const keys: Name[] = []
  let prefix = '_group'
  let limits: RunLimits = {}
  let keepOrphans = true
  let merge: readonly Merge[] | undefined
  let steps: readonly Stage[] = []
  while (!c.stageOver) {
    const t = c.peek()
    if (c.isPunct('(') && c.isWord('merge', 1)) {
      c.next()
      c.next()
      merge = parseMerges(c)
      if (!merge) return undefined
      if (c.eat('|')) {
        c.depth++
        steps = c.nested(() => c.grammar.stages(c, true)) ?? []
        c.depth--
      }
      if (!c.expect(')')) return undefined
    } else if (isName(t) && c.isPunct('=', 1)) {
      c.at += 2
      if (t.text.toLowerCase() === 'keeporphans') keepOrphans = !c.eatWord('false') && Boolean(c.expectWord('true'))
      else {
        const more = runLimit(c, t)
        if (!more) return undefined
        limits = { ...limits, ...more }
      }
    } else if (isName(t)) {
      const key = name(c)
      if (!key) return undefined
      keys.push(key)
      if (c.eatWord('as')) prefix = name(c)?.name ?? prefix
    } else if (!c.eat(',')) {
      c.fail('a field or `(merge …)`')
      return undefined
    }
  }
  if (keys.length === 0) c.fail('a field name')
  return keys.length === 0 ? undefined : { keys, prefix, limits, keepOrphans, merge, steps }
}

const TAKES: Record<string, Merge['how']> = byName({ takedistinct: 'distinct', takefirst: 'first', takelast: 'last' })

function parseMerges(c: Cursor): Merge[] | undefined {
  const out: Merge[] = []
  // Alone it joins the texts of the messages, and keeps the earliest time.
  if (c.stageOver || c.isPunct(')')) {
    const of = (name: string, how: Merge['how']): Merge => ({
      field: { name, quoted: false, span: c.peek().span },
      how,
      separator: '\n',
      as: undefined,
    })
    return [of('_messageTime', 'first'), of('_raw', 'join')]
  }
  while (!c.stageOver && !c.isPunct(')')) {
    const field = name(c)
    if (!field) return undefined
    const keep = c.eatWord(...Object.keys(TAKES))
    let separator = '\n'
    if (!keep && c.eatWord('join')) {
      c.expectWord('with')
      separator = isString(c) ? controlCharacters(nextString(c)) : separator
    }
    const how = keep ? (TAKES[keep.text.toLowerCase()] ?? 'join') : 'join'
    out.push({ field, how, separator, as: c.eatWord('as') ? name(c) : undefined })
    if (!c.eat(',')) break
  }
  return out
}

const controlCharacters = (t: string): string =>
  t.replace(/\\([nrt\\])/g, (_, x: string) => ({ n: '\n', r: '\r', t: '\t' })[x] ?? '\\')

/** Operators that do the same to the one row of a group, and to a table of such rows. */
const ROW_BY_ROW = new Set(['where', 'fields', 'parse', 'parse regex', 'json', 'json auto', 'kv', 'kv auto'])
const NOTHING_TO_ONE_ROW = new Set(['limit', 'sort'])

function lowerTransactionize(f: Flow, s: Transactionize): void {
  const steps = s.steps.filter((t) => !(t.kind === 'operator' && NOTHING_TO_ONE_ROW.has(t.name)))
  const other = steps.find((t) => t.kind !== 'assign' && !(t.kind === 'operator' && ROW_BY_ROW.has(t.name)))
  if (other) {
    f.notRun(other.head, 'transactionize with an operator behind merge that is not for each row', 'it is not built yet')
    return
  }
  const keys = s.keys.map((n) => {
    const { expr, field } = f.read(n)
    return { id: field?.id ?? n.name, expr }
  })
  const has = or(...keys.map((k) => present(k.expr)))
  if (s.merge) f.lowering.choice('transaction-without-key')
  if (s.merge || !s.keepOrphans) f.filter(has)
  const position = positions(f)
  const [key] = keys
  const one = keys.length === 1 && key ? key : { id: s.prefix, expr: linked(f, keys, position) }
  const runs = isCut(s.limits) ? cutIntoRuns(f, one.expr, position, s.limits) : undefined
  if (runs && (s.merge || !s.keepOrphans)) f.filter(runs.whole)
  const [number, size, duration] = measures(f, position)
  if (s.merge) {
    mergeGroups(f, [one], s.merge, position, s.prefix, runs?.run)
    f.parts.stages(f, steps)
    return
  }
  const frame = { before: null, after: null }
  f.push({
    kind: 'window',
    partition: [one.expr, ...(runs ? [runs.run] : [])],
    order: [],
    columns: [number, size, ...duration].map((c) => ({ ...c, frame })),
  })
  const isMember = and(present(one.expr), runs ? runs.whole : TRUE)
  const columns = lengthOf(s.prefix, number, size, duration)
    .filter((c) => c.id !== '_messageTime')
    .map((c) => ({ name: c.id, expr: s.keepOrphans ? iff(isMember, c.expr, absent('int')) : c.expr }))
  const orphaned = { name: `${s.prefix}_orphaned`, expr: iff(isMember, lit(false, 'bool'), lit(true, 'bool')) }
  f.set(s.keepOrphans ? [...columns, orphaned] : columns)
}

/** Numbers the rows in the order in which their values are merged: by time, or in the order of a table. */
function positions(f: Flow): Expr {
  const order = f.orderKeys()
  const time = f.messages && !f.order && f.lowering.choice('merge-order') === 'time'
  const by = time ? order.map((k) => ({ ...k, dir: 'asc' as const })) : order
  const id = f.lowering.hiddenId('position')
  const count: AggCall = { id, prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' }
  f.push({ kind: 'window', partition: [], order: by, columns: [{ ...count, frame: { before: null, after: 0 } }] })
  return col(id, 'int')
}

/** The number of a group is the position of its first row: the page only says that it is a whole number of its own. */
function measures(f: Flow, position: Expr): [AggCall, AggCall, AggCall[]] {
  const common = { consts: {}, where: TRUE, ty: 'int' as const }
  const number: AggCall = { ...common, id: '$:number', prim: 'agg.minInt', args: [position] }
  const size: AggCall = { id: '$:size', prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' }
  if (!f.messages) return [number, size, []]
  const edge = (prim: string, id: string): AggCall => ({
    id,
    prim,
    args: [f.time],
    consts: {},
    where: TRUE,
    ty: 'time',
  })
  return [number, size, [edge('agg.minTime', '$:first'), edge('agg.maxTime', '$:last')]]
}

function lengthOf(
  prefix: string,
  number: AggCall,
  size: AggCall,
  duration: readonly AggCall[],
): { id: string; ty: 'int'; expr: Expr }[] {
  const millis = (id: string): Expr => call('time.toMillis', 'int', [col(id, 'time')])
  return [
    { id: prefix, ty: 'int', expr: col(number.id, 'int') },
    ...(duration.length > 0
      ? [
          // Published searches slice merged transactions by time: the time is that of the first message.
          { id: '_messageTime', ty: 'int' as const, expr: millis('$:first') },
          {
            id: `${prefix}_duration`,
            ty: 'int' as const,
            expr: call('int.sub', 'int', [millis('$:last'), millis('$:first')]),
          },
        ]
      : []),
    { id: `${prefix}_size`, ty: 'int' as const, expr: col(size.id, 'int') },
  ]
}

/** One row for each group. */
function mergeGroups(
  f: Flow,
  keys: readonly { readonly id: string; readonly expr: Expr }[],
  merges: readonly Merge[],
  position: Expr,
  prefix = '_group',
  run?: Expr,
): void {
  const grouped = keys.length > 0
  const [number, size, duration] = measures(f, position)
  const own = merges.filter((m) => m.as || !keys.some((k) => k.id.toLowerCase() === m.field.name.toLowerCase()))
  const aggs = own.map((m) => ({ id: m.as?.name ?? m.field.name, call: mergeValue(f, m, position) }))
  f.push({
    kind: 'aggregate',
    keys: run ? [...keys, { id: f.lowering.hiddenId('run'), expr: run }] : keys,
    nullKeys: 'drop',
    aggs: [...aggs.map((a) => a.call), size, ...(grouped ? [number, ...duration] : [])],
    limit: null,
  })
  const lengths = grouped ? lengthOf(prefix, number, size, duration) : []
  const fields: Field[] = [
    ...keys.map((k) => ({ id: k.id, ty: k.expr.ty })),
    ...aggs.map((a) => ({ id: a.id, ty: 'str' as const })),
  ]
  f.table(fields)
  f.groups = new Set(keys.map((k) => k.id))
  if (!grouped) f.filter({ kind: 'test', prim: 'int.gt', args: [col('$:size', 'int'), lit(0n, 'int')], consts: {} })
  if (lengths.length > 0) f.set(lengths.map((c) => ({ name: c.id, expr: c.expr })))
}

function mergeValue(f: Flow, m: Merge, position: Expr): AggCall {
  if (m.field.name.toLowerCase() === '_messagetime' && m.how !== 'first' && m.how !== 'last')
    f.lowering.report(sumoRuledOut, m.field.span, {
      what: 'merge takes only the first or the last _messageTime',
      remedy: 'write `_messageTime takeFirst` or `_messageTime takeLast`',
    })
  const { expr, field } = f.read(m.field)
  const id = m.as?.name ?? field?.id ?? m.field.name
  const value = toStr(expr)
  const common = { id, where: TRUE, ty: 'str' as const }
  switch (m.how) {
    case 'first':
    case 'last': {
      const prim = m.how === 'first' ? 'agg.argMin' : 'agg.argMax'
      return { ...common, prim, args: [value, toNum(position), position], consts: {} }
    }
    case 'distinct':
      f.lowering.choice('merge-distinct-order')
      return { ...common, prim: 'agg.collect', args: [value], consts: { limit: null, separator: m.separator } }
    case 'join':
      return { ...common, prim: 'agg.joinInOrder', args: [value, position], consts: { separator: m.separator } }
  }
}

const lowerMerge = (f: Flow, merges: readonly Merge[]): void => mergeGroups(f, [], merges, positions(f))

const events = [
  { _messageTime: 1_500_000_000_000, session: 's1', step: 'login', user: 'al' },
  { _messageTime: 1_500_000_001_000, session: 's2', step: 'login', user: 'bo' },
  { _messageTime: 1_500_000_002_000, session: 's1', step: 'buy' },
]
const HOW = param(
  'merge',
  'fields',
  'field takeFirst, takeLast, takeDistinct, or join with "…" (new lines if left out).',
)

export const transactions = operator<Transactionize>({
  name: 'transactionize',
  doc: 'Puts rows that share any of the keys into one group, also over other rows; with `(merge …)` each group becomes a row.',
  params: [
    param('keys', 'fields', 'Rows of a group have one of them in common.'),
    param('as', 'text', 'How the names of the added fields begin: `_group` if left out.', false),
    param('maxSpan', 'duration', 'The longest time of a group; the next row begins another.', false),
    param('maxPause', 'duration', 'The longest time between two rows of a group.', false),
    param('maxLogs', 'number', 'The most rows of a group.', false),
    param(
      'startsWith',
      'text',
      'A message with it begins a group; with `;strict` groups that begin otherwise are left out.',
      false,
    ),
    param(
      'endsWith',
      'text',
      'A message with it ends a group; with `;strict` groups that end otherwise are left out.',
      false,
    ),
    param('keepOrphans', 'text', '`false` leaves out rows without a group; else `_group_orphaned` marks them.', false),
    { ...HOW, name: '(merge …)' },
  ],
  examples: [
    search('transactionize session (merge step join with ">", user takeFirst) | sort by session asc', events, [
      {
        session: 's1',
        step: 'login>buy',
        user: 'al',
        _messageTime: 1_500_000_000_000,
        _group: 1,
        _group_duration: 2000,
        _group_size: 2,
      },
      {
        session: 's2',
        step: 'login',
        user: 'bo',
        _messageTime: 1_500_000_001_000,
        _group: 2,
        _group_duration: 0,
        _group_size: 1,
      },
    ]),
    search('transactionize session | where _group_size > 1 | fields step, _group | sort by step asc', events, [
      { step: 'buy', _group: 1 },
      { step: 'login', _group: 1 },
    ]),
    search(
      'transactionize a, b as t (merge n join with ",") | fields n, t, t_size | sort by +t',
      [
        { n: '1', a: 'x' },
        { n: '2', b: 'y' },
        { n: '3', a: 'x', b: 'z' },
        { n: '4', b: 'z' },
      ],
      [
        { n: '1,3,4', t: 1, t_size: 3 },
        { n: '2', t: 2, t_size: 1 },
      ],
    ),
  ],
  differs:
    'the page does not say how startsWith and endsWith match: here the message holds the text, with * for any characters; orphans are rows without a group, also where merge leaves them out',
  parse: parseTransactionize,
  lower: lowerTransactionize,
})

export const merging = operator<readonly Merge[]>({
  name: 'merge',
  doc: 'Makes one row of all.',
  params: [HOW],
  examples: [
    search('merge step join with ",", user takeDistinct as users', events, [
      { step: 'login,login,buy', users: 'al\nbo' },
    ]),
  ],
  parse: parseMerges,
  lower: lowerMerge,
})
