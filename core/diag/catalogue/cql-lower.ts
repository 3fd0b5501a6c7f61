// CQL 15x: names. 2xx: arguments and types. 4xx: structure. 45x: implied limits and defaults.
import { code } from '../diagnostic.ts'
import { thousands } from '../../text/thousands.ts'

export const noSuchFunction = code<{ name: string; near?: string; hint?: string }>({
  id: 'CQL151',
  slug: 'no-such-function',
  severity: 'error',
  title: 'No such function',
  message: (p) => `no such function: \`${p.name}()\``,
  why: 'LogScale has a fixed list of functions. It ignores the case of a name, not its spelling.',
  remedy: (p) =>
    p.hint ??
    (p.near
      ? `did you mean \`${p.near}()\`?`
      : 'check the name in docs/reference/cql or in the function reference of LogScale'),
})

export const notRunHere = code<{ name: string; what?: string; why?: string }>({
  id: 'CQL152',
  slug: 'not-yet-run-here',
  severity: 'error',
  title: 'Valid in LogScale, not supported by Assay yet',
  message: (p) =>
    p.why === undefined
      ? `Assay does not support ${p.what ?? `\`${p.name}()\``} yet`
      : `Assay cannot run \`${p.name}()\`: ${p.why}`,
  why: 'The query is valid in LogScale. A result that skips this part would be wrong.',
  remedy: (p) => `remove ${p.what ?? `\`${p.name}()\``} from the query, or run the query in LogScale`,
})

export const unknownSaved = code<{ name: string }>({
  id: 'CQL153',
  slug: 'saved-query-needed',
  severity: 'error',
  title: 'A saved query was not found',
  message: (p) => `saved query \`$${p.name}()\` not found`,
  why: 'A saved query is part of a pipeline. The tenant keeps it, not the text of this query.',
  remedy: (p) => `save its text as ${p.name.split(/[/:]/).at(-1)}.cql in a folder and add --lookups FOLDER`,
})

export const tooManySaved = code<{ name: string; most: number }>({
  id: 'CQL154',
  slug: 'too-many-saved-queries',
  severity: 'error',
  title: 'Saved queries are used too often',
  message: (p) => `with \`$${p.name}()\` this query uses saved queries more than ${thousands(p.most)} times`,
  why: 'Each use puts the text of a saved query in its place, and saved queries that use each other multiply.',
  remedy: () => 'use each saved query once, or write its steps into this query',
})

export const unknownParameter = code<{ fn: string; name: string; near?: string; known: readonly string[] }>({
  id: 'CQL201',
  slug: 'unknown-parameter',
  severity: 'error',
  title: 'The function has no such parameter',
  message: (p) => `\`${p.fn}()\` has no parameter \`${p.name}\``,
  why: 'LogScale refuses a parameter that does not exist.',
  remedy: (p) => (p.near ? `did you mean \`${p.near}\`?` : `use one of ${p.known.map((k) => `\`${k}\``).join(', ')}`),
})

export const missingParameter = code<{ fn: string; name: string }>({
  id: 'CQL202',
  slug: 'missing-parameter',
  severity: 'error',
  title: 'A required parameter is missing',
  message: (p) => `\`${p.fn}()\` needs \`${p.name}\``,
  why: 'The parameter has no default.',
  remedy: (p) => `add \`${p.name}=…\``,
})

export const wrongKind = code<{ fn: string; name: string; takes: string }>({
  id: 'CQL203',
  slug: 'wrong-kind',
  severity: 'error',
  title: 'A parameter has a value of the wrong kind',
  message: (p) => `\`${p.name}\` of \`${p.fn}()\` takes ${p.takes}`,
  why: 'Each parameter takes one kind of value: a field name, a text, a number or a sub-pipeline.',
  remedy: (p) => `write ${p.takes} for \`${p.name}\``,
})

export const severalUnnamed = code<{ fn: string; name: string }>({
  id: 'CQL204',
  slug: 'several-unnamed',
  severity: 'error',
  title: 'More than one argument without a name',
  message: (p) => `\`${p.fn}()\` takes only one argument without a name`,
  why: 'At most one argument may be unnamed. A list of fields needs brackets.',
  remedy: (p) => `write \`${p.fn}([a, b])\` for several fields, or name the parameter`,
})

export const givenTwice = code<{ fn: string; name: string }>({
  id: 'CQL205',
  slug: 'given-twice',
  severity: 'error',
  title: 'A parameter occurs twice',
  message: (p) => `\`${p.name}\` of \`${p.fn}()\` occurs twice`,
  why: 'A parameter has one value.',
  remedy: () => 'remove one of them',
})

