// Diagnostics of the Sumo Logic language: reading a text. SUM1xx are near-misses (core/lang/sumo/near-misses), SUM2xx are in sumo-lower.ts.
import { code } from '../diagnostic.ts'

export const sumoExpected = code<{ readonly expected: string; readonly found: string }>({
  id: 'SUM001',
  slug: 'sumo-expected',
  severity: 'error',
  title: 'The text does not follow the grammar',
  message: ({ expected, found }) => `expected ${expected}, found ${found}`,
  why: 'A search is a scope and then stages separated by `|`; each stage begins with an operator, an aggregate or an expression.',
  remedy: ({ expected }) => `write ${expected} here`,
})

export const sumoOpen = code<{ readonly what: string }>({
  id: 'SUM002',
  slug: 'sumo-never-ends',
  severity: 'error',
  title: 'A string, name or template never ends',
  message: ({ what }) => `${what} is opened and never closed`,
  why: 'Everything after the opening mark would belong to it.',
  remedy: ({ what }) => `close ${what}`,
})

export const sumoCharacter = code<{ readonly character: string }>({
  id: 'SUM003',
  slug: 'sumo-character',
  severity: 'error',
  title: 'A character that begins nothing',
  message: ({ character }) => `the character ${JSON.stringify(character)} has no meaning here`,
  why: 'Names with other characters than letters, digits, `_` and `.` are written %"so".',
  remedy: () => 'remove it, or quote the name or text it belongs to',
})

export const sumoOperator = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SUM004',
  slug: 'sumo-operator',
  severity: 'error',
  title: 'No such operator',
  message: ({ name }) => `there is no operator ${name}`,
  why: 'A stage that is neither an operator nor an aggregate is an expression with `as`, or a function of one field.',
  remedy: ({ similar }) => (similar ? `did you mean ${similar}?` : 'look the operator up in the reference'),
})

export const sumoEmptyStage = code<Record<string, never>>({
  id: 'SUM005',
  slug: 'sumo-empty-stage',
  severity: 'error',
  title: 'Nothing between two bars',
  message: () => 'a stage is empty',
  why: 'A bar is followed by a stage.',
  remedy: () => 'remove the bar or write the stage',
})

export const sumoBareExpression = code<{ readonly what: string }>({
  id: 'SUM006',
  slug: 'sumo-needs-alias',
  severity: 'error',
  title: 'An expression without a name',
  message: ({ what }) => `${what} needs \`as name\``,
  why: 'Only a function of one plain field may stand without `as`; it then overwrites that field.',
  remedy: () => 'add `as name`, or `where` in front of a condition',
})

export const sumoTooLong = code<{ readonly length: number }>({
  id: 'SUM007',
  slug: 'sumo-too-long',
  severity: 'warning',
  title: 'Longer than the vendor takes',
  message: ({ length }) => `the query has ${length} characters; the vendor takes 15,000`,
  why: 'Longer texts are refused.',
  remedy: () => 'shorten it, or move lists into a lookup table',
})

export const sumoNumber = code<{ readonly text: string }>({
  id: 'SUM008',
  slug: 'sumo-number',
  severity: 'error',
  title: 'Not a number',
  message: ({ text }) => `${text} is not a number`,
  why: 'Suffixes are k M G T P, Ki Mi Gi Ti Pi and the times ns us ms s m h d w, in this case.',
  remedy: () => 'use a suffix that exists, or quote the text',
})

export const sumoHole = code<{ readonly name: string }>({
  id: 'SUM009',
  slug: 'sumo-template',
  severity: 'error',
  title: 'A template variable without a value',
  message: ({ name }) => `the template variable ${name} has no value`,
  why: 'Dashboards fill template variables in before a search runs.',
  remedy: ({ name }) => `give it one: --param ${name}=VALUE`,
})
