// CQL 15x: names. 2xx: arguments and types. 4xx: structure. 45x: what is implied, said.
import { code } from '../diagnostic.ts'

export const noSuchFunction = code<{ name: string; near?: string; hint?: string }>({
  id: 'CQL151',
  slug: 'no-such-function',
  severity: 'error',
  title: 'There is no function of this name',
  message: (p) => `no such function: \`${p.name}()\``,
  why: 'Function names are fixed by LogScale; their case does not matter, their spelling does.',
  remedy: (p) =>
    p.hint ?? (p.near ? `did you mean \`${p.near}()\`?` : 'check the name against the function reference of LogScale'),
})

export const notRunHere = code<{ name: string; what?: string }>({
  id: 'CQL152',
  slug: 'not-yet-run-here',
  severity: 'error',
  title: 'LogScale knows it, Assay does not run it yet',
  message: (p) => `known in LogScale, not yet run here: ${p.what ?? `\`${p.name}()\``}`,
  why: 'The query is valid, but an answer without this part would be a wrong answer.',
  remedy: (p) => `run the query without ${p.what ?? `\`${p.name}()\``}, or in LogScale`,
})

export const unknownSaved = code<{ name: string }>({
  id: 'CQL153',
  slug: 'saved-query-needed',
  severity: 'error',
  title: 'A saved query is not at hand',
  message: (p) => `the saved query \`$${p.name}()\` is not known here`,
  why: 'A saved query is a piece of pipeline that lives in the repository of the tenant, not in the text.',
  remedy: (p) => `give its text as a file named after \`${p.name}\` in the folder of saved queries`,
})

export const unknownParameter = code<{ fn: string; name: string; near?: string; known: readonly string[] }>({
  id: 'CQL201',
  slug: 'unknown-parameter',
  severity: 'error',
  title: 'The function has no such parameter',
  message: (p) => `\`${p.fn}()\` has no parameter \`${p.name}\``,
  why: 'A parameter that does not exist is refused, not ignored.',
  remedy: (p) => (p.near ? `did you mean \`${p.near}\`?` : `it takes ${p.known.map((k) => `\`${k}\``).join(', ')}`),
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
  title: 'A parameter is given something of another kind',
  message: (p) => `\`${p.name}\` of \`${p.fn}()\` takes ${p.takes}`,
  why: 'Each parameter takes one kind of thing: a field name, a text, a number, a sub-pipeline.',
  remedy: (p) => `give ${p.takes}`,
})

export const severalUnnamed = code<{ fn: string; name: string }>({
  id: 'CQL204',
  slug: 'several-unnamed',
  severity: 'error',
  title: 'More than one argument without a name',
  message: (p) => `\`${p.fn}()\` takes only one argument without a name`,
  why: 'At most one argument may stand unnamed; a list is written in brackets.',
  remedy: (p) => `write \`${p.fn}([a, b])\` for several fields, or name the parameter`,
})

export const givenTwice = code<{ fn: string; name: string }>({
  id: 'CQL205',
  slug: 'given-twice',
  severity: 'error',
  title: 'A parameter is given twice',
  message: (p) => `\`${p.name}\` of \`${p.fn}()\` is given twice`,
  why: 'Only one value can hold.',
  remedy: () => 'remove one of them',
})

export const notOneOf = code<{ fn: string; name: string; value: string; known: readonly string[] }>({
  id: 'CQL206',
  slug: 'not-one-of',
  severity: 'error',
  title: 'A parameter has a value that it does not know',
  message: (p) => `\`${p.name}\` of \`${p.fn}()\` cannot be \`${p.value}\``,
  why: 'The parameter takes one of a few words.',
  remedy: (p) => `write one of ${p.known.map((k) => `\`${k}\``).join(', ')}`,
})

export const neverNumeric = code<{ field: string; op: string; value: string }>({
  id: 'CQL207',
  slug: 'not-a-number',
  severity: 'warning',
  title: 'An order comparison with something that is not a number',
  message: (p) => `\`${p.field} ${p.op} ${p.value}\` is never true: \`${p.value}\` is not a number`,
  why: '`<`, `<=`, `>`, `>=` compare numbers; the right side is a literal, never a field.',
  remedy: (p) => `to compare two fields write \`test(${p.field} ${p.op} ${p.value})\``,
})

export const badRegex = code<{ reason: string; pattern: string }>({
  id: 'CQL208',
  slug: 'bad-regex',
  severity: 'error',
  title: 'A regular expression does not parse',
  message: (p) => `the pattern cannot be read: ${p.reason}`,
  why: 'A pattern that cannot be read matches nothing, so the query would stay silent.',
  remedy: () => 'correct the pattern',
})

export const badFormat = code<{ conversion: string }>({
  id: 'CQL209',
  slug: 'bad-format',
  severity: 'error',
  title: 'A conversion that format() does not have, or has no field for',
  message: (p) => `format() cannot use \`${p.conversion}\``,
  why: 'Every conversion takes one field of the list, in order; known are s d i f e x X b with flags, width and precision.',
  remedy: () => 'correct the format, or add a field',
})

export const noArray = code<{ name: string }>({
  id: 'CQL210',
  slug: 'no-value',
  severity: 'error',
  title: 'Something that is no value stands where a value is wanted',
  message: (p) => `${p.name} is no value`,
  why: 'An expression is made of fields, literals, operators and functions that give one value.',
  remedy: () => 'give a field, a literal or a function that gives one value',
})

