// The measured work as a plan: connections to file transfer ports outside private networks, by host, image, user, address and port.
import { and, call, col, iff, not, test, text, TRUE } from '../core/plan/build.ts'
import type { AggCall, Column, Expr, Plan, Pred, SourceColumn } from '../core/plan/plan.ts'

const PORTS = ['20', '21', '69', '139', '445', '990']
const PRIVATE = ['^10\\.', '^172\\.(1[6-9]|2[0-9]|3[01])\\.', '^192\\.168\\.', '^127\\.', '^169\\.254\\.']
const KEYS = ['ComputerName', 'ImageFileName', 'UserName', 'RemoteAddressIP4', 'RemotePort']

const field = (name: string): SourceColumn => ({ id: name, ty: 'str', from: { kind: 'field', name } })
const str = (name: string): Expr => col(name, 'str')
const isIn = (of: Expr, values: readonly string[]): Pred => test('str.in', [of], { values, ignoreCase: false })

export function missionPlan(): Plan {
  const where = and(
    test('str.eq', [str('#event_simpleName'), text('NetworkConnectIP4')]),
    isIn(str('RemotePort'), PORTS),
    ...PRIVATE.map((pattern) => not(test('re.test', [str('RemoteAddressIP4')], { pattern, flags: '' }))),
  )
  const agg = (id: string, prim: string, ty: Column['ty'], ...args: Expr[]): AggCall => ({
    id,
    prim,
    args,
    consts: {},
    where: TRUE,
    ty,
  })
  const protocol = iff(
    isIn(str('RemotePort'), ['20', '21', '990']),
    text('FTP/FTPS'),
    iff(
      isIn(str('RemotePort'), ['445', '139']),
      text('SMB'),
      iff(isIn(str('RemotePort'), ['69']), text('TFTP'), text('Unknown')),
    ),
  )
  const time: SourceColumn = { id: '@timestamp', ty: 'time', from: { kind: 'meta', name: 'time' } }
  return {
    lets: [],
    out: {
      from: {
        kind: 'source',
        name: 'events',
        columns: [...['#event_simpleName', ...KEYS, 'BytesSent', 'BytesReceived'].map(field), time],
        rest: false,
        interval: 'query',
        where,
      },
      stages: [
        { kind: 'set', columns: [{ id: 'TransferProtocol', expr: protocol }] },
        {
          kind: 'aggregate',
          keys: [...KEYS, 'TransferProtocol'].map((id) => ({ id, expr: str(id) })),
          nullKeys: 'drop',
          aggs: [
            agg('ConnectionCount', 'agg.count', 'int'),
            agg('TotalBytesSent', 'agg.sum', 'dec', str('BytesSent')),
            agg('TotalBytesReceived', 'agg.sum', 'dec', str('BytesReceived')),
            agg('FirstSeen', 'agg.minTime', 'time', col('@timestamp', 'time')),
            agg('LastSeen', 'agg.maxTime', 'time', col('@timestamp', 'time')),
          ],
          limit: null,
        },
        {
          kind: 'filter',
          where: test('num.le', [
            call('num.fromInt', 'num', [col('ConnectionCount', 'int')]),
            { kind: 'lit', value: 1e9, ty: 'num' },
          ]),
        },
        {
          kind: 'order',
          by: [
            { expr: col('ConnectionCount', 'int'), dir: 'desc', nulls: 'last' },
            ...[...KEYS].map((id) => ({ expr: str(id), dir: 'asc' as const, nulls: 'last' as const })),
          ],
        },
      ],
    },
  }
}
