// Patterns made of data, columns of delimited text, JSON wildcards, pivots and the encodings that Java's users expect.
import { globTest } from '../glob-of.ts'
import { jsonGet } from '../json-text.ts'
import { isPlainStep, walkJson } from '../json-steps.ts'
import { listConst, numConst, textConst } from '../kit.ts'
import { aggPrim, type Consts, type Prim, scalar, tail, testPrim } from '../prim.ts'
import { javaFormat } from '../java-format.ts'

const slow = { duckdb: tail('not written in SQL yet'), clickhouse: tail('not written in SQL yet') }
const text1 = [['text', 'str']] as const

const globOf = testPrim({
  id: 'str.globOf',
  doc: 'Does the whole text fit the pattern, which is a value, and in which only `*` is special?',
  params: [
    ['text', 'str'],
    ['pattern', 'str'],
  ],
  consts: {},
  nulls: 'propagate',
  js: () => globTest,
  sql: slow,
  laws: [
    { args: ['abc', 'a*c'], gives: true },
    { args: ['abc', 'b'], gives: false },
    { args: ['a.c', 'a.c'], gives: true },
    { args: ['abc', 'a.c'], gives: false },
    { args: ['a\nc', '*'], gives: true },
    { args: [null, '*'], gives: false },
    { args: ['', null], gives: false },
  ],
})

