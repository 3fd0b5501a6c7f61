// Fields of the event with an extreme value.
import type { CallContext, Aggregates } from '../builtin.ts'
import { param } from '../params.ts'
import { selectField } from '../group/select-event.ts'
import { toNum } from '../../../shared/convert.ts'

export function selectFromExtreme(c: CallContext, prim: 'agg.argMax' | 'agg.argMin'): Aggregates {
  const { flow, args } = c
  const key = toNum(flow.read(args.field('field')))
  const seq = flow.seq()
  const picked = args
    .fields('include')
    .map((name) => ({ name, ...selectField(flow.hidden('pick'), prim, flow.read(name), key, seq) }))
  return {
    calls: picked.map((p) => p.call),
    outputs: picked.map((p) => ({ id: p.name, expr: p.value })),
    noneIsNoRow: true,
  }
}

export const INCLUDE = param('include', 'fields', 'The fields to take.', { required: true })
