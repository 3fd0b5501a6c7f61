// Aggregates. Their meaning is in 3-lower-aggregate.ts.
import { param, word } from '../3-lower/builtin-kit.ts'

const C = 'aggregates'
const f = param('field', 'field', 'The field; expressions are computed in a stage before.')
const given = [
  { user: 'al', n: '5' },
  { user: 'bo', n: '7' },
  { user: 'al', n: '10' },
  { user: 'cy', n: 'x' },
]
const doc = { vendorDoc: 'search-query-language/group-aggregate-operators' } as const
const e = (query: string, gives: readonly Record<string, string | number>[]) => ({
  title: query,
  given,
  query: `* | ${query}`,
  gives,
  from: doc,
})

export const aggregates = [
  word(
    C,
    'aggregate',
    'count',
    'Number of rows.',
    [param('field', 'field', 'Without meaning of its own.', false)],
    [e('count', [{ _count: 4 }]), e('count as n by user | sort by n, user asc | limit 1', [{ user: 'al', n: 2 }])],
    { output: '_count' },
  ),
  word(
    C,
    'aggregate',
    'count_distinct',
    'Number of different values.',
    [f],
    [e('count_distinct(user)', [{ _count_distinct: 3 }])],
    { output: '_count_distinct', differs: 'exact; the vendor estimates beyond 100' },
  ),
  word(
    C,
    'aggregate',
    'count_frequent',
    'The most frequent values, most frequent first.',
    [param('fields', 'fields', 'The fields.')],
    [e('count_frequent user | limit 1', [{ user: 'al', _approxcount: 2 }])],
    { output: '_approxcount', differs: 'exact; the vendor estimates' },
  ),
  word(C, 'aggregate', 'sum', 'Sum of the values that are numbers.', [f], [e('sum(n) as total', [{ total: 22 }])], {
    output: '_sum',
  }),
  word(
    C,
    'aggregate',
    'avg',
    'Mean of the values that are numbers.',
    [f],
    [e('avg(n) as a by user | where user = "al"', [{ user: 'al', a: 7.5 }])],
    { output: '_avg' },
  ),
  word(C, 'aggregate', 'min', 'Least of the values that are numbers.', [f], [e('min(n)', [{ _min: 5 }])], {
    output: '_min',
    notes: ['With two arguments it is the function.'],
  }),
  word(C, 'aggregate', 'max', 'Greatest of the values that are numbers.', [f], [e('max(n)', [{ _max: 10 }])], {
    output: '_max',
    notes: ['With two arguments it is the function.'],
  }),
  word(
    C,
    'aggregate',
    'stddev',
    'Standard deviation.',
    [f],
    [e('where user = "al" | stddev(n) as s | round(s, 3) as s', [{ s: 3.536 }])],
    { output: '_stddev' },
  ),
  word(
    C,
    'aggregate',
    'pct',
    'Percentiles, a column each.',
    [f, param('percent', 'number', '0 to 100, several allowed.', false)],
    [e('pct(n, 50)', [{ _n_pct_50: 7 }]), e('pct(n, 0, 100)', [{ _n_pct_0: 5, _n_pct_100: 10 }])],
    { aliases: ['pct_sampling'], differs: 'exact; the vendor estimates beyond 1,000 values' },
  ),
  word(C, 'aggregate', 'median', 'The 50th percentile.', [f], [e('median(n)', [{ _median: 7 }])], {
    output: '_median',
  }),
  word(
    C,
    'aggregate',
    'first',
    'The first value in the order of the rows: the newest unless sorted.',
    [f],
    [e('first(n)', [{ _first: 'x' }]), e('sort by user asc | first(user) as u', [{ u: 'al' }])],
    { output: '_first' },
  ),
  word(
    C,
    'aggregate',
    'last',
    'The last value in the order of the rows: the oldest unless sorted.',
    [f],
    [e('last(n)', [{ _last: '5' }])],
    { output: '_last' },
  ),
  word(
    C,
    'aggregate',
    'most_recent',
    'The value of the newest message; the field is made by `withtime`.',
    [f],
    [e('withtime n | most_recent(n_withtime) as m by user | where user = "al"', [{ user: 'al', m: '10' }])],
    { output: '_mostrecent' },
  ),
  word(
    C,
    'aggregate',
    'least_recent',
    'The value of the oldest message; the field is made by `withtime`.',
    [f],
    [e('withtime n | least_recent(n_withtime) as m by user | where user = "al"', [{ user: 'al', m: '5' }])],
    { output: '_leastrecent' },
  ),
  word(
    C,
    'aggregate',
    'values',
    'The different values, sorted, a line each, at most 100.',
    [f],
    [e('values(user) as users', [{ users: 'al\nbo\ncy' }])],
    { output: '_values' },
  ),
]
