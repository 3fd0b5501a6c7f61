import { inText } from '../../../diag/diagnostic.ts'
import type { Condition, Outline } from '../../../lang/shared/outline.ts'
import { allTests, filtersOf, visitCondition } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'
import type { Span } from '../../../text/source.ts'

interface Params {
  readonly found: string
  readonly meant: string
}

export const gluedName = textRule<Params>({
  id: 'LNT428',
  slug: 'glued-name',
  severity: 'warning',
  yields: true,
  title: 'A name and its value without a sign between them',
  message: (p) => `\`${p.found}\` is one word here`,
  why: 'Without its sign a condition is a search for a word, and an argument is the name of a field. No event has such a word.',
  remedy: (p) => `write \`${p.meant}\``,
  checkText({ outline, source }) {
    if (outline.traits.foldsCase && !outline.traits.globTest) return []
    return (outline.traits.globTest ? inScope(outline) : [...inFilters(outline), ...inArguments(outline)]).map(
      ({ at, found, name }): Violation<Params> => {
        const meant = `${name}=${found.slice(name.length)}`
        const fixes = [{ title: `write ${meant}`, edits: [{ span: at, text: meant }], safety: 'unsafe' as const }]
        return { at: inText(source, at), params: { found, meant }, fixes }
      },
    )
  },
})

interface Glued {
  readonly at: Span
  readonly found: string
  readonly name: string
}

/** https://help.sumologic.com/docs/search/get-started-with-search/search-basics/built-in-metadata/ */
const METADATA = /^_(?:sourceCategory|sourceHost|sourceName|source|collector|index|view|dataTier)(?=[\w/*-])/i

function words(outline: Outline): { readonly at: Span; readonly text: string }[] {
  const found: { at: Span; text: string }[] = []
  const add = (c: Condition): void => {
    if (c.kind === 'text' && c.value.kind === 'bare') found.push({ at: c.at, text: c.value.text })
  }
  for (const where of filtersOf(outline)) visitCondition(where, add)
  return found
}

/** `_sourceCategory*juniper*`, `webserver_farm*` beside `webserver_farm=*`. */
const inScope = (outline: Outline): Glued[] =>
  words(outline).flatMap(({ at, text }) => {
    const name = METADATA.exec(text)?.[0] ?? compared(outline, text.endsWith('*') ? text.slice(0, -1) : '')
    return name === undefined || name === text ? [] : [{ at, found: text, name }]
  })

const compared = (outline: Outline, name: string): string | undefined =>
  allTests(outline).some(({ test }) => test.field === name && /[._]/.test(name)) ? name : undefined

/** `Vendor.properties.categoryGroupManagement` beside other fields of the same vendor. */
const inFilters = (outline: Outline): Glued[] =>
  words(outline).flatMap(({ at, text }) => {
    const m = /^(Vendor\.(?:\w+\.)*[a-z]+)([A-Z][A-Za-z]+)$/.exec(text)
    return m ? [{ at, found: text, name: m[1] ?? '' }] : []
  })

/** `timechart(span1h)`, `percentile(fieldcpu, …)` in a text that names `cpu`. */
function inArguments({ names = [] }: Outline): Glued[] {
  const all = new Set(names.map((n) => n.name))
  return names.flatMap(({ at, name: found }) => {
    const m = /^(span|field|by|limit|function|order)(\w+)$/.exec(found)
    const [, name = '', value = ''] = m ?? []
    return m && (/^\d+[a-z]*$/.test(value) || all.has(value)) ? [{ at, found, name }] : []
  })
}
