// What the tests of a detection prove: every query changed a little, and whether a test notices.
import { availableParallelism } from 'node:os'
import { judge } from '../core/detect/case.ts'
import type { DetectionFolder, Files } from '../core/detect/folder.ts'
import type { Mutant } from '../core/detect/mutation/mutants.ts'
import { OPERATORS_VERSION } from '../core/detect/mutation/operators.ts'
import { positionAt } from '../core/text/source.ts'
import { type Fate, mutantsIn, replaced, type Trial, trialsOf } from '../core/detect/mutation/trials.ts'
import { languageOfFile } from '../core/workbench/compile.ts'
import type { Executor } from './case-executors.ts'
import { spawn } from './spawn.ts'

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
  const proven: ReturnType<typeof proofOf>[] = []
  for (const file of queriesOf(folder)) {
    if (options.file !== undefined && options.file !== file) continue
    const mutants = mutantsIn(folder.files, file)
    const fates = await judged(folder.files, file, mutants.length, options.onProgress)
    // DuckDB confirms on its own threads while the workers go on with the next file.
    proven.push(
      proofOf(
        folder,
        file,
        mutants.map((mutant, i): Tried => ({ mutant, fate: fates[i] as Fate })),
        options,
      ),
    )
  }
  const all = await Promise.all(proven)
  return { coverage: all.map((p) => p.coverage), mutation: all.map((p) => p.mutation) }
}

/** The queries of a folder, main ones first, that have a language of ours. */
export function queriesOf({ files, detection }: DetectionFolder): string[] {
  const platforms = Object.values(detection?.platforms ?? {})
  const named = platforms.flatMap((p) => [p.query, ...(p.companions ?? []).map((c) => c.file)])
  return [...new Set(named)].filter((f) => files.has(f) && languageOfFile(f) !== undefined)
}

interface Tried {
  readonly mutant: Mutant
  readonly fate: Fate
}

async function proofOf(folder: DetectionFolder, file: string, all: readonly Tried[], options: ProveOptions) {
  const text = folder.files.get(file) ?? ''
  const tried = all.filter((f) => f.fate === 'killed' || f.fate === 'survived')
  const place = (start: number) => positionAt(text, start)
  const survivors: Survivor[] = []
  const trials = options.duckdb ? trialsOf(folder.files, file) : []
  for (const { mutant: m } of tried.filter((f) => f.fate === 'survived')) {
    const confirmed = options.duckdb === undefined || !(await noticed(folder.files, file, m, trials, options.duckdb))
    const { before, after, operator } = m
    const wanted = operator.wanted(before, after)
    survivors.push({ ...place(m.start), text: before, after, operator: operator.id, wanted, confirmed })
  }
  const killed = tried.filter((f) => f.fate === 'killed').length
  return {
    coverage: coverageOf(file, tried, place),
    mutation: {
      file,
      version: OPERATORS_VERSION,
      total: tried.length,
      killed,
      equivalent: all.filter((f) => f.fate === 'equivalent').length,
      score: tried.length === 0 ? 100 : (killed / tried.length) * 100,
      survivors,
    },
  }
}

/** The fates of all mutants, shared out among workers: each opens the cases once and takes every n-th mutant. */
async function judged(
  files: Files,
  file: string,
  count: number,
  onProgress: ProveOptions['onProgress'],
): Promise<Fate[]> {
  const workers = Math.max(1, Math.min(availableParallelism(), Math.ceil(count / FEW), 8))
  const fates: Fate[] = []
  let done = 0
  await Promise.all(
    Array.from({ length: workers }, async (_, first) => {
      const worker = spawn('worker-prove')
      try {
        await new Promise<void>((resolve, reject) => {
          worker.on('error', reject)
          worker.on('message', ({ index, fate }: { index: number; fate: Fate | null }) => {
            if (fate === null) return resolve()
            fates[index] = fate
            onProgress?.(file, ++done, count)
          })
          worker.postMessage({ files, file, first, step: workers })
        })
      } finally {
        await worker.terminate()
      }
    }),
  )
  return fates
}

/** Fewer mutants than this are not worth another worker. */
const FEW = 20

function coverageOf(
  file: string,
  tried: readonly Tried[],
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

async function noticed(
  files: Files,
  file: string,
  mutant: Mutant,
  trials: readonly Trial[],
  executor: Executor,
): Promise<boolean> {
  for (const trial of trials)
    for (const q of replaced(files, trial, file, mutant.text))
      if (q.plan && judge(q, await executor.run(q.plan, q.rows, q.env)).length > 0) return true
  return false
}
