import { inText } from '../../../diag/diagnostic.ts'
import { allTests } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'

export const valueIsTheName = textRule<{ readonly field: string }>({
  id: 'LNT431',
  slug: 'value-is-the-name',
  severity: 'warning',
  yields: true,
  title: 'A field that is compared with its own name',
  message: (p) => `\`${p.field}\` is compared with its own name`,
  why: 'A word without quotes is a text in a filter. A field rarely holds its own name; a parameter has a question mark before it.',
  remedy: (p) => `write the value, or \`?${p.field}\` for the parameter`,
  checkText({ outline, source }) {
    if (outline.traits.globTest || outline.traits.foldsCase) return []
    const inFilters = allTests(outline).flatMap(({ test }): Violation<{ field: string }>[] =>
      test.op === '=' && test.values.some((v) => v.kind === 'bare' && v.text === test.field)
        ? [{ at: inText(source, test.at), params: { field: test.field } }]
        : [],
    )
    const inArguments = [...source.text.matchAll(ARGUMENTS)].map((m) => ({
      at: inText(source, { start: m.index, end: m.index + m[0].length }),
      params: { field: m[1] ?? '' },
    }))
    return [...inFilters, ...inArguments]
  },
})

/** `wildcard(field=Tactic, pattern=Tactic)` */
const ARGUMENTS = /\bfield\s*=\s*([\w.#@]+)\s*,\s*(?:pattern|values|string)\s*=\s*\[?\s*\1(?=\s*[\],)])/g
