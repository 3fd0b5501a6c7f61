// Undocumented behaviour of CQL: one entry per question. No other file decides it.
import type { Semantic } from '../shared/builtin.ts'

const entry = (
  id: string,
  question: string,
  choices: Semantic['choices'],
  fallback: string,
  evidence: string,
): Semantic => ({ id, question, choices, default: fallback, evidence })

const SILENT = 'Not documented.'

export const semantics: readonly Semantic[] = [
  entry(
    'group-key-missing',
    'What does groupBy() do with an event that lacks a key?',
    { drop: 'it drops the event', keep: 'it groups the event under the absent value' },
    'drop',
    'Inferred from published queries, which give missing keys a value with default() before grouping.',
  ),
  entry(
    'numeric-equality',
    'Does `f=1` match the text "1.0"?',
    { number: 'yes: it compares as text, and numbers also as numbers', text: 'no: it compares as text only' },
    'number',
    'The operators page says that numeric values are compared as numbers; it gives no example with another spelling.',
  ),
  entry(
    'in-equality',
    'Does in() compare numbers?',
    { text: 'no: it compares as text only', number: 'yes: it compares as text, and numbers also as numbers' },
    'text',
    `${SILENT} The values are documented as strings.`,
  ),
  entry(
    'sort-missing',
    'Where does sort() put rows whose value is missing, or is not a number in a sort by number?',
    { last: 'after all other rows, in both directions', first: 'before all other rows, in both directions' },
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
    'Which standard deviation does stdDev() compute?',
    { sample: 'that of a sample, divided by n-1', population: 'that of a population, divided by n' },
    'sample',
    SILENT,
  ),
  entry(
    'join-collision',
    'Which value wins if the event already has a field that join() or match() includes?',
    { right: 'the value of the sub-query or table', left: 'the value of the event' },
    'right',
    SILENT,
  ),
  entry(
    'subquery-tail',
    'Is the implied tail(200) applied in the sub-query of join() and defineTable()?',
    { no: 'no: only their own limit applies', yes: 'yes: only the newest 200 rows remain' },
    'no',
    'The page on implied limits speaks of sub-queries; join() documents a limit of its own.',
  ),
  entry(
    'percentile-method',
    'Which value does percentile() return?',
    { nearest: 'the nearest rank, a value that occurs', interpolated: 'a value interpolated between its neighbours' },
    'nearest',
    'The reference describes a sketch with a relative error and says that an occurring value is returned.',
  ),
  entry(
    'if-null',
    'What does if() return when its condition has no value?',
    { else: 'the else value', none: 'nothing' },
    'else',
    SILENT,
  ),
  entry(
    'round-half',
    'In which direction does round() round a half?',
    { up: 'towards positive infinity', away: 'away from zero' },
    'up',
    `${SILENT} Java's Math.round rounds up.`,
  ),
  entry(
    'join-which',
    'Which row of the sub-query does join() use when several match and max is 1?',
    { newest: 'the newest', oldest: 'the oldest' },
    'newest',
    SILENT,
  ),
  entry(
    'table-missing',
    'How does table() show a missing value?',
    { absent: 'as absent, with a blank cell', empty: 'as the empty text' },
    'absent',
    'The reference says blank. Both choices look blank.',
  ),
  entry(
    'table-order',
    'Does table() without `sortby` keep the order of sort(), head() or tail()?',
    { kept: 'yes', time: 'no: it sorts by @timestamp, newest first, if the rows have one' },
    'kept',
    'The reference gives `sortby` the default @timestamp and does not mention sorted rows. Published queries put sort() before table() and show the sorted rows.',
  ),
  entry(
    'select-last-time',
    'Which event does selectLast() use when two have the same time?',
    { later: 'the later one in the input', earlier: 'the earlier one in the input' },
    'later',
    SILENT,
  ),
  entry(
    'top-ties',
    'Which of two equally frequent values does top() put first?',
    { text: 'the lesser one by code point', first: 'the one whose first event is earlier in the input' },
    'text',
    SILENT,
  ),
  entry(
    'series-rank',
    'How do timeChart() and bucket() rank the series, to keep the top ones?',
    {
      sum: 'by the sum of all numbers of a series over all buckets',
      max: 'by the greatest number of a series in any bucket',
    },
    'sum',
    'The reference says that the top series by numeric value over all buckets and columns are kept. It does not say how values are combined.',
  ),
  entry(
    'cidr-tie',
    'Which row does match(mode=cidr) use when two rows have the same subnet?',
    { last: 'the last row of the file', first: 'the first row of the file' },
    'last',
    'The reference states it for single-column string matching. For subnets it says only that the most specific one wins.',
  ),
  entry(
    'split-missing',
    'What does split() do with an event that lacks the array?',
    { keep: 'it keeps the event unchanged', drop: 'it drops the event' },
    'keep',
    SILENT,
  ),
]

export const semanticOf = (id: string): Semantic | undefined => semantics.find((s) => s.id === id)
