// Values inside texts: JSON and key=value.
import { jsonNamed } from '../json-named.ts'
import { isPlainStep, walkJson } from '../json-steps.ts'
import { jsonGet } from '../json-text.ts'
import { jsonAt, jsonSize } from '../forms/json.ts'
import { argument, listConst, noSql, textConst } from '../kit.ts'
import { type Consts, type Prim, scalar, tail } from '../prim.ts'

const lexemes = tail('engines rewrite JSON numbers (1.10 becomes 1.1) and differ on bad JSON and repeated keys')

const pathOf = (c: Consts): (number | string)[] =>
  listConst(c, 'path').map((p) => (typeof p === 'number' || typeof p === 'bigint' ? Number(p) : String(p)))

const get = scalar({
  id: 'json.get',
  doc:
    'The value at a path: a string’s text, a number as it is written, `true`, `false`, an object or array as its JSON text; absent for ' +
    'null, no such path, or text that is not JSON. Of repeated keys the last counts.',
  params: [['text', 'str']],
  consts: { path: 'Keys (text) and 0-based positions (number, from the end if negative).' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const path = pathOf(c)
    return (text: string) => jsonGet(text, path)
  },
  sql: {
    duckdb: lexemes,
    clickhouse: (sql, args, c) => jsonAt(sql, argument(args, 0), pathOf(c)),
  },
  laws: [
    { args: ['{"a":{"b":[1,"x\\u00e9\\n"]}}'], consts: { path: ['a', 'b', 1] }, gives: 'xé\n' },
    { args: ['{"n":1.10}'], consts: { path: ['n'] }, gives: '1.10' },
    { args: ['{"n":12345678901234567890}'], consts: { path: ['n'] }, gives: '12345678901234567890' },
    { args: ['{"a.b":"dot"}'], consts: { path: ['a.b'] }, gives: 'dot' },
    { args: ['{"a":null}'], consts: { path: ['a'] }, gives: null },
    { args: ['{"a":true, "a" : false}'], consts: { path: ['a'] }, gives: 'false' },
    { args: ['{"a":{"b": 1}}'], consts: { path: ['a'] }, gives: '{"b": 1}' },
    { args: ['[1,2]'], consts: { path: [-1] }, gives: '2' },
    { args: ['{"a":"1"'], consts: { path: ['a'] }, gives: null },
    { args: [' {"a" : [ {"b":[]} , -1e400 ] } '], consts: { path: ['a', 1] }, gives: '-1e400' },
    { args: [' {"a" : [ {"b": [ 1, 2 ]} , 3 ] } '], consts: { path: ['a', -2, 'b'] }, gives: '[ 1, 2 ]' },
    { args: ['[]'], consts: { path: [0] }, gives: null },
    { args: ['[1,2]'], consts: { path: [-3] }, gives: null },
    { args: ['{"0":1}'], consts: { path: [0] }, gives: null },
    {
      args: ['{"\\u0061\\"":"\\ud83d\\ude00 \\ud83d \\\\ud83d"}'],
      consts: { path: ['a"'] },
      gives: '\u{1F600} \ufffd \\ud83d',
    },
    { args: ['{"b":{"a":1},"c":"a"}'], consts: { path: ['a'] }, gives: null },
    { args: ['{"a":01}'], consts: { path: ['a'] }, gives: null },
    { args: ['{"a":1.5.5}'], consts: { path: ['a'] }, gives: null },
    { args: ['{"a":1,}'], consts: { path: ['a'] }, gives: null },
    { args: ['{"a":NaN}'], consts: { path: ['a'] }, gives: null },
    { args: ['{"a":"\n"}'], consts: { path: ['a'] }, gives: null },
    { args: ['{"a":"\\x"}'], consts: { path: ['a'] }, gives: null },
    { args: ['5'], consts: { path: [] }, gives: '5' },
    { args: [''], consts: { path: [] }, gives: null },
    { args: [null], consts: { path: ['a'] }, gives: null },
  ],
})

