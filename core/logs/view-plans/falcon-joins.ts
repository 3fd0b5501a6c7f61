// The look-ups of the Falcon view, one join each. Each joins at most one row, so no event appears twice.
import { and, call, col, iff, not, present, test, text } from '../../plan/build.ts'
import { HIDDEN, type Expr, type Join, type Pred, type Relation, type SourceNode, type Stage } from '../../plan/plan.ts'

/** Prefix of the view's own columns, which no query can name or show. */
export const PREFIX = `${HIDDEN}falcon.`

const str = (id: string): Expr => col(id, 'str')
const AT = col('at', 'time')

function records(fields: readonly string[], where: Pred): SourceNode {
  return {
    kind: 'source',
    name: 'events',
    columns: [
      ...fields.map((name) => ({ id: name, ty: 'str' as const, from: { kind: 'field' as const, name } })),
      { id: 'at', ty: 'time', from: { kind: 'meta', name: 'time' } },
    ],
    rest: false,
    // A process or a host is often older than the interval of the query.
    interval: 'all',
    where,
  }
}

type Pair = Join['on'][number]

function lookup(
  right: Relation,
  on: readonly Pair[],
  within: Join['within'],
  dir: 'asc' | 'desc',
  include: Join['include'],
): Join {
  return {
    kind: 'join',
    how: 'left',
    right,
    on,
    within,
    include,
    missing: null,
    max: 1,
    order: [{ expr: AT, dir, nulls: 'last' }],
  }
}

/** The newest row at or before the event; if there is none, the earliest later one. */
function asOf(right: Relation, on: readonly Pair[], time: Expr, from: string, id: string): Stage[] {
  return [
    lookup(right, on, { prim: 'time.ge', left: time, right: AT }, 'desc', [{ id: PREFIX + id, from }]),
    lookup(right, on, { prim: 'time.lt', left: time, right: AT }, 'asc', [{ id: `${PREFIX}${id}.later`, from }]),
  ]
}

const isText = (e: Expr): Pred => and(present(e), not(test('str.eq', [e, text('')])))

/** A row of aidmaster has a host name and no `event_simpleName`. */
export function hostJoins(aid: Expr, time: Expr): Stage[] {
  const where = and(not(present(str('event_simpleName'))), present(str('aid')), isText(str('ComputerName')))
  const right: Relation = { from: records(['aid', 'ComputerName', 'event_simpleName'], where), stages: [] }
  return asOf(right, [{ left: aid, right: str('aid') }], time, 'ComputerName', 'host')
}

const isOneOf = (values: readonly string[]): Pred =>
  test('str.in', [str('event_simpleName')], { values: [...values], ignoreCase: false })

/** ProcessStartTime is in seconds with a fraction, by the sensor's clock; the record itself may arrive minutes later. */
function started(): Expr {
  const seconds = call('num.parse', 'num', [str('ProcessStartTime')])
  const micros = call('num.toInt', 'int', [
    call('num.round', 'num', [call('num.mul', 'num', [seconds, { kind: 'lit', value: 1e6, ty: 'num' }])]),
  ])
  const time = call('time.fromInt', 'time', [micros])
  return iff(present(time), time, AT)
}

/** Process ids repeat across hosts, so `aid` is part of the key. `…process.row` is present if the row was found. */
export function processJoin(aid: Expr, process: Expr, time: Expr, fields: readonly string[]): Stage {
  const read = [...new Set([...fields, ...(fields.includes('FileName') ? ['ImageFileName'] : [])])]
  const where = and(
    isOneOf(['ProcessRollup2', 'SyntheticProcessRollup2']),
    present(str('aid')),
    present(str('TargetProcessId')),
  )
  const right: Relation = {
    from: records([...new Set(['aid', 'TargetProcessId', 'event_simpleName', 'ProcessStartTime', ...read])], where),
    stages: [{ kind: 'set', columns: [{ id: 'at', expr: started() }] }],
  }
  const on = [
    { left: aid, right: str('aid') },
    { left: process, right: str('TargetProcessId') },
  ]
  return lookup(right, on, { prim: 'time.ge', left: time, right: AT }, 'desc', [
    { id: `${PREFIX}process.row`, from: 'TargetProcessId' },
    ...read.map((f) => ({ id: `${PREFIX}process.${f}`, from: f })),
  ])
}

export function userJoins(aid: Expr, sid: Expr, time: Expr): Stage[] {
  const where = and(
    isOneOf(['UserIdentity', 'UserLogon']),
    present(str('aid')),
    isText(str('UserSid')),
    isText(str('UserName')),
  )
  const right: Relation = { from: records(['aid', 'UserSid', 'UserName', 'event_simpleName'], where), stages: [] }
  const on = [
    { left: aid, right: str('aid') },
    { left: sid, right: str('UserSid') },
  ]
  return asOf(right, on, time, 'UserName', 'user')
}
