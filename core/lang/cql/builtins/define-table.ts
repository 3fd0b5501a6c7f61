import { START, END, subQuery } from '../4-lower/functions/sub-query.ts'
import { builtin } from '../4-lower/builtin.ts'
import { byTime } from '../4-lower/ordering.ts'
import { first, param, page } from '../4-lower/params.ts'
import { isNull } from '../4-lower/values.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'

export const defineTable = builtin({
  name: 'defineTable',
  category: 'join',
  kind: 'preamble',
  doc: 'Names the result of a sub-query, for match() and readFile().',
  notes: ['Stands at the start of the query.'],
  params: [
    first('query', 'pipeline', 'The sub-query.', { required: true }),
    param('name', 'text', 'The name.', { required: true }),
    param('include', 'fields', 'The fields of the table, or `*`.', { required: true }),
    START,
    END,
    param('view', 'text', 'Not run here: there is one repository.'),
  ],
  fidelity: { differs: '`include=*` takes the columns an aggregate ends with; with other queries it is not run.' },
  evidence: page('defineTable'),
  examples: [
    {
      title: 'Sessions without a login',
      given: [
        { t: 'in', s: '1' },
        { t: 'use', s: '1' },
        { t: 'use', s: '2' },
      ],
      query: 'defineTable(name="ins", query={t=in}, include=[s]) | t=use | !match(table="ins", field=s) | select(s)',
      gives: [{ s: '2' }],
      from: page('defineTable'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      if (args.has('view'))
        flow.lowering.report(notRunHere, args.span('view'), { name: 'defineTable', what: '`view` of `defineTable()`' })
      const sub = subQuery(c, 'defineTable')
      if (!sub) return
      let names = args.fields('include')
      if (names.includes('*')) {
        if (sub.open)
          return flow.lowering.report(notRunHere, args.span('include'), {
            name: 'defineTable',
            what: '`include=*` of a query without an aggregate',
          })
        names = [...sub.names].filter(([, e]) => !isNull(e)).map(([n]) => n)
      }
      const time = sub.aggregated ? undefined : sub.time()
      const columns = names.map((n) => [n, sub.read(n)] as const)
      const computed = columns.filter(([n, e]) => !(e.kind === 'col' && e.id === n))
      if (computed.length > 0) sub.push({ kind: 'set', columns: computed.map(([id, expr]) => ({ id, expr })) })
      if (time) sub.push({ kind: 'order', by: byTime(sub, 'asc') })
      sub.push({ kind: 'project', columns: names, rest: false })
      const letName = `table ${args.text('name')}`
      flow.lowering.lets.push({ name: letName, build: () => ({ name: letName, rel: sub.rel.finish() }) })
      flow.lowering.tables.set(args.text('name'), {
        letName,
        columns: names,
        types: new Map(columns.map(([n, e]) => [n, e.ty])),
      })
    },
  },
})
