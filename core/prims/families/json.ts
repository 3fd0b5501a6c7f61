// Values inside texts: JSON and key=value.
import { jsonGet } from '../json-text.ts'
import { listConst, textConst } from '../kit.ts'
import { type Prim, scalar, tail } from '../prim.ts'

const lexemes = tail('engines rewrite JSON numbers (1.10 becomes 1.1) and differ on bad JSON and repeated keys')

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
    const path = listConst(c, 'path').map((p) =>
      typeof p === 'number' || typeof p === 'bigint' ? Number(p) : String(p),
    )
    return (text: string) => jsonGet(text, path)
  },
  sql: { duckdb: lexemes, clickhouse: lexemes },
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

export const jsons: readonly Prim[] = [get, kv]
