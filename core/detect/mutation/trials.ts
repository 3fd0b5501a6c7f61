// One mutant after the other over the cases of a folder.
import { evaluate } from '../../eval/evaluate.ts'
import { printPlan } from '../../plan/print.ts'
import { languageOfFile } from '../../workbench/compile.ts'
import { type Block, type Case, parseCaseFile } from '../case-file.ts'
import { judge, type OpenCase, openCase, type Prepared, prepareQueries } from '../case.ts'
import type { Files } from '../folder.ts'
import { inFolder } from '../folder-names.ts'
import { type Mutant, mutantsOf } from './mutants.ts'

/** `equivalent`: its plan is the query's own. `refused`: the language does not take it. */
export type Fate = 'equivalent' | 'killed' | 'refused' | 'survived'

/** A case that runs the file. */
export interface Trial {
  readonly page: string
  readonly open: OpenCase
  /** How many mutants it has told apart: the sharpest cases go first. */
  kills: number
}

/** The mutants of a file of the folder. */
export function mutantsIn(files: Files, file: string): Mutant[] {
  const language = languageOfFile(file)
  return language ? mutantsOf(language, files.get(file) ?? '') : []
}

/** Calls `onFate` for the mutants `first`, `first + step`, … */
export function judgeMutants(
  files: Files,
  file: string,
  first: number,
  step: number,
  onFate: (index: number, fate: Fate) => void,
): void {
  const trials = trialsOf(files, file)
  const own = trials.map((t) => plansOf(replaced(files, t, file, files.get(file) ?? '')))
  const mutants = mutantsIn(files, file)
  for (let i = first; i < mutants.length; i += step) onFate(i, fateOf(files, file, mutants[i] as Mutant, trials, own))
}

const names = (b: Block, page: string, file: string): boolean => {
  const path = b.options.get('file')
  return path !== undefined && inFolder(path, page) === file
}

/** The cases whose queries are the file. */
export function trialsOf(files: Files, file: string): Trial[] {
  const pages = [...files].filter(([path]) => /^tests\/.+\.case\.md$/.test(path))
  return pages.flatMap(([page, text]) => {
    const parsed = parseCaseFile({ name: page, text })
    const about = (c: Case) =>
      c.skip === undefined && c.todo === undefined && [...parsed.shared, ...c.blocks].some((b) => names(b, page, file))
    return parsed.cases.filter(about).map((c) => ({ page, open: openCase(parsed, c, reader(files, page)), kills: 0 }))
  })
}

const reader =
  (files: Files, page: string, file?: string, text?: string) =>
  (path: string): string | undefined => {
    const at = inFolder(path, page)
    return at === undefined ? undefined : at === file ? text : files.get(at)
  }

/** The queries of a case that are the file, with a text in its place. */
export function replaced(files: Files, { page, open }: Trial, file: string, text: string): Prepared[] {
  return prepareQueries(open, reader(files, page, file, text)).queries.filter((q) => names(q.block, page, file))
}

const plansOf = (queries: readonly Prepared[]): string[] => queries.map((q) => (q.plan ? printPlan(q.plan) : ''))

function fateOf(
  files: Files,
  file: string,
  mutant: Mutant,
  trials: readonly Trial[],
  own: readonly (readonly string[])[],
): Fate {
  const order = trials.map((_, i) => i).sort((a, b) => (trials[b] as Trial).kills - (trials[a] as Trial).kills)
  let equal = true
  for (const i of order) {
    const trial = trials[i] as Trial
    const queries = replaced(files, trial, file, mutant.text)
    if (queries.some((q) => !q.plan || q.compiled.wouldBeRefused)) return 'refused'
    const plans = plansOf(queries)
    if (plans.every((p, k) => p === own[i]?.[k])) continue
    equal = false
    if (queries.some((q) => q.plan && judge(q, evaluate(q.plan, q.rows, q.env)).length > 0)) {
      trial.kills++
      return 'killed'
    }
  }
  return equal ? 'equivalent' : 'survived'
}
