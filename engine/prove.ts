// What the tests of a detection prove: every query changed a little, and whether a test notices.
import { availableParallelism } from 'node:os'
import { judge } from '../core/detect/case.ts'
import type { DetectionFolder, Files } from '../core/detect/folder.ts'
import type { Mutant } from '../core/detect/mutation/mutants.ts'
import { OPERATORS_VERSION } from '../core/detect/mutation/operators.ts'
import type { Coverage, Proof, Survivor } from '../core/detect/mutation/proof.ts'
import { positionAt } from '../core/text/source.ts'
import { type Fate, mutantsIn, replaced, type Trial, trialsOf } from '../core/detect/mutation/trials.ts'
import { languageOfFile } from '../core/workbench/compile.ts'
import type { Executor } from './case-executors.ts'
import { spawn } from './spawn.ts'

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
