import { START, END, subQuery } from '../4-lower/functions/sub-query.ts'
import { builtin } from '../4-lower/builtin.ts'
import { byTime } from '../4-lower/ordering.ts'
import { first, param, limit, page } from '../4-lower/params.ts'
import { joinTable, rightOf } from '../4-lower/join/join.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'

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
    param('live', 'bool', 'Allows the join in a live query.', { unused: 'a run is never live' }),
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
      const given = args.has('key') ? args.fields('key') : fields
      const keys = fields.map((f, i) => given[i] ?? f)
      const include = args.fields('include')
      joinTable(flow, () => rightOf(sub, [...keys, ...include]), {
        how: c.negated ? 'anti' : args.text('mode', 'inner').toLowerCase() === 'left' ? 'left' : 'inner',
        on: fields.map((f, i) => ({ left: flow.read(f), right: keys[i] as string })),
        include: c.negated ? [] : include,
        missing: '',
        max: args.number('max', 1),
      })
    },
  },
})
