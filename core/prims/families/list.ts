// Lists: their elements, and lists made from lists.
import { compareText } from '../../text/compare.ts'
import { ELEMENT, OUTER } from '../../plan/plan.ts'
import { Prec, type Sql, type SqlTag } from '../../sql-text/fragment.ts'
import { elementExpr, elementPred } from '../element.ts'
import { argument, flagConst, noSql, numConst, textConst } from '../kit.ts'
import { parseNumber } from '../number-text.ts'
import { type Const, type Consts, type Prim, scalar, testPrim, type Value } from '../prim.ts'

const list1 = [['list', 'list']] as const
const overList = [
  ['list', 'list'],
  ['outer...', 'str'],
] as const
const element = { kind: 'col', id: ELEMENT, ty: 'str' } as unknown as Const
const isX = {
  kind: 'test',
  prim: 'str.eq',
  args: [element, { kind: 'lit', value: 'x', ty: 'str' }],
  consts: {},
} as unknown as Const
const outer = { kind: 'col', id: `${OUTER}0`, ty: 'str' } as unknown as Const
const isOuter = { kind: 'test', prim: 'str.eq', args: [element, outer], consts: {} } as unknown as Const
const upper = { kind: 'call', prim: 'str.upper', args: [element], consts: {}, ty: 'str' } as unknown as Const

/** Ignores case. Texts that differ only in case are ordered by code point. */
const byText = (a: string, b: string): number => compareText(a.toLowerCase(), b.toLowerCase()) || compareText(a, b)
function byNumber(a: string, b: string): number {
  const [x, y] = [parseNumber(a), parseNumber(b)]
  if (x !== null && y !== null) return x - y || compareText(a, b)
  return x === null && y === null ? byText(a, b) : x === null ? 1 : -1
}

/** From position to position as both engines count, from 1; `to`: DuckDB wants the last, ClickHouse the length. */
function sliceForm(sql: SqlTag, name: string, list: Sql, c: Consts, isLast: boolean): Sql {
  const from = Math.max(0, numConst(c, 'from', 0))
  const open = c['to'] === undefined || c['to'] === null
  const to = Math.max(from, numConst(c, 'to', 0))
  const end = open ? [] : [sql.num(isLast ? to : to - from)]
  return sql`${sql.raw(name)}(${sql.join([list, sql.num(from + 1), ...(open && isLast ? [sql`len(${list})`] : end)], ', ')})`
}
/** How many of the texts come before the first that is absent. */
const someBefore = (sql: SqlTag, texts: readonly Sql[]): Sql =>
  texts.length === 0
    ? sql.num(0)
    : sql`case ${sql.join(
        texts.map((t, i) => sql`when ${t} is null then ${sql.num(i)}`),
        ' ',
      )} else ${sql.num(texts.length)} end`

const contains = testPrim({
  id: 'list.contains',
  doc: 'Is the text an element?',
  params: [
    ['list', 'list'],
    ['text', 'str'],
  ],
  consts: {},
  nulls: 'propagate',
  js: () => (list: readonly string[], text: string) => list.includes(text),
  sql: {
    duckdb: (sql, [l, x]) => sql`list_contains(${l as Sql}, ${x as Sql})`,
    clickhouse: (sql, [l, x]) => sql.at(Prec.and)`${x as Sql} is not null and has(${l as Sql}, ${x as Sql})`,
  },
  laws: [
    { args: [['a', 'b'], 'b'], gives: true },
    { args: [[], 'b'], gives: false },
    { args: [['a'], null], gives: false },
  ],
})
const at = scalar({
  id: 'list.at',
  doc: 'The element at a 0-based position, from the end if negative; absent outside.',
  params: [['list', 'list']],
  consts: { index: 'Position.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const index = numConst(c, 'index', 0)
    return (list: readonly string[]) => list.at(index) ?? null
  },
  sql: {
    duckdb: (sql, args, c) => {
      const index = numConst(c, 'index', 0)
      return sql`list_extract(${argument(args, 0)}, ${sql.num(index < 0 ? index : index + 1)})`
    },
    clickhouse: (sql, args, c) => {
      const index = numConst(c, 'index', 0)
      const needed = index < 0 ? -index : index + 1
      const value = sql`arrayElement(${argument(args, 0)}, ${sql.num(index < 0 ? index : index + 1)})`
      return sql`if(length(${argument(args, 0)}) >= ${sql.num(needed)}, ${value}, null)`
    },
  },
  laws: [
    { args: [['a', 'b']], consts: { index: 0 }, gives: 'a' },
    { args: [['a', 'b']], consts: { index: -1 }, gives: 'b' },
    { args: [['a', 'b']], consts: { index: 2 }, gives: null },
    { args: [['a', 'b']], consts: { index: -3 }, gives: null },
  ],
})
const length = scalar({
  id: 'list.length',
  doc: 'Number of elements.',
  params: [['list', 'list']],
  consts: {},
  returns: 'int',
  nulls: 'propagate',
  js: () => (list: readonly string[]) => BigInt(list.length),
  sql: {
    duckdb: (sql, [l]) => sql`cast(len(${l as Sql}) as hugeint)`,
    clickhouse: (sql, [l]) => sql`toInt128(length(${l as Sql}))`,
  },
  laws: [
    { args: [['a', '']], gives: 2n },
    { args: [[]], gives: 0n },
  ],
})
const join = scalar({
  id: 'list.join',
  doc: 'The elements with a separator between; empty text for an empty list.',
  params: [['list', 'list']],
  consts: { separator: 'Literal text.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const separator = textConst(c, 'separator')
    return (list: readonly string[]) => list.join(separator)
  },
  sql: {
    duckdb: (sql, args, c) =>
      sql`coalesce(array_to_string(${argument(args, 0)}, ${sql.str(textConst(c, 'separator'))}), '')`,
    clickhouse: (sql, args, c) => sql`arrayStringConcat(${argument(args, 0)}, ${sql.str(textConst(c, 'separator'))})`,
  },
  laws: [
    { args: [['a', '', 'b']], consts: { separator: ',' }, gives: 'a,,b' },
    { args: [[]], consts: { separator: ',' }, gives: '' },
  ],
})

