// Texts: case, parts, replacement, decoding.
import { call, lit } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { builtin, type CallContext, type CqlBuiltin } from '../builtin.ts'
import { FIELD, as, first, page, param } from '../params.ts'
import { patternOf } from '../3-lower-regex.ts'
import { toInt, toStr } from '../3-lower-values.ts'

const subject = (c: CallContext, fallback = '@rawstring'): Expr => toStr(c.flow.read(c.args.field('field', fallback)))

interface Simple {
  readonly name: string
  readonly output: string
  readonly doc: string
  readonly make: (value: Expr, c: CallContext) => Expr
  readonly given: string
  readonly gives: string | number
  readonly notes?: readonly string[]
  readonly params?: CqlBuiltin['params']
  readonly fidelity?: CqlBuiltin['fidelity']
}
/** A function of one field with an output of its own. */
const simple = (s: Simple): CqlBuiltin =>
  builtin({
    name: s.name,
    category: 'text',
    kind: 'transform',
    doc: s.doc,
    notes: s.notes ?? [],
    params: [FIELD, ...(s.params ?? []), as(s.output)],
    output: s.output,
    fidelity: s.fidelity ?? 'exact',
    evidence: page(s.name),
    examples: [
      {
        title: 'Of a field',
        given: [{ a: s.given }],
        query: `${s.name}(a, as=r) | groupBy(r, function=[])`,
        gives: [{ r: s.gives }],
        from: page(s.name),
      },
    ],
    lower: { value: (c) => s.make(subject(c), c) },
  })
const LOCALE = param('locale', 'text', 'Ignored: case has one definition here.')

export const lower = simple({
  name: 'lower',
  output: '_lower',
  doc: 'The value in lower case.',
  make: (v) => call('str.lower', 'str', [v]),
  given: 'AbC',
  gives: 'abc',
  params: [LOCALE],
})
export const upper = simple({
  name: 'upper',
  output: '_upper',
  doc: 'The value in upper case.',
  make: (v) => call('str.upper', 'str', [v]),
  given: 'AbC',
  gives: 'ABC',
  params: [LOCALE],
})
export const length = simple({
  name: 'length',
  output: '_length',
  doc: 'How many characters the value has.',
  notes: ['Characters are code points.'],
  make: (v) => call('str.length', 'int', [v]),
  given: 'abcd',
  gives: '4',
})
export const shannonEntropy = simple({
  name: 'shannonEntropy',
  output: '_shannonentropy',
  doc: 'The entropy of the value in bits per character.',
  make: (v) => call('str.entropy', 'num', [v]),
  given: 'aabb',
  gives: '1',
})
export const urlDecode = simple({
  name: 'urlDecode',
  output: '_urldecode',
  doc: 'The value with percent escapes decoded.',
  make: (v) => call('str.urlDecode', 'str', [v], { plus: false }),
  given: 'a%20b',
  gives: 'a b',
})
export const base64Decode = simple({
  name: 'base64Decode',
  output: '_base64Decode',
  doc: 'The value decoded from base64; nothing if it is not base64.',
  params: [
    param('charset', 'text', 'Charset of the decoded bytes.', {
      default: 'UTF-8',
      oneOf: { 'UTF-8': '', 'UTF-16LE': '', 'ISO-8859-1': '' },
    }),
  ],
  fidelity: {
    differs:
      'LogScale passes over characters outside the alphabet, here they make the value invalid. UTF-16BE is not run.',
  },
  make: (v, c) => call('str.base64Decode', 'str', [v], { charset: c.args.text('charset', 'UTF-8').toUpperCase() }),
  given: 'aGk=',
  gives: 'hi',
})

export const textLength = builtin({
  name: 'text:length',
  category: 'text',
  kind: 'transform',
  doc: 'How many characters a text has.',
  notes: ['Characters are code points; LogScale counts grapheme clusters.'],
  params: [first('string', 'expression', 'The text.', { required: true }), as('_length')],
  output: '_length',
  fidelity: { differs: 'Code points, not grapheme clusters.' },
  evidence: page('text:length'),
  examples: [
    {
      title: 'Of a field',
      given: [{ a: 'abc' }],
      query: 'n := text:length(a) | groupBy(n, function=[])',
      gives: [{ n: '3' }],
      from: page('text:length'),
    },
  ],
  lower: { value: ({ args }) => call('str.length', 'int', [toStr(args.expr('string'))]) },
})

