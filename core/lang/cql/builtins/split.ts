import { elementNames } from '../4-lower/array-names.ts'
import type { Expr } from '../../../plan/plan.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { col, call, lit } from '../../../plan/build.ts'
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
  const named = flow.names.has(`${field}[]`) || elementNames(flow, `${field}[]`).length > 0
  const texts = named ? flow.read(`${field}[]`) : undefined
  const plain = texts?.ty === 'list'
  const into = flow.hidden('split')
  const keep = flow.lowering.choice('split-missing') === 'keep'
  flow.push({ kind: 'unnest', list: plain ? texts : flow.elements(field), into, index: '_index', keep })
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
  if (!plain)
    flow.opened = [...flow.opened, { text: element, consts: { how: 'json' }, prefix, removed: [], wins: true }]
}
