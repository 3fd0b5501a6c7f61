import { inText, type Place } from '../../../diag/diagnostic.ts'
import { all as catalogues } from '../../../logs/catalogues/_index.ts'
import type { EventCatalogue } from '../../../logs/catalogue.ts'
import { misspelt } from '../../../text/near-miss-name.ts'
import type { Compare, Outline } from '../../../lang/shared/outline.ts'
import { isEquality, type Tested, testsOf } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'

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
    const found: Violation<Params>[] = []
    const report = (at: Place & { kind: 'text' }, params: Params): void => {
      const fixes =
        source.text.slice(at.span.start, at.span.end) === params.name
          ? [
              {
                title: `write ${params.meant}`,
                edits: [{ span: at.span, text: params.meant }],
                // Two tags that differ only in case do not occur.
                safety: isTag(params) ? ('safe' as const) : ('unsafe' as const),
              },
            ]
          : []
      if (!found.some((f) => f.at.kind === 'text' && f.at.span.start === at.span.start))
        found.push({ at, params, fixes })
    }
    const at = (span: Compare['at']): Place & { kind: 'text' } => inText(source, span) as Place & { kind: 'text' }
    const made = new Set(outline.pipelines.flatMap((p) => p.steps.flatMap((s) => (s.kind === 'set' ? [s.field] : []))))
    const ofCatalogue = isOfCatalogue(outline) ? { names: fieldNames, of: 'an event of Falcon' } : undefined
    for (const { steps, fields } of outline.pipelines)
      for (const step of steps) {
        if (step.kind !== 'filter') continue
        const known = fields ?? ofCatalogue
        for (const { test } of testsOf(step.where)) {
          const metadata = outline.traits.globTest && test.field.startsWith('_') && misspelt(test.field, METADATA)
          if (metadata && metadata.toLowerCase() !== test.field.toLowerCase())
            report(at(test.fieldAt), { name: test.field, meant: metadata, what: 'metadata' })
          const meant =
            known && !made.has(test.field) && !test.field.startsWith('#') && !test.field.startsWith('_')
              ? misspelt(test.field, known.names)
              : undefined
          if (meant !== undefined)
            report(at(test.fieldAt), { name: test.field, meant, what: `field of ${known?.of ?? ''}` })
          for (const c of catalogued) {
            if (test.field.replace(/^#/, '') !== c.typeField || !isEquality(test)) continue
            for (const v of test.values) {
              const event = /[*?]/.test(v.text) ? undefined : misspelt(v.text, c.eventNames)
              if (event !== undefined) report(at(v.at), { name: v.text, meant: event, what: 'event type' })
            }
          }
        }
      }
    if (outline.traits.absentDiffers && !outline.traits.globTest)
      for (const { 0: name, index } of source.text.matchAll(/(?<![\w.:"'/#])#[A-Za-z][\w.]+/g)) {
        const meant = misspelt(name, TAGS)
        if (meant !== undefined) report(at({ start: index, end: index + name.length }), { name, meant, what: 'tag' })
      }
    return found
  },
})

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

/** https://library.humio.com/logscale-parsing-standard/ and Falcon's repositories. Other packages add their own. */
const TAGS = [
  '#event_simpleName',
  '#streamingApiEvent',
  '#event.dataset',
  '#event.module',
  '#event.kind',
  '#event.outcome',
]

const isTag = ({ name, meant }: Params): boolean => meant.startsWith('#') && meant.toLowerCase() === name.toLowerCase()

const catalogued = catalogues as readonly EventCatalogue[]
const fieldNames = catalogued.flatMap((c) => [
  ...c.fieldNames,
  ...c.events.flatMap((e) => [...e.fields, ...e.sometimes]),
])

/** The query selects types of a catalogue. */
const isOfCatalogue = ({ pipelines, traits }: Outline): boolean =>
  !traits.foldsCase &&
  pipelines.some((p) => p.steps.some((s) => s.kind === 'filter' && testsOf(s.where).some(selectsType)))

const selectsType = ({ test, isNegated }: Tested): boolean =>
  !isNegated &&
  (test.op === 'regex' || (isEquality(test) && test.values.every((v) => v.kind !== 'hole' && !/[*?]/.test(v.text)))) &&
  catalogued.some((c) => test.field.replace(/^#/, '') === c.typeField)
