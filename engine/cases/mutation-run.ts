// Mutation testing of a detection: every query is changed a little, and its tests should notice.
import type { Mutant } from '../../core/detect/mutation/mutants.ts'
import { OPERATORS_VERSION } from '../../core/detect/mutation/operators.ts'
import type { Clause, Coverage, Proof, Survivor } from '../../core/detect/mutation/proof.ts'
import { killingCase } from '../../core/detect/mutation/killing-case.ts'
import { mutantsIn } from '../../core/detect/mutation/trials.ts'
import { positionAt } from '../../core/text/source.ts'
import { languageOfFile } from '../../core/workbench/compile.ts'
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { judgeMutants, type Tried } from './judge-mutants.ts'
import type { DetectionFolder, Files } from '../../core/detect/folder/folder-types.ts'

export interface ProveOptions {
  /** Seconds for one mutant on one case. */
  readonly budget: number
  /** Search for a case that each survivor fails, which takes seconds a survivor. */
  readonly suggest?: boolean
  readonly onProgress?: (file: string, done: number, total: number) => void
}

/**
 * A clause is covered if a test fails when it is removed, negated or moved. So coverage and score come from one run.
 * Only queries that cases name by `file=` can be proven.
 */
export async function proveDetection(
  folder: DetectionFolder,
  { budget, suggest = false, onProgress }: ProveOptions,
): Promise<Proof> {
  const queries = queriesOf(folder).map((file) => ({ file, mutants: mutantsIn(folder.files, file) }))
  const tried = await judgeMutants(folder.files, queries, { budget, ...(onProgress && { onProgress }) })
  const all = queries.map(({ file }) => ({ file, of: tried.get(file) as readonly Tried[] | Diagnostic }))
  const proofs = all.flatMap(({ file, of }) => ('code' in of ? [] : [proofOf(file, folder.files, of, suggest)]))
  return {
    coverage: proofs.map((p) => p.coverage),
    mutation: proofs.map((p) => p.mutation),
    unproven: all.flatMap(({ of }) => ('code' in of ? [of] : [])),
  }
}

/** The queries of a folder that have a supported language, main ones first. */
export function queriesOf({ files, detection }: DetectionFolder): string[] {
  const platforms = Object.values(detection?.platforms ?? {})
  const named = platforms.flatMap((p) => (p ? [p.query, ...p.companions.map((c) => c.file)] : []))
  return [...new Set(named)].filter((f) => files.has(f) && languageOfFile(f, files.get(f)) !== undefined)
}

/** Survivors of a query for which a case is generated. */
const MOST_CASES = 4

function proofOf(file: string, files: Files, all: readonly Tried[], suggest: boolean) {
  const text = files.get(file) ?? ''
  const tried = all.filter((f) => f.outcome === 'killed' || f.outcome === 'survived')
  const place = (start: number) => positionAt(text, start)
  const survivors = tried
    .filter((f) => f.outcome === 'survived')
    .map(({ mutant, confirmed }, i): Survivor => {
      const { before, after, operator, start } = mutant
      const wanted = operator.wanted(before, after)
      const generated = suggest && i < MOST_CASES ? killingCase(files, file, mutant) : undefined
      return {
        ...place(start),
        text: before,
        after,
        operator: operator.id,
        wanted,
        confirmed,
        ...(generated !== undefined && { case: generated }),
      }
    })
  const spent = tried
    .filter((f) => f.isSpent)
    .map(({ mutant: { before, after, start } }) => ({ ...place(start), text: before, after }))
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
      spent,
    },
  }
}

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
