// The published hunt as a handwritten plan, so that tests of generator, formats and view need no language.
import { and, col, not, test, text, TRUE } from '../../core/plan/build.ts'
import type { AggCall, Expr, Plan, Stage } from '../../core/plan/plan.ts'

const FIELDS = [
  'event_simpleName',
  'RemotePort',
  'RemoteAddressIP4',
  'ComputerName',
  'ImageFileName',
  'UserName',
  'BytesSent',
  'BytesReceived',
]
const KEYS = ['ComputerName', 'ImageFileName', 'UserName', 'RemoteAddressIP4', 'RemotePort']

const str = (id: string): Expr => col(id, 'str')
const agg = (id: string, prim: string, ty: AggCall['ty'], ...args: Expr[]): AggCall => ({
  id,
  prim,
  args,
  consts: {},
  where: TRUE,
  ty,
})

export function huntPlan(): Plan {
  const subnets = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '169.254.0.0/16']
  const where = and(
    test('str.eq', [str('event_simpleName'), text('NetworkConnectIP4')]),
    test('str.in', [str('RemotePort')], { values: ['20', '21', '69', '139', '445', '990'], ignoreCase: false }),
    not(test('ip.inCidr', [str('RemoteAddressIP4')], { subnets })),
  )
  const grouped: Stage = {
    kind: 'aggregate',
    keys: KEYS.map((id) => ({ id, expr: str(id) })),
    nullKeys: 'drop',
    aggs: [
      agg('count', 'agg.count', 'int'),
      agg('sent', 'agg.sum', 'dec', str('BytesSent')),
      agg('received', 'agg.sum', 'dec', str('BytesReceived')),
      agg('first', 'agg.minTime', 'time', col('at', 'time')),
      agg('last', 'agg.maxTime', 'time', col('at', 'time')),
    ],
    limit: null,
  }
  const over = test('int.gt', [col('count', 'int'), { kind: 'lit', value: 3n, ty: 'int' }])
  return {
    lets: [],
    out: {
      from: {
        kind: 'source',
        name: 'events',
        columns: [
          ...FIELDS.map((name) => ({ id: name, ty: 'str' as const, from: { kind: 'field' as const, name } })),
          { id: 'at', ty: 'time', from: { kind: 'meta', name: 'time' } },
        ],
        rest: false,
        interval: 'query',
        where: TRUE,
      },
      stages: [{ kind: 'filter', where }, grouped, { kind: 'filter', where: over }],
    },
  }
}
