// Texts of queries alone: translated to every language that is written, fixed by lint, and given events by the generator.
import type { SourceColumn } from '../../core/plan/plan.ts'
import { planSources } from '../../core/plan/sources.ts'
import { compile, languageNamed, readLanguages } from '../../core/workbench/compile.ts'
import { fixed } from '../../core/workbench/lint.ts'
import { translate, writtenLanguages } from '../../core/workbench/translate.ts'
import { WITNESS_ENV } from '../../core/witness/telemetry.ts'
import { witnesses } from '../../core/witness/witness.ts'
import { GENERATED } from '../../engine/query/witness-query.ts'
import { mutateText } from './mutate.ts'
import { type Count, type Fault, guarded, type Outcome } from './oracle.ts'
import type { QueryCorpus } from './queries.ts'
import type { Random } from './random.ts'

/** The ending of the name is the language. */
export interface LanguageText {
  readonly name: string
  readonly text: string
}

export const languageCorpus = ({ texts }: QueryCorpus): readonly LanguageText[] =>
  [...texts].flatMap(([id, all]) => all.map((text) => ({ name: `mutant.text.${id}`, text })))

/** Every third text is left as it is: most changes make a text that no language takes. */
export function mutatedText(corpus: readonly LanguageText[], random: Random): LanguageText {
  const { name, text } = random.pick(corpus)
  if (random.chance(0.3)) return { name, text }
  const others = corpus.filter((t) => t.name === name).map((t) => t.text)
  return { name, text: mutateText(text, others, ['constructor', '__proto__', 'toString'], random) }
}

export async function tryText({ name, text }: LanguageText, seed: number): Promise<Outcome> {
  const counts: Count[] = []
  const faults: Fault[] = []
  const source = { name, text }
  const language = languageNamed(name.split('.').at(-1) ?? '') ?? readLanguages[0]
  if (!language) throw new Error('no language')
  const context = { interval: WITNESS_ENV }
  const compiled = await guarded('compile', faults, () => compile(source, language.id, { context }))
  for (const choice of ['safe', 'all'] as const) {
    const first = await guarded(`fix ${choice}`, faults, () => fixed(source, language.id, {}, choice))
    const again =
      first && (await guarded('fix again', faults, () => fixed({ name, text: first.text }, language.id, {}, choice)))
    if (first && again && again.text !== first.text)
      faults.push({ kind: 'promise', text: `a fixed text is fixed again:\n${first.text}\n---\n${again.text}` })
    const after = first && (await guarded('compile', faults, () => compile({ name, text: first.text }, language.id)))
    if (first && compiled && !compiled.refused && after?.refused && first.text !== text) {
      const codes = after.diagnostics.map((d) => `${d.code} ${d.message}`).join('\n')
      faults.push({ kind: 'promise', text: `a fix makes a text that is refused:\n${first.text}\n---\n${codes}` })
    }
  }
  if (!compiled?.plan) return { counts, faults }
  counts.push('parsed')
  for (const to of writtenLanguages) {
    const done = await guarded(`translate to ${to.id}`, faults, () => translate(source, language, to, { context: {} }))
    for (const t of done?.translations ?? []) {
      if (t.text === undefined) continue
      if (!counts.includes('ran')) counts.push('ran')
      const read = languageNamed(to.id)
      const again = read && (await guarded('compile', faults, () => compile({ name, text: t.text ?? '' }, read.id)))
      // A query may say nothing of its log source, and Sigma needs one.
      const errors = again?.diagnostics.filter((d) => d.severity === 'error' && d.code !== 'SIG130') ?? []
      if (again?.wouldBeRefused && errors.length > 0) {
        const codes = errors.map((d) => `${d.code} ${d.message}`).join('\n')
        faults.push({ kind: 'promise', text: `${to.title} would refuse the translation:\n${t.text}\n---\n${codes}` })
      }
    }
  }
  const { plan } = compiled
  const isField = ({ from }: SourceColumn): boolean => from.kind === 'field' || from.kind === 'meta'
  if (planSources(plan).some((s) => !s.columns.every(isField))) return { counts, faults }
  const found = await guarded('witness', faults, () => witnesses(plan, { seed, reading: GENERATED, most: 2 }))
  if (found && found.passing.length > 0) counts.push('counted')
  return { counts, faults }
}
