// Mutation testing of a detection: every query is changed a little, and its tests should notice.
import { availableParallelism } from 'node:os'
import type { Mutant } from '../../core/detect/mutation/mutants.ts'
import { OPERATORS_VERSION } from '../../core/detect/mutation/operators.ts'
import type { Clause, Coverage, Proof, Survivor } from '../../core/detect/mutation/proof.ts'
import { mutantsIn } from '../../core/detect/mutation/trials.ts'
import { positionAt } from '../../core/text/source.ts'
import { languageOfFile } from '../../core/workbench/compile.ts'
import type { JudgedMutant, ProveTask, Verdict } from './mutation-protocol.ts'
import { startWorker } from '../workers/start-worker.ts'
import type { DetectionFolder, Files } from '../../core/detect/folder/folder-types.ts'

export interface ProveOptions {
  /** Only this file of the folder. */
  readonly file?: string
  readonly onProgress?: (file: string, done: number, total: number) => void
}

/**
 * A clause is covered if a test fails when it is removed, negated or moved. So coverage and score come from one run.
 * Only queries that cases name by `file=` can be proven.
 */
export async function proveDetection(folder: DetectionFolder, options: ProveOptions = {}): Promise<Proof> {
  const queries = queriesOf(folder)
    .filter((f) => options.file === undefined || options.file === f)
    .map((file) => ({ file, mutants: mutantsIn(folder.files, file) }))
  const verdicts = await judgeMutants(folder.files, queries, options.onProgress)
  const all = queries.map(({ file, mutants }) =>
    proofOf(
      file,
      folder.files.get(file) ?? '',
      mutants.map((mutant, i): Tried => ({ mutant, ...(verdicts.get(file)?.[i] as Verdict) })),
    ),
  )
  return { coverage: all.map((p) => p.coverage), mutation: all.map((p) => p.mutation) }
}

/** The queries of a folder that have a supported language, main ones first. */
export function queriesOf({ files, detection }: DetectionFolder): string[] {
  const platforms = Object.values(detection?.platforms ?? {})
  const named = platforms.flatMap((p) => (p ? [p.query, ...p.companions.map((c) => c.file)] : []))
  return [...new Set(named)].filter((f) => files.has(f) && languageOfFile(f, files.get(f)) !== undefined)
}

interface Tried extends Verdict {
  readonly mutant: Mutant
}

function proofOf(file: string, text: string, all: readonly Tried[]) {
  const tried = all.filter((f) => f.outcome === 'killed' || f.outcome === 'survived')
  const place = (start: number) => positionAt(text, start)
  const survivors = tried
    .filter((f) => f.outcome === 'survived')
    .map(({ mutant: { before, after, operator, start }, confirmed }): Survivor => {
      const wanted = operator.wanted(before, after)
      return { ...place(start), text: before, after, operator: operator.id, wanted, confirmed }
    })
  const killed = tried.length - survivors.length
  return {
    coverage: coverageOf(file, tried, place),
    mutation: {
      file,
      version: OPERATORS_VERSION,
      total: tried.length,
      killed,
      equivalent: all.filter((f) => f.outcome === 'equivalent').length,
      score: tried.length === 0 ? 100 : (killed / tried.length) * 100,
      survivors,
    },
  }
}

/** Judges all mutants of all queries. Each worker opens the cases of a query once and judges every n-th mutant. */
async function judgeMutants(
  files: Files,
  queries: readonly { readonly file: string; readonly mutants: readonly Mutant[] }[],
  onProgress: ProveOptions['onProgress'],
): Promise<ReadonlyMap<string, Verdict[]>> {
  const verdicts = new Map(queries.map(({ file }) => [file, [] as Verdict[]]))
  const total = queries.reduce((n, q) => n + q.mutants.length, 0)
  const workers = Math.max(1, Math.min(availableParallelism(), Math.ceil(total / FEW), 8))
  const totals = new Map(queries.map((q) => [q.file, { done: 0, of: q.mutants.length }]))
  const record = ({ file, index, verdict }: JudgedMutant): void => {
    ;(verdicts.get(file) as Verdict[])[index] = verdict
    const count = totals.get(file) as { done: number; of: number }
    onProgress?.(file, ++count.done, count.of)
  }
  const task = (first: number): ProveTask => ({ files, queries: queries.map((q) => q.file), first, step: workers })
  await Promise.all(Array.from({ length: workers }, (_, first) => work(task(first), record)))
  return verdicts
}

async function work(task: ProveTask, record: (judged: JudgedMutant) => void): Promise<void> {
  const worker = startWorker('worker-mutation')
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('error', reject)
      worker.on('message', (judged: JudgedMutant | null) => (judged ? record(judged) : resolve()))
      worker.postMessage(task)
    })
  } finally {
    await worker.terminate()
  }
}

/** Another worker pays off for so many mutants. */
const FEW = 20

function coverageOf(
  file: string,
  tried: readonly Tried[],
  place: (start: number) => { line: number; column: number },
): Coverage {
  const clauses = new Map<string, { mutant: Mutant; isNoticed: boolean; rows: number | undefined }>()
  for (const { mutant, outcome, outOfReach } of tried) {
    if (!mutant.operator.clause) continue
    const key = `${mutant.start} ${mutant.end}`
    const before = clauses.get(key)
    clauses.set(key, {
      mutant,
      isNoticed: outcome === 'killed' || (before?.isNoticed ?? false),
      rows: outOfReach ?? before?.rows,
    })
  }
  const open = [...clauses.values()].filter((c) => !c.isNoticed)
  const clause = ({ mutant }: { mutant: Mutant }): Clause => ({ ...place(mutant.start), text: mutant.before })
  const uncovered = open.filter((c) => c.rows === undefined).map(clause)
  const outOfReach = open.flatMap((c) => (c.rows === undefined ? [] : [{ ...clause(c), rows: c.rows }]))
  return { file, total: clauses.size, covered: clauses.size - uncovered.length, uncovered, outOfReach }
}
