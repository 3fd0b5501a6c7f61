// Fields: set, renamed, dropped, chosen, put together.
import { call, lit, not, present, test } from '../../../plan/build.ts'
import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import type { Expr as AstExpr } from '../3-parse/ast.ts'
import { FIELDS, as, first, page, param } from '../4-lower/params.ts'
import { toStr } from '../../shared/convert.ts'
import { choose, isNull, orElse } from '../4-lower/values.ts'

export const evalFn = builtin({
  name: 'eval',
  category: 'fields',
  kind: 'transform',
  doc: 'Sets fields to expressions, from left to right.',
  notes: ['`field := expression` is its shorthand. An expression without a value leaves the field as it was.'],
  params: [],
  fidelity: 'exact',
  evidence: page('eval'),
  examples: [
    {
      title: 'One after the other',
      given: [{ a: '2' }],
      query: 'eval(b=a*3, c=b+1) | select([b, c])',
      gives: [{ b: '6', c: '7' }],
      from: page('eval'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      for (const name of args.names()) flow.assign(name, args.expr(name))
    },
  },
})

export const ifFn = builtin({
  name: 'if',
  category: 'fields',
  kind: 'transform',
  doc: 'One of two values, by a condition.',
  notes: ['The condition may be a comparison or a filter function.'],
  params: [
    first('condition', 'expression', 'The condition.', { required: true }),
    param('then', 'expression', 'The value if it holds.', { required: true }),
    param('else', 'expression', 'The value if not.', { required: true }),
    as('_if'),
  ],
  output: '_if',
  fidelity: { differs: 'No public text says what a condition without a value gives; see the semantic `if-null`.' },
  evidence: page('if'),
  examples: [
    {
      title: 'By a comparison',
      given: [{ p: '21' }, { p: '80' }],
      query: 'kind := if(p == 21, then="FTP", else="other") | sort(p) | select([p, kind])',
      gives: [
        { p: '80', kind: 'other' },
        { p: '21', kind: 'FTP' },
      ],
      from: page('if'),
    },
  ],
  lower: {
    kind: 'value',
    value: (c) => {
      const value = choose(c.args.cond('condition'), c.args.expr('then'), c.args.expr('else'))
      if (c.flow.lowering.choice('if-null') === 'else') return value
      const ast = c.args.ast('condition')
      const known = ast ? c.flow.parts.hasValue(c.flow, ast) : ({ kind: 'true' } as const)
      return choose(known, value, lit(null, value.ty))
    },
  },
})

export const coalesce = builtin({
  name: 'coalesce',
  category: 'fields',
  kind: 'transform',
  doc: 'The first of several values that there is.',
  notes: ['Empty texts are passed over unless `ignoreEmpty=false`.'],
  params: [
    first('expressions', 'expressions', 'The values, in brackets.', { required: true }),
    param('ignoreEmpty', 'bool', 'Passes over empty texts.', { default: 'true' }),
    as('_coalesce'),
  ],
  output: '_coalesce',
  fidelity: 'exact',
  evidence: page('coalesce'),
  examples: [
    {
      title: 'First name that is there',
      given: [{ a: '', b: 'x' }, { b: 'y' }, {}],
      query: 'n := coalesce([a, b, "none"]) | groupBy(n, function=[])',
      gives: [{ n: 'none' }, { n: 'x' }, { n: 'y' }],
      from: page('coalesce'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const ignoreEmpty = args.flag('ignoreEmpty', true)
      const values = args.items('expressions').map((e) => toStr(flow.parts.expr(flow, e)))
      return values.reduceRight<Expr>(
        (rest, value) => {
          if (isNull(value) || (value.kind === 'lit' && value.value === '' && ignoreEmpty)) return rest
          if (value.kind === 'lit') return value
          return choose(ignoreEmpty ? filled(value) : present(value), value, rest)
        },
        lit(null, 'str'),
      )
    },
  },
})
const filled = (value: Expr): Pred => ({
  kind: 'and',
  of: [present(value), not(test('str.eq', [value, lit('', 'str')]))],
})

export const defaultFn = builtin({
  name: 'default',
  category: 'fields',
  kind: 'transform',
  doc: 'Gives fields that are missing a value.',
  notes: [],
  params: [
    first('value', 'expression', 'The value.', { required: true }),
    param('field', 'fields', 'The fields.', { required: true }),
    param('replaceEmpty', 'bool', 'Also replaces empty texts.', { default: 'false' }),
  ],
  fidelity: 'exact',
  evidence: page('default'),
  examples: [
    {
      title: 'Missing, not empty',
      given: [{ u: '' }, { x: '1' }],
      query: 'default(value="-", field=[u]) | groupBy(u)',
      gives: [
        { u: '', _count: 1 },
        { u: '-', _count: 1 },
      ],
      from: page('default'),
    },
    {
      title: 'Empty as well',
      given: [{ u: '' }, { x: '1' }],
      query: 'default(value="-", field=u, replaceEmpty=true) | groupBy(u)',
      gives: [{ u: '-', _count: 2 }],
      from: page('default'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const value = args.expr('value')
      const empty = args.flag('replaceEmpty')
      const items = args.fields('field').map((name) => {
        const old = flow.read(name)
        if (isNull(old)) return { name, expr: value }
        return { name, expr: empty ? choose(filled(toStr(old)), old, value) : orElse(old, value) }
      })
      flow.assignAll(items, true)
    },
  },
})

export const rename = builtin({
  name: 'rename',
  category: 'fields',
  kind: 'transform',
  doc: 'Gives fields other names; a field that has the new name already is overwritten.',
  notes: ['Several: `rename([[old, new], …])`. `new := rename(old)` does the same.'],
  params: [FIELDS, param('as', 'field', 'The new name.')],
  fidelity: 'exact',
  evidence: page('rename'),
  examples: [
    {
      title: 'One and several',
      given: [{ a: '1', b: '2', c: '3' }],
      query: 'rename(a, as=x) | rename([[b, y], [c, z]]) | select([a, x, y, z])',
      gives: [{ x: '1', y: '2', z: '3' }],
      from: page('rename'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const { flow } = c
      const pairs = renames(c).filter(([from, to]) => from !== to)
      const items = pairs.map(([from, to]) => ({ name: to, expr: flow.read(from) }))
      flow.assignAll(items)
      const targets = new Set(pairs.map(([, to]) => to))
      for (const [from] of pairs) if (!targets.has(from)) flow.drop(from)
    },
  },
})
function renames({ args, as: name, flow }: CallContext): [string, string][] {
  const pairs: [string, string][] = []
  const items = args.items('field')
  const word = (e: AstExpr): string => {
    const w = e.kind === 'group' ? e.of : e
    if (w.kind === 'field') return w.name.name
    if (w.kind === 'string' || w.kind === 'number' || w.kind === 'glob') return w.text
    flow.lowering.report(wrongKind, e.span, { fn: 'rename', name: 'field', takes: 'a field name, or pairs of them' })
    return ''
  }
  for (const item of items) {
    if (item.kind === 'array') {
      const [from, to] = item.items
      if (from && to) pairs.push([word(from), word(to)])
    } else if (name !== undefined) pairs.push([word(item), name])
  }
  // `rename([old, new])` is one pair as well.
  if (pairs.length === 0 && items.length === 2 && items[0] && items[1]) pairs.push([word(items[0]), word(items[1])])
  return pairs.filter(([from, to]) => from !== '' && to !== '')
}

export const drop = builtin({
  name: 'drop',
  category: 'fields',
  kind: 'transform',
  doc: 'Removes fields.',
  notes: [],
  params: [first('fields', 'fields', 'The fields.', { required: true })],
  fidelity: 'exact',
  evidence: page('drop'),
  examples: [
    {
      title: 'Gone',
      given: [{ a: '1', b: '2' }],
      query: 'groupBy([a, b]) | drop([b, _count])',
      gives: [{ a: '1' }],
      from: page('drop'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      for (const name of args.fields('fields')) flow.drop(name)
    },
  },
})

export const select = builtin({
  name: 'select',
  category: 'fields',
  kind: 'transform',
  doc: 'Keeps only these fields.',
  notes: ['The implied tail(200) still applies: it is no aggregate.'],
  params: [first('fields', 'fields', 'The fields, in order.', { required: true })],
  fidelity: 'exact',
  evidence: page('select'),
  examples: [
    {
      title: 'Two of three',
      given: [{ a: '1', b: '2', c: '3' }],
      query: 'select([c, a])',
      gives: [{ c: '3', a: '1' }],
      from: page('select'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      flow.close(args.fields('fields').map((name) => [name, flow.read(name)] as const))
      flow.parsedBy = undefined
    },
  },
})

export const getField = builtin({
  name: 'getField',
  category: 'fields',
  kind: 'transform',
  doc: 'The value of a field whose name is given as an expression.',
  notes: ['The way to read a field whose name needs quotes: `getField("host-name")`.'],
  params: [first('source', 'expression', 'The name.', { required: true }), as('_getField')],
  output: '_getField',
  fidelity: { differs: 'Only names that are known before the query runs.' },
  evidence: page('getField'),
  examples: [
    {
      title: 'A name with a hyphen',
      given: [{ 'host-name': 'x' }],
      query: 'h := getField("host-name") | select(h)',
      gives: [{ h: 'x' }],
      from: page('getField'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const name = args.expr('source')
      if (name.kind === 'lit' && typeof name.value === 'string') return flow.read(name.value)
      flow.lowering.report(wrongKind, args.span('source'), {
        fn: 'getField',
        name: 'source',
        takes: 'a text that is known before the query runs',
      })
      return lit(null, 'str')
    },
  },
})

export const setField = builtin({
  name: 'setField',
  category: 'fields',
  kind: 'transform',
  doc: 'Sets a field whose name is given as an expression.',
  notes: [],
  params: [
    param('target', 'expression', 'The name.', { required: true }),
    param('value', 'expression', 'The value.', { required: true }),
  ],
  fidelity: { differs: 'Only names that are known before the query runs.' },
  evidence: page('setField'),
  examples: [
    {
      title: 'A name with a hyphen',
      given: [{ a: '1' }],
      query: 'setField(target="host-name", value=a) | groupBy("host-name", function=[])',
      gives: [{ 'host-name': '1' }],
      from: page('setField'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const name = args.expr('target')
      if (name.kind === 'lit' && typeof name.value === 'string') return flow.assign(name.value, args.expr('value'))
      flow.lowering.report(wrongKind, args.span('target'), {
        fn: 'setField',
        name: 'target',
        takes: 'a text that is known before the query runs',
      })
    },
  },
})

export const concat = builtin({
  name: 'concat',
  category: 'fields',
  kind: 'transform',
  doc: 'The values of fields put together; missing ones contribute nothing.',
  notes: [],
  params: [FIELDS, as('_concat')],
  output: '_concat',
  fidelity: 'exact',
  evidence: page('concat'),
  examples: [
    {
      title: 'Two fields and a missing one',
      given: [{ a: 'x', b: 'y' }],
      query: 'concat([a, no, b], as=c) | select(c)',
      gives: [{ c: 'xy' }],
      from: page('concat'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) =>
      call(
        'str.concat',
        'str',
        args.fields('field').map((name) => toStr(flow.read(name))),
      ),
  },
})

export const concatArray = builtin({
  name: 'concatArray',
  category: 'fields',
  kind: 'transform',
  doc: 'The elements of an array joined into one text; nothing if there is no first element.',
  notes: [],
  params: [
    first('field', 'field', 'The array.', { required: true }),
    param('separator', 'text', 'Between two elements.', { default: '' }),
    param('prefix', 'text', 'In front of the text.', { default: '' }),
    param('suffix', 'text', 'Behind the text.', { default: '' }),
    param('from', 'number', 'First index.', { default: '0' }),
    param('to', 'number', 'Last index; the last there is.'),
    as('_concatArray'),
  ],
  output: '_concatArray',
  fidelity: { differs: 'No public text says whether `to` is part of it; here it is.' },
  evidence: page('concatArray'),
  examples: [
    {
      title: 'Joined',
      given: [{ 'a[0]': 'x', 'a[1]': 'y' }],
      query: 'concatArray(a, separator="-", as=c) | select(c)',
      gives: [{ c: 'x-y' }],
      from: page('concatArray'),
    },
    {
      title: 'A part',
      given: [{ 'a[0]': 'x', 'a[1]': 'y', 'a[2]': 'z' }],
      query: 'concatArray(a, from=1, as=c) | select(c)',
      gives: [{ c: 'yz' }],
      from: page('concatArray'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const name = args.field('field')
      const list = flow.read(name.includes('[]') ? name : `${name}[]`)
      if (list.ty !== 'list') return lit(null, 'str')
      const from = args.number('from', 0)
      const part =
        from > 0 || args.has('to')
          ? call('list.slice', 'list', [list], { from, ...(args.has('to') ? { to: args.number('to', 0) + 1 } : {}) })
          : list
      const joined = call('list.join', 'str', [part], { separator: args.text('separator') })
      const whole = call('str.concat', 'str', [
        lit(args.text('prefix'), 'str'),
        joined,
        lit(args.text('suffix'), 'str'),
      ])
      return choose(present(call('list.at', 'str', [list], { index: from })), whole, lit(null, 'str'))
    },
  },
})
