// The view of a run: by name, or the one that the telemetry and the query need.
import { formats, takesPart } from '../logs/registry.ts'
import { all } from '../logs/views/_index.ts'
import type { IntervalEnds, View, Viewed } from '../logs/view.ts'
import type { Plan, Relation } from '../plan/plan.ts'
import { visitRelation } from '../plan/walk.ts'
import { fieldsRead } from './absent-field-checks.ts'

const views: readonly View[] = all
/** `auto`: a view of look-ups where the query needs one; `vendor`: none. */
export const viewNames = (): string[] => ['auto', 'vendor', ...views.map((v) => v.name)]

export interface AppliedView extends Viewed {
  readonly name: string
  readonly wanted: readonly string[]
  /** Fields of the query that the view gives: the wanted ones and those it fills. */
  readonly supplies: readonly string[]
}

/** Fields that any relation over events reads; undefined: the outer relation is no source. */
function eventFieldsRead(plan: Plan): string[] | undefined {
  if (plan.out.from.kind !== 'source') return undefined
  const read = new Set<string>()
  const look = (r: Relation): void =>
    visitRelation(r, {
      relation: ({ from }) => {
        if (from.kind === 'source' && from.name === 'events') for (const f of fieldsRead(from)) read.add(f)
      },
    })
  look(plan.out)
  for (const l of plan.lets) look(l.rel)
  return [...read]
}

/** The view that applies; undefined: events stay as the vendor has them. */
export function applyView(
  plan: Plan,
  choice: string,
  used: readonly string[],
  asked?: IntervalEnds,
): AppliedView | undefined {
  const candidates = views.filter((v) =>
    choice === 'auto'
      ? used.some((f) => takesPart(f, v.name)) && v.automaticUnless?.every((f) => !used.includes(f))
      : v.name === choice,
  )
  for (const view of candidates) {
    const read = eventFieldsRead(plan) ?? view.fields
    const wanted = view.fields.filter((f) => read.includes(f))
    const filled = (view.fills ?? []).filter((f) => read.includes(f))
    if (wanted.length === 0) continue
    const viewed = view.rewrite(plan, wanted, asked)
    if (viewed.plan !== plan) return { ...viewed, name: view.name, wanted, supplies: [...wanted, ...filled] }
  }
  return undefined
}

/** The formats that take part in a view. Undefined: one of those used does. */
export function formatsToAdd(view: string, used: readonly string[]): string[] | undefined {
  if (used.length === 0 || used.some((f) => takesPart(f, view))) return undefined
  return formats.filter((f) => takesPart(f.name, view) && f.unit !== 'file').map((f) => f.name)
}
