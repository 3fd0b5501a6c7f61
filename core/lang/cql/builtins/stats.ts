import { builtin } from '../4-lower/builtin.ts'
import { first, page } from '../4-lower/params.ts'
import { aggregatesOrCount } from '../4-lower/functions/group.ts'

export const stats = builtin({
  name: 'stats',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'Aggregates over all events, in one row. `[a(), b()]` is its shorthand.',
  notes: [],
  params: [first('function', 'aggregates', 'Aggregates, in brackets if several.', { default: 'count(as=_count)' })],
  fidelity: { differs: 'Of two columns of one name the later one is shown; LogScale refuses values that differ.' },
  evidence: page('stats'),
  examples: [
    {
      title: 'Least and greatest in one row',
      given: [{ t: '145' }, { t: '892' }, { t: '78' }, { t: '1290' }],
      query: 'stats([min(t, as=lo), max(t, as=hi)])',
      gives: [{ lo: 78, hi: 1290 }],
      from: page('stats'),
    },
    {
      title: 'Shorthand; without a number there is no average',
      given: [
        { x: '1', y: 'N/A' },
        { x: '2', y: 'N/A' },
      ],
      query: '[sumX := sum(x), avgY := avg(y)]',
      gives: [{ sumX: 3 }],
      from: page('stats'),
    },
    {
      title: 'A total on every group',
      given: [{ k: 'a' }, { k: 'b' }, { k: 'a' }],
      query: 'stats([groupBy(k), count(as=all)]) | sort(_count)',
      gives: [
        { all: 3, k: 'a', _count: 2 },
        { all: 3, k: 'b', _count: 1 },
      ],
      from: page('stats'),
    },
    {
      title: 'No group, one row',
      given: [{ x: '1' }],
      query: 'stats([groupBy(k), count(as=all)])',
      gives: [{ all: 1 }],
      from: page('stats'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => c.flow.parts.group(c.flow, [], aggregatesOrCount(c), { limit: null }),
  },
})