const EDGE = /[\s,;&|]/
/** The value after `key` + separator where the key starts a word; quoted values may hold anything. */
function kvGet(text: string, key: string, separator: string): string | null {
  const needle = key + separator
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    if (at > 0 && !EDGE.test(text[at - 1] as string)) continue
    let start = at + needle.length
    while (text[start] === ' ' && separator.trim() !== '' && separator.endsWith(' ')) start++
    const quote = text[start]
    if (quote === '"' || quote === "'") {
      const end = text.indexOf(quote, start + 1)
      if (end >= 0) return text.slice(start + 1, end)
    }
    let end = start
    while (end < text.length && !EDGE.test(text[end] as string)) end++
    return text.slice(start, end)
  }
  return null
}
const kv = scalar({
  id: 'kv.get',
  doc: 'The value that follows a key and separator, where the key starts a word: to the closing quote if quoted, else to white space or `,;&|`.',
  params: [['text', 'str']],
  consts: { key: 'The key.', separator: 'Between key and value, such as `=`.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const [key, separator] = [textConst(c, 'key'), textConst(c, 'separator', '=')]
    return (text: string) => (key === '' ? null : kvGet(text, key, separator))
  },
  sql: {
    duckdb: tail('finding quoted values is not SQL’s strength'),
    clickhouse: tail('finding quoted values is not SQL’s strength'),
  },
  laws: [
    { args: ['a=1 b="x y" c=3'], consts: { key: 'b', separator: '=' }, gives: 'x y' },
    { args: ['xa=1,a=2'], consts: { key: 'a', separator: '=' }, gives: '2' },
    { args: ['a='], consts: { key: 'a', separator: '=' }, gives: '' },
    { args: ['b=1'], consts: { key: 'a', separator: '=' }, gives: null },
    { args: [null], consts: { key: 'a', separator: '=' }, gives: null },
  ],
})

const getAll = scalar({
  id: 'json.getAll',
  doc: 'The values at a path with wildcards, slices or conditions, as a JSON array; absent if the path before them leads nowhere.',
  params: [['text', 'str']],
  consts: { path: 'Keys, positions, null for every element of an array or object, and the records of json-steps.ts.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c: Consts) => {
    const path = listConst(c, 'path').map((p) => (typeof p === 'bigint' ? Number(p) : p))
    const first = path.findIndex((p) => !isPlainStep(p))
    const before = (first < 0 ? path : path.slice(0, first)) as (string | number)[]
    const after = first < 0 ? [] : path.slice(first)
    return (text: string) => {
      const base = before.length === 0 ? text : jsonGet(text, before)
      if (base === null) return null
      try {
        return JSON.stringify(walkJson(JSON.parse(base), after))
      } catch {
        return null
      }
    }
  },
  sql: noSql,
  laws: [
    { args: ['{"a":[{"b":1},{"b":"x"},{}]}'], consts: { path: ['a', null, 'b'] }, gives: '[1,"x"]' },
    { args: ['[1,2]'], consts: { path: [null] }, gives: '[1,2]' },
    { args: ['[1,2,3,4]'], consts: { path: [{ from: 1, to: null, step: 2 }] }, gives: '[2,4]' },
    { args: ['{"a":1,"b":{"a":[2]}}'], consts: { path: [{ deep: true }, 'a'] }, gives: '[1,[2]]' },
    { args: ['{"a":1,"b":2}'], consts: { path: [{ any: ['b', 'c'] }] }, gives: '[2]' },
    {
      args: ['{"r":[{"ok":true,"n":1},{"n":2}]}'],
      consts: { path: ['r', { path: ['ok'], op: '==', value: true }, 'n'] },
      gives: '[1]',
    },
    {
      args: ['[{"n":1},{"n":5},{"n":"9"}]'],
      consts: { path: [{ path: ['n'], op: '>', value: 1 }, 'n'] },
      gives: '[5]',
    },
    { args: ['[{"n":1},{}]'], consts: { path: [{ path: ['n'] }] }, gives: '[{"n":1}]' },
    { args: ['{"a":1}'], consts: { path: ['b', null] }, gives: null },
    { args: ['x'], consts: { path: [null] }, gives: null },
    { args: [null], consts: { path: [null] }, gives: null },
  ],
})

