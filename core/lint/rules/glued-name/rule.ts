import { inText } from '../../../diag/diagnostic.ts'
import type { Condition, Outline } from '../../../lang/shared/outline.ts'
import { allTests, filtersOf, visitCondition } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'
import { known } from '../misspelt-word/vocabulary.ts'
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
    const joined = joinedNames(source.text)
    return [
      ...(outline.traits.globTest ? inScope(outline) : [...inFilters(outline), ...inArguments(outline)]),
      ...joined,
    ].map(({ at, found, name, sign = '=' }): Violation<Params> => {
      const meant = `${name}${sign}${found.slice(name.length)}`
      const fixes = [{ title: `write ${meant}`, edits: [{ span: at, text: meant }], safety: 'unsafe' as const }]
      return { at: inText(source, at), params: { found, meant }, fixes }
    })
  },
})

interface Glued {
  readonly at: Span
  readonly found: string
  readonly name: string
  readonly sign?: ', '
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
    const name =
      METADATA.exec(text)?.[0] ?? compared(outline, text.endsWith('*') ? text.slice(0, -1) : '') ?? pair(outline, text)
    return name === undefined || name === text ? [] : [{ at, found: text, name }]
  })

const compared = (outline: Outline, name: string): string | undefined =>
  allTests(outline).some(({ test }) => test.field === name && /[._]/.test(name)) ? name : undefined

/** `webserver_systemapache` beside `webserver_system=apache`. */
const pair = (outline: Outline, word: string): string | undefined =>
  allTests(outline).find(({ test }) => test.values.some((v) => v.text.length > 1 && test.field + v.text === word))?.test
    .field

/** `destination.portVendor.msg`, `pod,loghost`: two names of the text in a list, without a comma. */
function joinedNames(text: string): Glued[] {
  const found: Glued[] = []
  const counts = new Map<string, number>()
  for (const [name] of text.matchAll(/[A-Za-z_@#][\w.]*/g)) counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const m of text.matchAll(/[A-Za-z_@#](?<=(?:[[,]\s*|\bby\s+).)[\w.]{4,}(?=\s*(?:[\],)|]|$))/g)) {
    const [name] = m
    if (counts.get(name) !== 1 || known.has(name.toLowerCase())) continue
    for (let i = name.length - 2; i > 1; i--) {
      const [a, b] = [name.slice(0, i), name.slice(i)]
      const areNames = (counts.has(a) || isParsed(a)) && (counts.has(b) || isParsed(b))
      // `hostname` is one word, and both halves of a name with dots are names themselves.
      const areSeen = /\./.test(b) && /\./.test(a) ? true : (counts.get(a) ?? 0) + (counts.get(b) ?? 0) > 2
      if (!areNames || !areSeen || !/\w$/.test(a) || !/^[a-z_]|\./.test(b) || b.length < 3) continue
      found.push({ at: { start: m.index, end: m.index + name.length }, found: name, name: a, sign: ', ' })
      break
    }
  }
  return found
}

/** A name with dots that parsers of the platform give, or a vendor's own. */
const isParsed = (name: string): boolean =>
  /^(?:Vendor|source|destination|user|event|host|process|file|network|url|dns)\.\w+(?:\.\w+)*$/.test(name)

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
