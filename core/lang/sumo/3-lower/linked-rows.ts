// Groups of rows that share values, also over other rows.
import { absent, call, col, iff, lit, present, text, TRUE } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import type { Flow } from './flow.ts'

/** The group of a row by any of its keys: rows that share one are together, and so are those that others link. */
export function linked(f: Flow, keys: readonly { readonly expr: Expr }[], position: Expr): Expr {
  const members = keys.map((k, i) =>
    iff(present(k.expr), call('str.concat', 'str', [text(`${i} `), toStr(k.expr)]), absent('str')),
  )
  const member = f.setHidden(
    'member',
    members.reduceRight((rest, m) => iff(present(m), m, rest), absent('str')),
  )
  const list = f.setHidden(
    'members',
    members.reduce<Expr>((rest, m) => call('list.append', 'list', [rest, m]), lit([], 'list')),
  )
  f.split()
  const all = f.fork()
  const [groups, pair, group, right] = ['groups', 'pair', 'group', 'member'].map((n) => f.hidden(n)) as [
    string,
    string,
    string,
    string,
  ]
  all.push({
    kind: 'aggregate',
    keys: [],
    nullKeys: 'keep',
    aggs: [{ id: groups, prim: 'agg.groups', args: [list, position], consts: {}, where: TRUE, ty: 'list' }],
    limit: null,
  })
  all.push({ kind: 'unnest', list: col(groups, 'list'), into: pair, index: null, keep: false })
  const part = (n: string): Expr =>
    call('re.group', 'str', [col(pair, 'str')], { pattern: '^(?<group>\\d+) (?<member>.*)$', flags: 's', group: n })
  all.push({
    kind: 'set',
    columns: [
      { id: group, expr: part('group') },
      { id: right, expr: part('member') },
    ],
  })
  f.push({
    kind: 'join',
    how: 'left',
    right: all.relation(false),
    on: [{ left: member, right: col(right, 'str') }],
    within: null,
    include: [{ id: group, from: group }],
    missing: null,
    max: 1,
    order: [],
  })
  return call('int.parse', 'int', [col(group, 'str')])
}
