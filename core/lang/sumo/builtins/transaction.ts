// States of each key: how often each occurred, or the steps from one to the next.
import { absent, and, call, col, iff, lit, present, test, text, TRUE } from '../../../plan/build.ts'
import type { AggCall, Expr, OrderKey, Pred, Ty } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import { type Cursor, isName, name } from '../2-parse/cursor.ts'
import { duration, isString, namesUntil, nextString } from '../2-parse/tokens.ts'
import { operator, param, search } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'

/** A state: a value of a field, or a pattern of a text. */
interface State {
  readonly name: string
  readonly value: string
  readonly kind: 'pattern' | 'value'
  /** Undefined: the text of the message. */
  readonly field: Name | undefined
}

interface Transaction {
  readonly keys: readonly Name[]
  readonly states: readonly State[]
  /** In milliseconds. */
  readonly fringe: number | undefined
  readonly results: 'flow' | 'states' | 'transactions'
  /** A part of the text that is not run, with the reason. */
  readonly refused?: { readonly name: string; readonly reason: string }
}
type Key = { readonly id: string; readonly expr: Expr }

function parseTransaction(c: Cursor): Transaction | undefined {
  if (!c.expectWord('on')) return undefined
  const keys = namesUntil(c, ['fringe', 'with'])
  let fringe: number | undefined
  if (c.eatWord('fringe')) {
    c.expect('=')
    fringe = duration(c)
  }
  const states: State[] = []
  do {
    const found = c.expectWord('with') ? (c.eatWord('states') ? valueStates(c) : patternState(c)) : undefined
    if (!found) return undefined
    states.push(...found)
    c.eat(',')
  } while (c.isWord('with'))
  let results: Transaction['results'] = 'transactions'
  if (c.eatWord('results')) {
    c.expectWord('by')
    const w = c.eatWord('flow', 'states', 'transactions')
    if (!w) return undefined
    results = w.text.toLowerCase() as typeof results
  }
  const all = { keys, states, fringe, results }
  if (c.isWord('showing')) {
    c.skipStage()
    return { ...all, refused: { name: 'transaction with showing', reason: 'its aggregates are not documented' } }
  }
  return keys.length === 0 ? undefined : all
}

/** `states a, "b" as c in f` */
function valueStates(c: Cursor): State[] | undefined {
  const found: { value: string; name: string }[] = []
  while (isString(c) || (isName(c.peek()) && !c.isWord('in'))) {
    const value = isString(c) ? nextString(c) : (name(c) as Name).name
    found.push({ value, name: c.eatWord('as') ? (name(c)?.name ?? value) : value })
    if (!c.eat(',')) break
  }
  if (!c.expectWord('in')) return undefined
  const field = name(c)
  return field && found.length > 0 ? found.map((s) => ({ ...s, kind: 'value', field })) : undefined
}

/** `"*text*" in f as name` */
function patternState(c: Cursor): State[] | undefined {
  if (!isString(c)) {
    c.fail('`states` or a pattern in double quotes')
    return undefined
  }
  const value = nextString(c)
  const field = c.eatWord('in') ? name(c) : undefined
  if (!c.expectWord('as')) return undefined
  const named = name(c)
  return named && [{ value, name: named.name, kind: 'pattern', field }]
}

function lowerTransaction(f: Flow, s: Transaction, { head }: Place): void {
  const refused =
    s.refused ??
    (f.messages
      ? s.results === 'states'
        ? { name: 'transaction with results by states', reason: 'its columns are not documented' }
        : undefined
      : { name: 'transaction', reason: 'it needs messages, which have a time' })
  if (refused) {
    f.notRun(head, refused.name, refused.reason)
    return
  }
  const keys = s.keys.map((n): Key => {
    const { expr, field } = f.read(n)
    return { id: field?.id ?? n.name, expr }
  })
  if (s.states.some((x) => x.kind === 'pattern')) f.lowering.choice('transaction-several-states')
  const state = f.setHidden(
    'state',
    s.states.reduceRight<Expr>((rest, x) => iff(fits(f, x), text(x.name), rest), absent('str')),
  )
  f.filter(present(state))
  if (s.results === 'flow') flow(f, keys, state, s.fringe)
  else counts(f, s, keys, state)
}

function fits(f: Flow, { value, kind, field }: State): Pred {
  const of = field ? toStr(f.read(field).expr) : f.raw
  return kind === 'pattern'
    ? test('str.glob', [of], { pattern: value, ignoreCase: false })
    : test('str.in', [of], { values: [value], ignoreCase: false })
}

/** Not cut off at an edge of the interval: it ends after the first `fringe` and starts before the last. */
function whole(first: Expr, last: Expr, fringe: number): Pred {
  const edge = (name: 'end' | 'start', by: number): Expr =>
    call('int.add', 'int', [millis({ kind: 'env', name, ty: 'time' }), lit(BigInt(Math.round(by)), 'int')])
  return and(test('int.ge', [last, edge('start', fringe)]), test('int.le', [first, edge('end', -fringe)]))
}

const millis = (time: Expr): Expr => call('time.toMillis', 'int', [time])