export const lists: readonly Prim[] = [
  contains,
  at,
  length,
  join,
  scalar({
    id: 'list.where',
    doc: 'The elements for which a condition over the element holds.',
    params: overList,
    consts: { pred: `A predicate of the plan that reads only ${ELEMENT} and the other arguments.` },
    returns: 'list',
    nulls: 'own',
    js: (c, primOf) => {
      const holds = elementPred(c['pred'], primOf)
      return (list: readonly string[] | null, ...outer: readonly Value[]) =>
        list?.filter((e) => holds(e, outer)) ?? null
    },
    sql: noSql,
    laws: [
      { args: [['x', 'y', 'x']], consts: { pred: isX }, gives: ['x', 'x'] },
      { args: [[]], consts: { pred: isX }, gives: [] },
      { args: [null], consts: { pred: isX }, gives: null },
      { args: [['x', 'y'], 'y'], consts: { pred: isOuter }, gives: ['y'] },
      { args: [['x', 'y'], null], consts: { pred: isOuter }, gives: [] },
    ],
  }),
  scalar({
    id: 'list.each',
    doc: 'A text computed from every element; elements without one are left out.',
    params: overList,
    consts: { expr: `An expression of the plan of type str that reads only ${ELEMENT} and the other arguments.` },
    returns: 'list',
    nulls: 'own',
    js: (c, primOf) => {
      const read = elementExpr(c['expr'], primOf)
      return (list: readonly string[] | null, ...outer: readonly Value[]) =>
        list?.map((e) => read(e, outer)).filter((v) => typeof v === 'string') ?? null
    },
    sql: noSql,
    laws: [
      { args: [['a', 'B']], consts: { expr: upper }, gives: ['A', 'B'] },
      { args: [['a']], consts: { expr: { kind: 'lit', value: null, ty: 'str' } }, gives: [] },
      { args: [null], consts: { expr: upper }, gives: null },
      { args: [['a', 'b'], 'z'], consts: { expr: outer }, gives: ['z', 'z'] },
    ],
  }),
  scalar({
    id: 'list.distinct',
    doc: 'Every element once, in the order of its first occurrence.',
    params: list1,
    consts: {},
    returns: 'list',
    nulls: 'propagate',
    js: () => (list: readonly string[]) => [...new Set(list)],
    sql: {
      duckdb: (sql, [l]) => sql`list_filter(${l as Sql}, lambda dx, di: list_position(${l as Sql}, dx) = di)`,
      clickhouse: (sql, [l]) => sql`arrayFilter((dx, di) -> di = 1, ${l as Sql}, arrayEnumerateUniq(${l as Sql}))`,
    },
    laws: [{ args: [['b', 'a', 'b']], gives: ['b', 'a'] }],
  }),
  scalar({
    id: 'list.sort',
    doc: 'The elements in order, as texts without regard to case or as numbers, which come before what is none.',
    params: list1,
    consts: { number: 'As numbers.', desc: 'Greatest first.' },
    returns: 'list',
    nulls: 'propagate',
    js: (c) => {
      const compare = flagConst(c, 'number') ? byNumber : byText
      const desc = flagConst(c, 'desc')
      return (list: readonly string[]) => list.toSorted((a, b) => (desc ? compare(b, a) : compare(a, b)))
    },
    sql: noSql,
    laws: [
      { args: [['b', 'A', 'a']], consts: {}, gives: ['A', 'a', 'b'] },
      { args: [['10', 'x', '9']], consts: { number: true }, gives: ['9', '10', 'x'] },
      { args: [['10', '9']], consts: { number: true, desc: true }, gives: ['10', '9'] },
    ],
  }),
  scalar({
    id: 'list.slice',
    doc: 'The elements from a 0-based position to another, that excluded.',
    params: list1,
    consts: { from: 'First position.', to: 'Position behind the last; left out: the end.' },
    returns: 'list',
    nulls: 'propagate',
    js: (c) => {
      const [from, to] = [numConst(c, 'from', 0), numConst(c, 'to', Number.MAX_SAFE_INTEGER)]
      return (list: readonly string[]) => list.slice(Math.max(0, from), Math.max(0, to))
    },
    sql: {
      duckdb: (sql, args, c) => sliceForm(sql, 'list_slice', argument(args, 0), c, true),
      clickhouse: (sql, args, c) => sliceForm(sql, 'arraySlice', argument(args, 0), c, false),
    },
    laws: [
      { args: [['a', 'b', 'c']], consts: { from: 1 }, gives: ['b', 'c'] },
      { args: [['a', 'b', 'c']], consts: { from: 0, to: 2 }, gives: ['a', 'b'] },
    ],
  }),
  scalar({
    id: 'list.of',
    doc: 'The texts up to the first that is absent.',
    params: [['texts...', 'str']],
    consts: {},
    returns: 'list',
    nulls: 'own',
    js:
      () =>
      (...texts: readonly (string | null)[]) => {
        const end = texts.indexOf(null)
        return (end < 0 ? texts : texts.slice(0, end)) as readonly string[]
      },
    sql: {
      duckdb: (sql, args) => sql`list_slice(cast([${sql.join(args, ', ')}] as varchar[]), 1, ${someBefore(sql, args)})`,
      clickhouse: (sql, args) => {
        const texts = args.map((a) => sql`ifNull(${a}, '')`)
        return sql`arraySlice(cast([${sql.join(texts, ', ')}] as Array(String)), 1, ${someBefore(sql, args)})`
      },
    },
    laws: [
      { args: ['a', 'b'], gives: ['a', 'b'] },
      { args: ['a', null, 'c'], gives: ['a'] },
      { args: [null], gives: [] },
    ],
  }),
  scalar({
    id: 'list.concat',
    doc: 'The elements of the first list, then those of the second.',
    params: [
      ['first', 'list'],
      ['second', 'list'],
    ],
    consts: {},
    returns: 'list',
    nulls: 'propagate',
    js: () => (first: readonly string[], second: readonly string[]) => [...first, ...second],
    sql: {
      duckdb: (sql, [a, b]) => sql`list_concat(${a as Sql}, ${b as Sql})`,
      clickhouse: (sql, [a, b]) => sql`arrayConcat(${a as Sql}, ${b as Sql})`,
    },
    laws: [
      { args: [['a'], ['b', 'a']], gives: ['a', 'b', 'a'] },
      { args: [[], []], gives: [] },
    ],
  }),
  scalar({
    id: 'list.append',
    doc: 'The list with a text at its end; the list as it is if the text is absent.',
    params: [
      ['list', 'list'],
      ['text', 'str'],
    ],
    consts: {},
    returns: 'list',
    nulls: 'own',
    js: () => (list: readonly string[] | null, text: string | null) => [
      ...(list ?? []),
      ...(text === null ? [] : [text]),
    ],
    sql: {
      duckdb: (sql, [l, x]) =>
        sql`case when ${x as Sql} is null then coalesce(${l as Sql}, []) else list_append(coalesce(${l as Sql}, []), ${x as Sql}) end`,
      clickhouse: (sql, [l, x]) =>
        sql`if(${x as Sql} is null, ${l as Sql}, arrayPushBack(${l as Sql}, ifNull(${x as Sql}, '')))`,
    },
    laws: [
      { args: [['a'], 'b'], gives: ['a', 'b'] },
      { args: [['a'], null], gives: ['a'] },
      { args: [[], 'b'], gives: ['b'] },
    ],
  }),
]
