import type { Expr as AstExpr } from '../3-parse/ast.ts'
import { FIELDS, param, limit, page } from '../4-lower/params.ts'
import { builtin } from '../4-lower/builtin.ts'
import { keepMatchingKeys } from '../4-lower/functions/self-join.ts'

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
    param('postfilter', 'bool', 'Removes false matches of the Bloom filter.', { unused: 'the join is exact here' }),
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
      keepMatchingKeys(c)
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
