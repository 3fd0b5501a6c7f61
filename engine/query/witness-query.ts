// Generated telemetry for a query, and what the generator could not reach, as diagnostics with places.
import { alwaysHolds, neverPasses, noNearMiss, noWitness } from '../../core/diag/catalogue/witness.ts'
import { generatedTooLong } from '../../core/diag/catalogue/run.ts'
import { type Diagnostic, diagnostic, inText, noPlace, type Place } from '../../core/diag/diagnostic.ts'
import type { Plan, Pred, Stage } from '../../core/plan/plan.ts'
import { predicateWords } from '../../core/plan/words.ts'
import type { Source } from '../../core/text/source.ts'
import { type CompileContext, type Compiled, compile, languageNamed, languageOf } from '../../core/workbench/compile.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import { type Reading, WITNESS_ENV } from '../../core/witness/telemetry.ts'
import { findingsOf } from '../../core/witness/outcome.ts'
import { type NearMiss, type Witnesses, witnesses } from '../../core/witness/witness.ts'
import { MOST_SECONDS, within } from '../workers/within.ts'
import { stageText } from './stage-counts.ts'
import { type CompileInputs, needDiagnostics, resolveReferences } from './resolve-references.ts'

/** A text and the id of its language. */
export interface QueryText {
  readonly source: Source
  readonly language: string
}

export interface WitnessedQuery {
  readonly compiled: Compiled
  /** Undefined: the query has errors. */
  readonly found: Witnesses | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Names by which generated events answer: a Falcon event is asked for with and without `#`. */
export const GENERATED: Reading = { aliases: formatNamed('ngsiem')?.aliases ?? {} }

/** The query over the interval in which generated events lie. Never throws. */
export function compileForWitness(
  query: QueryText,
  inputs: CompileInputs,
  more: Pick<CompileContext, 'vocabulary'> = {},
): { compiled: Compiled; diagnostics: Diagnostic[] } {
  const { source, language } = query
  const context = {
    ...resolveReferences(source, languageOf(language), inputs, { zone: 'UTC' }).context,
    ...more,
    interval: WITNESS_ENV,
  }
  const compiled = compile(source, language, { context })
  return { compiled, diagnostics: [...compiled.diagnostics, ...needDiagnostics(compiled, inputs)] }
}

export function witnessQuery(
  query: QueryText,
  options: CompileInputs & { readonly seed: number; readonly format?: string; readonly seconds?: number },
): WitnessedQuery {
  const { compiled, diagnostics } = inOneVocabulary(query, options) ?? compileForWitness(query, options)
  if (!compiled.plan || diagnostics.some((d) => d.severity === 'error'))
    return { compiled, found: undefined, diagnostics }
  const { seed, seconds = MOST_SECONDS } = options
  const { plan } = compiled
  const run = compileForWitness(query, options).compiled.plan ?? plan
  const found = within(1000 * seconds, () => withoutFindings(witnesses(plan, { seed, reading: GENERATED }), plan, run))
  if (!found) {
    const spent = diagnostic(generatedTooLong, inText(query.source, START), { what: 'generating events', seconds })
    return { compiled, found, diagnostics: [...diagnostics, spent] }
  }
  return { compiled, found, diagnostics: [...diagnostics, ...unreached(query.source, found)] }
}

/** A run of the query ignores more case than the plan that gave the near-misses: those it finds are left out. */
function withoutFindings(found: Witnesses, plan: Plan, run: Plan): Witnesses {
  if (plan === run) return found
  const isMiss = ({ telemetry }: NearMiss): boolean =>
    findingsOf(run, telemetry, WITNESS_ENV, GENERATED) <= findingsOf(plan, telemetry, WITNESS_ENV, GENERATED)
  return { ...found, reached: found.reached.map((r) => ({ ...r, misses: r.misses.filter(isMiss) })) }
}

const START = { start: 0, end: 0 }

export const predicateText = (pred: Pred): string => predicateWords(pred)

/** A portable rule in the names of one kind of telemetry. Undefined: it has none for this rule, or the text is not portable. */
function inOneVocabulary(
  query: QueryText,
  options: CompileInputs & { readonly format?: string },
): ReturnType<typeof compileForWitness> | undefined {
  const vocabulary = languageNamed(query.language)?.witnessVocabulary?.(options.format ?? '')
  if (vocabulary === undefined) return undefined
  const found = compileForWitness(query, options, { vocabulary })
  return found.diagnostics.some((d) => d.severity !== 'info') ? undefined : found
}

function unreached(source: Source, { defeated, reached }: Witnesses): Diagnostic[] {
  if (defeated) {
    const { stage, pred, isImpossible } = defeated
    const step = stage ? oneLine(stageText(source, stage)) : undefined
    if (isImpossible && pred && step !== undefined)
      return [diagnostic(neverPasses, placeOf(source, stage), { step, predicate: oneLine(predicateText(pred)) })]
    return [
      diagnostic(noWitness, placeOf(source, stage), {
        step,
        predicate: pred && oneLine(predicateText(pred)),
      }),
    ]
  }
  return reached.flatMap(({ condition, misses, implied }) => {
    if (misses.length > 0) return []
    const { stage, pred } = condition
    const params = { step: oneLine(stageText(source, stage)), predicate: oneLine(predicateText(pred)) }
    return [diagnostic(implied ? alwaysHolds : noNearMiss, placeOf(source, stage), params)]
  })
}

export const placeOf = (source: Source, stage: Stage | null): Place => (stage?.at ? inText(source, stage.at) : noPlace)

const LONGEST = 200
export const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}
