// Texts: case, parts, replacement, decoding.
import { call, lit } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { builtin, type CallContext, type CqlBuiltin } from '../4-lower/builtin.ts'
import { FIELD, as, first, page, param } from '../4-lower/params.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { patternOf } from '../4-lower/regex.ts'
import { lowerText } from '../4-lower/ordering.ts'
import { toStr } from '../../shared/convert.ts'
import { toInt } from '../4-lower/values.ts'

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
    lower: {
      kind: 'value',
      value: (c) => s.make(subject(c), c),
    },
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

export const base64Encode = simple({
  name: 'base64Encode',
  output: '_base64Encode',
  doc: 'The value as UTF-8 in base64.',
  make: (v) => call('str.base64Encode', 'str', [v]),
  given: 'hi',
  gives: 'aGk=',
})
export const urlEncode = simple({
  name: 'urlEncode',
  output: '_urlencode',
  doc: 'The value with everything but letters, digits and `.-*_` as percent escapes.',
  notes: ['A space becomes `+`.'],
  params: [param('type', 'text', 'Ignored.')],
  fidelity: { differs: 'Form encoding; other types are not run.' },
  make: (v) => call('str.urlEncode', 'str', [v]),
  given: 'a/b',
  gives: 'a%2Fb',
})
export const textTrim = simple({
  name: 'text:trim',
  output: '_trim',
  doc: 'The value without white space around it.',
  params: [
    param('mode', 'text', 'Where it is taken off.', {
      default: 'both',
      oneOf: { both: 'At both ends.', start: 'At the start.', end: 'At the end.' },
    }),
  ],
  make: (v, c) => call('str.trimSide', 'str', [v], { side: c.args.text('mode', 'both').toLowerCase() }),
  given: ' a b ',
  gives: 'a b',
})

const digest = (name: string, gives: string): CqlBuiltin =>
  builtin({
    name: `crypto:${name}`,
    category: 'text',
    kind: 'transform',
    doc: `The ${name.toUpperCase()} digest of the values put together, in hexadecimal.`,
    notes: ['Missing fields count as empty.'],
    params: [first('field', 'fields', 'The fields.', { required: true }), as(`_${name}`)],
    output: `_${name}`,
    fidelity: 'exact',
    evidence: page(`crypto:${name}`),
    examples: [
      {
        title: 'Of two fields',
        given: [{ a: 'ab', b: 'c' }],
        query: `crypto:${name}([a, no, b], as=r) | groupBy(r, function=[])`,
        gives: [{ r: gives }],
        from: page(`crypto:${name}`),
      },
    ],
    lower: {
      kind: 'value',
      value: ({ flow, args }) => {
        const values = args.fields('field').map((name) => toStr(flow.read(name)))
        return call(`crypto.${name}`, 'str', [call('str.concat', 'str', values)])
      },
    },
  })
