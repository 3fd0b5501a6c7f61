import { inText } from '../../../diag/diagnostic.ts'
import { all as catalogues } from '../../../logs/catalogues/_index.ts'
import { namesByEvidence } from '../../../logs/cps/names.ts'
import { formats } from '../../../logs/registry.ts'
import type { EventCatalogue } from '../../../logs/catalogue.ts'
import { editDistance } from '../../../text/edit-distance.ts'
import { misspelt } from '../../../text/near-miss-name.ts'
import type { Compare, Outline } from '../../../lang/shared/outline.ts'
import { allTests, isEquality, type Tested, testsOf } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'
import type { Span } from '../../../text/source.ts'

interface Params {
  readonly name: string
  readonly meant: string
  readonly what: string
}

export const misspeltName = textRule<Params>({
  id: 'LNT503',
  slug: 'misspelt-name',
  severity: 'warning',
  title: 'A name that no event has, beside one that they have',
  message: (p) => `no ${p.what} is called \`${p.name}\``,
  why: 'Names of fields and of event types are compared character by character. A condition over a name that no event has is never true.',
  remedy: (p) => `write \`${p.meant}\``,
  checkText({ outline, source }) {
    const found = new Map<number, Violation<Params>>()
    for (const { at, ...params } of [...inFilters(outline, source.text), ...inSteps(outline, source.text)]) {
      if (found.has(at.start)) continue
      const isThere = source.text.slice(at.start, at.end) === params.name
      const edits = isThere ? [{ span: at, text: params.meant }] : []
      // Two tags that differ only in case do not occur.
      const safety = isTag(params) ? ('safe' as const) : ('unsafe' as const)
      const fixes = isThere ? [{ title: `write ${params.meant}`, edits, safety }] : []
      found.set(at.start, { at: inText(source, at), params, fixes })
    }
    return [...found.values()]
  },
})

interface Slip extends Params {
  readonly at: Span
}