const size = scalar({
  id: 'json.size',
  doc: 'How many elements a JSON array has, or how many keys an object; absent for other text.',
  params: [['text', 'str']],
  consts: {},
  returns: 'int',
  nulls: 'propagate',
  js: () => (text: string) => {
    try {
      const value: unknown = JSON.parse(text)
      return typeof value === 'object' && value !== null ? BigInt(Object.keys(value).length) : null
    } catch {
      return null
    }
  },
  sql: { duckdb: lexemes, clickhouse: (sql, args) => jsonSize(sql, argument(args, 0)) },
  laws: [
    { args: ['[1,"x,y",[2]]'], gives: 3n },
    { args: ['{"a":1,"b":null}'], gives: 2n },
    { args: [' { "a" : [1,{"c":2}], "b":"x,", "\\u0061":3 } '], gives: 2n },
    { args: ['{}'], gives: 0n },
    { args: ['[[],[]]'], gives: 2n },
    { args: ['[1,]'], gives: null },
    { args: ['[]'], gives: 0n },
    { args: ['null'], gives: null },
    { args: ['"text"'], gives: null },
    { args: ['x'], gives: null },
    { args: [null], gives: null },
  ],
})

const named = scalar({
  id: 'json.named',
  doc: 'The value of the last JSON in the text under a flat name, whose parts stand between dots, in any case, white space being `_`.',
  params: [['text', 'str']],
  consts: {
    name: 'Such as `user.name`.',
    maxDepth: 'How many parts a name has at most; null: any number.',
    arrays:
      'Whether elements of arrays of plain values have names, `a[0]`; those of arrays with objects or arrays always have.',
  },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const depth = c['maxDepth']
    const flat = {
      maxDepth: typeof depth === 'number' || typeof depth === 'bigint' ? Number(depth) : null,
      arrays: c['arrays'] === true,
    }
    const name = textConst(c, 'name')
    return (text: string) => jsonNamed(text, name, flat)
  },
  sql: noSql,
  laws: [
    { args: ['at 5: {"a":{"B":1.10}}'], consts: { name: 'a.b', maxDepth: null, arrays: false }, gives: '1.10' },
    { args: ['{"a.b":"dot"}'], consts: { name: 'a.b', maxDepth: null, arrays: false }, gives: 'dot' },
    { args: ['{"x":1} then {"x":2}'], consts: { name: 'x', maxDepth: null, arrays: false }, gives: '2' },
    { args: ['{"Logon Type":"3"}'], consts: { name: 'logon_type', maxDepth: null, arrays: false }, gives: '3' },
    { args: ['{"ab":1,"a":{"b":2}}'], consts: { name: 'a.b', maxDepth: null, arrays: false }, gives: '2' },
    { args: ['{"A":1,"a":2}'], consts: { name: 'a', maxDepth: null, arrays: false }, gives: '2' },
    { args: ['{"a":{"b":{"c":1}}}'], consts: { name: 'a.b', maxDepth: 2, arrays: false }, gives: '{"c":1}' },
    { args: ['{"a":{"b":1}}'], consts: { name: 'a.b', maxDepth: 1, arrays: false }, gives: null },
    { args: ['{"a":[1,{"b":2}]}'], consts: { name: 'a[1].b', maxDepth: null, arrays: true }, gives: '2' },
    { args: ['{"a":[1]}'], consts: { name: 'a[0]', maxDepth: null, arrays: false }, gives: null },
    { args: ['{"a":[1,{"b":2}]}'], consts: { name: 'a[1].b', maxDepth: null, arrays: false }, gives: '2' },
    { args: ['{"a":[{"b":2}]}'], consts: { name: 'a[0].b', maxDepth: 2, arrays: false }, gives: null },
    { args: ['{"a":[{"b":2}]}'], consts: { name: 'a[0]', maxDepth: 2, arrays: false }, gives: '{"b":2}' },
    { args: ['{"a":null}'], consts: { name: 'a', maxDepth: null, arrays: false }, gives: null },
    { args: ['no json'], consts: { name: 'a', maxDepth: null, arrays: false }, gives: null },
    { args: [null], consts: { name: 'a', maxDepth: null, arrays: false }, gives: null },
  ],
})

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

const elements = scalar({
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
  sql: noSql,
  laws: [
    { args: ['{"a":[{"b":1.10},"x",2]}'], consts: { path: ['a'] }, gives: ['{"b":1.10}', '{"":"x"}', '{"":"2"}'] },
    { args: ['[null]'], consts: { path: [] }, gives: ['{}'] },
    { args: ['{"a":1}'], consts: { path: ['a'] }, gives: [] },
    { args: [null], consts: { path: ['a'] }, gives: [] },
  ],
})

export const jsons: readonly Prim[] = [get, getAll, size, named, elements, kv]
