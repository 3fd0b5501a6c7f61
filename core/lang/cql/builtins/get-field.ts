import { builtin } from '../4-lower/builtin.ts'
import { first, as, page } from '../4-lower/params.ts'
import { call } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'
import { fieldList } from '../4-lower/functions/field-list.ts'

export const getField = builtin({
  name: 'getField',
  category: 'fields',
  kind: 'transform',
  doc: 'The value of a field whose name is given as an expression.',
  notes: [
    'The way to read a field whose name needs quotes: `getField("host-name")`.',
    'Without quotes, the name is the value of a field: `getField(n)`.',
  ],
  params: [first('source', 'expression', 'The name.', { required: true }), as('_getField')],
  output: '_getField',
  fidelity: 'exact',
  evidence: page('getField'),
  examples: [
    {
      title: 'A name with a hyphen',
      given: [{ 'host-name': 'x' }],
      query: 'h := getField("host-name") | select(h)',
      gives: [{ h: 'x' }],
      from: page('getField'),
    },
    {
      title: 'The name is a value',
      given: [{ n: 'a', a: 'x' }, { n: 'b', a: 'x' }, { n: 'made' }],
      query: 'made := "y" | h := getField(n) | select([n, h])',
      gives: [{ n: 'made', h: 'y' }, { n: 'b' }, { n: 'a', h: 'x' }],
      from: page('getField'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const name = args.expr('source')
      if (name.kind === 'lit' && typeof name.value === 'string') return flow.read(name.value)
      return call('fields.value', 'str', [fieldList(flow), toStr(name)])
    },
  },
})
