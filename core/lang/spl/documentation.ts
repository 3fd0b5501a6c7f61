// The rows of Splunk's documentation that give the texts their meaning.
import type { Documentation } from '../shared/constructs.ts'

const BASE = 'https://docs.splunk.com/Documentation/Splunk/latest'
const SEARCH = `${BASE}/SearchReference/Search`
const WILDCARDS = `${BASE}/Search/Wildcards`
const REGEX = `${BASE}/Search/AboutSplunkregularexpressions`
const WHERE = `${BASE}/SearchReference/Where`
const TEXT = `${BASE}/SearchReference/TextFunctions`
const CONDITIONS = `${BASE}/SearchReference/ConditionalFunctions`
const STREAMSTATS = `${BASE}/SearchReference/Streamstats`

export const documentation: Documentation = {
  equals: {
    url: SEARCH,
    says: 'A comparison of the search command ignores case; a backslash and a quote are escaped by a backslash.',
  },
  contains: { url: WILDCARDS, says: 'In the search command `*` is any run of characters of the value.' },
  starts: { url: WILDCARDS, says: 'A star at the end keeps the beginning fixed.' },
  ends: { url: WILDCARDS, says: 'A star at the beginning keeps the end fixed.' },
  wildcards: {
    url: WILDCARDS,
    says: 'A star inside a value is a run of characters too; with punctuation beside it the index may be asked for less.',
  },
  character: {
    url: REGEX,
    says: 'The search command has no wildcard for one character; the `regex` command takes PCRE, unanchored.',
  },
  star: {
    url: WILDCARDS,
    says: 'A star cannot be escaped in the search command; `like` of `where` has `%` and `_` instead.',
  },
  cased: {
    url: WHERE,
    says: '`where` compares in the case of the text; `match` too, unless its pattern begins with `(?i)`.',
  },
  list: { url: SEARCH, says: '`IN` takes a list of values, with wildcards.' },
  all: {
    url: SEARCH,
    says: 'Terms beside each other must all hold; OR binds closer than AND, so every OR has brackets.',
  },
  regex: {
    url: REGEX,
    says: 'PCRE, unanchored, in the case of the text; two backslashes of a pattern are four between quotes.',
  },
  lookaround: { url: REGEX, says: 'PCRE has look-ahead, look-behind and references to groups.' },
  number: { url: SEARCH, says: 'Both sides are compared as numbers if both are numbers, else by their characters.' },
  network: {
    url: SEARCH,
    says: 'A range with a prefix length is a value of the search command, of version 4 and 6; `where` has `cidrmatch`.',
  },
  exists: { url: SEARCH, says: '`field=*` is true of every event that has the field.' },
  absent: { url: SEARCH, says: '`NOT field=*` is true of events without the field.' },
  empty: { url: SEARCH, says: '`field=""` is the empty value; extractions often make no field of it.' },
  not: {
    url: SEARCH,
    says: '`NOT` keeps events without the field, `!=` does not. In `where` a missing field is null, so it becomes an empty text first.',
  },
  fields: { url: TEXT, says: '`where` compares two fields; `lower` on both sides ignores case.' },
  keyword: {
    url: `${BASE}/Search/Aboutsearch`,
    says: 'A phrase in quotes is searched in the raw event, without case; stars at its ends make it a part of a segment.',
  },
  event_count: {
    url: STREAMSTATS,
    says: '`time_window` counts the events in the span that ends at each event, of the group.',
  },
  value_count: { url: STREAMSTATS, says: '`dc` within `time_window` counts different values exactly.' },
  temporal: {
    url: STREAMSTATS,
    says: 'The greatest mark of each rule within `time_window` shows which rules the window has.',
  },
  temporal_ordered: {
    url: CONDITIONS,
    says: '`current=f` leaves the event itself out; the latest start of a chain goes from event to event.',
  },
}
