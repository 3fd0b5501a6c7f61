// What no public text answers about CQL: one entry per question. No other file decides it.
import type { Semantic } from '../shared/builtin.ts'

const entry = (
  id: string,
  question: string,
  choices: Semantic['choices'],
  fallback: string,
  evidence: string,
): Semantic => ({ id, question, choices, default: fallback, evidence })

const SILENT = 'No public text says it.'

export const semantics: readonly Semantic[] = [
  entry(
    'group-key-missing',
    'What does an event do in groupBy() that lacks one of the keys?',
    { drop: 'it forms no group', keep: 'it groups under the absent value' },
    'drop',
    'Inferred from published queries, which give missing keys a value with default() before grouping.',
  ),
  entry(
    'numeric-equality',
    'Does `f=1` match the text "1.0"?',
    { number: 'equal as text, or both numbers and equal', text: 'only equal as text' },
    'number',
    'The operators page says that numeric values are compared as numbers; it gives no example with another spelling.',
  ),
  entry(
    'in-equality',
    'Does in() compare numbers?',
    { text: 'only equal as text', number: 'equal as text, or both numbers and equal' },
    'text',
    `${SILENT} The values are documented as strings.`,
  ),
  entry(
    'sort-missing',
    'Where does sort() put rows whose value is missing or, sorted by number, no number?',
    { last: 'after all others in both directions', first: 'before all others in both directions' },
    'last',
    SILENT,
  ),
  entry(
    'format-missing',
    'What does format() print for a missing field?',
    { empty: 'nothing', null: 'the word null' },
    'empty',
    SILENT,
  ),
  entry(
    'stddev-flavour',
    'Which standard deviation is stdDev()?',
    { sample: 'divided by n-1', population: 'divided by n' },
    'sample',
    SILENT,
  ),
  entry(
    'join-collision',
    'Which value has a field that join() or match() includes and the event has already?',
    { right: 'that of the sub-query or table', left: 'that of the event' },
    'right',
    SILENT,
  ),
  entry(
    'subquery-tail',
    'Is the implied tail(200) applied in the sub-query of join() and defineTable()?',
    { no: 'only their own limit holds', yes: 'only the newest 200 rows' },
    'no',
    'The page on implied limits speaks of sub-queries; join() documents a limit of its own.',
  ),
  entry(
    'percentile-method',
    'Which value is a percentile?',
    { nearest: 'the nearest rank: a value that occurs', interpolated: 'between neighbours' },
    'nearest',
    'The reference describes a sketch with a relative error and says that an occurring value is returned.',
  ),
  entry(
    'if-null',
    'What does if() give when its condition has no value?',
    { else: 'the else value', none: 'nothing' },
    'else',
    SILENT,
  ),
  entry(
    'round-half',
    'Where does round() put a half?',
    { up: 'towards positive infinity', away: 'away from zero' },
    'up',
    `${SILENT} Java's Math.round rounds up.`,
  ),
  entry(
    'join-which',
    'Which row of the sub-query does join() take when several match and max is 1?',
    { newest: 'the newest', oldest: 'the oldest' },
    'newest',
    SILENT,
  ),
  entry(
    'table-missing',
    'How does table() show a missing value?',
    { absent: 'as absent, shown blank', empty: 'as the empty text' },
    'absent',
    'The reference says blank, which is how either looks.',
  ),
  entry(
    'table-order',
    'Does table() without `sortby` keep the order that sort(), head() or tail() has made?',
    { kept: 'yes', time: 'no: it sorts by @timestamp, newest first, where there is one' },
    'kept',
    'The reference gives `sortby` the default @timestamp and says nothing of rows in order; published queries put sort() in front of table() and show the sorted rows.',
  ),
  entry(
    'select-last-time',
    'Which event is the last one when times tie?',
    { later: 'the later one in the input', earlier: 'the earlier one in the input' },
    'later',
    SILENT,
  ),
  entry(
    'top-ties',
    'Which of two equally frequent values does top() put first?',
    { text: 'the lesser by code point', first: 'the one whose first event stands earlier in the input' },
    'text',
    SILENT,
  ),
  entry(
    'series-rank',
    'By what do timeChart() and bucket() choose the series that they keep?',
    {
      sum: 'the sum of all numbers of the series over all buckets',
      max: 'the greatest number of the series in any bucket',
    },
    'sum',
    'The reference says that the top series by numeric value over all buckets and columns are kept, not how values are combined.',
  ),
  entry(
    'cidr-tie',
    'Which row does match(mode=cidr) take when two rows have the same subnet?',
    { last: 'the last of the file', first: 'the first of the file' },
    'last',
    'The reference says it of single-column string matching; of subnets only that the most specific one is taken.',
  ),
  entry(
    'split-missing',
    'What does split() do with an event that lacks the array?',
    { keep: 'keeps it as it is', drop: 'drops it' },
    'keep',
    SILENT,
  ),
]

export const semanticOf = (id: string): Semantic | undefined => semantics.find((s) => s.id === id)
