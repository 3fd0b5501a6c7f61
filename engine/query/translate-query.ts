// A query translated, and the translation run against it over generated events.
import * as codes from '../../core/diag/catalogue/translate.ts'
import { WITNESS_ENV } from '../../core/witness/telemetry.ts'
import type { Verdict } from '../../core/witness/verify.ts'
import { languageNamed } from '../../core/workbench/compile.ts'
import {
  type Translated,
  type Translation,
  translate,
  writtenLanguage,
  writtenLanguages,
} from '../../core/workbench/translate.ts'
import { diagnostic, noPlace } from '../../core/diag/diagnostic.ts'
import { type CompileInputs, resolveReferences } from './resolve-references.ts'
import { proofOf } from './prove-translation.ts'
import type { QueryText } from './witness-query.ts'

export interface TranslateQuery extends CompileInputs {
  readonly to: string
  readonly fields?: string | undefined
  readonly strict?: boolean | undefined
}

export interface Proven extends Translation {
  /** Undefined: it was not executed, and a diagnostic says why. */
  readonly verdict: Verdict | undefined
}

export interface TranslatedQuery extends Omit<Translated, 'translations'> {
  readonly translations: readonly Proven[]
}

const NOTHING: TranslatedQuery = { translations: [], vocabulary: undefined, diagnostics: [] }

export function translateQuery(query: QueryText, options: TranslateQuery): TranslatedQuery {
  const { source, language } = query
  const to = writtenLanguage(options.to)
  const from = languageNamed(language)
  if (!to || !from) {
    const known = writtenLanguages.map((l) => l.id)
    const word = options.to.toLowerCase()
    const titled = writtenLanguages.filter((l) => l.title.toLowerCase().split(/\W+/).includes(word))
    const meant = titled.length === 1 ? titled[0]?.id : undefined
    return {
      ...NOTHING,
      diagnostics: [diagnostic(codes.notWritten, noPlace, { name: options.to, known, ...(meant && { meant }) })],
    }
  }
  const context = { ...resolveReferences(source, from, options, { zone: 'UTC' }).context, interval: WITNESS_ENV }
  const translated = translate(source, from, to, { context, fields: options.fields, strict: options.strict })
  const diagnostics = [...translated.diagnostics]
  const translations = translated.translations.map((t): Proven => {
    if (t.text === undefined) return { ...t, verdict: undefined }
    const proof = proofOf(t, { query, to, translated, context })
    diagnostics.push(proof.diagnostic)
    return { ...t, verdict: proof.verdict }
  })
  return { ...translated, translations, diagnostics }
}
