import { AGGREGATES } from '../4-lower/functions/sequence.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { isNull } from '../4-lower/values.ts'
import { lit, col } from '../../../plan/build.ts'
import { page } from '../4-lower/params.ts'
import { toStr } from '../../shared/convert.ts'

export const appendAggregation = builtin({
  name: 'appendAggregation',
  category: 'sequence',
  kind: 'sequence',
  doc: 'Adds the result of aggregates over all rows as further rows at the end.',
  notes: [],
  params: [AGGREGATES],
  fidelity: { differs: 'A column that is of another type in the added rows becomes text.' },
  evidence: page('appendAggregation'),
  examples: [
    {
      title: 'A total',
      given: [
        { k: 'a', n: '1' },
        { k: 'b', n: '2' },
      ],
      query: 'groupBy(k, function=sum(n, as=s)) | sort(s) | appendAggregation(sum(s, as=s))',
      gives: [{ k: 'b', s: 2 }, { k: 'a', s: 1 }, { s: 3 }],
      from: page('appendAggregation'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: appendRows,
  },
})

function appendRows({ flow, args }: CallContext): void {
  flow.split()
  const more = flow.fork()
  const part = flow.hidden('part')
  flow.parts.group(more, [], args.items('function'), { limit: null })
  const names = [...more.names].filter(([, e]) => !isNull(e)).map(([n]) => n)
  // The columns of both sides become real under one name and type.
  const pairs = names.map((name) => ({ name, old: flow.read(name), added: more.read(name) }))
  const asText = (p: (typeof pairs)[number]): boolean => !isNull(p.old) && p.old.ty !== p.added.ty
  const added = pairs.map((p) => ({ id: p.name, expr: asText(p) ? toStr(p.added) : p.added }))
  const kept = pairs.map((p) => {
    if (isNull(p.old)) return { id: p.name, expr: lit(null, p.added.ty) }
    return { id: p.name, expr: asText(p) ? toStr(p.old) : p.old }
  })
  more.push({ kind: 'set', columns: [...added, { id: part, expr: lit(1n, 'int') }] })
  more.push({ kind: 'project', columns: [...names, part], rest: false })
  const keys = flow.orderKeys ?? []
  flow.push({ kind: 'set', columns: [...kept, { id: part, expr: lit(0n, 'int') }] })
  flow.push({ kind: 'union', others: [more.rel.finish()] })
  for (const k of kept) flow.names.set(k.id, col(k.id, k.expr.ty))
  flow.rel.neverAbsent.clear()
  flow.push({ kind: 'order', by: [{ expr: col(part, 'int'), dir: 'asc', nulls: 'last' }, ...keys] })
  flow.ordered = true
  flow.orderKeys = undefined
}
