// Stages of other languages: the vendor's verdict and the valid form.
import type { NearMiss } from '../../shared/builtin.ts'

export const evalStage: NearMiss = {
  id: 'SUM101',
  slug: 'sumo-eval',
  title: '`eval` is not an operator of log search',
  origin: 'SPL',
  verdict:
    'The operator `eval` exists in metrics queries only. In a log search an expression is assigned with `as`, and `x = y` compares.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| eval risk = if(n > 3, "HIGH", "LOW")',
  good: '| if(n > 3, "HIGH", "LOW") as risk',
}

export const statsStage: NearMiss = {
  id: 'SUM102',
  slug: 'sumo-stats',
  title: '`stats` is not an operator',
  origin: 'SPL',
  verdict: 'The aggregate is the first word of the stage.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| stats count as n by user',
  good: '| count as n by user',
}

export const renameStage: NearMiss = {
  id: 'SUM103',
  slug: 'sumo-rename',
  title: '`rename` is not an operator',
  origin: 'SPL',
  verdict: 'A field is copied with `as`; the old one stays.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| rename src as source',
  good: '| src as source',
}

export const tableStage: NearMiss = {
  id: 'SUM104',
  slug: 'sumo-table',
  title: '`table` is not an operator',
  origin: 'SPL',
  verdict: 'Columns are chosen with `fields`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| table user, host',
  good: '| fields user, host',
}

export const headStage: NearMiss = {
  id: 'SUM105',
  slug: 'sumo-head',
  title: '`head` is not an operator',
  origin: 'SPL',
  verdict: 'The first rows are kept with `limit`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| head 10',
  good: '| limit 10',
}

export const rexStage: NearMiss = {
  id: 'SUM106',
  slug: 'sumo-rex',
  title: '`rex` is not an operator',
  origin: 'SPL',
  verdict: 'Named groups are extracted with `parse regex`; it drops rows that do not match unless `nodrop` is given.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| rex field=msg "(?<user>\\\\w+)"',
  good: '| parse regex field=msg "(?<user>\\\\w+)" nodrop',
}

export const searchStage: NearMiss = {
  id: 'SUM107',
  slug: 'sumo-search',
  title: '`search` is not an operator',
  origin: 'SPL',
  verdict: 'Keywords belong in the scope, conditions in `where`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| search status = 404',
  good: '| where status = 404',
}

export const spathStage: NearMiss = {
  id: 'SUM108',
  slug: 'sumo-spath',
  title: '`spath` is not an operator',
  origin: 'SPL',
  verdict: 'JSON is read with `json "path" as name`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| spath path=a.b output=x',
  good: '| json "a.b" as x nodrop',
}

export const timechartStage: NearMiss = {
  id: 'SUM109',
  slug: 'sumo-timechart',
  title: '`timechart` is not an operator',
  origin: 'SPL',
  verdict: 'Use `timeslice`, an aggregate by `_timeslice`, and `transpose`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| timechart span=1h count by user',
  good: '| timeslice 1h | count by _timeslice, user | transpose row _timeslice column user',
}

export const binSpan: NearMiss = {
  id: 'SUM110',
  slug: 'sumo-bin-span',
  title: '`bin` groups numbers, not times',
  origin: 'SPL',
  verdict: '`bin` makes a histogram of numbers. `timeslice` groups times.',
  evidence: { vendorDoc: 'search-query-language/search-operators: the complete list of operators' },
  bad: '| bin _time span=1h',
  good: '| timeslice 1h',
}

export const eventstatsStage: NearMiss = {
  id: 'SUM111',
  slug: 'sumo-eventstats',
  title: '`eventstats` is not an operator',
  origin: 'SPL',
  verdict: 'A grand total on every row is `total`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| eventstats sum(bytes) as t by user',
  good: '| total bytes as t by user',
}

