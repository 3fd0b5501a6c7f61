// All functions of CQL by name.
import type { CqlBuiltin, Registry } from './4-lower/builtin.ts'
import { all } from './builtins/_index.ts'

export const builtins = all as readonly CqlBuiltin[]

export const registry: Registry = {
  byName: new Map(builtins.flatMap((b) => [b.name, ...(b.aliases ?? [])].map((n) => [n.toLowerCase(), b] as const))),
  names: builtins.map((b) => b.name),
}
