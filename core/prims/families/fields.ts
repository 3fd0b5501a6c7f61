// Fields of rows as data, and texts that only the tail writes.
import { utf8Bytes, utf8Text } from '../bytes.ts'
import { globTester } from '../glob.ts'
import { noSql, numConst, textConst, textsConst } from '../kit.ts'
import { nestedJson } from '../nested-json.ts'
import { restEntries } from '../parsed-text.ts'
import { type Prim, scalar } from '../prim.ts'

const list = scalar({
  id: 'fields.list',
  doc: 'The fields that a row has, each as the JSON array of its name and value: those of a JSON object of texts, then named ones.',
  params: [
    ['rest', 'str'],
    ['values...', 'str'],
  ],
  consts: { names: 'Names of the values.', except: 'Names that the object may have and the row has not.' },
  returns: 'list',
  nulls: 'own',
  js: (c) => {
    const names = textsConst(c, 'names')
    const taken = new Set([...names, ...textsConst(c, 'except')])
    return (rest: string | null, ...values: readonly (string | null)[]) => {
      const others = restEntries(rest).filter(([n]) => !taken.has(n))
      const own = names.flatMap((n, i) => (values[i] == null ? [] : [[n, values[i]] as const]))
      return [...others, ...own].map((pair) => JSON.stringify(pair))
    }
  },
  sql: noSql,
  laws: [
    {
      args: ['{"a":"1","b":"2","c":"3"}', '9', null],
      consts: { names: ['b', 'd'], except: ['c'] },
      gives: ['["a","1"]', '["b","9"]'],
    },
    { args: [null, 'x'], consts: { names: ['a'] }, gives: ['["a","x"]'] },
  ],
})
const value = scalar({
  id: 'fields.value',
  doc: 'The value of a field by its name, among fields that are each the JSON array of a name and a value; absent without such a field.',
  params: [
    ['fields', 'list'],
    ['name', 'str'],
  ],
  consts: {},
  returns: 'str',
  nulls: 'propagate',
  js: () => (fields: readonly string[], name: string) => fields.flatMap(pairOf).find(([n]) => n === name)?.[1] ?? null,
  sql: noSql,
  laws: [
    { args: [['["a","1"]', '["b","2"]'], 'b'], gives: '2' },
    { args: [['["a","1"]'], 'toString'], gives: null },
    { args: [null, 'a'], gives: null },
    { args: [['["a","1"]'], null], gives: null },
  ],
})
const nested = scalar({
  id: 'fields.json',
  doc: 'Fields, each the JSON array of its name and value, as one nested JSON object, in the order of their names.',
  params: [['fields', 'list']],
  consts: {
    names: 'Which fields: those whose name begins so or, with a star, is so.',
  },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const tests = textsConst(c, 'names').map((n) => globTester(n.includes('*') ? n : `${n}*`))
    return (fields: readonly string[]) => {
      const wanted = fields.flatMap(pairOf).filter(([name]) => tests.some((t) => t(name)))
      return nestedJson(wanted.sort(([a], [b]) => (a < b ? -1 : 1)))
    }
  },
  sql: noSql,
  laws: [
    {
      args: [['["a.b.c","5"]', '["a.b.e[1]","x"]', '["a.bc","07"]', '["d","1"]']],
      consts: { names: ['a.b'] },
      gives: '{"a":{"b":{"c":5,"e":[null,"x"]},"bc":"07"}}',
    },
    {
      args: [['["a","1"]', '["a.b","2"]', '["a[0]","3"]']],
      consts: { names: ['a*'] },
      gives: '{"a":1,"a.b":2,"a[0]":3}',
    },
    { args: [['["a[0]","1"]', '["a[10001]","2"]']], consts: { names: ['a[*]'] }, gives: '{"a":[1],"a[10001]":2}' },
    { args: [['["__proto__.x","1"]']], consts: { names: ['_'] }, gives: '{"__proto__":{"x":1}}' },
    { args: [['', '[1,2]', '["a"]']], consts: { names: ['a'] }, gives: '{}' },
    { args: [null], consts: { names: ['a'] }, gives: null },
  ],
})
function pairOf(text: string): [readonly [name: string, value: string]] | [] {
  try {
    const pair = JSON.parse(text) as unknown
    const isPair = Array.isArray(pair) && pair.length === 2 && pair.every((p): p is string => typeof p === 'string')
    return isPair ? [[pair[0] as string, pair[1] as string]] : []
  } catch {
    return []
  }
}

const pretty = scalar({
  id: 'json.pretty',
  doc: 'A JSON text with a line for every member, each level set in by some blanks; absent if it is no JSON.',
  params: [['text', 'str']],
  consts: { step: 'How many blanks.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const step = ' '.repeat(Math.max(0, Math.min(10, numConst(c, 'step', 2))))
    return (text: string) => {
      try {
        JSON.parse(text)
      } catch {
        return null
      }
      return indented(text.trim(), step)
    }
  },
  sql: noSql,
  laws: [
    {
      args: ['{"a":[1.10,{}],"b":"x:y"}'],
      consts: { step: 2 },
      gives: '{\n  "a": [\n    1.10,\n    {}\n  ],\n  "b": "x:y"\n}',
    },
    { args: ['[ ]'], consts: { step: 2 }, gives: '[]' },
    { args: ['{"a"'], consts: { step: 2 }, gives: null },
  ],
})

/** Valid JSON set in; numbers stay as written. */
function indented(text: string, step: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  let out = ''
  let depth = 0
  const line = (): string => `\n${step.repeat(depth)}`
  tokens.forEach((t, i) => {
    const next = tokens[i + 1]
    if (t === '{' || t === '[') {
      out += t
      if (next !== '}' && next !== ']') {
        depth++
        out += line()
      }
    } else if (t === '}' || t === ']') {
      const before = tokens[i - 1]
      if (before !== '{' && before !== '[') {
        depth--
        out += line()
      }
      out += t
    } else if (t === ',') out += `,${line()}`
    else out += t === ':' ? ': ' : t
  })
  return out
}

const hexDecode = scalar({
  id: 'str.hexDecode',
  doc: 'The text whose bytes hexadecimal digits write. Other characters and a prefix `0x` or `16#` are passed over.',
  params: [['text', 'str']],
  consts: { charset: 'UTF-8 or ISO-8859-1.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const latin = textConst(c, 'charset', 'UTF-8').toUpperCase() === 'ISO-8859-1'
    return (text: string) => {
      const digits = text.replace(/^\s*(?:0x|16#)/i, '').replace(/[^0-9A-Fa-f]/g, '')
      const bytes = Uint8Array.from(digits.match(/../g) ?? [], (h) => Number.parseInt(h, 16))
      return latin ? Array.from(bytes, (b) => String.fromCharCode(b)).join('') : utf8Text(bytes)
    }
  },
  sql: noSql,
  laws: [
    { args: ['48656c6c6f'], consts: {}, gives: 'Hello' },
    { args: ['0x48 65'], consts: {}, gives: 'He' },
    { args: ['E9'], consts: { charset: 'ISO-8859-1' }, gives: 'é' },
  ],
})
const byteLength = scalar({
  id: 'str.utf8Length',
  doc: 'The number of bytes of the text in UTF-8.',
  params: [['text', 'str']],
  consts: {},
  returns: 'int',
  nulls: 'propagate',
  js: () => (text: string) => BigInt(utf8Bytes(text).length),
  sql: noSql,
  laws: [
    { args: ['aé'], gives: 3n },
    { args: [''], gives: 0n },
  ],
})

export const fields: readonly Prim[] = [list, value, nested, pretty, hexDecode, byteLength]
