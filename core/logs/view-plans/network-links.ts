// Stages that link FTP data connections and TFTP transfers to their control connection or request. Rows are connections.
import { byName } from '../../text/by-name.ts'
import { absent, and, call, col, holds, iff, lit, not, or, present, test, text, truth } from '../../plan/build.ts'
import type { Expr, OrderKey, Pred, SourceColumn, Stage } from '../../plan/plan.ts'
import { mapPred } from '../../plan/walk.ts'
import { SERVICE_PORTS } from '../network/network.ts'
import { agg, hidden } from './network-connections.ts'

/** Fields whose values change sides where the server opened the connection. */
export const OTHER_SIDE: Readonly<Record<string, string>> = byName({
  src_ip: 'dest_ip',
  dest_ip: 'src_ip',
  src_port: 'dest_port',
  dest_port: 'src_port',
  bytes_out: 'bytes_in',
  bytes_in: 'bytes_out',
  nat_src_ip: 'nat_dest_ip',
  nat_dest_ip: 'nat_src_ip',
})

/** - `link`: `expectation` or `inferred`. - `link_port`: port of the control connection or request. */
export const LINK_FIELDS: readonly string[] = ['link', 'link_port']

/** Fields of a connection that linking reads from columns of its own, `hidden('link.…')`. `end` is in microseconds. */
export const LINK_READS: readonly string[] = ['src_ip', 'src_port', 'dest_ip', 'dest_port', 'protocol', 'role', 'end']

export const linkColumn = (name: string): string => hidden(`link.${name}`)
const read = (name: string): Expr => col(linkColumn(name), 'str')
const begun = call('time.toInt', 'int', [col(hidden('begun'), 'time')])

const is = (e: Expr, ...values: readonly string[]): Pred => test('str.in', [e], { values, ignoreCase: false })
const number = (e: Expr): Expr => call('num.parse', 'num', [e])
const isHigh = (port: Expr): Pred => test('num.ge', [number(port), lit(1024, 'num')])
/** No service has it, so a client and a server may have agreed on it. */
const isUnassigned = (port: Expr): Pred => and(isHigh(port), not(is(port, ...SERVICE_PORTS)))
/** Ports from which servers open data connections of FTP and of FTP over TLS. */
const isDataPort = (port: Expr): Pred => is(port, '20', '989')

/** Records that may be control connections or requests, by fields of the record. */
export const mayControl = (port: Expr, role: Expr): Pred => or(is(port, '21', '990', '69'), is(role, 'control'))

/** Logs with whole seconds cut off as much. */
const SLACK = 1_000_000n
/** A request of TFTP is one packet. The server answers at once; clients ask again for some seconds. */
const ANSWER = 10_000_000n

const isUdp = is(read('protocol'), 'udp')
const isExpected = is(read('role'), 'data')
const isControl = and(
  not(isExpected),
  or(
    is(read('role'), 'control'),
    and(not(isUdp), is(read('dest_port'), '21', '990')),
    and(isUdp, is(read('dest_port'), '69')),
  ),
)

const CONTROL = holds(col(linkColumn('control'), 'bool'))

/** The client and the server of a control connection; of TFTP also the client's port, which its transfer keeps. */
function pair(client: 'dest' | 'src'): Expr {
  const server = client === 'src' ? 'dest' : 'src'
  const ends = [text(' '), read(`${client}_ip`), text(' '), read(`${server}_ip`)]
  return iff(
    isUdp,
    call('str.concat', 'str', [read(`${client}_port`), ...ends]),
    call('str.concat', 'str', [text('tcp'), ...ends]),
  )
}