export const streamstatsStage: NearMiss = {
  id: 'SUM112',
  slug: 'sumo-streamstats',
  title: '`streamstats` is not an operator',
  origin: 'SPL',
  verdict: 'A running sum is `accum`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| streamstats sum(bytes) as t',
  good: '| accum bytes as t',
}

export const fillnullStage: NearMiss = {
  id: 'SUM126',
  slug: 'sumo-fillnull',
  title: '`fillnull` is not an operator',
  origin: 'SPL',
  verdict: 'A missing value is replaced with `if(isNull(x), …, x) as x`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| fillnull value="-" user',
  good: '| if(isNull(user), "-", user) as user',
}

export const dedupSpaces: NearMiss = {
  id: 'SUM125',
  slug: 'sumo-dedup-spaces',
  title: '`dedup` takes its fields with commas',
  origin: 'SPL',
  verdict: 'Fields of `dedup` are separated by commas.',
  evidence: { vendorDoc: 'search-query-language/search-operators: the complete list of operators' },
  bad: '| dedup user host',
  good: '| dedup user, host',
}

export const extendStage: NearMiss = {
  id: 'SUM135',
  slug: 'sumo-extend',
  title: '`extend` is not an operator',
  origin: 'KQL',
  verdict: 'An expression is named with `as`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| extend kb = bytes / 1024',
  good: '| bytes / 1024 as kb',
}

export const projectStage: NearMiss = {
  id: 'SUM136',
  slug: 'sumo-project',
  title: '`project` is not an operator',
  origin: 'KQL',
  verdict: 'Columns are chosen with `fields`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| project user, host',
  good: '| fields user, host',
}

export const takeStage: NearMiss = {
  id: 'SUM137',
  slug: 'sumo-take',
  title: '`take` is not an operator',
  origin: 'KQL',
  verdict: 'The first rows are kept with `limit`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| take 10',
  good: '| limit 10',
}

export const summarizeStage: NearMiss = {
  id: 'SUM138',
  slug: 'sumo-summarize',
  title: '`summarize` takes no aggregate',
  origin: 'KQL',
  verdict: 'An aggregate begins its own stage. `summarize` is an older name of logreduce, which clusters messages.',
  evidence: { vendorDoc: 'search-query-language/search-operators: the complete list of operators' },
  bad: '| summarize count by user',
  good: '| count by user',
}

export const spelledDuration: NearMiss = {
  id: 'SUM143',
  slug: 'sumo-spelled-duration',
  title: 'a duration is a number and one letter',
  origin: 'SQL, and the words of people',
  verdict: 'The units are `s`, `m`, `h`, `d` and `w`, without a space.',
  evidence: { vendorDoc: 'search-query-language/search-operators: the complete list of operators' },
  bad: '| timeslice 1 minute',
  good: '| timeslice 1m',
}

export const groupSpaces: NearMiss = {
  id: 'SUM144',
  slug: 'sumo-group-spaces',
  title: 'the fields after `by` have commas between them',
  origin: 'SPL',
  verdict: 'Fields to group by are separated by commas.',
  evidence: { vendorDoc: 'search-query-language/search-operators: the complete list of operators' },
  bad: '| count by user host',
  good: '| count by user, host',
}

export const groupbyWord: NearMiss = {
  id: 'SUM145',
  slug: 'sumo-groupby',
  title: '`groupby` is not a word of Sumo Logic',
  origin: 'CQL, SQL',
  verdict: 'An aggregate comes first, then `by` and the fields.',
  evidence: { vendorDoc: 'search-query-language/search-operators: the complete list of operators' },
  bad: '| groupby user',
  good: '| count by user',
}

export const regexStage: NearMiss = {
  id: 'SUM146',
  slug: 'sumo-regex',
  title: '`regex` is not an operator',
  origin: 'CQL, SPL',
  verdict: 'Fields are taken from a text with `parse regex`.',
  evidence: { vendorDoc: 'search-query-language/search-operators: the complete list of operators' },
  bad: '| regex "user=(?<user>\\w+)"',
  good: '| parse regex "user=(?<user>\\w+)"',
}
