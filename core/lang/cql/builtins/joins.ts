// Joins with sub-queries, and ad-hoc tables.
import { notRunHere, wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { first, limit, page, param } from '../4-lower/params.ts'
import type { Flow } from '../4-lower/flow.ts'
import { joined, rightOf } from '../4-lower/join/join.ts'
import { byTime, millisOf, takeNewest } from '../4-lower/ordering.ts'
import { isNull } from '../4-lower/values.ts'

/** An interval of the sub-query's own; undefined: that of the query; null: one that cannot be said. */
function within(c: CallContext, fn: string): { start: number | undefined; end: number | undefined } | null | undefined {
  const { flow, args } = c
  if (!args.has('start') && !args.has('end')) return undefined
  const read = (name: string): number | undefined =>
    args.has(name) && args.text(name) !== 'now' ? millisOf(args.text(name)) : undefined
  for (const name of ['start', 'end']) {
    if (args.has(name) && args.text(name) !== 'now' && read(name) === undefined) {
      flow.lowering.report(notRunHere, args.span(name), {
        name: fn,
        what: `\`${name}\` of \`${fn}()\` other than a duration`,
      })
      return null
    }
  }
  return { start: read('start'), end: read('end') }
}

function subQuery(c: CallContext, fn: string): Flow | undefined {
  const { flow, args } = c
  const pipeline = args.pipeline('query')
  const interval = within(c, fn)
  if (interval === null) return undefined
  if (!pipeline) {
    flow.lowering.report(wrongKind, args.span('query'), { fn, name: 'query', takes: 'a sub-pipeline in braces' })
    return undefined
  }
  const sub = flow.parts.subQuery(flow, pipeline, interval)
  if (flow.lowering.choice('subquery-tail') === 'yes' && !sub.aggregated && !sub.ordered) takeNewest(sub, 200)
  return sub
}

const START = param('start', 'text', 'How long before the end the sub-query begins.')
const END = param('end', 'text', 'How long before the end the sub-query ends.')

const JOIN_ROWS = 100_000
export const join = builtin({
  name: 'join',
  category: 'join',
  kind: 'join',
  doc: 'Keeps events whose key a sub-query also has, and takes over fields of it.',
  notes: ['`!join()` keeps the others. Fields to include that the sub-query lacks become empty.'],
  params: [
    first('query', 'pipeline', 'The sub-query.', { required: true }),
    param('field', 'fields', 'The key in the event.', { required: true }),
    param('key', 'fields', 'The key in the sub-query; the same as field.'),
    param('include', 'fields', 'Fields to take over.'),
    param('mode', 'text', 'What happens without a match.', {
      default: 'inner',
      oneOf: { inner: 'Dropped.', left: 'Kept.' },
    }),
    limit('100000', 'The most rows of the sub-query, the newest.'),
    param('max', 'number', 'The most matches per event.', { default: '1' }),
    START,
    END,
    param('repo', 'text', 'Not run here: there is one repository.'),
    param('view', 'text', 'Not run here: there is one repository.'),
    param('live', 'bool', 'Ignored.'),
  ],
  fidelity: {
    differs:
      'No public text says which of several matches is taken, nor which rows are left at the limit; see the semantic `join-which`.',
  },
  evidence: page('join'),
  examples: [
    {
      title: 'The host of a process',
      given: [
        { t: 'net', pid: '1', ip: '8.8.8.8' },
        { t: 'net', pid: '2', ip: '9.9.9.9' },
        { t: 'proc', id: '1', img: 'ftp.exe' },
      ],
      query: 't=net | join({t=proc}, field=pid, key=id, include=[img]) | select([ip, img])',
      gives: [{ ip: '8.8.8.8', img: 'ftp.exe' }],
      from: page('join'),
    },
    {
      title: 'Events without a match',
      given: [
        { t: 'net', pid: '1', ip: '8.8.8.8' },
        { t: 'net', pid: '2', ip: '9.9.9.9' },
        { t: 'proc', pid: '1' },
      ],
      query: 't=net | !join({t=proc}, field=pid) | select(ip)',
      gives: [{ ip: '9.9.9.9' }],
      from: page('join'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    negatable: true,
    step: (c) => {
      const { flow, args } = c
      for (const name of ['repo', 'view'])
        if (args.has(name))
          flow.lowering.report(notRunHere, args.span(name), { name: 'join', what: `\`${name}\` of \`join()\`` })
      const sub = subQuery(c, 'join')
      if (!sub) return
      const most = args.limit('limit', JOIN_ROWS, 200_000)
      if (!args.has('limit')) flow.lowering.limits.push({ what: 'join', limit: most })
      sub.push({ kind: 'take', count: most, by: sub.ordered || sub.aggregated ? [] : byTime(sub, 'desc') })
      const fields = args.fields('field')
      const keys = args.has('key') ? args.fields('key') : fields
      const include = args.fields('include')
      joined(flow, () => rightOf(sub, [...keys, ...include]), {
        how: c.negated ? 'anti' : args.text('mode', 'inner').toLowerCase() === 'left' ? 'left' : 'inner',
        on: fields.map((f, i) => ({ left: flow.read(f), right: keys[i] ?? f })),
        include: c.negated ? [] : include,
        missing: '',
        max: args.number('max', 1),
      })
    },
  },
})

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
      const made = columns.filter(([n, e]) => !(e.kind === 'col' && e.id === n))
      if (made.length > 0) sub.push({ kind: 'set', columns: made.map(([id, expr]) => ({ id, expr })) })
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
