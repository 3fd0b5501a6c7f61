// The rows of Microsoft's documentation that give the texts their meaning.
import type { Documentation } from '../shared/constructs.ts'

const QUERY = 'https://learn.microsoft.com/kusto/query'
const STRINGS = `${QUERY}/datatypes-string-operators`
const REGEX = `${QUERY}/regex`
const NULLS = `${QUERY}/scalar-data-types/null-values`
const RULES = 'https://learn.microsoft.com/azure/sentinel/scheduled-rules-overview'

export const documentation: Documentation = {
  equals: { url: STRINGS, says: '`=~` ignores case, `==` does not.' },
  contains: { url: STRINGS, says: '`contains` finds any part of a text, without case; `has` finds whole terms only.' },
  starts: { url: STRINGS, says: '`startswith` ignores case; stars are plain characters in it.' },
  ends: { url: STRINGS, says: '`endswith` ignores case.' },
  wildcards: {
    url: REGEX,
    says: 'No operator of texts has wildcards; `matches regex` is unanchored, and `.` crosses lines with the flag `s`.',
  },
  character: { url: REGEX, says: '`.` with the flag `s` is one character of any kind.' },
  star: { url: STRINGS, says: 'A star is a plain character of the text operators.' },
  cased: { url: STRINGS, says: '`==`, `contains_cs`, `startswith_cs` and `endswith_cs` keep case.' },
  list: { url: `${QUERY}/in-operator`, says: '`in~` compares with each value of a list, without case.' },
  all: { url: STRINGS, says: 'Two `contains`: `has_all` would ask for whole terms.' },
  regex: { url: REGEX, says: 'The syntax of RE2: unanchored, in the case of the text, flags in front.' },
  lookaround: { url: REGEX, says: 'The list of the syntax has no look-around and no references to groups.' },
  number: { url: NULLS, says: 'A comparison with a null number is null, and `where` drops null.' },
  network: {
    url: `${QUERY}/ipv4-is-in-range-function`,
    says: 'One function for each version; null for an address of the other, so `coalesce` makes it false.',
  },
  exists: { url: NULLS, says: 'A text is never null: `isnotempty` is the test, and an empty text counts as absent.' },
  absent: {
    url: NULLS,
    says: '`isempty` is true of an absent and of an empty text; `isnull` of a text is never true.',
  },
  empty: { url: NULLS, says: '`isempty` is true of an absent and of an empty text.' },
  not: { url: NULLS, says: 'A test of an absent text compares with the empty text, so `not` of it is true.' },
  fields: { url: STRINGS, says: '`=~` compares two columns; two absent ones are equal, so both must be there.' },
  keyword: { url: `${QUERY}/where-operator`, says: '`* contains` searches every column.' },
  event_count: {
    url: RULES,
    says: 'A scheduled rule counts the events of its period; runs that overlap find bursts that a border would cut.',
  },
  value_count: {
    url: `${QUERY}/count-distinctif-aggregation-function`,
    says: '`count_distinctif` counts different values exactly; `dcount` estimates.',
  },
  temporal: { url: RULES, says: 'The rules of one period are put together and counted by their names.' },
  temporal_ordered: {
    url: `${QUERY}/join-operator`,
    says: 'An inner join pairs each event with the later ones of its group; `between` keeps those within the timespan.',
  },
}
