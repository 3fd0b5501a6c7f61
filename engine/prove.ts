// What the tests of a detection prove: every query changed a little, and whether a test notices.
import { dirname, join } from 'node:path/posix'
import { type Block, type Case, type CaseFile, parseCaseFile } from '../core/detect/case-file.ts'
import { judge, type OpenCase, openCase, type Prepared, prepareQueries } from '../core/detect/case.ts'
import type { DetectionFolder } from '../core/detect/folder.ts'
import { type Mutant, mutantsOf } from '../core/detect/mutation/mutants.ts'
import { OPERATORS_VERSION } from '../core/detect/mutation/operators.ts'
import { evaluate } from '../core/eval/evaluate.ts'
import { printPlan } from '../core/plan/print.ts'
import { positionAt } from '../core/text/source.ts'
import { languageOfFile } from '../core/workbench/compile.ts'
import type { Executor } from './case-executors.ts'

/** A place in a query's text. */
export interface Clause {
  /** 1-based. */
  readonly line: number
  readonly column: number
  readonly text: string
}

export interface Survivor extends Clause {
  readonly operator: string
  readonly after: string
  /** What telemetry a test would need to notice. */
  readonly wanted: string
  /** DuckDB agrees that the findings stay the same; false: it sees a difference that the evaluator does not. */
  readonly confirmed: boolean
}

export interface Coverage {
  readonly file: string
  readonly total: number
  readonly covered: number
  readonly uncovered: readonly Clause[]
}

export interface Mutation {
  readonly file: string
  /** Version of the operators. */
  readonly version: number
  /** Mutants that the language takes and that are not proven equal. */
  readonly total: number
  readonly killed: number
  /** Their plan is the query's own. */
  readonly equivalent: number
  /** killed of total, percent; 100 without mutants. */
  readonly score: number
  readonly survivors: readonly Survivor[]
}

export interface Proof {
  readonly coverage: readonly Coverage[]
  readonly mutation: readonly Mutation[]
}

export interface ProveOptions {
  /** Has the last word on survivors. */
  readonly duckdb?: Executor
  /** Only this file of the folder. */
  readonly file?: string
  readonly onProgress?: (file: string, done: number, total: number) => void
}

/**
 * A clause counts as covered when a test notices that it is gone, turned round or moved; so coverage and score come from one run.
 * Only queries that cases name by `file=` can be proven.
 */
export async function proveDetection(folder: DetectionFolder, options: ProveOptions = {}): Promise<Proof> {
  const coverage: Coverage[] = []
  const mutation: Mutation[] = []
  for (const file of queriesOf(folder)) {
    if (options.file !== undefined && options.file !== file) continue
    const proven = await proveFile(folder, file, options)
    coverage.push(proven.coverage)
    mutation.push(proven.mutation)
  }
  return { coverage, mutation }
}

/** The queries of a folder, main ones first, that have a language of ours. */
export function queriesOf({ files, detection }: DetectionFolder): string[] {
  const platforms = Object.values(detection?.platforms ?? {})
  const named = platforms.flatMap((p) => [p.query, ...(p.companions ?? []).map((c) => c.file)])
  return [...new Set(named)].filter((f) => files.has(f) && languageOfFile(f) !== undefined)
}

type Fate = 'equivalent' | 'killed' | 'refused' | 'survived'

interface Trial {
  readonly page: string
  readonly open: OpenCase
  /** How many mutants it has told apart: the sharpest cases go first. */
  kills: number
}

