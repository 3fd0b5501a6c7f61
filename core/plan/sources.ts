// The sources of a plan, each once: several relations can read the same telemetry, and one scan is enough for all.
import { jsonText } from './json-text.ts'
import { type Plan, type Relation, REST, type SourceNode } from './plan.ts'

/** Prefix of the source name of a lookup file. */
const LOOKUP = 'lookup:'
export const isLookup = (s: SourceNode): boolean => s.name.startsWith(LOOKUP)
/** The lookup file's name in the query. */
export const lookupName = (s: SourceNode): string => s.name.slice(LOOKUP.length)

/** Equal sources have equal keys. */
export const sourceKey = (s: SourceNode): string => jsonText([s.name, s.interval, s.rest, s.columns, s.where])

/** Every different source: telemetry in the order of the plan, then lookups. */
export function planSources(plan: Plan): SourceNode[] {
  const found: SourceNode[] = []
  const add = ({ from, stages }: Relation): void => {
    if (from.kind === 'source') found.push(from)
    for (const s of stages) {
      if (s.kind === 'join') add(s.right)
      if (s.kind === 'union') s.others.forEach(add)
    }
  }
  for (const l of plan.lets) add(l.rel)
  add(plan.out)
  const keys = new Set<string>()
  const isNew = (s: SourceNode): boolean => keys.size < keys.add(sourceKey(s)).size
  // The keys of big filters are long, and most plans have one source.
  const all = found.length < 2 ? found : found.filter(isNew)
  return [...all.filter((s) => !isLookup(s)), ...all.filter(isLookup)]
}

/** Number of values in a row of the source. */
export const widthOf = (s: SourceNode): number => s.columns.length + (s.rest ? 1 : 0)
export const columnIds = (s: SourceNode): string[] => [...s.columns.map((c) => c.id), ...(s.rest ? [REST] : [])]
