// Expressions of other languages: the vendor's verdict and the valid form.
import type { NearMiss } from '../../shared/builtin.ts'

export const dcAggregate: NearMiss = {
  id: 'SUM113',
  slug: 'sumo-dc',
  title: '`dc` is not an aggregate',
  origin: 'SPL',
  verdict: 'Distinct values are counted with `count_distinct`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| dc(user) as users',
  good: '| count_distinct(user) as users',
}

export const earliestLatest: NearMiss = {
  id: 'SUM114',
  slug: 'sumo-earliest-latest',
  title: '`earliest` and `latest` are not aggregates',
  origin: 'SPL',
  verdict: 'In the default order, newest first, `first` is the latest and `last` the earliest value.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| latest(status) by host',
  good: '| first(status) by host',
}

export const likeOperator: NearMiss = {
  id: 'SUM115',
  slug: 'sumo-like',
  title: '`like` does not exist',
  origin: 'SQL',
  verdict: 'Wildcards are compared with `matches`, where `*` is the only special character.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| where url like "%.exe"',
  good: '| where url matches "*.exe"',
}

export const caseCall: NearMiss = {
  id: 'SUM116',
  slug: 'sumo-case',
  title: '`case()` does not exist',
  origin: 'SPL',
  verdict: 'Nest several `if` instead.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| case(a = 1, "x", true, "y") as c',
  good: '| if(a = 1, "x", "y") as c',
}

export const coalesceCall: NearMiss = {
  id: 'SUM117',
  slug: 'sumo-coalesce',
  title: '`coalesce()` does not exist',
  origin: 'SPL, SQL',
  verdict: 'Nest `if` with `isNull` for the first value that is present.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| coalesce(a, b) as c',
  good: '| if(isNull(a), b, a) as c',
}

export const notWord: NearMiss = {
  id: 'SUM118',
  slug: 'sumo-not',
  title: '`not` is allowed only before `in`',
  origin: 'SPL, SQL',
  verdict: 'An expression is negated with `!`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| where not (a = 1)',
  good: '| where !(a = 1)',
}

export const singleQuotes: NearMiss = {
  id: 'SUM119',
  slug: 'sumo-single-quotes',
  title: 'a string needs double quotes, not single quotes',
  origin: 'other languages',
  verdict: 'A string needs double quotes.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: "| where a = 'x'",
  good: '| where a = "x"',
}

export const smartQuotes: NearMiss = {
  id: 'SUM120',
  slug: 'sumo-smart-quotes',
  title: 'a string needs straight quotes, not typographic quotes',
  origin: 'word processors',
  verdict: 'A string needs straight double quotes.',
  evidence: { observed: "the vendor's own pages show them; the product does not read them" },
  bad: '| where a = “x”',
  good: '| where a = "x"',
}

export const expressionInAggregate: NearMiss = {
  id: 'SUM121',
  slug: 'sumo-expression-in-aggregate',
  title: 'an aggregate takes a field, not an expression',
  origin: 'SPL, SQL',
  verdict: 'Compute the value in an earlier stage.',
  evidence: { vendorDoc: 'search-query-language/group-aggregate-operators: no expressions in aggregates' },
  bad: '| sum(bytes / 1024) as kb',
  good: '| bytes / 1024 as _arg1 | sum(_arg1) as kb',
}

export const expressionInBy: NearMiss = {
  id: 'SUM122',
  slug: 'sumo-expression-in-by',
  title: 'an aggregate groups by fields, not by expressions',
  origin: 'SQL, KQL',
  verdict: 'Compute the value in an earlier stage.',
  evidence: { vendorDoc: 'search-query-language/group-aggregate-operators: group by takes fields' },
  bad: '| count by toLowerCase(user)',
  good: '| toLowerCase(user) as _key1 | count by _key1',
}

export const scopeNotEqual: NearMiss = {
  id: 'SUM123',
  slug: 'sumo-scope-not-equal',
  title: 'a scope has no `!=`',
  origin: 'SPL',
  verdict: 'Negate a pair with `!` before it.',
  evidence: { observed: 'no use in 16,284 public app queries' },
  bad: 'env != prod error',
  good: '!env=prod error',
}

export const scopeOr: NearMiss = {
  id: 'SUM139',
  slug: 'sumo-scope-or',
  title: 'a scope has no `||`',
  origin: 'programming languages',
  verdict: 'The operator of a scope is the word `OR`. `|` ends the scope.',
  evidence: { vendorDoc: 'search/get-started-with-search/build-search/keyword-search-expressions: AND, OR, NOT' },
  bad: 'error || warning',
  good: 'error or warning',
}