const column = scalar({
  id: 'str.column',
  doc: 'A column of a line of delimited text, quotes taken off; absent beyond the last. A doubled quote inside quotes is one.',
  params: text1,
  consts: {
    index: '1-based.',
    delimiter: 'Between columns.',
    quote: 'Around a column.',
    escape: 'Before a character taken as it is.',
  },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const [index, delimiter, quote, escaping] = [
      numConst(c, 'index', 1),
      textConst(c, 'delimiter', ','),
      textConst(c, 'quote'),
      textConst(c, 'escape'),
    ]
    return (text: string) => columnOf(text, index, delimiter, quote, escaping)
  },
  sql: slow,
  laws: [
    { args: ['a,"b,c",d'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: 'b,c' },
    { args: ['a,"b,c",d'], consts: { index: 3, delimiter: ',', quote: '"', escape: '\\' }, gives: 'd' },
    { args: ['a,,c'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: '' },
    { args: ['a,"x""y"'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: 'x"y' },
    { args: ['a:b\\:c'], consts: { index: 2, delimiter: ':', quote: '"', escape: '\\' }, gives: 'b:c' },
    { args: ['a'], consts: { index: 2, delimiter: ',', quote: '"', escape: '\\' }, gives: null },
    { args: [null], consts: { index: 1, delimiter: ',', quote: '"', escape: '\\' }, gives: null },
  ],
})

function columnOf(text: string, index: number, delimiter: string, quote: string, escaping: string): string | null {
  let out = ''
  let at = 1
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (
      c === escaping &&
      i + 1 < text.length &&
      escaping !== quote &&
      [delimiter[0], quote, escaping].includes(text[i + 1] as string)
    )
      out += text[++i]
    else if (c === quote && quoted && text[i + 1] === quote) out += text[++i]
    else if (c === quote && (quoted || out === '')) quoted = !quoted
    else if (!quoted && delimiter !== '' && text.startsWith(delimiter, i)) {
      if (at === index) return out
      at++
      out = ''
      i += delimiter.length - 1
    } else out += c
  }
  return at === index ? out : null
}

const getAll = scalar({
  id: 'json.getAll',
  doc: 'The values at a path with wildcards, slices or conditions, as a JSON array; absent if the path before them leads nowhere.',
  params: text1,
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
  sql: slow,
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

const pivot = aggPrim({
  id: 'agg.pivot',
  doc: 'JSON object text: each name with its value; of several values of a name the least by code point.',
  params: [
    ['name', 'str'],
    ['value', 'str'],
  ],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js: () => ({
    init: (): Map<string, string> => new Map(),
    add: (state: Map<string, string>, name: string, value: string) => {
      const before = state.get(name)
      if (before === undefined || value < before) state.set(name, value)
      return state
    },
    done: (state: Map<string, string>) =>
      `{${[...state]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)
        .join(',')}}`,
  }),
  sql: slow,
  laws: [
    {
      rows: [
        ['b', '1'],
        ['a', '2'],
        ['b', '0'],
        [null, '3'],
      ],
      gives: '{"a":"2","b":"0"}',
    },
    { rows: [], gives: '{}' },
  ],
})

const format = scalar({
  id: 'str.javaFormat',
  doc: 'A text with %-directives of Java’s Formatter filled with values; absent if a value is missing or does not fit its directive.',
  params: [
    ['format', 'str'],
    ['values...', 'str'],
  ],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js:
    () =>
    (pattern: string, ...values: string[]) =>
      javaFormat(pattern, values),
  sql: slow,
  laws: [
    { args: ['%s-%s', 'a', 'b'], gives: 'a-b' },
    { args: ['%,.2f', '1234.5'], gives: '1,234.50' },
    { args: ['%05d', '42'], gives: '00042' },
    { args: ['%S %%', 'a'], gives: 'A %' },
    { args: ['%d', 'x'], gives: null },
    { args: ['%s', null], gives: null },
  ],
})

const map = (
  id: Prim['id'],
  doc: string,
  js: (t: string) => string | null,
  laws: readonly [string, string | null][],
): Prim => {
  const [first, ...rest] = laws.map(([a, gives]) => ({ args: [a], gives }))
  return scalar({
    id,
    doc,
    params: text1,
    consts: {},
    returns: 'str',
    nulls: 'propagate',
    js: () => js,
    sql: slow,
    laws: [first ?? { args: [null], gives: null }, ...rest, { args: [null], gives: null }],
  })
}

const bytesOf = (t: string): number[] =>
  [...encodeURIComponent(t.toWellFormed()).matchAll(/%([0-9A-F]{2})|([\s\S])/g)].map((m) =>
    m[1] ? Number.parseInt(m[1], 16) : (m[2] as string).charCodeAt(0),
  )
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function base64(text: string): string {
  const bytes = bytesOf(text)
  let out = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const n = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    for (let j = 0; j < 4; j++) out += i + j > bytes.length ? '=' : ALPHABET[(n >> (18 - 6 * j)) & 63]
  }
  return out
}

const hex = (t: string): bigint | null => {
  const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(t.trim())?.[1]
  return digits === undefined ? null : BigInt(`0x${digits}`)
}

const replaceOf = scalar({
  id: 'str.replaceOf',
  doc: 'Every occurrence of the second text replaced by the third, both values. An empty second text changes nothing.',
  params: [
    ['text', 'str'],
    ['find', 'str'],
    ['with', 'str'],
  ],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js: () => (t: string, find: string, to: string) => (find === '' ? t : t.split(find).join(to)),
  sql: slow,
  laws: [
    { args: ['a.b.c', '.', '-'], gives: 'a-b-c' },
    { args: ['abc', '', 'x'], gives: 'abc' },
    { args: ['abc', 'a', null], gives: null },
    { args: [null, 'a', 'b'], gives: null },
  ],
})

export const prims: readonly Prim[] = [
  replaceOf,
  globOf,
  column,
  getAll,
  pivot,
  format,
  map(
    'str.urlEncode',
    'Form encoding as UTF-8: space becomes `+`; letters, digits and `.-*_` stay.',
    (t) =>
      encodeURIComponent(t.toWellFormed())
        .replace(/%20/g, '+')
        .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    [
      ['a b/c', 'a+b%2Fc'],
      ['é~', '%C3%A9%7E'],
    ],
  ),
  map('str.base64Encode', 'Base64 of the UTF-8 bytes, padded.', base64, [
    ['abc', 'YWJj'],
    ['ab', 'YWI='],
    ['a', 'YQ=='],
    ['', ''],
  ]),
  map('str.parseHex', 'The decimal digits of up to 16 hexadecimal ones, unsigned.', (t) => hex(t)?.toString() ?? null, [
    ['0x1F', '31'],
    ['12D230', '1233456'],
    ['zz', null],
  ]),
  map(
    'str.hexToDec',
    'The decimal digits of hexadecimal ones, 16 of them as a signed 64-bit number.',
    (t) => {
      const n = hex(t)
      return n === null ? null : BigInt.asIntN(64, n).toString()
    },
    [
      ['0000000000001337', '4919'],
      ['ffffffffffffffff', '-1'],
    ],
  ),
  map(
    'str.decToHex',
    'Upper-case hexadecimal digits of a whole number of 64 bits.',
    (t) => (/^-?\d{1,20}$/.test(t) ? BigInt.asUintN(64, BigInt(t)).toString(16).toUpperCase() : null),
    [
      ['4919', '1337'],
      ['70', '46'],
      ['x', null],
    ],
  ),
  map(
    'str.fromHex',
    'The characters whose codes are pairs of hexadecimal digits.',
    (t) =>
      /^(?:[0-9a-f]{2})*$/i.test(t) ? t.replace(/../g, (p) => String.fromCharCode(Number.parseInt(p, 16))) : null,
    [
      ['68656c6c6f0a', 'hello\n'],
      ['6', null],
    ],
  ),
  map(
    'ip.toNumber',
    'An IPv4 address as a whole number, in digits.',
    (t) =>
      /^(?:\d{1,3}\.){3}\d{1,3}$/.test(t) && t.split('.').every((p) => Number(p) < 256)
        ? String(t.split('.').reduce((n, p) => n * 256 + Number(p), 0))
        : null,
    [
      ['10.0.0.1', '167772161'],
      ['1.2.3.256', null],
    ],
  ),
]
