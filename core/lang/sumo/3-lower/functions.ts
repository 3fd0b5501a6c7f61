// The functions, by any of their names, folded.
import { all } from '../builtins/_index.ts'
import type { SumoBuiltin } from './builtin.ts'

export const builtins = all as readonly SumoBuiltin[]

let byName: Map<string, SumoBuiltin> | undefined

// Built on first use: the registry's files and lowering know each other.
function table(): Map<string, SumoBuiltin> {
  byName ??= new Map(
    builtins
      .filter((b) => b.lower.fn)
      .flatMap((b) => [b.name, ...(b.aliases ?? [])].map((n) => [n.toLowerCase(), b] as const)),
  )
  return byName
}

export const functionOf = (name: string): SumoBuiltin | undefined => table().get(name.toLowerCase())
export const functionNames = (): string[] => builtins.filter((b) => b.lower.fn).map((b) => b.name)

let byKind: Map<string, NonNullable<SumoBuiltin['lower']['stage']>> | undefined

/** The meaning of a stage that stands beside its record. */
export function stageOf(kind: string): SumoBuiltin['lower']['stage'] {
  byKind ??= new Map(builtins.flatMap((b) => (b.lower.stage ? [[b.name, b.lower.stage] as const] : [])))
  return byKind.get(kind)
}
