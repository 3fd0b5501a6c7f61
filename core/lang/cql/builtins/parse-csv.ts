import { builtin } from '../4-lower/builtin.ts'
import { call, not, test, lit } from '../../../plan/build.ts'
import { choose } from '../4-lower/values.ts'
import { first, param, page } from '../4-lower/params.ts'
import { toStr } from '../../shared/convert.ts'

export const parseCsv = builtin({
  name: 'parseCsv',
  category: 'parse',
  kind: 'parse',
  doc: 'Columns of one line of delimited text.',
  notes: ['A column that the line lacks gives no field.'],
  params: [
    first('field', 'field', 'The field with the line.', { default: '@rawstring' }),
    param('columns', 'texts', 'Names of the columns, in order.', { required: true }),
    param('delimiter', 'text', 'Between two columns.', { default: ',' }),
    param('excludeEmpty', 'bool', 'Empty columns give no field.', { default: 'false' }),
    param('trim', 'bool', 'Takes white space off values.', { default: 'false' }),
  ],
  fidelity: 'exact',
  evidence: page('parseCsv'),
  examples: [
    {
      title: 'With quotes',
      given: [{ m: 'x,"y, z",' }],
      query: 'parseCsv(m, columns=[a, b, c], excludeEmpty=true) | select([a, b, c])',
      gives: [{ a: 'x', b: 'y, z' }],
      from: page('parseCsv'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const text = flow.keep('csv', toStr(flow.read(args.field('field', '@rawstring'))))
      const consts = { delimiter: args.text('delimiter', ','), quote: '"', escape: '' }
      const items = args.texts('columns').map((name, i) => {
        const raw = call('str.column', 'str', [text], { ...consts, index: i + 1 })
        const value = args.flag('trim') ? call('str.trim', 'str', [raw]) : raw
        const filled = not(test('str.eq', [value, lit('', 'str')]))
        return { name, expr: args.flag('excludeEmpty') ? choose(filled, value, lit(null, 'str')) : value }
      })
      flow.assignAll(items.filter((x) => x.name !== ''))
    },
  },
})
