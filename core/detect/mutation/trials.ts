// Runs the mutants of a file over the cases of its folder, one after the other.
import { evaluate } from '../../eval/evaluate.ts'
import type { Plan } from '../../plan/plan.ts'
import { printPlan } from '../../plan/print.ts'
import { languageOfFile } from '../../workbench/compile.ts'
import { type Block, type Case, parseCaseFile } from '../case/case-file.ts'
import { type OpenCase, openCase, type Prepared, prepareQuery, queryBlocks } from '../case/case.ts'
import { judge } from '../case/judge.ts'
import { compileOnce } from '../case/compile-text.ts'
import { inFolder } from '../folder/folder-names.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import { withoutLargeLimits } from './out-of-reach.ts'
import type { Files } from '../folder/folder-types.ts'

/** `equivalent`: its plan equals the query's. `refused`: the language does not accept it. */
export type MutantOutcome = 'equivalent' | 'killed' | 'refused' | 'survived'

/** The mutants of one file, with the cases on which they run. */
export interface Trials {
  readonly mutants: readonly Mutant[]
  fate(mutant: Mutant): MutantOutcome
  /** The number of rows that telemetry needs to distinguish a survivor from the query. Undefined: the survivor is not out of reach. */
  outOfReach(mutant: Mutant): number | undefined
  /** All cases with the mutant as their query, so that another executor can check a survivor. */
  queries(mutant: Mutant): Prepared[]
}

/** A case whose query is the file. */
interface Trial {
  readonly open: OpenCase
  readonly block: Block
  /** The plan of the unchanged query. */
  readonly plan: Plan | undefined
  /** The printed plan, for comparison. */
  readonly own: string
  /** Weighted number of kills; recent kills weigh more. The sharpest case goes first, as neighbours in the text fall to the same cases. */
  sharpness: number
}

/** The mutants of a file of the folder. */
export function mutantsIn(files: Files, file: string): Mutant[] {
  const language = languageOfFile(file, files.get(file))
  return language ? mutantsOf(language, files.get(file) ?? '') : []
}

/** Opens the cases whose query is the file, once for all its mutants. `beat`: called before each case that is tried. */
export function openTrials(files: Files, file: string, beat: () => void = () => {}): Trials {
  const printed = printOnce()
  const compile = compileOnce()
  const text = files.get(file) ?? ''
  const trials = casesWith(files, file, beat).flatMap(({ page, open }) =>
    queryBlocks(open)
      .filter((b) => names(b, page, file))
      .map((block): Trial => {
        const { plan } = prepareQuery(open, block, text, compile)
        return { open, block, plan, own: printed(plan), sharpness: 0 }
      }),
  )
  return {
    mutants: mutantsIn(files, file),
    fate: (mutant) => fateOf(mutant, trials, printed, beat),
    outOfReach: (mutant) => rowsWanted(mutant, trials),
    queries: (mutant) => {
      const once = compileOnce()
      return trials
        .map((t) => ({ own: t.own, query: prepareQuery(t.open, t.block, mutant.text, once) }))
        .filter(({ own, query }) => printed(query.plan) !== own)
        .map(({ query }) => query)
    },
  }
}

/** Does a block of a page name the file? */
export const names = (b: Block, page: string, file: string): boolean => {
  const path = b.options.get('file')
  return path !== undefined && inFolder(path, page) === file
}

/** Opens the cases that run and whose query is the file. */
export function casesWith(files: Files, file: string, beat: () => void = () => {}): { page: string; open: OpenCase }[] {
  const pages = [...files].filter(([path]) => /^tests\/.+\.case\.md$/.test(path))
  return pages.flatMap(([page, text]) => {
    const parsed = parseCaseFile({ name: page, text })
    const about = (c: Case) =>
      c.skip === undefined && c.todo === undefined && [...parsed.shared, ...c.blocks].some((b) => names(b, page, file))
    const read = (path: string): string | undefined => {
      const at = inFolder(path, page)
      return at === undefined ? undefined : files.get(at)
    }
    return parsed.cases.filter(about).map((c) => {
      beat()
      return { page, open: openCase(parsed, c, read) }
    })
  })
}

/** Prints each plan once: cases share plans, and printing takes as long as a run on a few events. */
function printOnce(): (plan: Plan | undefined) => string {
  const texts = new WeakMap<Plan, string>()
  return (plan) => {
    if (!plan) return ''
    const text = texts.get(plan) ?? printPlan(plan)
    texts.set(plan, text)
    return text
  }
}

/** Weight that a kill keeps after each later kill. */
const FADING = 0.8

function fateOf(
  mutant: Mutant,
  trials: readonly Trial[],
  printed: (plan: Plan | undefined) => string,
  beat: () => void,
): MutantOutcome {
  const compile = compileOnce()
  let equal = true
  for (const trial of trials.toSorted((a, b) => b.sharpness - a.sharpness)) {
    beat()
    const q = prepareQuery(trial.open, trial.block, mutant.text, compile)
    if (!q.plan || q.compiled.wouldBeRefused) return 'refused'
    if (printed(q.plan) === trial.own) continue
    equal = false
    if (judge(q, evaluate(q.plan, q.rows, q.env)).length > 0) {
      for (const t of trials) t.sharpness *= FADING
      trial.sharpness++
      return 'killed'
    }
  }
  return equal ? 'equivalent' : 'survived'
}

function rowsWanted(mutant: Mutant, trials: readonly Trial[]): number | undefined {
  const compile = compileOnce()
  const least: number[] = []
  for (const { open, block, plan } of trials) {
    const other = prepareQuery(open, block, mutant.text, compile).plan
    if (!plan || !other) return undefined
    const [a, b] = [withoutLargeLimits(plan), withoutLargeLimits(other)]
    if (printPlan(a.plan) !== printPlan(b.plan)) return undefined
    least.push(...[a.least, b.least].filter((n) => n !== undefined))
  }
  return least.length > 0 ? Math.min(...least) : undefined
}
