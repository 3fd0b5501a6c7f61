// The sources of a plan, each once: the same telemetry may be read by several relations, and one scan serves them all.
import { jsonText } from './json-text.ts'
import { type Plan, type Relation, REST, type SourceNode } from './plan.ts'
import { visitRelation } from './walk.ts'

export const LOOKUP = 'lookup:'
export const isLookup = (s: SourceNode): boolean => s.name.startsWith(LOOKUP)

/** Equal sources have equal keys, whoever copied them. */
export const sourceKey = (s: SourceNode): string => jsonText([s.name, s.interval, s.rest, s.columns, s.where])

/** Every different source: telemetry in the order in which it stands, then lookups. */
export function planSources(plan: Plan): SourceNode[] {
  const found = new Map<string, SourceNode>()
  const add = (r: Relation): void =>
    visitRelation(r, {
      relation: ({ from }) => {
        if (from.kind === 'source' && !found.has(sourceKey(from))) found.set(sourceKey(from), from)
      },
    })
  for (const l of plan.lets) add(l.rel)
  add(plan.out)
  const all = [...found.values()]
  return [...all.filter((s) => !isLookup(s)), ...all.filter(isLookup)]
}

/** Number of values in a row of the source. */
export const widthOf = (s: SourceNode): number => s.columns.length + (s.rest ? 1 : 0)
export const columnIds = (s: SourceNode): string[] => [...s.columns.map((c) => c.id), ...(s.rest ? [REST] : [])]