export const notOneOf = code<{ fn: string; name: string; value: string; known: readonly string[] }>({
  id: 'CQL206',
  slug: 'not-one-of',
  severity: 'error',
  title: 'A parameter has a value that it does not allow',
  message: (p) => `\`${p.name}\` of \`${p.fn}()\` cannot be \`${p.value}\``,
  why: 'The parameter takes one word from a fixed list.',
  remedy: (p) => `write one of ${p.known.map((k) => `\`${k}\``).join(', ')}`,
})

/** `time`: the value is a date, `millis` since 1970, and `read` reads such texts of the field. */
export const neverNumeric = code<{
  field: string
  op: string
  value: string
  time?: { millis: number; read: string | undefined } | undefined
}>({
  id: 'CQL207',
  slug: 'not-a-number',
  severity: 'warning',
  title: 'An order comparison with a value that is not a number',
  message: (p) => `\`${p.field} ${p.op} ${p.value}\` is never true: \`${p.value}\` is not a number`,
  why: '`<`, `<=`, `>` and `>=` compare numbers. The right side of a filter is a literal, never a field.',
  remedy: ({ field, op, value, time }) => {
    if (time) {
      const isMillis = `if \`${field}\` is in epoch milliseconds, write \`${field} ${op} ${time.millis}\``
      return time.read === undefined
        ? isMillis
        : `${isMillis}; if it is such a text, write \`${time.read} | time ${op} ${time.millis}\``
    }
    return [field, value].every((name) => /^[@A-Za-z_][\w.[\]]*$/.test(name))
      ? `to compare two fields write \`test(${field} ${op} ${value})\``
      : 'compare with a number'
  },
})

export const badRegex = code<{ reason: string; pattern: string; lostBackslash: boolean }>({
  id: 'CQL208',
  slug: 'bad-regex',
  severity: 'error',
  title: 'A regular expression is invalid',
  message: (p) => `invalid regular expression: ${p.reason}`,
  why: 'A query with an invalid pattern would find nothing.',
  remedy: (p) =>
    p.lostBackslash
      ? 'in double quotes `\\\\` is one backslash, so write `\\\\\\\\` for a backslash of the value, or use `field=/…/`'
      : 'correct the pattern; to match a special character itself, put `\\` before it',
})

export const badFormat = code<{ conversion: string }>({
  id: 'CQL209',
  slug: 'bad-format',
  severity: 'error',
  title: 'A conversion that format() does not have, or one without a field',
  message: (p) => `format() cannot use \`${p.conversion}\``,
  why: 'Each conversion takes the next field of the list. Assay supports s d i f e x X b with flags, width and precision.',
  remedy: () => 'correct the conversion, or add a field to `field=[…]`',
})

export const notAValue = code<{ name: string }>({
  id: 'CQL210',
  slug: 'no-value',
  severity: 'error',
  title: 'An expression needs a value here',
  message: (p) => `${p.name} is not a value`,
  why: 'An expression is made of fields, literals, operators and functions that give one value.',
  remedy: () => 'write a field, a literal or a function that gives one value',
})

export const badFlag = code<{ flag: string }>({
  id: 'CQL211',
  slug: 'bad-flag',
  severity: 'error',
  title: 'A flag that regular expressions do not have',
  message: (p) => `a regular expression has no flag \`${p.flag}\``,
  why: 'LogScale has the flags d, i and m, and takes F and g. The dot matches line breaks with d.',
  remedy: (p) => (p.flag === 's' ? 'did you mean `d`?' : 'use `d`, `i` or `m`'),
})

export const noEffect = code<{ fn: string; name: string }>({
  id: 'CQL212',
  slug: 'parameter-without-effect',
  severity: 'warning',
  title: 'Assay does not use a parameter',
  message: (p) => `\`${p.name}\` of \`${p.fn}()\` changes nothing here`,
  why: 'Assay reads the parameter and computes the same rows without it. In LogScale it may change them.',
  remedy: (p) => `remove \`${p.name}\`, or compare the rows with LogScale`,
})

export const notInBranch = code<{ name: string }>({
  id: 'CQL401',
  slug: 'not-in-branch',
  severity: 'error',
  title: 'A step over all events is used inside a branch',
  message: (p) => `${p.name} cannot be used in a branch`,
  why: 'Branches of case and match, and conditions in braces, work on one event at a time.',
  remedy: () => 'move the step before or after the branches',
})

export const notAFilter = code<{ name: string }>({
  id: 'CQL402',
  slug: 'not-a-filter',
  severity: 'error',
  title: 'A condition needs a filter function',
  message: (p) => `\`${p.name}()\` is not a condition`,
  why: '`and`, `or` and `not` combine conditions. Only filters and filter functions are true or false.',
  remedy: () => 'make it a step of its own, or use a filter function',
})

export const notAnAggregate = code<{ what: string }>({
  id: 'CQL403',
  slug: 'not-an-aggregate',
  severity: 'error',
  title: 'An aggregate function is needed',
  message: (p) => `${p.what} is not an aggregate function`,
  why: 'Each item of the list is computed over many events.',
  remedy: () => 'use count(), sum(), collect(), selectLast() or another aggregate',
})

