// What is said of a run beside its rows: what the view supplied, what the events lack, which rules nobody has written down.
import * as codes from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, inText, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { type Compiled, optimised } from '../../core/workbench/compile.ts'
import { silenceByCatalogue, silenceBySight } from '../../core/workbench/absent-field-checks.ts'
import type { AppliedView } from '../../core/workbench/view.ts'
import type { Profile } from '../scan/scan-protocol.ts'
import type { RunOptions, RunResult } from '../execute/run-plan.ts'
import type { Recognised } from '../inputs/types.ts'

/** Fields that the view looked up and that no event carried itself. */
const suppliedBy = (view: AppliedView | undefined, seen: Profile | undefined): string[] =>
  view && seen ? view.supplies.filter((f) => (seen.fields.get(f) ?? 0) === 0) : []

/** What the view could not find, counted over the scan that serves the query, if the view supplied anything. */
export const auditOf = (view: AppliedView | undefined): RunOptions['also'] =>
  view?.audit && {
    plan: optimised(view.audit),
    when: ([seen]) => suppliedBy(view, seen).length > 0,
  }

export function viewDiagnostics(view: AppliedView, run: RunResult): Diagnostic[] {
  const fields = suppliedBy(view, run.profiles[0])
  if (fields.length === 0) return []
  const said = [diagnostic(codes.viewSupplied, noPlace, { fields, view: view.name, did: view.did })]
  const [row] = run.also ?? []
  if (!row) return said
  for (const [column, value] of Object.entries(row)) {
    const what = /^no_(\w+)$/.exec(column)?.[1]
    if (what && typeof value === 'bigint' && value > 0n)
      said.push(diagnostic(codes.unresolved, noPlace, { what, rows: String(value), of: String(row['rows']) }))
  }
  return said
}

export interface Sight {
  readonly compiled: Compiled
  readonly view: AppliedView | undefined
  readonly files: readonly Recognised[]
  /** Fields at the head of the files. */
  readonly there: readonly string[]
  /** Events behind the filters; when none came through, those behind the last filter that let some through. */
  readonly seen: Profile | undefined
}

export function silence({ compiled, view, files, there, seen }: Sight): Diagnostic[] {
  // Nothing was seen: only the catalogues can tell.
  if (!seen || seen.events === 0) return silenceByCatalogue(compiled)
  const formats = [...new Set(files.map((f) => f.format))]
  return silenceBySight(compiled, {
    events: seen.events,
    fields: seen.fields,
    formats,
    there,
    supplied: suppliedBy(view, seen),
  })
}

/** Grouping keys that some events have and some lack. */
export function partlyAbsent(
  compiled: Compiled,
  plan: Plan,
  run: RunResult,
  view: AppliedView | undefined,
): Diagnostic[] {
  const [seen] = run.profiles
  const grouping = plan.out.stages.find((s) => s.kind === 'aggregate')
  if (!seen || grouping?.kind !== 'aggregate' || grouping.nullKeys !== 'drop' || plan.out.from.kind !== 'source')
    return []
  const names = new Map(
    plan.out.from.columns.flatMap((c) => (c.from.kind === 'field' ? [[c.id, c.from.name] as const] : [])),
  )
  return grouping.keys.flatMap((k) => {
    const name = k.expr.kind === 'col' ? names.get(k.expr.id) : undefined
    const having = name === undefined ? undefined : seen.fields.get(name)
    if (name === undefined || !having || having === seen.events || view?.wanted.includes(name)) return []
    const at = grouping.at ? inText(compiled.source, grouping.at) : noPlace
    return [diagnostic(codes.partlyAbsentKey, at, { key: name, lacking: seen.events - having, of: seen.events })]
  })
}

/** Those that a reader can decide otherwise; all are in the report and in `explain`. */
export const assumed = (compiled: Compiled): Diagnostic[] =>
  compiled.assumptions
    .filter(({ semantic }) => Object.keys(semantic.choices).length > 1)
    .map(({ semantic, choice }) =>
      diagnostic(codes.restsOn, noPlace, {
        id: semantic.id,
        question: semantic.question,
        choice,
        meaning: semantic.choices[choice] ?? choice,
        others: Object.keys(semantic.choices).filter((c) => c !== choice),
      }),
    )
