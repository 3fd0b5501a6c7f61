import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import { FIELD, param, page } from '../4-lower/params.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { builtin } from '../4-lower/builtin.ts'
import { toNum } from '../../shared/convert.ts'

export const percentile = builtin({
  name: 'percentile',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Percentiles of the values that are numbers, one output each.',
  notes: ['LogScale estimates them with a relative error; here they are exact.'],
  params: [
    FIELD,
    param('percentiles', 'texts', 'Which ones, 0 to 100.', { default: '[50, 75, 99]' }),
    param('as', 'field', 'Prefix of the output names.', { default: '' }),
    param('accuracy', 'number', 'The relative error LogScale may make.', {
      default: '0.01',
      unused: 'values are exact here',
    }),
  ],
  fidelity: { differs: 'Exact by nearest rank, where LogScale estimates.' },
  evidence: page('percentile'),
  examples: [
    {
      title: 'Median',
      given: [{ x: '12' }, { x: '25' }, { x: '50' }, { x: '99' }],
      query: 'percentile(x, percentiles=[50], as=p)',
      gives: [{ p_50: 25 }],
      from: { assumed: 'nearest rank' },
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args, as: name }) => {
      const value = toNum(flow.read(args.field('field')))
      const method = flow.lowering.choice('percentile-method') === 'nearest' ? 'nearest' : 'linear'
      const percentiles = args.has('percentiles') ? args.texts('percentiles') : ['50', '75', '99']
      if (!percentiles.every((p) => p.trim() !== '' && Number(p) >= 0 && Number(p) <= 100))
        flow.lowering.report(wrongKind, args.span('percentiles'), {
          fn: 'percentile',
          name: 'percentiles',
          takes: 'numbers from 0 to 100',
        })
      return {
        calls: percentiles.map((p) =>
          aggCall(`${name ?? ''}_${p}`, 'agg.percentile', 'num', [value], { p: Number(p), method }),
        ),
        noneIsNoRow: true,
      }
    },
  },
})
