// Modifiers by name.
import type { Modify, SigmaBuiltin } from './builtin.ts'
import { all } from './builtins/_index.ts'

export const MODIFIERS: Readonly<Record<string, Modify>> = Object.fromEntries(
  (all as readonly unknown[]).flatMap((b) =>
    isBuiltin(b) && b.lower.modify ? [[b.name, b.lower.modify] as const] : [],
  ),
)

function isBuiltin(value: unknown): value is SigmaBuiltin {
  return typeof value === 'object' && value !== null && 'lower' in value
}
