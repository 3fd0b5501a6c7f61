// A query without a filter, for measurements: all events by type and host.
import { col, TRUE } from '../core/plan/build.ts'
import type { Plan } from '../core/plan/plan.ts'

export function countPlan(keys: readonly string[]): Plan {
  return {
    lets: [],
    out: {
      from: {
        kind: 'source',
        name: 'events',
        columns: keys.map((id) => ({ id, ty: 'str', from: { kind: 'field', name: id } })),
        rest: false,
        interval: 'query',
        where: TRUE,
      },
      stages: [
        {
          kind: 'aggregate',
          keys: keys.map((id) => ({ id, expr: col(id, 'str') })),
          nullKeys: 'keep',
          aggs: [{ id: 'ConnectionCount', prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' }],
          limit: null,
        },
      ],
    },
  }
}
