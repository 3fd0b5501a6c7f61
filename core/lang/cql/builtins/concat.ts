import { FIELDS, as, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'

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
