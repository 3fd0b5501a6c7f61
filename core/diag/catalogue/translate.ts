// TRN: translation to another language, and the proof of it.
import { code } from '../diagnostic.ts'

export const notTranslated = code<{ readonly reason: string; readonly language: string }>({
  id: 'TRN001',
  slug: 'not-translated',
  severity: 'error',
  title: 'No text of the target says this',
  message: ({ reason, language }) => `cannot be written in ${language}: ${reason}`,
  why: 'A text that says nearly the same would change what is found, so none is written.',
  remedy: () =>
    'rewrite this part, or choose another --to; docs/reference/conversions.md lists what each platform can say',
})

export const lossy = code<{ readonly kind: string; readonly message: string; readonly language: string }>({
  id: 'TRN002',
  slug: 'translation-loss',
  severity: 'warning',
  title: 'The translation means something else in one point',
  message: ({ kind, message }) => `${kind}: ${message}`,
  why: 'The target has no words for the exact meaning. The difference is named instead of hidden.',
  remedy: () => 'check that the difference does not matter here; --strict refuses such a translation',
})

export const notWritten = code<{
  readonly name: string
  readonly known: readonly string[]
  /** The language whose title has the name, such as a product's. */
  readonly meant?: string
}>({
  id: 'TRN003',
  slug: 'not-written',
  severity: 'error',
  title: 'Assay does not write this language',
  message: ({ name }) => `Assay does not write \`${name}\``,
  why: 'A language is written by its own writer.',
  remedy: ({ known, meant }) => (meant ? `write --to ${meant}` : `use --to with one of ${known.join(', ')}`),
})

export const noVocabulary = code<{
  readonly name: string
  readonly language: string
  readonly known: readonly string[]
}>({
  id: 'TRN004',
  slug: 'no-vocabulary',
  severity: 'error',
  title: 'Unknown field names',
  message: ({ name, language }) => `${language} has no field names \`${name}\``,
  why: 'Names and values of fields differ between kinds of telemetry.',
  remedy: ({ known }) => `use --fields with one of ${known.join(', ')}`,
})

export const namesUsed = code<{ readonly title: string; readonly reason: string | undefined }>({
  id: 'TRN005',
  slug: 'names-used',
  severity: 'info',
  title: 'The field names of the translation',
  message: ({ title, reason }) => `field names of ${title}${reason === undefined ? '' : `, because ${reason}`}`,
  why: 'A query reads the events of one kind of telemetry.',
  remedy: () => 'use --fields to choose other names',
})

export const translationSame = code<{ readonly events: number }>({
  id: 'TRN010',
  slug: 'translation-same',
  severity: 'info',
  title: 'The translation finds the same',
  message: ({ events }) =>
    events === 0
      ? 'proven the same: the plans are equal'
      : `no difference in ${events} events, every predicate reached`,
  why: 'Both texts have the same plan, or both texts were run over events that meet and just miss each of their predicates.',
  remedy: () => 'nothing to do',
})

export const translationUnreached = code<{ readonly events: number; readonly predicates: readonly string[] }>({
  id: 'TRN011',
  slug: 'translation-unreached',
  severity: 'warning',
  title: 'The translation finds the same, as far as it was reached',
  message: ({ events, predicates }) => `no difference in ${events} events, not reached: ${predicates.join('; ')}`,
  why: 'No generated event tells whether these predicates hold, so nothing is known about them.',
  remedy: () => 'compare the two over real logs: `assay verify A B LOGS`',
})

export const translationDiffers = code<{
  readonly event: string
  readonly finds: 'source' | 'target'
  readonly step: string | undefined
}>({
  id: 'TRN012',
  slug: 'translation-differs',
  severity: 'error',
  title: 'The translation finds something else',
  message: ({ event, finds, step }) =>
    `differs: only the ${finds} finds ${event}${step === undefined ? '' : ` (step \`${step}\`)`}`,
  why: 'Both texts were run, and this is the smallest event on which they differ.',
  remedy: () => 'do not use this translation where such events can occur',
})

export const translationNotRun = code<{ readonly reason: string }>({
  id: 'TRN013',
  slug: 'translation-not-executed',
  severity: 'info',
  title: 'The translation was not executed',
  message: ({ reason }) => `not executed: ${reason}`,
  why: 'Only a text that Assay can run is compared by running it.',
  remedy: () => 'test it on the platform',
})
