// Lists made of lists.
import { compareText } from '../../text/compare.ts'
import { ELEMENT } from '../../plan/plan.ts'
import { elementExpr, elementPred } from '../element.ts'
import { flagConst, listConst, numConst, textConst } from '../kit.ts'
import { parseNumber } from '../number-text.ts'
import { jsonGet } from '../json-text.ts'
import { type Const, type Prim, scalar, type Tail, tail } from '../prim.ts'

const slow: { duckdb: Tail; clickhouse: Tail } = {
  duckdb: tail('not written in SQL'),
  clickhouse: tail('not written in SQL'),
}
const list1 = [['list', 'list']] as const
const element = { kind: 'col', id: ELEMENT, ty: 'str' } as unknown as Const
const isX = {
  kind: 'test',
  prim: 'str.eq',
  args: [element, { kind: 'lit', value: 'x', ty: 'str' }],
  consts: {},
} as unknown as Const
const upper = { kind: 'call', prim: 'str.upper', args: [element], consts: {}, ty: 'str' } as unknown as Const

/** Without regard to case; texts that differ only in it by code point. */
const byText = (a: string, b: string): number => compareText(a.toLowerCase(), b.toLowerCase()) || compareText(a, b)
function byNumber(a: string, b: string): number {
  const [x, y] = [parseNumber(a), parseNumber(b)]
  if (x !== null && y !== null) return x - y || compareText(a, b)
  return x === null && y === null ? byText(a, b) : x === null ? 1 : -1
}

/** The elements of a JSON array as JSON objects: an object as it is written, anything else under the empty key. */
function jsonElements(text: string, path: readonly (string | number)[]): string[] {
  const raw = path.length === 0 ? text : jsonGet(text, path)
  let items: unknown
  try {
    items = JSON.parse(raw ?? '')
  } catch {
    return []
  }
  if (!Array.isArray(items)) return []
  return items.map((item: unknown, i) => {
    const value = jsonGet(raw as string, [i])
    const object = typeof item === 'object' && item !== null && !Array.isArray(item)
    return value === null ? '{}' : object ? value : JSON.stringify({ '': value })
  })
}

