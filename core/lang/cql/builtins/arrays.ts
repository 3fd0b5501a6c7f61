// Arrays: fields `a[0]`, `a[1]`, … up to the first gap, as a whole.
import { call, col, lit, test } from '../../../plan/build.ts'
import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import type { Const, Expr } from '../../../plan/plan.ts'
import { builtin, type CallContext, type CqlBuiltin } from '../4-lower/builtin.ts'
import { as, first, page, param } from '../4-lower/params.ts'
import { overElement } from '../4-lower/array-lambda.ts'
import { agg } from '../4-lower/group/select-event.ts'
import { toStr } from '../../shared/convert.ts'
import { isNull, orElse } from '../4-lower/values.ts'

const ARRAY = first('array', 'field', 'The array, with brackets: `"a[]"`.', { required: true })
const VAR = param('var', 'field', 'Name of the element inside the function; the name of the array.')
const AS_ARRAY = param('asArray', 'field', 'Name of the output array; the same.')
const FUNCTION = param('function', 'pipeline', 'What is done with every element, in braces.', { required: true })

const bracketed = (name: string): string => (name.includes('[]') ? name : `${name}[]`)
const bareName = (name: string): string => name.replace(/\[\]$/, '')
const list = (c: CallContext): Expr => {
  const value = c.flow.read(bracketed(c.args.field('array')))
  return value.ty === 'list' ? value : lit([], 'list')
}
const output = (c: CallContext): string =>
  bracketed(c.args.has('asArray') ? c.args.field('asArray') : c.args.field('array'))

function each(c: CallContext, fn: string, name: 'condition' | 'function'): ReturnType<typeof overElement> {
  const { flow, args } = c
  const pipeline = args.pipeline(name)
  if (!pipeline) {
    flow.lowering.report(wrongKind, args.span(name), { fn, name, takes: 'a sub-pipeline in braces' })
    return undefined
  }
  const array = args.field('array')
  const names = args.has('var') ? [args.field('var')] : [bareName(array), bracketed(array)]
  return overElement(flow, [...new Set(names)], pipeline, { fn, at: args.span(name), output: bareName(output(c)) })
}
const where = (of: Expr, pred: unknown): Expr => call('list.where', 'list', [of], { pred: pred as Const })

export const arrayLength = builtin({
  name: 'array:length',
  category: 'array',
  kind: 'transform',
  doc: 'Number of elements of an array up to the first gap.',
  notes: [],
  params: [ARRAY, as('_length')],
  output: '_length',
  fidelity: 'exact',
  evidence: page('array:length'),
  examples: [
    {
      title: 'Two',
      given: [{ 'a[0]': 'x', 'a[1]': 'y' }],
      query: 'array:length("a[]") | select(_length)',
      gives: [{ _length: 2 }],
      from: page('array:length'),
    },
    {
      title: 'No array',
      given: [{ b: 'x' }],
      query: 'array:length("a[]", as=n) | select(n)',
      gives: [{ n: 0 }],
      from: page('array:length'),
    },
  ],
  lower: {
    kind: 'value',
    value: (c) => call('list.length', 'int', [list(c)]),
  },
})

