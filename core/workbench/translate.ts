// A text in one language as texts in another: read into the portable form with the names of a vocabulary, then written.
import * as codes from '../diag/catalogue/translate.ts'
import { sigmaEventsLeftOut } from '../diag/catalogue/sigma.ts'
import { type Diagnostic, diagnostic, inText, noPlace } from '../diag/diagnostic.ts'
import type { CompileContext } from '../lang/shared/lowered.ts'
import type { Portable, PortableDetection, VocabularyInfo, Written } from '../lang/shared/portable.ts'
import { detectionOf } from '../translate/detection.ts'
import type { Source, Span } from '../text/source.ts'
import { languages } from './compile.ts'
import type { Language, ReadLanguage } from './language.ts'

export interface Translation {
  readonly detection: PortableDetection
  /** Undefined: refused, and a diagnostic says why. */
  readonly text: string | undefined
  readonly losses: number
  /** A portable rule whose names were taken from this vocabulary. */
  readonly vocabulary?: string | undefined
}

export interface Translated {
  readonly translations: readonly Translation[]
  /** Undefined: the names of the text are kept. */
  readonly vocabulary: VocabularyInfo | undefined
  readonly diagnostics: readonly Diagnostic[]
}

export interface TranslateOptions {
  readonly context: CompileContext
  /** A vocabulary; undefined: the first of the target's that has every field. */
  readonly fields?: string | undefined
  /** Losses are errors. */
  readonly strict?: boolean | undefined
}

export const writtenLanguages: readonly Language[] = languages.filter((l) => l.write)
export const writtenLanguage = (id: string): Language | undefined =>
  writtenLanguages.find((l) => l.id === id.toLowerCase())

export function translate(source: Source, from: ReadLanguage, to: Language, options: TranslateOptions): Translated {
  const { context, fields, strict } = options
  const none = { translations: [], vocabulary: undefined }
  const named = [...(to.vocabularies ?? []), ...(to.vocabulariesByName ?? [])]
  if (fields !== undefined && !named.includes(fields)) {
    const params = { name: fields, language: to.title, known: named }
    return { ...none, diagnostics: [diagnostic(codes.noVocabulary, noPlace, params)] }
  }
  if (from.id === to.id)
    return { ...none, diagnostics: [diagnostic(codes.notTranslated, noPlace, { ...ALREADY, language: to.title })] }
  const parsed = from.read.parse(source, context)
  const early = [...parsed.diagnostics, ...parsed.nearMisses]
  if (early.some(isError)) return { ...none, diagnostics: early }
  const known = fields === undefined ? (to.vocabularies ?? []) : [fields]
  const candidates = to.mapsFields ? [OWN_NAMES] : known
  const tried: { id: string | undefined; read: Portable }[] = []
  for (const id of candidates.length > 0 && from.platform.portable ? candidates : [undefined]) {
    const read = portableOf(source, from, parsed, id === undefined ? context : { ...context, vocabulary: id })
    tried.push({ id, read })
    if (penalty(read) === 0) break
  }
  // Of vocabularies that fit equally badly the last one: it has the widest choice of names.
  const best = tried.reduce((a, b) => (penalty(b.read) <= penalty(a.read) ? b : a))
  const vocabulary = best.id === undefined ? undefined : from.vocabulary?.(best.id)
  const place = (at: Span | undefined) => (at ? inText(source, at) : inText(source, { start: 0, end: 0 }))
  const refusal = (reason: string, at: Span | undefined): Diagnostic =>
    diagnostic(codes.notTranslated, place(at), { reason, language: to.title })
  if ('reason' in best.read)
    return { ...none, vocabulary, diagnostics: [...early, refusal(best.read.reason, best.read.at)] }
  const diagnostics = [...early, ...best.read.diagnostics]
  if (diagnostics.some(isError)) return { ...none, vocabulary, diagnostics }
  if (vocabulary && !to.mapsFields)
    diagnostics.push(
      diagnostic(codes.namesUsed, noPlace, { title: vocabulary.title, reason: reasonOf(tried[0]?.read, best.read) }),
    )
  const translations = best.read.detections.map((detection): Translation => {
    const written = writtenIn(to, detection, to.mapsFields ? known : [undefined])
    if ('reason' in written) {
      diagnostics.push(refusal(written.reason, written.at))
      return { detection, text: undefined, losses: 0 }
    }
    for (const { kind, message, at } of written.losses)
      diagnostics.push(
        diagnostic(codes.lossy, place(at), { kind, message, language: to.title }, strict ? { severity: 'error' } : {}),
      )
    for (const { events, lacks } of written.unread ?? []) {
      const [why, severity] =
        lacks === undefined ? (['another-log', 'warning'] as const) : (['lacking', 'info'] as const)
      diagnostics.push(
        diagnostic(sigmaEventsLeftOut, place(undefined), { events, field: lacks ?? '', why }, { severity }),
      )
    }
    const text = to.format?.({ name: `${source.name}.${to.id}`, text: written.text }) ?? written.text
    const { losses, vocabulary: names } = written
    return { detection, text: strict && losses.length > 0 ? undefined : text, losses: losses.length, vocabulary: names }
  })
  return { translations, vocabulary, diagnostics }
}

/** In the first vocabulary that has all fields, else the refusal of the first. */
function writtenIn(to: Language, detection: PortableDetection, vocabularies: readonly (string | undefined)[]): Written {
  const all = vocabularies.map((v) => to.write?.(detection, v) ?? { reason: 'it has no writer' })
  return all.find((w) => 'text' in w) ?? all[0] ?? { reason: 'it has no writer' }
}
const ALREADY = { reason: 'the text is in this language' }

/** The vocabulary in which a portable rule keeps its names. */
export const OWN_NAMES = 'own-names'

const isError = (d: Diagnostic): boolean => d.severity === 'error'

/** How badly a vocabulary fits: a field that is missing weighs more than a log source without condition. */
function penalty(read: Portable): number {
  if ('reason' in read) return 1_000_000
  return read.diagnostics.reduce((n, d) => n + (d.severity === 'error' ? 1000 : d.severity === 'warning' ? 1 : 0), 0)
}

/** Why the preferred names were not used. */
function reasonOf(first: Portable | undefined, used: Portable): string | undefined {
  if (!first || first === used) return undefined
  if ('reason' in first) return first.reason
  return first.diagnostics.find((d) => d.severity !== 'info')?.message
}

function portableOf(
  source: Source,
  from: ReadLanguage,
  parsed: ReturnType<ReadLanguage['read']['parse']>,
  context: CompileContext,
): Portable {
  if (from.portable) return from.portable(source, parsed, context)
  const lowered = from.run?.(source, parsed, context)
  if (!lowered) return { reason: `Assay does not run ${from.title}` }
  const wrong = lowered.diagnostics.filter(isError)
  if (wrong.length > 0) return { detections: [], diagnostics: wrong }
  const text = (at: Span): string => source.text.slice(at.start, at.end).replace(/\s+/g, ' ').trim()
  const impliedLimits = lowered.presentation.limits.map((l) => l.limit)
  return detectionOf(lowered.plan, { text, nameOf: from.neutralName ?? ((name) => name), impliedLimits })
}
