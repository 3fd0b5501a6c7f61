import { call, col, lit, test } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { eachField } from '../4-lower/functions/field-list.ts'
import { assignParsed } from '../4-lower/functions/parsed-fields.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { first, limit, page, param } from '../4-lower/params.ts'
import { byTime } from '../4-lower/ordering.ts'

export const transpose = builtin({
  name: 'transpose',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Rows become columns: one output row for each field, one column for each row.',
  notes: ['The columns are `row[1]`, `row[2]`, …, or have the names that the rows have in a field.'],
  params: [
    first('pivot', 'field', 'The same as header.'),
    param('header', 'field', 'The field whose values name the columns.'),
    param('column', 'field', 'Name of the column with the names of the fields.', { default: 'column' }),
    limit('5', 'The most rows; at most 1000.'),
  ],
  fidelity: { differs: 'The order of the output rows is not documented: they come by name.' },
  evidence: page('transpose'),
  examples: [
    {
      title: 'Two rows',
      given: [
        { k: 'a', n: '1' },
        { k: 'b', n: '2' },
      ],
      query: 'groupBy(k, function=sum(n, as=s)) | sort(s, order=asc) | transpose() | select([column, row[1], row[2]])',
      gives: [
        { column: 'k', 'row[1]': 'a', 'row[2]': 'b' },
        { column: 's', 'row[1]': '1', 'row[2]': '2' },
      ],
      from: page('transpose'),
    },
    {
      title: 'Columns named by a field',
      given: [
        { k: 'a', n: '1' },
        { k: 'b', n: '2' },
      ],
      query: 'groupBy(k, function=sum(n, as=s)) | sort(s, order=asc) | transpose(header=k, column=what)',
      gives: [{ what: 's', a: '1', b: '2' }],
      from: page('transpose'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const header = args.has('header') ? args.field('header') : args.has('pivot') ? args.field('pivot') : undefined
      const most = args.limit('limit', 5, 1000)
      const order = flow.orderKeys ?? (flow.aggregated ? [] : byTime(flow, 'desc'))
      const place = flow.hidden('place')
      const frame = { before: null, after: null }
      const rank = { ...aggCall(place, 'win.rank', 'int', []), frame }
      flow.push({ kind: 'window', partition: [], order, columns: [rank] })
      flow.filter(test('int.le', [col(place, 'int'), lit(BigInt(most), 'int')]))
      const number = call('int.toText', 'str', [col(place, 'int')])
      const byNumber = call('str.concat', 'str', [lit('row[', 'str'), number, lit(']', 'str')])
      const title: Expr = header === undefined ? byNumber : flow.keep('header', toStr(flow.read(header)))
      const { name, value } = eachField(flow, header === undefined ? [] : [header])
      const [pivot, column] = [flow.hidden('pivot'), args.text('column', 'column')]
      const aggs = [aggCall(pivot, 'agg.pivot', 'str', [title, value])]
      flow.push({ kind: 'aggregate', keys: [{ id: column, expr: name }], nullKeys: 'drop', aggs, limit: null })
      flow.rel.neverAbsent.clear()
      flow.renew([[column, col(column, 'str')]])
      assignParsed(c, { texts: [col(pivot, 'str')], consts: { how: 'json' }, prefix: '', removed: [], wins: false })
    },
  },
})
