import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import { call, lit, test } from '../../../plan/build.ts'
import { numberOf, toStr } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, page, param } from '../4-lower/params.ts'
import { choose } from '../4-lower/values.ts'

export const parseFixedWidth = builtin({
  name: 'parseFixedWidth',
  category: 'parse',
  kind: 'parse',
  doc: 'Columns of a text that stand at fixed places.',
  notes: ['A column that begins behind the end of the text gives no field.'],
  params: [
    first('field', 'field', 'The field with the text.', { default: '@rawstring' }),
    param('columns', 'texts', 'Names of the columns, in order.', { required: true }),
    param('widths', 'texts', 'How many characters each has, in the same order.', { required: true }),
    param('trim', 'bool', 'Takes white space off values.', { default: 'true' }),
  ],
  fidelity: 'exact',
  evidence: page('parseFixedWidth'),
  examples: [
    {
      title: 'Five columns, of which the text has four',
      given: [{ result: '117success  27% 3.14' }],
      query:
        'parseFixedWidth(result, columns=[count, status, completion, precision, sourcetask], widths=[3, 9, 4, 10, 10]) | select([count, status, completion, precision, sourcetask])',
      gives: [{ count: '117', status: 'success', completion: '27%', precision: '3.14' }],
      from: page('parseFixedWidth'),
    },
    {
      title: 'As they stand',
      given: [{ r: 'ab  c' }],
      query: 'parseFixedWidth(r, columns=[x, y], widths=[4, 4], trim=false) | select([x, y])',
      gives: [{ x: 'ab  ', y: 'c' }],
      from: page('parseFixedWidth'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const columns = args.texts('columns')
      const widths = args.texts('widths').map(numberOf)
      if (widths.length !== columns.length || !widths.every((w) => w !== null && Number.isInteger(w) && w >= 0)) {
        const takes = 'a whole number for each of `columns`'
        flow.lowering.report(wrongKind, args.span('widths'), { fn: 'parseFixedWidth', name: 'widths', takes })
        return
      }
      const text = flow.keep('text', toStr(flow.read(args.field('field', '@rawstring'))))
      const length = call('str.length', 'int', [text])
      let from = 0
      const items = columns.map((name, i) => {
        const [begin, end] = [from, from + (widths[i] as number)]
        from = end
        const raw = call('str.substring', 'str', [text, lit(BigInt(begin), 'int'), lit(BigInt(end), 'int')])
        const value = args.flag('trim', true) ? call('str.trim', 'str', [raw]) : raw
        const isThere = test('int.gt', [length, lit(BigInt(begin), 'int')])
        return { name, expr: choose(isThere, value, lit(null, 'str')) }
      })
      flow.assignAll(items.filter((x) => x.name !== ''))
    },
  },
})