export const digests: readonly CqlBuiltin[] = [
  digest('md5', '900150983cd24fb0d6963f7d28e17f72'),
  digest('sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'),
  digest('sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
]

export const positionOf = builtin({
  name: 'text:positionOf',
  category: 'text',
  kind: 'transform',
  doc: 'Position from 0 of a text inside another; nothing if it is not there.',
  notes: [],
  params: [
    first('string', 'expression', 'The text.', { required: true }),
    param('character', 'expression', 'What is looked for.', { required: true }),
    param('begin', 'number', 'Where the search begins.', { default: '0' }),
    param('occurrence', 'number', 'Which occurrence, from 1.', { default: '1' }),
    as('_position'),
  ],
  output: '_position',
  fidelity: { differs: 'Positions count code points, not grapheme clusters.' },
  evidence: page('text:positionOf'),
  examples: [
    {
      title: 'The second dot',
      given: [{ a: 'a.b.c' }],
      query: 'p := text:positionOf(string=a, character=".", occurrence=2) | groupBy(p, function=[])',
      gives: [{ p: '3' }],
      from: page('text:positionOf'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ args }) =>
      call('str.positionOf', 'int', [toStr(args.expr('string')), toStr(args.expr('character'))], {
        begin: args.number('begin', 0),
        occurrence: args.number('occurrence', 1),
      }),
  },
})

export const editDistance = builtin({
  name: 'text:editDistance',
  category: 'text',
  kind: 'transform',
  doc: 'How many edits turn one text into another, at most `maxDistance`.',
  notes: [],
  params: [
    param('target', 'expression', 'One text.', { required: true }),
    param('reference', 'expression', 'The other.', { required: true }),
    param('maxDistance', 'number', 'The greatest answer, 1 to 100.', { required: true }),
    param('allowTranspositions', 'bool', 'A swap of neighbours is one edit.', { default: 'true' }),
    param('ignoreCase', 'bool', 'Letters that lower alike are the same.', { default: 'false' }),
    as('_distance'),
  ],
  output: '_distance',
  fidelity: 'exact',
  evidence: page('text:editDistance'),
  examples: [
    {
      title: 'A swap',
      given: [{ a: 'exmaple.com' }],
      query: 'd := text:editDistance(target=a, reference="example.com", maxDistance=5) | groupBy(d, function=[])',
      gives: [{ d: '1' }],
      from: page('text:editDistance'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ args }) => {
      const cased = (e: Expr): Expr => (args.flag('ignoreCase') ? lowerText(e) : toStr(e))
      return call('str.editDistance', 'int', [cased(args.expr('target')), cased(args.expr('reference'))], {
        max: args.number('maxDistance', 100),
        swaps: args.flag('allowTranspositions', true),
      })
    },
  },
})

export const stripAnsiCodes = builtin({
  name: 'stripAnsiCodes',
  category: 'text',
  kind: 'transform',
  doc: 'The value without the escape sequences of terminals.',
  notes: [],
  params: [
    first('field', 'field', 'The field.', { default: '@rawstring' }),
    param('as', 'field', 'Name of the output field; without it the field itself changes.'),
  ],
  fidelity: 'exact',
  evidence: page('stripAnsiCodes'),
  examples: [
    {
      title: 'Colour',
      given: [{ a: '\u001b[31mred\u001b[0m' }],
      query: 'stripAnsiCodes(a) | groupBy(a, function=[])',
      gives: [{ a: 'red' }],
      from: page('stripAnsiCodes'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => c.flow.assign(c.as ?? c.args.field('field', '@rawstring'), call('str.stripAnsi', 'str', [subject(c)])),
  },
})

export const lowercase = builtin({
  name: 'lowercase',
  category: 'text',
  kind: 'transform',
  doc: 'Fields in lower case, in place.',
  notes: ['Made for parsers; lower() is its like in queries.'],
  deprecated: { use: 'lower' },
  params: [
    first('field', 'fields', 'The fields.', { required: true }),
    param('include', 'text', 'What is changed.', {
      default: 'values',
      oneOf: { values: 'Values.', fields: 'Names; not run here.', both: 'Both; not run here.' },
    }),
    LOCALE,
  ],
  fidelity: { differs: 'Only values, and only of fields that are named.' },
  evidence: page('lowercase'),
  examples: [
    {
      title: 'In place',
      given: [{ a: 'AbC' }],
      query: 'lowercase(a) | groupBy(a, function=[])',
      gives: [{ a: 'abc' }],
      from: page('lowercase'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const names = args.fields('field')
      if (names.some((n) => n.includes('*')) || args.text('include', 'values') !== 'values')
        return flow.lowering.report(notRunHere, args.call.nameSpan, {
          name: 'lowercase',
          what: '`lowercase()` of names or of all fields',
        })
      flow.assignAll(names.map((name) => ({ name, expr: call('str.lower', 'str', [toStr(flow.read(name))]) })))
    },
  },
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
  lower: {
    kind: 'value',
    value: ({ args }) => call('str.length', 'int', [toStr(args.expr('string'))]),
  },
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
    kind: 'value',
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
    kind: 'value',
    value: (c) => {
      const p = patternOf(c.flow, c.args.pattern('regex'), c.args.text('flags', 'm'), c.args.span('regex'))
      const by = c.args.text('with', c.args.text('replacement'))
      return p ? call('re.replace', 'str', [subject(c)], { ...p.consts, with: by }) : lit(null, 'str')
    },
    asStep: (c, value) => c.flow.assign(c.as ?? c.args.field('field', '@rawstring'), value),
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
    kind: 'value',
    value: (c) => {
      const list = parts(c)
      return list ? call('list.at', 'str', [list], { index: c.args.number('index', 0) }) : lit(null, 'str')
    },
    asStep: (c, value) => {
      const name = c.as ?? '_splitstring'
      if (c.args.has('index')) return c.flow.assign(name, value)
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