export const textSubstring = builtin({
  name: 'text:substring',
  category: 'text',
  kind: 'transform',
  doc: 'A part of a text by positions from 0, the end excluded.',
  notes: [],
  params: [
    first('string', 'expression', 'The text.', { required: true }),
    param('begin', 'expression', 'First position.', { default: '0' }),
    param('end', 'expression', 'Position behind the last; the end of the text.'),
    as('_string'),
  ],
  output: '_string',
  fidelity: { differs: 'Positions count code points, not grapheme clusters.' },
  evidence: page('text:substring'),
  examples: [
    {
      title: 'In the middle',
      given: [{ a: 'abcdef' }],
      query: 's := text:substring(string=a, begin=1, end=3) | groupBy(s, function=[])',
      gives: [{ s: 'bc' }],
      from: page('text:substring'),
    },
  ],
  lower: {
    value: ({ args }) =>
      call('str.substring', 'str', [
        toStr(args.expr('string')),
        args.has('begin') ? toInt(args.expr('begin')) : lit(0n, 'int'),
        args.has('end') ? toInt(args.expr('end')) : lit(null, 'int'),
      ]),
  },
})

export const replace = builtin({
  name: 'replace',
  category: 'text',
  kind: 'transform',
  doc: 'The value with every match of a pattern replaced.',
  notes: ['`$1` inserts a group. Without `as` the field itself changes.'],
  params: [
    first('regex', 'text', 'The pattern.', { required: true }),
    param('with', 'text', 'The replacement.', { default: '' }),
    param('replacement', 'text', 'Another name of `with`.'),
    param('field', 'field', 'The field.', { default: '@rawstring' }),
    param('flags', 'text', 'Of `d`, `i`, `m`, `F`.', { default: 'm' }),
    param('as', 'field', 'Name of the output field.'),
  ],
  fidelity: 'exact',
  evidence: page('replace'),
  examples: [
    {
      title: 'In place',
      given: [{ f: 'a1b22' }],
      query: 'replace("[0-9]+", with="#", field=f) | groupBy(f, function=[])',
      gives: [{ f: 'a#b#' }],
      from: page('replace'),
    },
  ],
  lower: {
    value: (c) => {
      const p = patternOf(c.flow, c.args.pattern('regex'), c.args.text('flags', 'm'), c.args.span('regex'))
      const by = c.args.text('with', c.args.text('replacement'))
      return p ? call('re.replace', 'str', [subject(c)], { ...p.consts, with: by }) : lit(null, 'str')
    },
    step: (c) => {
      const value = replace.lower.value?.(c)
      if (value) c.flow.assign(c.as ?? c.args.field('field', '@rawstring'), value)
    },
  },
})

export const splitString = builtin({
  name: 'splitString',
  category: 'text',
  kind: 'transform',
  doc: 'The value cut at every match of a pattern: all parts as an array, or one of them.',
  notes: ['A negative index counts from the end.'],
  params: [
    first('field', 'field', 'The field.', { default: '@rawstring' }),
    param('by', 'text', 'The pattern to cut at.', { required: true }),
    param('index', 'number', 'Which part.'),
    as('_splitstring'),
  ],
  output: '_splitstring',
  fidelity: 'exact',
  evidence: page('splitString'),
  examples: [
    {
      title: 'The last part of a path',
      given: [{ f: 'a/b/c' }],
      query: 'n := splitString(f, by="/", index=-1) | groupBy(n, function=[])',
      gives: [{ n: 'c' }],
      from: page('splitString'),
    },
    {
      title: 'All parts',
      given: [{ f: 'a,b' }],
      query: 'splitString(f, by=",", as=p) | second := p[1] | groupBy(second, function=[])',
      gives: [{ second: 'b' }],
      from: page('splitString'),
    },
  ],
  lower: {
    value: (c) => {
      const list = parts(c)
      return list ? call('list.at', 'str', [list], { index: c.args.number('index', 0) }) : lit(null, 'str')
    },
    step: (c) => {
      const name = c.as ?? '_splitstring'
      if (c.args.has('index')) return c.flow.assign(name, splitString.lower.value?.(c) ?? lit(null, 'str'))
      const list = parts(c)
      if (list) c.flow.assign(`${name}[]`, list)
    },
  },
})
function parts(c: CallContext): Expr | undefined {
  const by = c.args.text('by')
  if (!/[\\^$.*+?()[\]{}|]/.test(by)) return call('str.split', 'list', [subject(c)], { separator: by })
  const p = patternOf(c.flow, by, '', c.args.span('by'))
  return p && call('re.split', 'list', [subject(c)], p.consts)
}
