// A query translated, and the translation run against it over generated events.
import * as codes from '../../core/diag/catalogue/translate.ts'
import { type Diagnostic, diagnostic, inText } from '../../core/diag/diagnostic.ts'
import { jsonLine } from '../../core/logs/readers/json/write.ts'
import type { Event } from '../../core/logs/format.ts'
import { WITNESS_ENV } from '../../core/witness/telemetry.ts'
import { type Side, type Verdict, verify } from '../../core/witness/verify.ts'
import { compile, languageNamed } from '../../core/workbench/compile.ts'
import {
  type Translated,
  type Translation,
  translate,
  writtenLanguage,
  writtenLanguages,
} from '../../core/workbench/translate.ts'
import { noPlace } from '../../core/diag/diagnostic.ts'
import { type CompileInputs, resolveReferences } from './resolve-references.ts'
import { stageText } from './stage-counts.ts'
import { GENERATED, oneLine, type QueryText } from './witness-query.ts'
import { predicateText } from './write-telemetry.ts'

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
    return { ...NOTHING, diagnostics: [diagnostic(codes.notWritten, noPlace, { name: options.to, known })] }
  }
  const context = { ...resolveReferences(source, language, options, { zone: 'UTC' }), interval: WITNESS_ENV }
  const translated = translate(source, from, to, { context, fields: options.fields, strict: options.strict })
  const diagnostics = [...translated.diagnostics]
  const translations = translated.translations.map((t): Proven => {
    if (t.text === undefined) return { ...t, verdict: undefined }
    const at = inText(source, { start: 0, end: 0 })
    const notRun = (reason: string): Proven => {
      diagnostics.push(diagnostic(codes.translationNotRun, at, { reason }))
      return { ...t, verdict: undefined }
    }
    const runs = languageNamed(to.id)
    if (!runs?.run) return notRun(`Assay does not run ${to.title}`)
    if (translated.translations.length > 1) return notRun('the file has several detections')
    const written = { name: `${source.name}.${to.id}`, text: t.text }
    const a = compile(source, language, {
      context: translated.vocabulary ? { ...context, vocabulary: translated.vocabulary.id } : context,
    })
    const b = compile(written, to.id, { context: { zone: 'UTC', interval: WITNESS_ENV } })
    const broken = [a, b].find((c) => !c.plan)
    if (!a.plan || !b.plan)
      return notRun(broken?.diagnostics.find((d) => d.severity === 'error')?.message ?? 'a text does not compile')
    const isReal = translated.vocabulary ? (e: Event) => translated.vocabulary?.isReal(e.fields) ?? true : undefined
    const side = ({ language: { id }, presentation }: typeof a, plan: NonNullable<typeof a.plan>): Side => ({
      plan,
      language: id,
      ordered: presentation.ordered,
      reading: GENERATED,
    })
    const verdict = verify(side(a, a.plan), side(b, b.plan), isReal ? { isReal } : {})
    diagnostics.push(verdictDiagnostic(verdict, { a: source, b: written }))
    return { ...t, verdict }
  })
  return { ...translated, translations, diagnostics }
}

interface Texts {
  readonly a: QueryText['source']
  readonly b: QueryText['source']
}

function verdictDiagnostic(verdict: Verdict, texts: Texts): Diagnostic {
  const at = inText(texts.a, { start: 0, end: 0 })
  if (verdict.kind === 'proven') return diagnostic(codes.translationSame, at, { events: 0 })
  if (verdict.kind === 'same') {
    const predicates = verdict.notReached.map(
      ({ side, pred, stage }) =>
        `${side === 'a' ? 'source' : 'target'}: ${oneLine(pred ? predicateText(pred) : stage ? stageText(texts[side], stage) : 'output')}`,
    )
    return predicates.length === 0
      ? diagnostic(codes.translationSame, at, { events: verdict.events })
      : diagnostic(codes.translationUnreached, at, { events: verdict.events, predicates })
  }
  const { decides, telemetry } = verdict
  const finds = verdict.a.rows.length > 0 ? 'source' : 'target'
  const stage = decides?.trace.stage
  return diagnostic(codes.translationDiffers, at, {
    event: telemetry.events.map(jsonLine).join(' '),
    finds,
    step: decides && stage ? oneLine(stageText(texts[decides.side], stage)) : undefined,
  })
}