export const arrayExists = builtin({
  name: 'array:exists',
  category: 'filter',
  kind: 'filter',
  doc: 'Does an element of an array pass a filter?',
  notes: [],
  params: [ARRAY, param('condition', 'pipeline', 'The filter, in braces.', { required: true }), VAR],
  fidelity: { differs: 'The filter sees the element and no other field.' },
  evidence: page('array:exists'),
  examples: [
    {
      title: 'One of several values',
      given: [{ 'a[0]': 'x', 'a[1]': 'y' }, { 'a[0]': 'z' }],
      query: 'array:exists("a[]", condition={in(e, values=[y, w])}, var=e) | count()',
      gives: [{ _count: 1 }],
      from: page('array:exists'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: (c) => {
      const over = each(c, 'array:exists', 'condition')
      if (!over) return { kind: 'false' }
      return test('int.gt', [call('list.length', 'int', [where(list(c), over.cond)]), lit(0n, 'int')])
    },
  },
})

export const arrayFilter = builtin({
  name: 'array:filter',
  category: 'array',
  kind: 'transform',
  doc: 'The elements of an array that pass a filter, in their order.',
  notes: [],
  params: [ARRAY, FUNCTION, AS_ARRAY, VAR],
  fidelity: { differs: 'The filter sees the element and no other field.' },
  evidence: page('array:filter'),
  examples: [
    {
      title: 'Only programs',
      given: [{ 'f[0]': 'a.exe', 'f[1]': 'b.txt', 'f[2]': 'c.EXE' }],
      query:
        'array:filter("f[]", function={x=/\\.exe$/i}, var=x, asArray="p[]") | concatArray(p, separator=",", as=r) | select(r)',
      gives: [{ r: 'a.exe,c.EXE' }],
      from: page('array:filter'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const over = each(c, 'array:filter', 'function')
      if (over) c.flow.assign(output(c), where(list(c), over.cond))
    },
  },
})

export const arrayEval = builtin({
  name: 'array:eval',
  category: 'array',
  kind: 'transform',
  doc: 'What the function writes for every element, as an array without gaps; elements that it drops are left out.',
  notes: [
    'The function writes to the field that is named like the output array; if it does not, the element itself is taken as it is behind it.',
  ],
  params: [ARRAY, FUNCTION, AS_ARRAY, VAR],
  fidelity: { differs: 'The function sees the element and no other field.' },
  evidence: page('array:eval'),
  examples: [
    {
      title: 'In lower case, without the empty ones',
      given: [{ 'a[0]': 'X', 'a[1]': '', 'a[2]': 'Yz' }],
      query:
        'array:eval("a[]", function={x=/./ | b := lower(x)}, var=x, asArray="b[]") | concatArray(b, separator=",", as=r) | select(r)',
      gives: [{ r: 'x,yz' }],
      from: page('array:eval'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const over = each(c, 'array:eval', 'function')
      if (over) c.flow.assign(output(c), call('list.each', 'list', [list(c)], { expr: over.value as unknown as Const }))
    },
  },
})

interface Simple {
  readonly name: string
  readonly doc: string
  readonly more?: CqlBuiltin['params']
  readonly make: (value: Expr, c: CallContext) => Expr
  readonly given: readonly string[]
  readonly call: string
  readonly gives: string
}
const simple = (s: Simple): CqlBuiltin =>
  builtin({
    name: s.name,
    category: 'array',
    kind: 'transform',
    doc: s.doc,
    notes: [],
    params: [ARRAY, ...(s.more ?? []), AS_ARRAY],
    fidelity: 'exact',
    evidence: page(s.name),
    examples: [
      {
        title: 'Of three elements',
        given: [Object.fromEntries(s.given.map((v, i) => [`a[${i}]`, v]))],
        query: `${s.call} | concatArray(b, separator=",", as=r) | select(r)`,
        gives: [{ r: s.gives }],
        from: page(s.name),
      },
    ],
    lower: {
      kind: 'step',
      step: (c) => c.flow.assign(output(c), s.make(list(c), c)),
    },
  })

export const arrayChanges: readonly CqlBuiltin[] = [
  simple({
    name: 'array:dedup',
    doc: 'Every element once, in the order of its first occurrence.',
    make: (v) => call('list.distinct', 'list', [v]),
    given: ['y', 'x', 'y'],
    call: 'array:dedup("a[]", asArray="b[]")',
    gives: 'y,x',
  }),
  simple({
    name: 'array:sort',
    doc: 'The elements in order: as texts without regard to case, or as numbers, before what is no number.',
    more: [
      param('order', 'text', 'Which way.', { default: 'asc', oneOf: { asc: 'Least first.', desc: 'Greatest first.' } }),
      param('type', 'text', 'How they are compared.', {
        default: 'string',
        oneOf: { string: 'As texts.', number: 'As numbers.' },
      }),
    ],
    make: (v, c) =>
      call('list.sort', 'list', [v], {
        number: c.args.text('type', 'string') === 'number',
        desc: c.args.text('order', 'asc').startsWith('desc'),
      }),
    given: ['10', 'x', '9'],
    call: 'array:sort("a[]", type=number, asArray="b[]")',
    gives: '9,10,x',
  }),
  simple({
    name: 'array:rename',
    doc: 'Gives an array another name.',
    make: (v) => v,
    given: ['x', 'y', 'z'],
    call: 'array:rename("a[]", asArray="b[]")',
    gives: 'x,y,z',
  }),
]

export const arrayAppend = builtin({
  name: 'array:append',
  category: 'array',
  kind: 'transform',
  doc: 'Adds values at the end of an array, which is made if there is none; values that are missing are passed over.',
  notes: [],
  params: [ARRAY, param('values', 'expressions', 'The values, in brackets.', { required: true })],
  fidelity: 'exact',
  evidence: page('array:append'),
  examples: [
    {
      title: 'A field and a text',
      given: [{ 'a[0]': 'x', u: 'y' }],
      query: 'array:append("a[]", values=[u, no, "z"]) | concatArray(a, separator=",", as=r) | select(r)',
      gives: [{ r: 'x,y,z' }],
      from: page('array:append'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const values = c.args.items('values').map((e) => toStr(c.flow.parts.expr(c.flow, e)))
      c.flow.assign(
        bracketed(c.args.field('array')),
        values.reduce<Expr>((rest, v) => call('list.append', 'list', [rest, v]), list(c)),
      )
    },
  },
})

export const arrayReduceAll = builtin({
  name: 'array:reduceAll',
  category: 'array',
  kind: 'aggregate',
  doc: 'Aggregates over all elements of all events.',
  notes: ['Every element is an event of its own to the aggregates, with the other fields of the event it comes from.'],
  params: [
    ARRAY,
    param('function', 'aggregates', 'Aggregates, in brackets if several.', { required: true }),
    param('var', 'field', 'Name of the element.', { required: true }),
  ],
  fidelity: { differs: 'That the other fields of the event are there is not documented.' },
  evidence: page('array:reduceAll'),
  examples: [
    {
      title: 'How often each value occurs',
      given: [{ 'a[0]': 'x', 'a[1]': 'y' }, { 'a[0]': 'x' }],
      query: 'array:reduceAll("a[]", function=[groupBy(e)], var=e)',
      gives: [
        { e: 'x', _count: 2 },
        { e: 'y', _count: 1 },
      ],
      from: page('array:reduceAll'),
    },
    {
      title: 'The greatest',
      given: [{ 'a[0]': '3', 'a[1]': '9' }, { 'a[0]': '5' }],
      query: 'array:reduceAll("a[]", function=max(e, as=m), var=e)',
      gives: [{ m: 9 }],
      from: page('array:reduceAll'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const name = args.field('var')
      const into = flow.hidden('element')
      flow.push({ kind: 'unnest', list: list(c), into, index: null, keep: false })
      flow.names.set(name, col(into, 'str'))
      const items = args.items('function')
      const [only] = items
      if (items.length !== 1 || only?.kind !== 'call') return flow.parts.group(flow, [], items, { limit: null })
      // A single call is a step of its own: groupBy() is more than an aggregate there.
      const filter = { kind: 'call' as const, call: only.call, span: only.span }
      flow.parts.steps(flow, { steps: [{ kind: 'filter', filter, span: only.span }], span: only.span })
    },
  },
})

export const arrayUnion = builtin({
  name: 'array:union',
  category: 'array',
  kind: 'aggregate',
  doc: 'The different elements of the array over all events, as one array.',
  notes: ['They come in code-point order.'],
  params: [ARRAY, as('_union')],
  output: '_union',
  fidelity: 'exact',
  evidence: page('array:union'),
  examples: [
    {
      title: 'Of two events',
      given: [{ 'a[0]': 'y', 'a[1]': 'x' }, { 'a[0]': 'y' }],
      query: 'array:union("a[]") | concatArray(_union, separator=",", as=r) | select(r)',
      gives: [{ r: 'x,y' }],
      from: page('array:union'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow } = c
      const [into, made] = [flow.hidden('element'), flow.hidden('union')]
      flow.push({ kind: 'unnest', list: list(c), into, index: null, keep: false })
      const aggs = [agg(made, 'agg.list', 'list', [col(into, 'str')], { limit: null })]
      flow.push({ kind: 'aggregate', keys: [], nullKeys: 'drop', aggs, limit: null })
      flow.renew([[`${c.as ?? '_union'}[]`, col(made, 'list')]])
    },
  },
})

export const split = builtin({
  name: 'split',
  category: 'array',
  kind: 'transform',
  doc: 'One event per element of an array; the other fields are copied.',
  notes: [
    '`_index` is the position. A text of the array stands under the array’s name, members of an object behind it and a dot.',
  ],
  params: [
    first('field', 'field', 'The array; empty: a JSON array at the top.', { default: '_events' }),
    param('strip', 'bool', 'Leaves the array’s name off members.', { default: 'false' }),
  ],
  fidelity: {
    differs: 'Fields of the elements that the query never names are not in the result; `@id` stays as it is.',
  },
  evidence: page('split'),
  examples: [
    {
      title: 'Texts',
      given: [{ h: 'a', 'c[0]': 'x', 'c[1]': 'y' }],
      query: 'split(c) | groupBy([h, c, _index], function=[])',
      gives: [
        { h: 'a', c: 'x', _index: 0 },
        { h: 'a', c: 'y', _index: 1 },
      ],
      from: page('split'),
    },
    {
      title: 'Objects, of which one lacks a member',
      given: [{ h: 'a', 'p[0].name': 'x', 'p[1].pid': '7', 'p[2].name': 'z', 'p[2].pid': '9' }],
      query: 'split(p) | default(value="-", field=[p.name, p.pid]) | groupBy([p.name, p.pid], function=[])',
      gives: [
        { 'p.name': '-', 'p.pid': '7' },
        { 'p.name': 'x', 'p.pid': '-' },
        { 'p.name': 'z', 'p.pid': '9' },
      ],
      from: page('split'),
    },
    {
      title: 'Out of JSON',
      given: [{ j: '{"p":[{"n":"x","q":{"r":1.10}},{"n":"y"}]}' }],
      query: 'parseJson(j) | split(p, strip=true) | default(value="-", field=q.r) | groupBy([n, q.r], function=[])',
      gives: [
        { n: 'x', 'q.r': '1.10' },
        { n: 'y', 'q.r': '-' },
      ],
      from: page('split'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: splitStep,
  },
})

function splitStep({ flow, args }: CallContext): void {
  const field = args.field('field', '_events')
  const texts = flow.names.get(`${field}[]`)
  const plain = texts?.ty === 'list'
  const into = flow.hidden('split')
  const keep = flow.lowering.choice('split-missing') === 'keep'
  flow.push({ kind: 'unnest', list: plain ? texts : flow.elements(field), into, index: '_index', keep })
  flow.rel.sure.delete('_index')
  const element = col(into, 'str')
  const prefix = args.flag('strip') || field === '' ? '' : `${field}.`
  for (const name of [...flow.names.keys()])
    if (name === field || name.startsWith(`${field}.`) || name.startsWith(`${field}[`)) flow.names.delete(name)
  flow.names.set('_index', col('_index', 'int'))
  const at = (path: readonly (string | number)[]): Expr => call('json.get', 'str', [element], { path })
  const outer = flow.unknown
  // Named at once: the result shows the element although no later step may name it.
  if (field !== '') {
    const before = flow.lowering.asFallback(field, () => outer(field))
    flow.names.set(field, plain ? element : isNull(before) ? at(['']) : orElse(at(['']), before))
  }
  flow.unknown = (name) => {
    if (plain || !name.startsWith(prefix) || /^[@#]/.test(name)) return outer(name)
    const member = name.slice(prefix.length)
    const nested = [...member.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map((m) =>
      m[1] === undefined ? (m[2] as string) : Number(m[1]),
    )
    const mine = nested.length > 1 ? orElse(at([member]), at(nested)) : at([member])
    // Without a prefix every field may be one of the event that was copied.
    return prefix === ''
      ? orElse(
          mine,
          flow.lowering.asFallback(name, () => outer(name)),
        )
      : mine
  }
  flow.elements = () => lit([], 'list')
  flow.parsedBy = { fn: 'split', at: args.call.nameSpan }
}
