// Aggregates that take fields of one event of the group.
import { lit } from '../../../plan/build.ts'
import { type Aggregates, builtin, type CallContext } from '../4-lower/builtin.ts'
import { FIELD, first, page, param } from '../4-lower/params.ts'
import { agg, lateness, pick } from '../4-lower/group/select-event.ts'
import { toNum, toStr } from '../../shared/convert.ts'
import { orElse } from '../4-lower/values.ts'

export const selectLast = builtin({
  name: 'selectLast',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'For each field the value of the newest event that has it.',
  notes: [],
  params: [first('fields', 'fields', 'The fields to select.', { required: true })],
  fidelity: 'exact',
  evidence: page('selectLast'),
  examples: [
    {
      title: 'Last known address; each field for itself',
      given: [
        { '@timestamp': 1000, h: 'a', ip: '1.1.1.1', u: 'x' },
        { '@timestamp': 3000, h: 'a', ip: '3.3.3.3' },
        { '@timestamp': 2000, h: 'a', ip: '2.2.2.2' },
      ],
      query: 'groupBy(h, function=selectLast([ip, u]))',
      gives: [{ h: 'a', ip: '3.3.3.3', u: 'x' }],
      from: page('selectLast'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: ({ flow, args }) => {
      const seq = lateness(flow)
      const known = flow.orderTime()
      // Events without a time count as the oldest.
      const time = known && orElse(known, lit(-(2n ** 62n), 'time'))
      return {
        calls: args.fields('fields').map((name) => {
          const value = flow.read(name)
          // Time is the value's own order: keep it exact instead of as text.
          if (name === '@timestamp' && value.ty === 'int') return agg(name, 'agg.maxInt', 'int', [value])
          if (!time) return agg(name, 'agg.any', 'str', [toStr(value)])
          return agg(name, 'agg.latest', 'str', [toStr(value), time, seq])
        }),
        noneIsNoRow: true,
      }
    },
  },
})

function fromExtreme(c: CallContext, prim: 'agg.argMax' | 'agg.argMin'): Aggregates {
  const { flow, args } = c
  const key = toNum(flow.read(args.field('field')))
  const seq = flow.seq()
  const picked = args
    .fields('include')
    .map((name) => ({ name, ...pick(flow.hidden('pick'), prim, flow.read(name), key, seq) }))
  return {
    calls: picked.map((p) => p.call),
    outputs: picked.map((p) => ({ id: p.name, expr: p.value })),
    noneIsNoRow: true,
  }
}
const INCLUDE = param('include', 'fields', 'The fields to take.', { required: true })

export const selectFromMax = builtin({
  name: 'selectFromMax',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Fields of the event with the greatest number in a field.',
  notes: ['Of several such events the last of the input is taken.'],
  params: [FIELD, INCLUDE],
  fidelity: 'exact',
  evidence: page('selectFromMax'),
  examples: [
    {
      title: 'Who sent the most',
      given: [
        { b: '9', u: 'x' },
        { b: '10', u: 'y' },
      ],
      query: 'selectFromMax(b, include=[u, b])',
      gives: [{ u: 'y', b: '10' }],
      from: page('selectFromMax'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: (c) => fromExtreme(c, 'agg.argMax'),
  },
})

export const selectFromMin = builtin({
  name: 'selectFromMin',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Fields of the event with the least number in a field.',
  notes: [],
  params: [FIELD, INCLUDE],
  fidelity: 'exact',
  evidence: page('selectFromMin'),
  examples: [
    {
      title: 'The first user',
      given: [
        { b: '9', u: 'x' },
        { b: '10', u: 'y' },
      ],
      query: 'selectFromMin(b, include=u)',
      gives: [{ u: 'x' }],
      from: page('selectFromMin'),
    },
  ],
  lower: {
    kind: 'aggregate',
    aggregate: (c) => fromExtreme(c, 'agg.argMin'),
  },
})