export const equalsNot: NearMiss = {
  id: 'SUM140',
  slug: 'sumo-equals-not',
  title: '`=!` is not an operator',
  origin: 'a slip: two characters exchanged',
  verdict: 'The operator is `!=`. `=!` compares with a negated value.',
  evidence: { assumed: 'no page of the vendor compares with a negated value, and no published query does' },
  bad: '| where size =! "-"',
  good: '| where size != "-"',
}

export const exchangedSigns: NearMiss = {
  id: 'SUM141',
  slug: 'sumo-exchanged-signs',
  title: 'a comparison has other signs',
  origin: 'slips of the keyboard, JavaScript, Erlang, Prolog',
  verdict: 'The comparisons are `= != < <= > >=`.',
  evidence: { vendorDoc: 'search-query-language/search-operators/where: the operators of a condition' },
  bad: '| where size => 10',
  good: '| where size >= 10',
}

export const compareNull: NearMiss = {
  id: 'SUM124',
  slug: 'sumo-compare-null',
  title: 'nothing equals null',
  origin: 'SQL',
  verdict: '`isNull` tests for a missing value.',
  evidence: { observed: 'about 45 partner queries write it; no page has a literal null' },
  bad: '| where user = null',
  good: '| where isNull(user)',
}

export const isNotNullCall: NearMiss = {
  id: 'SUM127',
  slug: 'sumo-isnotnull',
  title: '`isNotNull()` does not exist',
  origin: 'SPL, KQL',
  verdict: 'Write `!isNull(x)`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| where isnotnull(user)',
  good: '| where !isNull(user)',
}

export const notBeforeOperator: NearMiss = {
  id: 'SUM133',
  slug: 'sumo-not-matches',
  title: '`not` cannot precede `matches`',
  origin: 'SQL',
  verdict: 'Negate the whole comparison.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| where a not matches "x*"',
  good: '| where !(a matches "x*")',
}

export const bareCondition: NearMiss = {
  id: 'SUM134',
  slug: 'sumo-bare-condition',
  title: 'a condition alone is not a stage',
  origin: 'LogScale',
  verdict: '`where` keeps the rows for which a condition is true.',
  evidence: { observed: 'one public query has it; the documented grammar does not' },
  bad: '| !isEmpty(user)',
  good: '| where !isEmpty(user)',
}

export const limitEquals: NearMiss = {
  id: 'SUM149',
  slug: 'sumo-limit-equals',
  title: '`limit` takes its number without an equals sign',
  origin: 'LogScale and SPL',
  verdict: 'The first rows are kept with `limit` and a number.',
  evidence: { vendorDoc: 'search-query-language/search-operators/limit: `limit 5`' },
  bad: '| limit == 5',
  good: '| limit 5',
}

export const assignColon: NearMiss = {
  id: 'SUM130',
  slug: 'sumo-assign-colon',
  title: '`:=` is not assignment',
  origin: 'LogScale',
  verdict: 'An expression is named with `as`.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| x := a + 1',
  good: '| a + 1 as x',
}

export const equalsAggregate: NearMiss = {
  id: 'SUM142',
  slug: 'sumo-equals-aggregate',
  title: 'an aggregate is named with `as`',
  origin: 'SPL, KQL, SQL and most programming languages',
  verdict: 'An aggregate begins its stage. The name of its result follows, with `as`.',
  evidence: { vendorDoc: 'search-query-language/group-aggregate-operators: `as` names the result' },
  bad: '| n = count by host',
  good: '| count as n by host',
}

export const foreignFunction: NearMiss = {
  id: 'SUM131',
  slug: 'sumo-foreign-function',
  title: 'a function with a name of another language',
  origin: 'SPL, KQL',
  verdict: 'The function has another name in Sumo Logic.',
  evidence: { observed: "no use in 16,284 public app queries; not in the vendor's operator list" },
  bad: '| lower(user) as u',
  good: '| toLowerCase(user) as u',
}

export const missingPipe: NearMiss = {
  id: 'SUM147',
  slug: 'sumo-missing-pipe',
  title: 'a `|` is missing before this operator',
  origin: 'a slip: the next operator begins on a new line',
  verdict: 'Operators are separated by `|`; a new line means nothing.',
  evidence: { vendorDoc: 'search/get-started-with-search/build-search: operators follow one another with a pipe' },
  bad: '| json "x" where x = "1"',
  good: '| json "x" | where x = "1"',
}

export const doubleEquals: NearMiss = {
  id: 'SUM148',
  slug: 'sumo-double-equals',
  title: 'an option takes one `=`',
  origin: 'programming languages',
  verdict: 'A condition takes `=` and `==`, an option of an operator only `=`.',
  evidence: { vendorDoc: 'search-query-language/parse-operators: options are written `field=…`' },
  bad: '| json field==a "b"',
  good: '| json field=a "b"',
}