export const notInBranch = code<{ name: string }>({
  id: 'CQL401',
  slug: 'not-in-branch',
  severity: 'error',
  title: 'A step that works on all events stands where only one event is seen',
  message: (p) => `${p.name} cannot stand in a branch`,
  why: 'The branches of case and match, and conditions in braces, see one event at a time.',
  remedy: () => 'move the step in front of the branches or behind them',
})

export const notAFilter = code<{ name: string }>({
  id: 'CQL402',
  slug: 'not-a-filter',
  severity: 'error',
  title: 'A function that decides nothing stands where a condition is wanted',
  message: (p) => `\`${p.name}()\` is no condition`,
  why: 'Only filter functions are true or false; under `or` and `not` nothing else may stand.',
  remedy: () => 'make it a step of its own, or use a filter function',
})

export const notAnAggregate = code<{ what: string }>({
  id: 'CQL403',
  slug: 'not-an-aggregate',
  severity: 'error',
  title: 'An aggregate function is wanted',
  message: (p) => `${p.what} is no aggregate`,
  why: 'The list is computed over many events, so each item must be an aggregate function.',
  remedy: () => 'use count(), sum(), collect(), selectLast() or another aggregate',
})

export const captureLost = code<{ names: readonly string[] }>({
  id: 'CQL404',
  slug: 'capture-lost',
  severity: 'warning',
  title: 'A named group under or, not or != makes no field',
  message: (p) =>
    `${p.names.map((n) => `\`${n}\``).join(', ')} will not become ${p.names.length > 1 ? 'fields' : 'a field'} here`,
  why: 'Named groups become fields only where the match is certain: not under `or`, `not` or `!=`.',
  remedy: () => 'match in a step of its own, or in a branch of case',
})

export const freeTextLate = code<{ text: string }>({
  id: 'CQL405',
  slug: 'free-text-after-aggregate',
  severity: 'warning',
  title: 'Free text after an aggregate',
  message: (p) => `free text \`${p.text}\` after an aggregate searches only the columns that are left`,
  why: 'LogScale deprecates free text after an aggregate since 1.189: the events are gone.',
  remedy: () => 'name the field, or move the search to the front',
})

export const parsedFieldsOpen = code<{ fn: string }>({
  id: 'CQL406',
  slug: 'parsed-fields-not-listed',
  severity: 'warning',
  title: 'Only parsed fields that the query names are shown',
  message: (p) => `fields of \`${p.fn}()\` that the query never names are not in the result`,
  why: 'The plan has to know its columns before it sees the data; parsed fields are read by name.',
  remedy: () => 'end the query with select() or table() of the fields you want',
})

export const closedName = code<{ name: string; columns: readonly string[]; near?: string }>({
  id: 'CQL407',
  slug: 'field-is-gone',
  severity: 'warning',
  title: 'A field that no longer exists at this step',
  message: (p) => `\`${p.name}\` does not exist any more here`,
  why: 'An aggregate, table() or select() leaves only its own columns; everything else is absent from there on.',
  remedy: (p) =>
    p.near
      ? `did you mean \`${p.near}\`?`
      : `carry it along (as a grouping key, with collect() or selectLast()), or use one of ${p.columns.map((c) => `\`${c}\``).join(', ')}`,
})

export const linkOutside = code<{ op: string }>({
  id: 'CQL408',
  slug: 'link-outside-correlate',
  severity: 'error',
  title: 'A link operator outside correlate()',
  message: (p) => `\`${p.op}\` links events only inside correlate()`,
  why: 'Outside of it there is nothing to link to.',
  remedy: () => 'use `=`, or test(a == b) to compare two fields',
})

export const impliedTail = code<{ limit: number }>({
  id: 'CQL451',
  slug: 'implied-tail',
  severity: 'info',
  title: 'Without an aggregate only the newest events are shown',
  message: (p) => `only the newest ${p.limit} events are shown, as LogScale does`,
  why: 'LogScale appends tail(200) to every query without an aggregate.',
  remedy: () => 'write `| tail(limit=max)`, or an aggregate, to see more',
})

export const impliedLimit = code<{ fn: string; limit: number }>({
  id: 'CQL452',
  slug: 'implied-limit',
  severity: 'info',
  title: 'A limit that the text does not say',
  message: (p) => `\`${p.fn}()\` keeps ${p.limit} rows unless it is given a limit`,
  why: 'The default limit of the function cuts silently in LogScale.',
  remedy: () => 'write `limit=max`, or the number you mean',
})

export const impliedSpan = code<{ fn: string; span: string }>({
  id: 'CQL453',
  slug: 'implied-span',
  severity: 'info',
  title: 'A span that the text does not say',
  message: (p) => `\`${p.fn}()\` uses spans of ${p.span}`,
  why: 'Without a span LogScale chooses one by the interval of the search.',
  remedy: () => 'write `span=…`',
})

export const bucketsNotFilled = code<{ fn: string; why: string }>({
  id: 'CQL454',
  slug: 'buckets-not-filled',
  severity: 'warning',
  title: 'Buckets without events are left out',
  message: (p) => `\`${p.fn}()\` shows only buckets with events: ${p.why}`,
  why: 'LogScale also shows the empty buckets of the interval, with sums and counts of 0; here they would have to be known.',
  remedy: () => 'take a longer span or a shorter interval, in UTC',
})
