// Finds out if the events already carry the fields that a view would join: then the view changes nothing and its joins can be skipped.
import { closeSync, openSync, readSync } from 'node:fs'
import { columnReader } from '../../core/eval/bind.ts'
import { compilePred } from '../../core/eval/compile.ts'
import { isEvent } from '../../core/logs/registry.ts'
import { formatOf } from '../inputs/format-of.ts'
import { and, col, countOf, NO_ENV, not, present, test, text } from '../../core/plan/build.ts'
import type { Plan, Pred, SourceNode, Stage } from '../../core/plan/plan.ts'
import { optimised } from '../../core/workbench/compile-in.ts'
import type { AppliedView } from '../../core/workbench/view.ts'
import type { RunOptions } from '../execute/run-options.ts'
import { runPlan } from '../execute/run-plan.ts'
import { isTable } from '../execute/table-input.ts'
import { hasAll } from '../execute/table-plan.ts'
import type { ProfileSpec } from '../scan/scan-protocol.ts'
import { leadingFilters } from './stage-counts.ts'
import type { Recognised } from '../inputs/input.ts'

/** Below this input size the joins cost less than the check. Bytes. */
const WORTH_CHECKING = 64_000_000
const PIECE = 128 * 1024
const PLACES = [0.25, 0.5, 0.9]

/**
 * A guess from samples of the largest plain file: true if they contain events of the query, all with every wanted field. A run that relies
 * on it has to check with `carriedProfile`.
 */
export function seemsCarried(files: readonly Recognised[], plan: Plan, view: AppliedView): boolean {
  const { from } = plan.out
  const [first] = leadingFilters(plan)
  const total = files.reduce((n, f) => n + f.size, 0)
  const [file] = files
    .filter((f) => !f.table && !f.gzip && !f.evtx && f.charset === 'utf-8')
    .sort((a, b) => b.size - a.size)
  const format = file && formatOf(file)
  if (from.kind !== 'source' || !first || !file || !format || format.unit !== 'line' || total < WORTH_CHECKING)
    return false
  const reads = (id: string) => columnReader(from, id, format.aliases)
  const matches = compilePred<Parameters<ReturnType<typeof reads>>>(
    first.own,
    (id) => {
      const read = reads(id)
      return ([event, meta]) => read(event, meta)
    },
    NO_ENV,
  )
  const wanted = wantedColumns(from, view).map(reads)
  const reader = format.reader({ zone: 'UTC', year: 1970 }, file.head)
  let matching = 0
  for (const line of samples(file)) {
    const event = reader.read(line)
    const meta = { file: file.name, raw: line, seq: 0n }
    if (!isEvent(event) || !matches([event, meta])) continue
    matching++
    if (wanted.some((read) => (read(event, meta) ?? '') === '')) return false
  }
  return matching > 0
}

function* samples(file: Recognised): Iterable<string> {
  const fd = openSync(file.path, 'r')
  try {
    for (const place of PLACES) {
      const buffer = Buffer.alloc(PIECE)
      const read = readSync(fd, buffer, 0, PIECE, Math.floor(file.size * place))
      // The first and the last line may be cut.
      yield* buffer.toString('utf8', 0, read).split('\n').slice(1, -1)
    }
  } finally {
    closeSync(fd)
  }
}

const wantedColumns = (source: SourceNode, view: AppliedView): string[] =>
  source.columns.flatMap((c) => (c.from.kind === 'field' && view.wanted.includes(c.from.name) ? [c.id] : []))

const hasWanted = (source: SourceNode, view: AppliedView): Pred =>
  and(
    ...wantedColumns(source, view).flatMap((id): Pred[] => [
      present(col(id, 'str')),
      not(test('str.eq', [col(id, 'str'), text('')])),
    ]),
  )

/** Counts the events that have every wanted field. If all matching events do, the view would have changed nothing. */
export function carriedProfile(source: SourceNode, view: AppliedView): ProfileSpec {
  return { source, where: and(source.where, hasWanted(source, view)), fields: [] }
}

/** The same question before the query, whose joins would read each table once more: the list of a store may tell, else its engine. */
export async function isCarriedInTables(plan: Plan, view: AppliedView, options: RunOptions): Promise<boolean> {
  if (options.files.length === 0 || !options.files.every(isTable)) return false
  const { from } = optimised(plan).out
  if (from.kind !== 'source') return false
  const fields = from.columns.flatMap((c) =>
    c.from.kind === 'field' && view.wanted.includes(c.from.name) ? [c.from.name] : [],
  )
  if (hasAll(from, fields, options.files.filter(isTable))) return true
  const aggs = [countOf('all'), countOf('carried', hasWanted(from, view))]
  const stage: Stage = { kind: 'aggregate', keys: [], nullKeys: 'keep', aggs, limit: null }
  const counted = await runPlan(
    { lets: [], out: { from: { ...from, rest: false }, stages: [stage] } },
    { ...options, inPlace: true },
  )
  const [row] = counted.rows
  return row !== undefined && row['all'] !== 0n && row['all'] === row['carried']
}