export const lists: readonly Prim[] = [
  scalar({
    id: 'list.where',
    doc: 'The elements for which a condition over the element holds.',
    params: list1,
    consts: { pred: `A predicate of the plan that reads only ${ELEMENT}.` },
    returns: 'list',
    nulls: 'propagate',
    js: (c, primOf) => {
      const holds = elementPred(c['pred'], primOf)
      return (list: readonly string[]) => list.filter(holds)
    },
    sql: slow,
    laws: [
      { args: [['x', 'y', 'x']], consts: { pred: isX }, gives: ['x', 'x'] },
      { args: [[]], consts: { pred: isX }, gives: [] },
    ],
  }),
  scalar({
    id: 'list.each',
    doc: 'A text computed from every element; elements without one are left out.',
    params: list1,
    consts: { expr: `An expression of the plan of type str that reads only ${ELEMENT}.` },
    returns: 'list',
    nulls: 'propagate',
    js: (c, primOf) => {
      const read = elementExpr(c['expr'], primOf)
      return (list: readonly string[]) => list.map(read).filter((v) => typeof v === 'string')
    },
    sql: slow,
    laws: [
      { args: [['a', 'B']], consts: { expr: upper }, gives: ['A', 'B'] },
      { args: [['a']], consts: { expr: { kind: 'lit', value: null, ty: 'str' } }, gives: [] },
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
    sql: slow,
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
    sql: slow,
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
    sql: slow,
    laws: [
      { args: [['a', 'b', 'c']], consts: { from: 1 }, gives: ['b', 'c'] },
      { args: [['a', 'b', 'c']], consts: { from: 0, to: 2 }, gives: ['a', 'b'] },
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
    sql: slow,
    laws: [
      { args: [['a'], 'b'], gives: ['a', 'b'] },
      { args: [['a'], null], gives: ['a'] },
      { args: [[], 'b'], gives: ['b'] },
    ],
  }),
  scalar({
    id: 'json.elements',
    doc: 'The elements of a JSON array at a path as JSON objects; what is no object stands under the empty key.',
    params: [['text', 'str']],
    consts: { path: 'Keys (text) and 0-based positions (number).' },
    returns: 'list',
    nulls: 'own',
    js: (c) => {
      const path = listConst(c, 'path').map((p) => (typeof p === 'number' ? p : String(p)))
      return (text: string | null) => (text === null ? [] : jsonElements(text, path))
    },
    sql: slow,
    laws: [
      { args: ['{"a":[{"b":1.10},"x",2]}'], consts: { path: ['a'] }, gives: ['{"b":1.10}', '{"":"x"}', '{"":"2"}'] },
      { args: ['[null]'], consts: { path: [] }, gives: ['{}'] },
      { args: ['{"a":1}'], consts: { path: ['a'] }, gives: [] },
      { args: [null], consts: { path: ['a'] }, gives: [] },
    ],
  }),
  scalar({
    id: 'str.positionOf',
    doc: '0-based position, in code points, of the nth occurrence of a text; absent if there are fewer, or for the empty text.',
    params: [
      ['text', 'str'],
      ['part', 'str'],
    ],
    consts: { begin: 'Where the search begins.', occurrence: '1: the first.' },
    returns: 'int',
    nulls: 'propagate',
    js: (c) => {
      const [begin, occurrence] = [numConst(c, 'begin', 0), numConst(c, 'occurrence', 1)]
      return (text: string, part: string) => positionOf(text, part, begin, occurrence)
    },
    sql: slow,
    laws: [
      { args: ['a.b.c', '.'], consts: { begin: 0, occurrence: 2 }, gives: 3n },
      { args: ['a.b.c', '.'], consts: { begin: 2, occurrence: 1 }, gives: 3n },
      { args: ['\u{1F600}x', 'x'], consts: {}, gives: 1n },
      { args: ['abc', 'x'], consts: {}, gives: null },
      { args: ['abc', null], consts: {}, gives: null },
    ],
  }),
  scalar({
    id: 'str.editDistance',
    doc: 'How many edits (insertion, deletion, substitution, swap of neighbours) turn one text into the other, at most `max`.',
    params: [
      ['a', 'str'],
      ['b', 'str'],
    ],
    consts: { max: 'The greatest answer.', swaps: 'Swaps of neighbours are one edit.' },
    returns: 'int',
    nulls: 'propagate',
    js: (c) => {
      const [max, swaps] = [numConst(c, 'max', 100), flagConst(c, 'swaps', true)]
      return (a: string, b: string) => BigInt(Math.min(max, editDistance([...a], [...b], swaps)))
    },
    sql: slow,
    laws: [
      { args: ['kitten', 'sitting'], consts: { max: 10 }, gives: 3n },
      { args: ['ab', 'ba'], consts: { max: 10, swaps: true }, gives: 1n },
      { args: ['ab', 'ba'], consts: { max: 10, swaps: false }, gives: 2n },
      { args: ['abcdef', ''], consts: { max: 4 }, gives: 4n },
      { args: ['', null], consts: { max: 4 }, gives: null },
    ],
  }),
  scalar({
    id: 'str.stripAnsi',
    doc: 'The text without the escape sequences by which terminals colour and move.',
    params: [['text', 'str']],
    consts: {},
    returns: 'str',
    nulls: 'propagate',
    js: () => (text: string) => text.replace(ANSI, ''),
    sql: slow,
    laws: [
      { args: ['\u001b[1;31mred\u001b[0m'], gives: 'red' },
      { args: ['plain [0m'], gives: 'plain [0m' },
    ],
  }),
  scalar({
    id: 'str.trimSide',
    doc: 'The text without white space at its start, its end or both.',
    params: [['text', 'str']],
    consts: { side: 'start, end or both.' },
    returns: 'str',
    nulls: 'propagate',
    js: (c) => {
      const side = textConst(c, 'side', 'both')
      return (text: string) => (side === 'start' ? text.trimStart() : side === 'end' ? text.trimEnd() : text.trim())
    },
    sql: slow,
    laws: [
      { args: [' a '], consts: { side: 'start' }, gives: 'a ' },
      { args: [' a '], consts: { side: 'end' }, gives: ' a' },
      { args: [' a '], consts: { side: 'both' }, gives: 'a' },
    ],
  }),
]
const ANSI = new RegExp(`${String.fromCharCode(27)}(?:\\[[0-?]*[ -/]*[@-~]|[@-Z\\\\-_])`, 'g')

function positionOf(text: string, part: string, begin: number, occurrence: number): bigint | null {
  const points = [...text]
  const wanted = [...part]
  if (wanted.length === 0) return null
  let left = occurrence
  for (let i = Math.max(0, begin); i + wanted.length <= points.length; i++)
    if (wanted.every((c, j) => points[i + j] === c) && --left <= 0) return BigInt(i)
  return null
}

/** Optimal string alignment: no part is edited twice. */
function editDistance(a: readonly string[], b: readonly string[], swaps: boolean): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + same)
      if (swaps && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] as number) + 1)
      row.push(best)
    }
    before = last
    last = row
  }
  return last[b.length] as number
}
