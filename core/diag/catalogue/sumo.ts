// Diagnostics of the Sumo Logic language: the grammar. SUM1xx are near-misses (core/lang/sumo/near-misses), SUM2xx are in sumo-lower.ts.
import { code } from '../diagnostic.ts'

export const sumoExpected = code<{ readonly expected: string; readonly found: string }>({
  id: 'SUM001',
  slug: 'sumo-expected',
  severity: 'error',
  title: 'The text does not follow the grammar',
  message: ({ expected, found }) => `expected ${expected}, found ${found}`,
  why: 'A search is a scope, then stages separated by `|`. Each stage begins with an operator, an aggregate or an expression.',
  remedy: ({ expected }) => `write ${expected} here`,
})

export const sumoUnclosed = code<{ readonly found: string }>({
  id: 'SUM015',
  slug: 'sumo-unclosed',
  severity: 'error',
  title: 'A bracket is never closed',
  message: ({ found }) => `\`(\` is not closed before ${found}`,
  why: 'Every opening bracket needs a closing one within its stage.',
  remedy: () => 'add `)`',
})

export const sumoLostAs = code<{ readonly name: string }>({
  id: 'SUM013',
  slug: 'sumo-lost-as',
  severity: 'warning',
  title: 'A name behind paths in quotes',
  message: ({ name }) => `\`${name}\` is read as one more path here`,
  why: 'Names of the new fields follow `as`, and the next stage follows `|`. A bare word behind a path in quotes is another path.',
  remedy: ({ name }) => `write \`as ${name}\`, or \`|\` before it; put a path in quotes`,
})

export const sumoTooDeep = code<{ readonly most: number }>({
  id: 'SUM012',
  slug: 'sumo-too-deep',
  severity: 'error',
  title: 'Brackets or operators are nested too deeply',
  message: ({ most }) => `brackets, subqueries or operators are nested more than ${most} deep`,
  why: 'The limit keeps the parser from running out of stack. Searches written by hand stay far below it.',
  remedy: () => 'split the search into stages; write a long chain of `or` as `in (…)`',
})

export const sumoOpen = code<{ readonly what: string }>({
  id: 'SUM002',
  slug: 'sumo-never-ends',
  severity: 'error',
  title: 'A string, name or template never ends',
  message: ({ what }) => `${what} is never closed`,
  why: 'All text after the opening mark would be part of it.',
  remedy: ({ what }) => `close ${what}`,
})

export const sumoCharacter = code<{ readonly character: string }>({
  id: 'SUM003',
  slug: 'sumo-character',
  severity: 'error',
  title: 'A character that has no meaning here',
  message: ({ character }) => `the character ${JSON.stringify(character)} has no meaning here`,
  why: 'Names have letters, digits, `_` and `.`. Other characters need quotes: %"a name".',
  remedy: () => 'remove it, or quote the name as %"…" or the text as "…"',
})

export const sumoOperator = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'SUM004',
  slug: 'sumo-operator',
  severity: 'error',
  title: 'No such operator',
  message: ({ name }) => `no such operator: ${name}`,
  why: 'A stage is an operator, an aggregate, an expression with `as`, or a function of one field.',
  remedy: ({ name, similar }) =>
    name.toLowerCase() === 'case'
      ? 'write `if(a, "x", if(b, "y", "z")) as name`'
      : similar
        ? `did you mean ${similar}?`
        : 'look up the name in docs/reference/sumo',
})

export const sumoEmptyStage = code<Record<string, never>>({
  id: 'SUM005',
  slug: 'sumo-empty-stage',
  severity: 'error',
  title: 'An empty stage',
  message: () => 'the stage after this `|` is empty',
  why: 'A stage follows each `|`.',
  remedy: () => 'remove the `|`, or write a stage after it',
})

export const sumoBareExpression = code<{ readonly what: string }>({
  id: 'SUM006',
  slug: 'sumo-needs-alias',
  severity: 'error',
  title: 'An expression without a name',
  message: ({ what }) => `${what} needs \`as name\``,
  why: 'Only a function of one plain field needs no `as`. It overwrites that field.',
  remedy: () => 'add `as name` after the expression, or `where` before a condition',
})

export const sumoTooLong = code<{ readonly length: number }>({
  id: 'SUM007',
  slug: 'sumo-too-long',
  severity: 'warning',
  title: 'Too long for Sumo Logic',
  message: ({ length }) => `the search has ${length} characters; Sumo Logic allows 15,000`,
  why: 'Sumo Logic refuses longer searches.',
  remedy: () => 'shorten the search, or move its lists to a lookup table',
})

export const sumoNumber = code<{ readonly text: string; readonly meant: readonly string[] }>({
  id: 'SUM008',
  slug: 'sumo-number',
  severity: 'error',
  title: 'Not a number',
  message: ({ text }) => `${text} is not a number`,
  why: 'A number can end in k M G T P, in Ki Mi Gi Ti Pi, or in `ns us ms s m h d w` for time. Case matters.',
  remedy: ({ meant }) =>
    meant.length === 2
      ? `write ${meant[0]} for steps of 1000, ${meant[1]} for steps of 1024`
      : meant.length === 1
        ? `write ${meant[0]}`
        : 'use one of these suffixes, or put the text in double quotes',
})

export const sumoWhole = code<{ readonly text: string }>({
  id: 'SUM011',
  slug: 'sumo-whole-number',
  severity: 'error',
  title: 'Not a whole number',
  message: ({ text }) => `${text} is not a whole number`,
  why: 'A number of rows, time slices or predictions is a whole one, up to 9007199254740991.',
  remedy: () => 'use a whole number',
})

export const sumoHole = code<{ readonly names: readonly string[] }>({
  id: 'SUM009',
  slug: 'sumo-template',
  severity: 'error',
  title: 'A template variable without a value',
  message: ({ names }) =>
    names.length === 1
      ? `the template variable ${names[0]} has no value`
      : `the template variables ${names.join(', ')} have no value`,
  why: 'A dashboard replaces template variables before it runs a search.',
  remedy: ({ names }) => `add ${names.map((n) => `--param ${n}=VALUE`).join(' ')}`,
})

export const sumoRule = code<Record<string, never>>({
  id: 'SUM010',
  slug: 'sumo-cloud-siem-rule',
  severity: 'warning',
  title: 'A rule expression of Cloud SIEM, not a log search',
  message: () => 'this is a rule expression of Cloud SIEM, not a log search',
  why: 'A rule is one condition over a normalised record: fields["x"], `matches`, `like`, `in`, functions. In a log search it would be words to look for. Assay runs it as a rule over records.',
  remedy: () =>
    'in a log search, write `_index=sec_record_* | where` before it; in a rule of Cloud SIEM, leave it as it is',
})

export const sumoTilde = code<{ readonly sign: string }>({
  id: 'SUM014',
  slug: 'sumo-tilde',
  severity: 'error',
  title: 'No operator has `~`',
  message: (p) => `\`${p.sign}\` is not an operator`,
  why: 'A pattern is compared with `matches`: a text in which `*` is any text, or a regular expression between slashes.',
  remedy: () => 'write `matches "adm*"` for a text, `matches /adm.*/` for a regular expression',
})
