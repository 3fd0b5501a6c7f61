// Diagnostics of a run: fields that the view supplied, fields that the events lack, open questions of the language.
import * as codes from '../../core/diag/catalogue/workbench.ts'
import { type Diagnostic, inText, noPlace, diagnostic } from '../../core/diag/diagnostic.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { type Compiled, optimised } from '../../core/workbench/compile-in.ts'
import { absentFieldsByCatalogue, absentFieldsInTelemetry } from '../../core/workbench/absent-field-checks.ts'
import { type AppliedView, formatsToAdd } from '../../core/workbench/view.ts'
import type { Profile } from '../scan/scan-protocol.ts'
import type { RunOptions, RunResult } from '../execute/run-options.ts'
import type { Recognised } from '../inputs/input.ts'

/** Fields that the view looked up and that no event carried. */
const suppliedBy = (view: AppliedView | undefined, profile: Profile | undefined): string[] =>
  view && profile ? view.supplies.filter((f) => (profile.fields.get(f) ?? 0) === 0) : []

/** The second plan of the run: it counts what the view could not find, if the view supplied anything. */
export const auditOf = (view: AppliedView | undefined): RunOptions['also'] =>
  view?.audit && {
    plan: optimised(view.audit),
    when: ([profile]) => suppliedBy(view, profile).length > 0,
  }

export function viewDiagnostics(view: AppliedView, run: RunResult, formats: readonly string[]): Diagnostic[] {
  const known = formatsToAdd(view.name, formats)
  if (known)
    return [diagnostic(codes.viewWithoutTelemetry, noPlace, { view: view.name, formats: [...new Set(formats)], known })]
  const fields = suppliedBy(view, run.profiles[0])
  if (fields.length === 0) return []
  const diagnostics = [diagnostic(codes.viewSupplied, noPlace, { fields, view: view.name, did: view.did })]
  const [row] = run.also ?? []
  if (!row) return diagnostics
  for (const [column, value] of Object.entries(row)) {
    const what = /^no_(\w+)$/.exec(column)?.[1]
    if (what && typeof value === 'bigint' && value > 0n)
      diagnostics.push(diagnostic(codes.unresolved, noPlace, { what, rows: String(value), of: String(row['rows']) }))
  }
  return diagnostics
}

export interface ObservedQuery {
  readonly compiled: Compiled
  readonly view: AppliedView | undefined
  readonly files: readonly Recognised[]
  /** Fields at the head of the files. */
  readonly availableFields: readonly string[]
  /** Of the events that match the filters. If none do, of those that match the filters up to the first that no event matches. */
  readonly profile: Profile | undefined
  /** False: the profile is of events that passed only the first filters. */
  readonly passedAll: boolean
}

/** Fields that the query reads and that no event has. */
export function absentFields({
  compiled,
  view,
  files,
  availableFields,
  profile,
  passedAll,
}: ObservedQuery): Diagnostic[] {
  // Without events only the catalogues know.
  if (!profile || profile.events === 0) return absentFieldsByCatalogue(compiled)
  const formats = [...new Set(files.map((f) => f.format))]
  return absentFieldsInTelemetry(compiled, {
    events: profile.events,
    passedAll,
    fields: profile.fields,
    formats,
    availableFields,
    supplied: suppliedBy(view, profile),
  })
}

/** Grouping keys that some events have and some lack. */
export function partlyAbsent(
  compiled: Compiled,
  plan: Plan,
  run: RunResult,
  view: AppliedView | undefined,
): Diagnostic[] {
  const [profile] = run.profiles
  const grouping = plan.out.stages.find((s) => s.kind === 'aggregate')
  if (
    !profile ||
    profile.byColumns ||
    grouping?.kind !== 'aggregate' ||
    grouping.nullKeys !== 'drop' ||
    plan.out.from.kind !== 'source'
  )
    return []
  const names = new Map(
    plan.out.from.columns.flatMap((c) => (c.from.kind === 'field' ? [[c.id, c.from.name] as const] : [])),
  )
  return grouping.keys.flatMap((k) => {
    const name = k.expr.kind === 'col' ? names.get(k.expr.id) : undefined
    const having = name === undefined ? undefined : profile.fields.get(name)
    if (name === undefined || !having || having === profile.events || view?.wanted.includes(name)) return []
    const at = grouping.at ? inText(compiled.source, grouping.at) : noPlace
    return [diagnostic(codes.partlyAbsentKey, at, { key: name, lacking: profile.events - having, of: profile.events })]
  })
}

/** Open questions that `--semantics` can answer differently. `--report` and `explain` list all of them. */
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