/** Stages that give each connection the control session that is open when it begins, if its client opened it, and if its server did. */
function sessions(): Stage[] {
  const end = call('int.parse', 'int', [read('end')])
  const later = (time: Expr, by: bigint): Expr => call('int.add', 'int', [time, lit(by, 'int')])
  const answered = later(iff(present(end), end, begun), ANSWER)
  const control = (e: Expr): Expr => iff(CONTROL, e, absent(e.ty))
  const order: OrderKey[] = [
    {
      expr: call('int.sub', 'int', [begun, iff(CONTROL, lit(SLACK, 'int'), lit(0n, 'int'))]),
      dir: 'asc',
      nulls: 'first',
    },
    { expr: read('forward'), dir: 'asc', nulls: 'first' },
  ]
  const until = col(linkColumn('until'), 'int')
  const key = call('num.parse', 'num', [call('int.toText', 'str', [until])])
  const frame = { before: null, after: 0 }
  return [
    {
      kind: 'set',
      columns: [
        { id: linkColumn('control'), expr: truth(isControl) },
        { id: linkColumn('forward'), expr: pair('src') },
        { id: linkColumn('until'), expr: iff(isControl, iff(isUdp, answered, later(end, SLACK)), absent('int')) },
      ],
    },
    {
      kind: 'set',
      columns: [
        {
          id: linkColumn('backward'),
          expr: iff(CONTROL, read('forward'), pair('dest')),
        },
      ],
    },
    ...['forward', 'backward'].map(
      (way): Stage => ({
        kind: 'window',
        partition: [read(way)],
        order,
        columns: [
          { ...agg(linkColumn(`${way}.until`), 'agg.maxInt', [until], 'int'), frame },
          {
            ...agg(linkColumn(`${way}.port`), 'agg.argMax', [control(read('dest_port')), key, begun], 'str'),
            frame,
          },
        ],
      }),
    ),
  ]
}

/**
 * Stages that link the rows, and set the columns that a link changes. `conditions`: the query's filters on the columns; only rows that may
 * pass them, with either side as the source, and control connections are looked at.
 */
export function linkConnections(columns: readonly SourceColumn[], conditions: readonly Pred[]): Stage[] {
  const isOpen = (way: string): Pred =>
    and(not(CONTROL), test('int.le', [begun, col(linkColumn(`${way}.until`), 'int')]))
  const [from, to] = [read('src_port'), read('dest_port')]
  const byClient = and(or(not(present(from)), isHigh(from)), or(isUnassigned(to), and(not(isUdp), isDataPort(to))))
  const byServer = and(isUnassigned(to), or(isUnassigned(from), and(not(isUdp), isDataPort(from))))
  const forward = and(isOpen('forward'), or(isExpected, byClient))
  const backward = and(isOpen('backward'), or(isExpected, byServer))
  const opener = iff(
    forward,
    text('client'),
    iff(
      or(backward, and(isExpected, isDataPort(from))),
      text('server'),
      iff(isExpected, text('client'), absent('str')),
    ),
  )
  const opened = read('opener')
  const isTurned = is(opened, 'server')
  const changed = columns.flatMap((c) => {
    const name = c.from.kind === 'field' ? c.from.name : ''
    const other = OTHER_SIDE[name]
    if (other !== undefined) return [{ id: c.id, expr: iff(isTurned, read(other), col(c.id, 'str')) }]
    if (name === 'link') {
      const kind = iff(isExpected, text('expectation'), text('inferred'))
      return [{ id: c.id, expr: iff(present(opened), kind, absent('str')) }]
    }
    if (name === 'link_port')
      return [
        { id: c.id, expr: iff(forward, read('forward.port'), iff(backward, read('backward.port'), absent('str'))) },
      ]
    return []
  })
  const others = new Map(
    columns.flatMap((c) => {
      const other = c.from.kind === 'field' ? OTHER_SIDE[c.from.name] : undefined
      return other === undefined ? [] : [[c.id, read(other)]]
    }),
  )
  const turned = conditions.map((p) => mapPred(p, { expr: (e) => (e.kind === 'col' ? (others.get(e.id) ?? e) : e) }))
  const narrow: Stage[] =
    conditions.length === 0 ? [] : [{ kind: 'filter', where: or(and(...conditions), and(...turned), isControl) }]
  return [
    ...narrow,
    ...sessions(),
    { kind: 'set', columns: [{ id: linkColumn('opener'), expr: opener }] },
    { kind: 'set', columns: changed },
  ]
}