/** A row for each key: how often each state occurred, and when the first and the last. */
function counts(f: Flow, s: Transaction, keys: readonly Key[], state: Expr): void {
  const edge = (id: string, prim: string): AggCall => ({
    id,
    prim,
    args: [millis(f.time)],
    consts: {},
    where: TRUE,
    ty: 'int',
  })
  const perState = [...new Set(s.states.map((x) => x.name))].map(
    (value): AggCall => ({
      id: value,
      prim: 'agg.count',
      args: [],
      consts: {},
      where: test('str.eq', [state, lit(value, 'str')]),
      ty: 'int',
    }),
  )
  const aggs = [...perState, edge('_start_time', 'agg.minInt'), edge('_end_time', 'agg.maxInt')]
  f.push({ kind: 'aggregate', keys, nullKeys: 'drop', aggs, limit: null })
  f.table([...keys.map((k) => ({ id: k.id, ty: k.expr.ty })), ...aggs.map((a) => ({ id: a.id, ty: a.ty }))])
  f.groups = new Set(keys.map((k) => k.id))
  if (s.fringe !== undefined) f.filter(whole(col('_start_time', 'int'), col('_end_time', 'int'), s.fringe))
}

/** A row for each step from one state to the next, in the order of time. */
function flow(f: Flow, keys: readonly Key[], state: Expr, fringe: number | undefined): void {
  const order: OrderKey[] = [f.time, f.seq].map((expr) => ({ expr, dir: 'asc', nulls: 'last' }))
  const at = f.setHidden('at', call('int.toText', 'str', [millis(f.time)]))
  const lag = (id: string, of: Expr) => ({
    id,
    prim: 'win.lag',
    args: [of],
    consts: { distance: 1 },
    where: TRUE,
    ty: 'str' as const,
    frame: { before: null, after: null },
  })
  for (const k of keys) f.filter(present(k.expr))
  const partition = keys.map((k) => k.expr)
  if (fringe !== undefined) {
    const edge = (id: string, prim: string) => ({
      id,
      prim,
      args: [millis(f.time)],
      consts: {},
      where: TRUE,
      ty: 'int' as const,
      frame: { before: null, after: null },
    })
    f.push({
      kind: 'window',
      partition,
      order: [],
      columns: [edge('$:first', 'agg.minInt'), edge('$:last', 'agg.maxInt')],
    })
    f.filter(whole(col('$:first', 'int'), col('$:last', 'int'), fringe))
  }
  f.push({ kind: 'window', partition, order, columns: [lag('$:from', state), lag('$:since', at)] })
  f.filter(present(col('$:from', 'str')))
  const since = call('int.parse', 'int', [col('$:since', 'str')])
  const columns: readonly (readonly [string, Expr, Ty])[] = [
    ['fromstate', col('$:from', 'str'), 'str'],
    ['tostate', state, 'str'],
    ['latency', call('int.sub', 'int', [millis(f.time), since]), 'int'],
  ]
  f.set(columns.map(([name, expr]) => ({ name, expr })))
  const shown = [...keys.map((k) => ({ id: k.id, ty: k.expr.ty })), ...columns.map(([id, , ty]) => ({ id, ty }))]
  f.push({ kind: 'project', columns: shown.map((x) => x.id), rest: false })
  f.table(shown)
}

const events = [
  { _messageTime: 1_500_000_000_000, id: 'a', state: 'building' },
  { _messageTime: 1_500_000_002_000, id: 'a', state: 'ready' },
  { _messageTime: 1_500_000_003_000, id: 'b', state: 'building' },
  { _messageTime: 1_500_000_004_000, id: 'b', state: 'noise' },
]

export const states = operator<Transaction>({
  name: 'transaction',
  doc: 'Counts the states of each key, or gives the steps from one state to the next and how long they took.',
  params: [
    param('on', 'fields', 'The key.'),
    param(
      'fringe',
      'duration',
      '`fringe=10m` leaves out transactions that end or start so near an edge of the interval.',
      false,
    ),
    param('with states', 'texts', 'The states, `in` a field; messages in others are left out.', false),
    param(
      'with',
      'texts',
      '`"*text*" as state`: a pattern of the whole message, or `in` a field. Several with commas.',
      false,
    ),
    param('results by', 'text', 'transactions (a row for each key) if left out, or flow.', false),
  ],
  examples: [
    search(
      'transaction on id with states building, ready in state | fields id, building, ready | sort by id asc',
      events,
      [
        { id: 'a', building: 1, ready: 1 },
        { id: 'b', building: 1, ready: 0 },
      ],
    ),
    search(
      'transaction on id with states building, ready in state results by flow | max(latency) by fromstate, tostate',
      events,
      [{ fromstate: 'building', tostate: 'ready', _max: 2000 }],
    ),
    search(
      'transaction on id with "*building*" as begun, with "read*" in state as ended | fields id, begun, ended | sort by +id',
      events.map((e) => ({ ...e, _raw: `state ${e.state}` })),
      [
        { id: 'a', begun: 1, ended: 1 },
        { id: 'b', begun: 1, ended: 0 },
      ],
    ),
  ],
  differs: '`results by states` and `showing` are not run: their columns are not documented',
  parse: parseTransaction,
  lower: lowerTransaction,
})
