// What no public text answers about Sumo Logic: one entry per question. No other file decides it.
import type { Semantic } from '../shared/builtin.ts'

const entry = (id: string, question: string, choices: Semantic['choices'], fallback: string, evidence: string): Semantic => ({
  id, question, choices, default: fallback, evidence,
})
const SILENT = 'No public text says it.'

export const semantics: readonly Semantic[] = [
  entry('null-group-keys', 'Does a row that lacks a group field form a group?', { keep: 'yes, under the absent value', drop: 'no, it vanishes' }, 'keep', SILENT),
  entry('count-field', 'Does count(f) count rows without f?', { rows: 'it counts every row', present: 'only rows that have f' }, 'rows', SILENT),
  entry('empty-input', 'What does an aggregate without groups give for no rows at all?', { 'no-row': 'nothing', row: 'one row with count 0' }, 'no-row', `${SILENT} A detection that always gives a row would always fire.`),
  entry('stddev-flavour', 'Which standard deviation is stddev?', { sample: 'divided by n-1', population: 'divided by n' }, 'sample', SILENT),
  entry('anchor-case', 'Do the letters of a parse pattern match in either case?', { insensitive: 'yes', sensitive: 'no' }, 'insensitive', 'A documented sample matches "user=*:" against "User=…".'),
  entry('nodrop-chain', 'Does a dropping parse keep rows that a nodrop parse directly before it matched?', { or: 'yes: one match in the chain is enough', own: 'no: it must match itself' }, 'or', 'The page on nodrop says that messages matching a or b are output.'),
  entry('equals-number', 'How does `=` compare a parsed string with a number?', { number: 'as numbers if the string is one, else not equal', text: 'by the text of the number' }, 'number', 'Dashboards compare parsed fields with numbers and rely on it.'),
  entry('negated-null', 'Is !(x = "a") true where x is missing?', { true: 'yes: the comparison is not true, so its negation is', false: 'no: no comparison with a missing value holds, negated or not' }, 'true', SILENT),
  entry('null-order', 'Where do missing values go in a sort?', { last: 'after all others', first: 'before all others' }, 'last', SILENT),
  entry('first-null', 'Do first and last skip missing values?', { skip: 'yes' }, 'skip', SILENT),
  entry('distinct-null', 'Does count_distinct count the missing value?', { no: 'no; the empty text counts' }, 'no', 'The page says that the empty value counts; of missing ones it is silent.'),
  entry('percentile-method', 'Which value is a percentile?', { linear: 'between neighbours', nearest: 'the nearest that occurs' }, 'linear', 'The page names a t-digest, which interpolates.'),
  entry('percentile-default', 'Which percentile is pct(f)?', { '50': 'the median', '95': 'the 95th' }, '95', SILENT),
  entry('tolong-text', 'What is toLong("abc")?', { null: 'missing', drop: 'the row is dropped' }, 'null', SILENT),
  entry('kv-infer', 'How does kv find a value without a pattern?', { common: 'key, then = or :, then a quoted text or up to white space or a separator' }, 'common', 'The list of patterns is not published.'),
  entry('bare-timeslice', 'What is `timeslice` without a width?', { whole: 'one slice over the interval' }, 'whole', SILENT),
  entry('bare-sort', 'What does `sort` without fields sort by?', { count: 'by _count, or the first number' }, 'count', SILENT),
  entry('sort-stable', 'In which order do equal rows of a sort stand?', { columns: 'by their other columns' }, 'columns', 'A fixed order makes results reproducible.'),
  entry('keyword-boundary', 'Does `_` separate the tokens of a message?', { no: 'foo does not match foo_bar', yes: 'foo matches foo_bar' }, 'no', 'The list of searchable punctuation has `_`; the separators are not published.'),
  entry('json-missing', 'Does json with several paths drop a row that lacks one of them?', { any: 'yes', all: 'only if all are missing' }, 'any', SILENT),
  entry('if-mixed', 'What is `if` with a number and a parsed field?', { number: 'a number; the field is converted', text: 'text' }, 'number', 'Published queries write if(isBlank(bytes), 0, bytes) and add the result up.'),
  entry('text-order', 'How do `<` and `>` compare two strings?', { text: 'by code point', number: 'as numbers' }, 'text', SILENT),
  entry('rolling-std', 'Which standard deviation is rollingstd?', { population: 'divided by n', sample: 'divided by n-1' }, 'population', 'The page says that one point gives 0.'),
  entry('receipt-time', 'What is _receiptTime of a log file?', { message: 'the time of the message' }, 'message', 'A file does not tell when it was received.'),
  entry('invalid-ip', 'Where in an expression does isPrivateIP drop a row?', { anywhere: 'wherever it stands, evaluated or not' }, 'anywhere', 'The page says that rows with an invalid address are dropped with a warning; of `if` and `or` it is silent.'),
]

export const semanticOf = (id: string): Semantic | undefined => semantics.find((s) => s.id === id)
