import { call } from '../../../plan/build.ts'
import { builtin } from '../4-lower/builtin.ts'
import { fieldList } from '../4-lower/functions/field-list.ts'
import { as, first, page } from '../4-lower/params.ts'

export const writeJson = builtin({
  name: 'writeJson',
  category: 'text',
  kind: 'transform',
  doc: 'Fields as one JSON object: `a.b[0]` is an element of an array in a member.',
  notes: ['A name stands for all fields that begin so; with a star, it is a pattern of the whole name.'],
  params: [first('field', 'fields', 'The fields.', { default: '@rawstring' }), as('_json')],
  output: '_json',
  fidelity: {
    differs:
      'The order of members is not documented: it is that of the names. A field whose place another field has is a member of its whole name.',
  },
  evidence: page('writeJson'),
  examples: [
    {
      title: 'Nested members',
      given: [{ 'a.b.c': '5', 'a.b.e[0]': '6', 'a.d': 'x', b: '1' }],
      query: 'writeJson(["a.b", "a.d"], as=j) | select(j)',
      gives: [{ j: '{"a":{"b":{"c":5,"e":[6]},"d":"x"}}' }],
      from: page('writeJson'),
    },
    {
      title: 'Fields made by the query, and a pattern',
      given: [{ 'v[0]': 'x', w: '2' }],
      query: 'n := w * 2 | j := writeJson(["v[*]", "n"]) | select(j)',
      gives: [{ j: '{"n":4,"v":["x"]}' }],
      from: page('writeJson'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const names = args.has('field') ? args.fields('field') : ['@rawstring']
      // A field of that very name may have no step of its own before.
      for (const n of names) if (!n.includes('*')) flow.read(n)
      return call('fields.json', 'str', [fieldList(flow)], { names })
    },
  },
})