function inFilters(outline: Outline, text: string): Slip[] {
  const made = fieldsMade(outline)
  const ofCatalogue = fieldsOfCatalogue(outline, text)
  const nameOf = (name: string, { names }: { names: readonly string[] }): string | undefined =>
    misspelt(name, names) ?? lackingOne(name, names)
  return outline.pipelines.flatMap(({ steps, fields, read = [] }) => [
    ...read.flatMap(({ name, at }): Slip[] => {
      const meant = fields && nameOf(name, fields)
      return fields && meant !== undefined ? [{ at, name, meant, what: `field of ${fields.of}` }] : []
    }),
    ...steps.flatMap((step) => {
      if (step.kind !== 'filter') return []
      return testsOf(step.where).flatMap(({ test }): Slip[] => {
        const { field: name, fieldAt: at } = test
        const metadata =
          outline.traits.globTest && name.startsWith('_')
            ? (misspelt(name, METADATA) ?? METADATA.find((known) => isOneEditFrom(name, known)))
            : undefined
        if (metadata !== undefined && metadata.toLowerCase() !== name.toLowerCase())
          return [{ at, name, meant: metadata, what: 'metadata' }]
        const meant =
          made.has(name) || /^[#_]/.test(name) ? undefined : fields ? nameOf(name, fields) : ofCatalogue(name)
        const parsed = meant === undefined && !fields ? nameOfParser(name, outline, text) : undefined
        if (parsed !== undefined) return [{ at, name, meant: parsed, what: `field of ${PARSERS}` }]
        const slips: Slip[] = meant === undefined ? [] : [{ at, name, meant, what: `field of ${fields?.of ?? FALCON}` }]
        return [...slips, ...eventTypes(test)]
      })
    }),
  ])
}

function eventTypes(test: Compare): Slip[] {
  return catalogued.flatMap((c) => {
    if (test.field.replace(/^#/, '') !== c.typeField || !isEquality(test)) return []
    return test.values.flatMap(({ at, text: name }): Slip[] => {
      const meant = /[*?]/.test(name) ? undefined : misspelt(name, c.eventNames)
      return meant === undefined ? [] : [{ at, name, meant, what: 'event type' }]
    })
  })
}

/** Tags anywhere in the text, and fields that steps name. */
function inSteps(outline: Outline, text: string): Slip[] {
  const { traits, names = [] } = outline
  const made = fieldsMade(outline)
  const ofCatalogue = fieldsOfCatalogue(outline, text)
  const fields = names.flatMap(({ name, at }): Slip[] => {
    const parsed = nameOfParser(name, outline, text)
    if (parsed !== undefined) return [{ at, name, meant: parsed, what: `field of ${PARSERS}` }]
    const meant = /^[A-Za-z]{5}/.test(name) && !made.has(name) && isOnce(name, text) ? ofCatalogue(name) : undefined
    return meant === undefined ? [] : [{ at, name, meant, what: `field of ${FALCON}` }]
  })
  if (traits.globTest) return [...fields, ...metadataIn(text)]
  if (!traits.absentDiffers) return fields
  const tags = [...text.matchAll(/(?<![\w.:"'/#])#[A-Za-z][\w.]*\w/g)].flatMap(({ 0: name, index: start }): Slip[] => {
    const meant =
      misspelt(name, TAGS) ?? TAGS.find((t) => name.length > 4 && t.slice(0, -1) === name) ?? tagWithPrefix(name)
    // `#Type` is the tag of a parser that keeps the vendor's letters.
    if (meant === undefined || (meant === '#type' && name.toLowerCase() === meant)) return []
    return [{ at: { start, end: start + name.length }, name, meant, what: 'tag' }]
  })
  return [...fields, ...tags]
}

/** `#eVndor.action`: tags of the vendor's own are not listed, and their beginning is. */
function tagWithPrefix(name: string): string | undefined {
  const [, prefix = '', rest = ''] = /^#(\w+)(\..+)$/.exec(name) ?? []
  const meant = prefix.toLowerCase() === 'vendor' ? undefined : misspelt(prefix, ['Vendor', 'observer', 'windows'])
  return meant === undefined || meant.toLowerCase() === prefix.toLowerCase() ? undefined : `#${meant}${rest}`
}

/** `_receipttmie` anywhere in a search, once: no stage makes it. */
function metadataIn(text: string): Slip[] {
  return [...text.matchAll(/(?<![\w.%"\\(<?/])(?<!\bas\s+)_[A-Za-z]{3,}\b(?!\.)/gi)].flatMap(
    ({ 0: name, index: start }): Slip[] => {
      const meant = isOnce(name, text) ? IN_STAGES.find((k) => isExchanged(name, k)) : undefined
      return meant === undefined ? [] : [{ at: { start, end: start + name.length }, name, meant, what: 'metadata' }]
    },
  )
}

function isExchanged(a: string, b: string): boolean {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()]
  return (
    x.length === y.length &&
    x !== y &&
    [...x].sort().join('') === [...y].sort().join('') &&
    editDistance(x, y, true) === 1
  )
}

/** A step may make a field, under a name of the analyst's own; then the text has the name twice. */
function isOnce(name: string, text: string): boolean {
  let times = 0
  for (let i = text.indexOf(name); i >= 0; i = text.indexOf(name, i + 1))
    if (!/[\w.]/.test(`${text[i - 1] ?? ''}${text[i + name.length] ?? ''}`)) times++
  return times < 2
}

const fieldsMade = ({ pipelines }: Outline): ReadonlySet<string> =>
  new Set(pipelines.flatMap((p) => p.steps.flatMap((s) => (s.kind === 'set' ? [s.field] : []))))

const FALCON = 'an event of Falcon'
const PARSERS = "the platform's parsers"

/** Names with dots that parsers of the platform give; those of the vendor's own fields are not listed. */
const parsedNames: readonly string[] = [
  ...new Set(
    formats.flatMap((f) => Object.values(namesByEvidence(f.cps)).flatMap((n) => n.filter((x) => /^[a-z]+\./.test(x)))),
  ),
]

/** `event.actio` beside `#event.module`: the query is about parsed logs. */
function nameOfParser(name: string, outline: Outline, text: string): string | undefined {
  if (!outline.traits.absentDiffers || outline.traits.globTest || !/^[a-z]+\.[a-z.]+$/.test(name)) return undefined
  if (fieldsMade(outline).has(name) || !isOnce(name, text)) return undefined
  return misspelt(name, parsedNames)
}

/** The name that a field of the catalogue has, if the query is about its events: it selects their types, or it names several fields. */
function fieldsOfCatalogue(outline: Outline, text: string): (name: string) => string | undefined {
  if (outline.traits.foldsCase) return () => undefined
  const tests = allTests(outline)
  if (tests.some(selectsType)) return nearField
  const made = fieldsMade(outline)
  const names = new Set([...tests.map(({ test }) => test.field), ...(outline.names ?? []).map((n) => n.name)])
  const own = [...names].filter((n) => /^[A-Z][a-z]+[A-Z]/.test(n) && isField.has(n) && !made.has(n))
  const isOfParser = [...names].some((n) => /^#?(?:Vendor|event\.|ecs\.)/.test(n))
  return (name) => (own.length > 1 && !isOfParser && isOnce(name, text) ? nearField(name) : undefined)
}

/** https://help.sumologic.com/docs/search/get-started-with-search/search-basics/built-in-metadata/ */
const METADATA = [
  '_sourceCategory',
  '_sourceHost',
  '_sourceName',
  '_source',
  '_collector',
  '_index',
  '_view',
  '_messageTime',
  '_receiptTime',
]

const IN_STAGES = [...METADATA, '_raw', '_timeslice', '_count', '_messageId']

/** https://library.humio.com/logscale-parsing-standard/ and Falcon's repositories. Other packages add their own. */
const TAGS = [
  '#Vendor',
  '#windows.EventID',
  '#windows.Channel',
  '#category',
  '#type',
  '#repo',
  '#repo.cid',
  '#Cps.version',
  '#ecs.version',
  '#observer.type',
  '#event_simpleName',
  '#streamingApiEvent',
  '#event.dataset',
  '#event.module',
  '#event.kind',
  '#event.outcome',
]

/** No other names begin with `_` in a scope, so a short one counts too. */
const isOneEditFrom = (name: string, known: string): boolean =>
  !METADATA.includes(name) && name.length > 4 && editDistance(name.toLowerCase(), known.toLowerCase(), true) === 1

const isTag = ({ name, meant }: Params): boolean => meant.startsWith('#') && meant.toLowerCase() === name.toLowerCase()

const catalogued = catalogues as readonly EventCatalogue[]
const fieldNames = catalogued.flatMap((c) => [
  c.typeField,
  ...c.fieldNames,
  ...c.events.flatMap((e) => [...e.fields, ...e.sometimes]),
])

const isField: ReadonlySet<string> = new Set(fieldNames)

/** The name but for its last letter: the names of these events are known. */
const lackingOne = (name: string, known: readonly string[]): string | undefined =>
  name.length < 4 || known.includes(name) ? undefined : known.find((k) => k.slice(0, -1) === name)

/** `RemoteAddressIP` is no other field than `RemoteAddressIP4`, as `RemoteAddressIP6` is. */
const nearField = (name: string): string | undefined =>
  misspelt(name, fieldNames) ??
  (isField.has(name) ? undefined : fieldNames.find((f) => /\d$/.test(f) && f.slice(0, -1) === name))

/** The query selects types of a catalogue. */
const selectsType = ({ test, isNegated }: Tested): boolean =>
  !isNegated &&
  (test.op === 'regex' || (isEquality(test) && test.values.every((v) => v.kind !== 'hole' && !/[*?]/.test(v.text)))) &&
  catalogued.some((c) => test.field.replace(/^#/, '') === c.typeField)
