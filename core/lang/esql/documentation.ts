// The rows of Elastic's documentation that give the texts their meaning.
import type { Documentation } from '../shared/constructs.ts'

const ESQL = 'https://www.elastic.co/docs/reference/query-languages/esql'
const LIMITS = `${ESQL}/limitations`
const OPERATORS = `${ESQL}/functions-operators/operators`
const STRINGS = `${ESQL}/functions-operators/string-functions`
const NULLS = `${ESQL}/esql-null-values`
const REGEX = 'https://www.elastic.co/docs/reference/query-languages/query-dsl/regexp-syntax'
const STATS = `${ESQL}/commands/stats-by`

export const documentation: Documentation = {
  equals: { url: LIMITS, says: '`==` keeps case, also for fields of the type text: both sides are lower-cased.' },
  contains: { url: OPERATORS, says: '`LIKE` has `*` for any run and `?` for one character, and keeps case.' },
  starts: { url: STRINGS, says: '`STARTS_WITH` takes the text as it is, and keeps case.' },
  ends: { url: STRINGS, says: '`ENDS_WITH` takes the text as it is, and keeps case.' },
  wildcards: { url: OPERATORS, says: '`LIKE` means the whole value; a star inside is any run of characters.' },
  character: { url: OPERATORS, says: '`?` of `LIKE` is one character.' },
  star: {
    url: OPERATORS,
    says: 'A backslash in `LIKE` escapes a star, a question mark and itself; before anything else it is an error.',
  },
  cased: { url: LIMITS, says: 'Every comparison keeps case.' },
  list: { url: OPERATORS, says: '`IN` for whole values, `LIKE (…)` for several patterns (from 9.1).' },
  all: { url: OPERATORS, says: 'Two `LIKE` with AND.' },
  regex: {
    url: REGEX,
    says: 'The syntax of Lucene: the whole value, no anchors, no `\\d \\w \\s`; classes of characters take their place.',
  },
  lookaround: { url: REGEX, says: 'Lucene has no look-around and no references to groups.' },
  number: { url: OPERATORS, says: 'Fields of numbers are compared as they are; a keyword is converted first.' },
  network: {
    url: `${ESQL}/functions-operators/ip-functions`,
    says: '`CIDR_MATCH` takes an address and any number of ranges, of version 4 and 6.',
  },
  exists: { url: NULLS, says: '`IS NOT NULL` is true of a field with a value, also an empty one.' },
  absent: { url: NULLS, says: '`IS NULL` is true of a field without a value.' },
  empty: { url: NULLS, says: 'The empty text is a value, and no null.' },
  not: {
    url: NULLS,
    says: 'A test of null is null, and `NOT` of null is null: `COALESCE(…, FALSE)` makes it false first.',
  },
  fields: { url: STRINGS, says: '`TO_LOWER` on both sides of `==`.' },
  keyword: { url: LIMITS, says: 'No test of the whole record without full-text analysis: `message` has the line.' },
  event_count: {
    url: STATS,
    says: 'One count over the time range of the run; runs that overlap find bursts that a border would cut.',
  },
  value_count: {
    url: `${ESQL}/functions-operators/aggregation-functions`,
    says: '`COUNT_DISTINCT` is exact up to a threshold of about 3,000 values.',
  },
  temporal: { url: STATS, says: '`COUNT(*) WHERE …` counts the events of each rule in one pass.' },
  temporal_ordered: { url: STATS, says: 'The first and the last time of each rule; EQL has sequences.' },
}
