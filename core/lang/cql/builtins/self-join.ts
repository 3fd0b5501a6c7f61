// selfJoinFilter() and selfJoin(): keys for which several things happened.
import { and, col, lit, test, TRUE } from '../../../plan/build.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import type { Expr as AstExpr } from '../3-parse/ast.ts'
import { FIELDS, limit, page, param } from '../4-lower/params.ts'
import { pipelineOf } from '../4-lower/args.ts'
import { toStr } from '../../shared/convert.ts'

export const selfJoinFilter = builtin({
  name: 'selfJoinFilter',
  category: 'join',
  kind: 'join',
  doc: 'Keeps events whose key has, somewhere in the telemetry, an event for every clause.',
  notes: [
    'With `prefilter=true` only events that match a clause are kept. LogScale works with a Bloom filter, here it is exact.',
  ],
  params: [
    FIELDS,
    param('where', 'pipelines', 'The clauses, each in braces.', { required: true }),
    param('prefilter', 'bool', 'Keeps only events that match a clause.', { default: 'false' }),
    param('postfilter', 'bool', 'Ignored.'),
  ],
  fidelity: 'exact',
  evidence: page('selfJoinFilter'),
  examples: [
    {
      title: 'Both on one host',
      given: [
        { h: 'a', e: 'x' },
        { h: 'a', e: 'y' },
        { h: 'b', e: 'x' },
      ],
      query: 'selfJoinFilter(field=h, where=[{e=x}, {e=y}]) | groupBy(h)',
      gives: [{ h: 'a', _count: 2 }],
      from: page('selfJoinFilter'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: keepJoined,
  },
})

function keepJoined(c: CallContext): void {
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

export const selfJoin = builtin({
  name: 'selfJoin',
  category: 'join',
  kind: 'join',
  doc: 'One row per key for which every clause has an event, with fields of those events.',
  notes: [
    'The same as selfJoinFilter() and groupBy() with collect() and selectLast(). LogScale works with a Bloom filter, here it is exact.',
  ],
  params: [
    FIELDS,
    param('where', 'pipelines', 'The clauses, each in braces.', { required: true }),
    param('select', 'fields', 'Fields of which the newest value is taken.'),
    param('collect', 'fields', 'Fields of which all values are joined.'),
    limit('20000', 'The most keys, or `max`.'),
    param('prefilter', 'bool', 'Looks only at events that match a clause.', { default: 'false' }),
    param('postfilter', 'bool', 'Ignored.'),
  ],
  fidelity: 'exact',
  evidence: page('selfJoin'),
  examples: [
    {
      title: 'Who opened and who closed',
      given: [
        { k: '1', e: 'open', by: 'ann' },
        { k: '1', e: 'close', to: 'bob' },
        { k: '2', e: 'open', by: 'cy' },
      ],
      query: 'selfJoin(field=k, where=[{e=open}, {e=close}], collect=[by], select=[to])',
      gives: [{ k: '1', by: 'ann', to: 'bob' }],
      from: page('selfJoin'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      keepJoined(c)
      const keys = args.fields('field').map((name) => ({ name, expr: flow.read(name) }))
      const items = (['collect', 'select'] as const).flatMap((p) => {
        const value = args.ast(p)
        return value ? [asCall(p === 'collect' ? 'collect' : 'selectLast', value)] : []
      })
      flow.parts.group(flow, keys, items, { limit: args.limit('limit', 20_000, 200_000) })
    },
  },
})
const asCall = (name: string, value: AstExpr): AstExpr => ({
  kind: 'call',
  call: { name, nameSpan: value.span, args: [{ name: 'fields', value, span: value.span }], span: value.span },
  span: value.span,
})