async function proveFile(folder: DetectionFolder, file: string, options: ProveOptions) {
  const text = folder.files.get(file) ?? ''
  const language = languageOfFile(file)
  if (!language) throw new Error(`${file} is in no language`)
  const trials = trialsOf(folder, file)
  const own = trials.map((t) => plansOf(run(folder, t, file, text)))
  const mutants = mutantsOf(language, text)
  const fates: { mutant: Mutant; fate: Fate }[] = []
  for (const mutant of mutants) {
    fates.push({ mutant, fate: fateOf(folder, file, mutant, trials, own) })
    options.onProgress?.(file, fates.length, mutants.length)
    if (fates.length % 16 === 0) await new Promise((done) => setImmediate(done))
  }
  const tried = fates.filter((f) => f.fate === 'killed' || f.fate === 'survived')
  const place = (start: number) => positionAt(text, start)
  const survivors: Survivor[] = []
  for (const { mutant: m } of tried.filter((f) => f.fate === 'survived')) {
    const confirmed = options.duckdb === undefined || !(await noticed(folder, file, m, trials, options.duckdb))
    const { before, after, operator } = m
    survivors.push({
      ...place(m.start),
      text: before,
      after,
      operator: operator.id,
      wanted: operator.wanted(before, after),
      confirmed,
    })
  }
  const killed = tried.filter((f) => f.fate === 'killed').length
  return {
    coverage: coverageOf(file, tried, place),
    mutation: {
      file,
      version: OPERATORS_VERSION,
      total: tried.length,
      killed,
      equivalent: fates.filter((f) => f.fate === 'equivalent').length,
      score: tried.length === 0 ? 100 : (killed / tried.length) * 100,
      survivors,
    },
  }
}

function coverageOf(
  file: string,
  tried: readonly { mutant: Mutant; fate: Fate }[],
  place: (start: number) => { line: number; column: number },
): Coverage {
  const clauses = new Map<string, { mutant: Mutant; covered: boolean }>()
  for (const { mutant, fate } of tried) {
    if (!mutant.operator.clause) continue
    const key = `${mutant.start} ${mutant.end}`
    clauses.set(key, { mutant, covered: fate === 'killed' || (clauses.get(key)?.covered ?? false) })
  }
  const open = [...clauses.values()].filter((c) => !c.covered)
  return {
    file,
    total: clauses.size,
    covered: clauses.size - open.length,
    uncovered: open.map(({ mutant }) => ({ ...place(mutant.start), text: mutant.before })),
  }
}

const names = (b: Block, page: string, file: string): boolean => {
  const path = b.options.get('file')
  return path !== undefined && join(dirname(page), path) === file
}

function trialsOf(folder: DetectionFolder, file: string): Trial[] {
  const pages = [...folder.files].filter(([path]) => /^tests\/.+\.case\.md$/.test(path))
  return pages.flatMap(([page, text]) => {
    const parsed: CaseFile = parseCaseFile({ name: page, text })
    const about = (c: Case) =>
      c.skip === undefined && c.todo === undefined && [...parsed.shared, ...c.blocks].some((b) => names(b, page, file))
    return parsed.cases.filter(about).map((c) => ({ page, open: openCase(parsed, c, reader(folder, page)), kills: 0 }))
  })
}

const reader =
  (folder: DetectionFolder, page: string, file?: string, text?: string) =>
  (path: string): string | undefined => {
    const at = join(dirname(page), path)
    return at === file ? text : folder.files.get(at)
  }

/** The queries of a case that are the file, with a text in its place. */
function run(folder: DetectionFolder, { page, open }: Trial, file: string, text: string): Prepared[] {
  return prepareQueries(open, reader(folder, page, file, text)).queries.filter((q) => names(q.block, page, file))
}

const plansOf = (queries: readonly Prepared[]): string[] => queries.map((q) => (q.plan ? printPlan(q.plan) : ''))

function fateOf(
  folder: DetectionFolder,
  file: string,
  mutant: Mutant,
  trials: readonly Trial[],
  own: readonly (readonly string[])[],
): Fate {
  const order = trials.map((_, i) => i).sort((a, b) => (trials[b] as Trial).kills - (trials[a] as Trial).kills)
  let equal = true
  for (const i of order) {
    const trial = trials[i] as Trial
    const queries = run(folder, trial, file, mutant.text)
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

async function noticed(
  folder: DetectionFolder,
  file: string,
  mutant: Mutant,
  trials: readonly Trial[],
  executor: Executor,
): Promise<boolean> {
  for (const trial of trials)
    for (const q of run(folder, trial, file, mutant.text))
      if (q.plan && judge(q, await executor.run(q.plan, q.rows, q.env)).length > 0) return true
  return false
}