export const captureLost = code<{ names: readonly string[] }>({
  id: 'CQL404',
  slug: 'capture-lost',
  severity: 'warning',
  title: 'A named group under or, not or != creates no field',
  message: (p) =>
    `${p.names.map((n) => `\`${n}\``).join(', ')} will not become ${p.names.length > 1 ? 'fields' : 'a field'} here`,
  why: 'A named group becomes a field only where the match is certain. Under `or`, `not` and `!=` it is not.',
  remedy: () => 'move the match to a step of its own, or to a branch of case',
})

export const freeTextLate = code<{ text: string }>({
  id: 'CQL405',
  slug: 'free-text-after-aggregate',
  severity: 'warning',
  title: 'Free text after an aggregate',
  message: (p) => `free text \`${p.text}\` after an aggregate searches only the remaining columns`,
  why: 'LogScale has deprecated free text after an aggregate since 1.189, because the events are gone.',
  remedy: () => 'write `field=text`, or move the search before the aggregate',
})

export const closedName = code<{ name: string; columns: readonly string[]; near?: string }>({
  id: 'CQL407',
  slug: 'field-is-gone',
  severity: 'warning',
  title: 'The field no longer exists at this step',
  message: (p) => `\`${p.name}\` no longer exists at this step`,
  why: 'An aggregate, table() or select() keeps only its own columns. Later steps cannot read other fields.',
  remedy: (p) =>
    p.near
      ? `did you mean \`${p.near}\`?`
      : `keep it with a grouping key, collect() or selectLast(), or use one of ${p.columns.map((c) => `\`${c}\``).join(', ')}`,
})

export const linkOutside = code<{ op: string }>({
  id: 'CQL408',
  slug: 'link-outside-correlate',
  severity: 'error',
  title: 'A link operator outside correlate()',
  message: (p) => `\`${p.op}\` links events only inside correlate()`,
  why: 'Only correlate() has several queries to link.',
  remedy: () => 'use `=`, or test(a == b) to compare two fields',
})

export const needsOrder = code<{ fn: string }>({
  id: 'CQL409',
  slug: 'needs-order',
  severity: 'error',
  title: 'A function over neighbouring rows, and the rows have no order',
  message: (p) => `\`${p.fn}()\` needs rows in an order`,
  why: 'Events have no order until sort(), head() or another aggregate gives them one. LogScale refuses the query.',
  remedy: (p) => `write \`head()\` or \`sort(…)\` before \`${p.fn}()\``,
})

export const impliedTail = code<{ limit: number }>({
  id: 'CQL451',
  slug: 'implied-tail',
  severity: 'info',
  title: 'A query without an aggregate shows only the newest events',
  message: (p) => `the result shows only the newest ${p.limit} events, as in LogScale`,
  why: 'LogScale appends tail(200) to every query without an aggregate.',
  remedy: () => 'write `| tail(limit=max)`, or an aggregate, to see more',
})

export const impliedLimit = code<{ fn: string; limit: number }>({
  id: 'CQL452',
  slug: 'implied-limit',
  severity: 'info',
  title: 'A function uses its default limit',
  message: (p) => `\`${p.fn}()\` keeps only ${p.limit} rows, its default limit`,
  why: 'LogScale cuts the result at the default limit without a warning.',
  remedy: () => 'write `limit=max`, or a number',
})

export const impliedSpan = code<{ fn: string; span: string }>({
  id: 'CQL453',
  slug: 'implied-span',
  severity: 'info',
  title: 'A function uses its default span',
  message: (p) => `\`${p.fn}()\` uses spans of ${p.span}`,
  why: 'Without a span, LogScale derives one from the interval of the search.',
  remedy: () => 'write `span=1h`, or another duration',
})

export const bucketsNotFilled = code<{ fn: string; why: string }>({
  id: 'CQL454',
  slug: 'buckets-not-filled',
  severity: 'warning',
  title: 'Buckets without events are left out',
  message: (p) => `\`${p.fn}()\` shows only buckets with events: ${p.why}`,
  why: 'LogScale also shows the empty buckets of the interval, with sums and counts of 0.',
  remedy: () => 'use a longer `span`, or a shorter interval with --from and --to, in UTC',
})

export const needsTime = code<{ fn: string }>({
  id: 'CQL411',
  slug: 'needs-time',
  severity: 'warning',
  title: 'The newest rows of rows without a time',
  message: (p) => `\`${p.fn}()\` finds no @timestamp in these rows: the last rows of their order are taken`,
  why: 'The page of tail() says that LogScale reports an error for rows without @timestamp. A guide says that tail() takes the last rows of an aggregate.',
  remedy: () =>
    'use `sort(FIELD, order=desc, limit=N)`, or keep the time in the aggregate: `max(@timestamp, as=@timestamp)`',
})

export const outsideBuckets = code<Record<string, never>>({
  id: 'CQL410',
  slug: 'outside-buckets',
  severity: 'error',
  title: 'window() outside bucket() and timeChart()',
  message: () => '`window()` has no buckets here',
  why: 'window() aggregates over neighbouring buckets, so LogScale takes it only in `function` of bucket() and timeChart().',
  remedy: () => 'write timeChart(function=window(…, span=…)); slidingTimeWindow() needs no buckets',
})
