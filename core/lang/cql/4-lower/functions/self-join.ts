// Keys that have events of every kind: selfJoin() and selfJoinFilter().
import type { CallContext } from '../builtin.ts'
import { and, test, col, lit, TRUE } from '../../../../plan/build.ts'
import { pipelineOf } from '../args.ts'
import { toStr } from '../../../shared/convert.ts'

export function keepMatchingKeys(c: CallContext): void {
  const { flow, args } = c
  const names = args.fields('field')
  const clauses = args.items('where').map((e) => pipelineOf(e))
  flow.split()
  const keys = flow.fork()
  const conds = clauses.map((p) => {
    const branch = keys.branch(args.span('where'))
    if (p) flow.parts.steps(branch, p)
    return branch.cond
  })
  const columns = names.map((n) => ({ id: keys.hidden('key'), expr: toStr(keys.read(n)) }))
  const counts = conds.map((where) => ({
    id: keys.hidden('seen'),
    prim: 'agg.count',
    args: [],
    consts: {},
    where,
    ty: 'int' as const,
  }))
  keys.push({ kind: 'aggregate', keys: columns, nullKeys: 'drop', aggs: counts, limit: null })
  keys.push({
    kind: 'filter',
    where: and(...counts.map((a) => test('int.gt', [col(a.id, 'int'), lit(0n, 'int')]))),
  })
  flow.push({
    kind: 'join',
    how: 'semi',
    right: keys.rel.finish(),
    on: names.map((n, i) => ({ left: toStr(flow.read(n)), right: col(columns[i]?.id as string, 'str') })),
    include: [],
    missing: null,
    max: 1,
    order: [],
    within: null,
  })
  if (!args.flag('prefilter')) return
  const own = clauses.map((p) => {
    const branch = flow.branch(args.span('where'))
    if (p) flow.parts.steps(branch, p)
    return branch.cond
  })
  flow.filter(own.some((p) => p.kind === 'true') ? TRUE : { kind: 'or', of: own })
}
