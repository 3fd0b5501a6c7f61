import { elementNames, pathOf } from '../4-lower/array-names.ts'
import type { Expr } from '../../../plan/plan.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { col, call, lit } from '../../../plan/build.ts'
import { readElements } from '../4-lower/functions/object-array.ts'
import { filledOr } from '../4-lower/functions/parsed-fields.ts'
import { first, param, page } from '../4-lower/params.ts'
import { isNull, orElse } from '../4-lower/values.ts'

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
    differs: '`@id` stays as it is.',
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
      title: 'An array inside the elements of another',
      given: [{ j: '{"p":[{"n":"x","f":["a","b"]},{"n":"y","f":["c"]}],"r":["1","2"]}' }],
      query: 'parseJson(j) | split(p) | split(p.f) | split(r) | groupBy([p.n, p.f, r], function=[])',
      gives: [
        { 'p.n': 'x', 'p.f': 'a', r: '1' },
        { 'p.n': 'x', 'p.f': 'a', r: '2' },
        { 'p.n': 'x', 'p.f': 'b', r: '1' },
        { 'p.n': 'x', 'p.f': 'b', r: '2' },
        { 'p.n': 'y', 'p.f': 'c', r: '1' },
        { 'p.n': 'y', 'p.f': 'c', r: '2' },
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

function splitStep(c: CallContext): void {
  const { flow, args } = c
  const field = args.field('field', '_events')
  const named = flow.names.has(`${field}[]`) || elementNames(flow, `${field}[]`).length > 0
  const texts = named ? flow.read(`${field}[]`) : undefined
  const plain = texts?.ty === 'list'
  const into = flow.hidden('split')
  const keep = flow.lowering.choice('split-missing') === 'keep'
  const elements = flow.elements
  flow.push({ kind: 'unnest', list: plain ? texts : elements(field), into, index: '_index', keep })
  flow.rel.neverAbsent.delete('_index')
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
  const inside = (name: string): string | undefined =>
    plain || !name.startsWith(prefix) || /^[@#]/.test(name) ? undefined : name.slice(prefix.length)
  flow.unknown = (name) => {
    const member = inside(name)
    // The array is gone.
    if (field !== '' && name.startsWith(`${field}[`)) return lit(null, name.includes('[]') ? 'list' : 'str')
    if (member === undefined) return outer(name)
    const nested = pathOf(member)
    const mine = name.includes('[]')
      ? call('parsed.elements', 'list', [element], { how: 'json', name: member })
      : nested.length > 1
        ? orElse(at([member]), at(nested))
        : at([member])
    if (prefix !== '') return mine
    // Without a prefix every field may be one of the event that was copied.
    const copied = flow.lowering.asFallback(name, () => outer(name))
    return mine.ty === 'list' ? filledOr(mine, copied) : orElse(mine, copied)
  }
  flow.elements = (name, kept) => (name === field ? lit([], 'list') : elements(name, kept))
  readElements(c, (name) => {
    const member = inside(name)
    return member === undefined ? undefined : call('parsed.objects', 'list', [element], { how: 'json', name: member })
  })
  if (!plain)
    flow.opened = [...flow.opened, { text: element, consts: { how: 'json' }, prefix, removed: [], wins: true }]
}
