// Fields of a text that a parser splits: the whole text once, then field by field.
import type { Worded } from '../forms/engines.ts'
import { pairAt } from '../forms/delimited.ts'
import { argument, flagConst, noSql, textConst, textsConst } from '../kit.ts'
import { type Fields, parsedText, restEntries } from '../parsed-text.ts'
import { type Consts, scalar, type SqlForm, tail } from '../prim.ts'

/** A cache: a query reads many fields of one text in a row. */
const last = new Map<string, { text: string; fields: Fields | undefined }>()
function remembering(consts: Consts): (text: string) => Fields | undefined {
  const { name: _, prefix: _p, removed: _r, wins: _w, except: _e, ...how } = consts
  const key = JSON.stringify(how)
  const parse = parsedText(consts)
  return (text) => {
    const before = last.get(key)
    if (before?.text === text) return before.fields
    const fields = parse(text)
    if (last.size > 64) last.clear()
    last.set(key, { text, fields })
    return fields
  }
}

/** An object of JSON with these names, in their order. */
const objectText = (fields: Iterable<readonly [string, string]>): string =>
  `{${[...fields].map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`).join(',')}}`

const CONSTS = {
  how: '`json`, `pairs`, `xml`, `cef` or `leef`.',
  header: 'Of CEF and LEEF: in front of the names of the head.',
  ext: 'Of CEF and LEEF: in front of the names of pairs.',
  label: 'Of CEF and LEEF: in front of the names that labels give.',
  keepLabels: 'Of CEF and LEEF: labelled pairs keep their own names as well.',
  delimiter: 'Of LEEF: between two pairs.',
  name: 'The field.',
  separator: 'Of pairs: between key and value.',
  keepLast: 'Of pairs: the last of equal keys counts, not the first.',
  excludeEmpty: 'An empty value is absent.',
  handleNull: 'Of JSON: `keep` (the text null), `discard` or `empty`.',
  include: 'Of JSON: paths that are read although `exclude` has a shorter one.',
  exclude: 'Of JSON: paths that are not read.',
}

const OTHER = tail('texts of many fields are taken apart once, not for each field')
const fieldForm =
  (dialect: Worded): SqlForm =>
  (sql, args, c) => {
    if (textConst(c, 'how') !== 'pairs') return OTHER
    const pair = {
      name: textConst(c, 'name'),
      separator: textConst(c, 'separator', '='),
      keepLast: flagConst(c, 'keepLast'),
      excludeEmpty: flagConst(c, 'excludeEmpty'),
    }
    return pairAt(sql, dialect, argument(args, 0), pair) ?? OTHER
  }

const field = scalar({
  id: 'parsed.field',
  doc: 'A field of a text that is taken apart: JSON as flat fields (`a.b`, `a[0].c`) or `key=value` pairs. Numbers stay as written.',
  params: [['text', 'str']],
  consts: CONSTS,
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const parse = remembering(c)
    const name = textConst(c, 'name')
    return (text: string) => parse(text)?.get(name) ?? null
  },
  sql: { duckdb: fieldForm('duckdb'), clickhouse: fieldForm('clickhouse') },
  laws: [
    { args: ['{"a.b":1.10}'], consts: { how: 'json', name: 'a.b' }, gives: '1.10' },
    { args: ['{"a":{"b":[{"c":"x"}]}}'], consts: { how: 'json', name: 'a.b[0].c' }, gives: 'x' },
    { args: ['{"a":null}'], consts: { how: 'json', name: 'a' }, gives: 'null' },
    { args: ['{"a":null}'], consts: { how: 'json', name: 'a', handleNull: 'discard' }, gives: null },
    { args: ['{"a":""}'], consts: { how: 'json', name: 'a', excludeEmpty: true }, gives: null },
    {
      args: ['{"a":{"b":1,"c":2}}'],
      consts: { how: 'json', name: 'a.b', exclude: ['a'], include: ['a.b'] },
      gives: '1',
    },
    {
      args: ['{"a":{"b":1,"c":2}}'],
      consts: { how: 'json', name: 'a.c', exclude: ['a'], include: ['a.b'] },
      gives: null,
    },
    { args: ['{"a":1'], consts: { how: 'json', name: 'a' }, gives: null },
    { args: ['a=1 b="x y" a=2'], consts: { how: 'pairs', name: 'b' }, gives: 'x y' },
    { args: ['[a=1] b[0]=x'], consts: { how: 'pairs', name: 'b[0]' }, gives: 'x' },
    { args: ['a=1 b="x y" a=2'], consts: { how: 'pairs', name: 'a', keepLast: true }, gives: '2' },
    { args: ['a=1 b="x y" a=2'], consts: { how: 'pairs', name: 'a' }, gives: '1' },
    { args: ['a=1 a='], consts: { how: 'pairs', name: 'a', keepLast: true, excludeEmpty: true }, gives: '1' },
    { args: ['a="x\\"y\nz"b=\'q\' c="open d==\u00a0e=f,g'], consts: { how: 'pairs', name: 'a' }, gives: 'x\\"y\nz' },
    { args: ['a="x"b=\'q\' c="open d==\u00a0e=f,g'], consts: { how: 'pairs', name: 'b' }, gives: 'q' },
    { args: ['a="x"b=\'q\' c="open d==\u00a0e=f,g'], consts: { how: 'pairs', name: 'c' }, gives: '"open' },
    { args: ['a="x"b=\'q\' c="open d==\u00a0e=f,g'], consts: { how: 'pairs', name: 'd' }, gives: '=' },
    { args: ['a="x"b=\'q\' c="open d==\u00a0e=f,g'], consts: { how: 'pairs', name: 'e' }, gives: 'f' },
    { args: ['(a=1 x[b]=2'], consts: { how: 'pairs', name: 'b]' }, gives: '2' },
    { args: ['a=  "x" b=1'], consts: { how: 'pairs', name: 'a', separator: '= ' }, gives: 'x' },
    { args: [null], consts: { how: 'json', name: 'a' }, gives: null },
    { args: ['<a><b c="1">x</b><b>y</b></a>'], consts: { how: 'xml', name: 'a.b.c' }, gives: '1' },
    { args: ['<a><b c="1">x</b><b>y</b></a>'], consts: { how: 'xml', name: 'a.b[1]' }, gives: 'y' },
    { args: ['no tags'], consts: { how: 'xml', name: 'a' }, gives: null },
    {
      args: ['CEF:0|V|P|1|7|a\\|b|5|msg=x y act=z'],
      consts: { how: 'cef', header: 'h.', name: 'h.name' },
      gives: 'a|b',
    },
    { args: ['CEF:0|V|P|1|7|n|5|msg=x y act=z'], consts: { how: 'cef', ext: 'e.', name: 'e.msg' }, gives: 'x y' },
    {
      args: ['CEF:0|V|P|1|7|n|5|cs1Label=The Tool cs1=x'],
      consts: { how: 'cef', label: 'l.', name: 'l.The_Tool' },
      gives: 'x',
    },
    { args: ['LEEF:2.0|V|P|1|7|0x5E|a=1^b=2 3'], consts: { how: 'leef', name: 'b' }, gives: '2 3' },
    { args: ['LEEF:1.0|V|P|1|7|a=1\tb=2'], consts: { how: 'leef', header: 'h.', name: 'h.event_id' }, gives: '7' },
  ],
})

const elements = scalar({
  id: 'parsed.elements',
  doc: 'The elements `name[0]`, `name[1]`, … of an array in a text that is taken apart, up to the first gap.',
  params: [['text', 'str']],
  consts: CONSTS,
  returns: 'list',
  nulls: 'own',
  js: (c) => {
    const parse = remembering(c)
    const [before, after = ''] = textConst(c, 'name').split('[]', 2) as [string, string?]
    return (text: string | null) => {
      const fields = text === null ? undefined : parse(text)
      const out: string[] = []
      for (;;) {
        const value = fields?.get(`${before}[${out.length}]${after}`)
        if (value === undefined) return out
        out.push(value)
      }
    }
  },
  sql: noSql,
  laws: [
    { args: ['{"a":["x","y"]}'], consts: { how: 'json', name: 'a[]' }, gives: ['x', 'y'] },
    { args: ['{"a":[{"b":1},{"b":2}]}'], consts: { how: 'json', name: 'a[].b' }, gives: ['1', '2'] },
    { args: ['{"b":1}'], consts: { how: 'json', name: 'a[]' }, gives: [] },
    { args: [null], consts: { how: 'json', name: 'a[]' }, gives: [] },
  ],
})

const objects = scalar({
  id: 'parsed.objects',
  doc: 'The elements of such an array as JSON objects of texts: `name[0].b` is `b` of the first. A text stands under the empty key.',
  params: [['text', 'str']],
  consts: CONSTS,
  returns: 'list',
  nulls: 'own',
  js: (c) => {
    const parse = remembering(c)
    const start = `${textConst(c, 'name')}[`
    return (text: string | null) => {
      const found = new Map<number, Map<string, string>>()
      for (const [name, value] of (text === null ? undefined : parse(text)) ?? []) {
        if (!name.startsWith(start)) continue
        const [, at, member = ''] = /^(\d{1,9})\](?:\.?(.+))?$/s.exec(name.slice(start.length)) ?? []
        if (at === undefined) continue
        const element = found.get(Number(at)) ?? new Map<string, string>()
        found.set(Number(at), element.set(member, value))
      }
      const out: string[] = []
      for (let next = found.get(0); next; next = found.get(out.length)) out.push(objectText(next))
      return out
    }
  },
  sql: noSql,
  laws: [
    {
      args: ['{"a":[{"b":1.10},"x"]}'],
      consts: { how: 'json', name: 'a' },
      gives: ['{"b":"1.10"}', '{"":"x"}'],
    },
    { args: ['{"a[0].b":"1","a[0].c[0]":"2"}'], consts: { how: 'json', name: 'a' }, gives: ['{"b":"1","c[0]":"2"}'] },
    {
      args: ['{"a":[{"b":1,"9":2,"__proto__":3}]}'],
      consts: { how: 'json', name: 'a' },
      gives: ['{"b":"1","9":"2","__proto__":"3"}'],
    },
    { args: ['{"a[1]":"1"}'], consts: { how: 'json', name: 'a' }, gives: [] },
    { args: ['{"a":1}'], consts: { how: 'json', name: 'a' }, gives: [] },
    { args: [null], consts: { how: 'json', name: 'a' }, gives: [] },
  ],
})

const rest = scalar({
  id: 'parsed.rest',
  doc: 'A JSON object of texts with the fields of a text that is taken apart added to it.',
  params: [
    ['rest', 'str'],
    ['text', 'str'],
  ],
  consts: {
    ...CONSTS,
    prefix: 'In front of every name.',
    removed: 'Taken off the front of names.',
    wins: 'The fields replace those of the object.',
    except: 'Names that are not added; `a[]` stands for all elements.',
  },
  returns: 'str',
  nulls: 'own',
  js: (c) => {
    const parse = remembering(c)
    const prefix = textConst(c, 'prefix')
    const removed = textsConst(c, 'removed')
    const except = new Set(textsConst(c, 'except'))
    const isTaken = (name: string): boolean =>
      except.has(name) || except.has(name.replace(/\[\d+\]$/, '[]')) || /^[@#$]|^$/.test(name)
    return (object: string | null, text: string | null) => {
      const fields = text === null ? undefined : parse(text)
      if (!fields || fields.size === 0) return object
      const out = new Map(restEntries(object))
      for (const [own, value] of fields) {
        const cut = removed.find((r) => own.startsWith(r)) ?? ''
        const name = `${prefix}${own.slice(cut.length)}`
        if (own !== '' && !isTaken(name) && (c['wins'] === true || !out.has(name))) out.set(name, value)
      }
      return objectText(out)
    }
  },
  sql: noSql,
  laws: [
    { args: ['{"x":"1"}', '{"a":2,"b":[3]}'], consts: { how: 'json' }, gives: '{"x":"1","a":"2","b[0]":"3"}' },
    { args: ['{"a":"1"}', '{"a":2}'], consts: { how: 'json' }, gives: '{"a":"1"}' },
    { args: ['{"a":"1"}', '{"a":2}'], consts: { how: 'json', wins: true }, gives: '{"a":"2"}' },
    {
      args: ['{}', '{"a":2,"b":3,"c":[4]}'],
      consts: { how: 'json', prefix: 'p.', except: ['p.b', 'p.c[]'] },
      gives: '{"p.a":"2"}',
    },
    { args: ['{}', '{"q.a":2}'], consts: { how: 'json', removed: ['q.'] }, gives: '{"a":"2"}' },
    { args: ['{"x":"1"}', null], consts: { how: 'json' }, gives: '{"x":"1"}' },
  ],
})

export const family = [field, elements, objects, rest]
