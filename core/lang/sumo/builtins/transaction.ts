// States of each key: how often each occurred, or the steps from one to the next.
import { call, col, lit, present, test, TRUE } from '../../../plan/build.ts'
import type { AggCall, Expr, OrderKey, Ty } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import { type Cursor, isName, name } from '../2-parse/cursor.ts'
import { isString, namesUntil, nextString } from '../2-parse/tokens.ts'
import { operator, param, search } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'

interface Transaction {
  readonly keys: readonly Name[]
  readonly states: readonly string[]
  readonly field: Name
  readonly results: 'flow' | 'states' | 'transactions'
}
type Key = { readonly id: string; readonly expr: Expr }

/** `on k with states a, b in f results by flow`. Patterns instead of states, `fringe` and `showing` are read and not run. */
function parseTransaction(c: Cursor): Transaction | 'unread' | undefined {
  if (!c.expectWord('on')) return undefined
  const keys = namesUntil(c, ['fringe', 'with'])
  const unread = (): 'unread' => {
    c.skipStage()
    return 'unread'
  }
  if (!c.isWord('with') || !c.isWord('states', 1)) return unread()
  c.at += 2
  const states: string[] = []
  while (isString(c) || (isName(c.peek()) && !c.isWord('in'))) {
    states.push(isString(c) ? nextString(c) : (name(c) as Name).name)
    if (!c.eat(',')) break
  }
  if (!c.expectWord('in')) return undefined
  const field = name(c)
  if (!field || keys.length === 0 || states.length === 0) return undefined
  let results: 'flow' | 'states' | 'transactions' = 'transactions'
  if (c.eatWord('results')) {
    c.expectWord('by')
    const w = c.eatWord('flow', 'states', 'transactions')
    if (!w) return undefined
    results = w.text.toLowerCase() as typeof results
  }
  if (c.isWord('showing')) return unread()
  return { keys, states, field, results }
}

function lowerTransaction(f: Flow, s: Transaction | 'unread', { head }: Place): void {
  if (s === 'unread') {
    f.notRun(head, 'transaction', 'only `on key with states … in field` is built, without fringe, patterns and showing')
    return
  }
  if (!f.messages || s.results === 'states') {
    const reason = f.messages ? '`results by states` is not built yet' : 'it needs messages, which have a time'
    f.notRun(head, 'transaction', reason)
    return
  }
  const keys = s.keys.map((n): Key => {
    const { expr, field } = f.read(n)
    return { id: field?.id ?? n.name, expr }
  })
  const state = f.setHidden('state', toStr(f.read(s.field).expr))
  f.filter(test('str.in', [state], { values: s.states, ignoreCase: false }))
  if (s.results === 'flow') flow(f, keys, state)
  else counts(f, s, keys, state)
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
  const perState = s.states.map(
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
}

/** A row for each step from one state to the next, in the order of time. */
function flow(f: Flow, keys: readonly Key[], state: Expr): void {
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
  f.push({
    kind: 'window',
    partition: keys.map((k) => k.expr),
    order,
    columns: [lag('$:from', state), lag('$:since', at)],
  })
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

export const states = operator<Transaction | 'unread'>({
  name: 'transaction',
  doc: 'Counts the states of each key, or gives the steps from one state to the next and how long they took.',
  params: [
    param('on', 'fields', 'The key.'),
    param('with states', 'texts', 'The states, `in` a field; messages in others are left out.'),
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
  ],
  differs: 'states by patterns, `results by states` and `fringe` are not run',
  parse: parseTransaction,
  lower: lowerTransaction,
})
