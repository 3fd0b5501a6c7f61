// Modifiers by name.
import { byName } from '../../text/by-name.ts'
import type { Modify, SigmaBuiltin } from './builtin.ts'
import { all } from './builtins/_index.ts'

export const MODIFIERS: Readonly<Record<string, Modify>> = byName(
  Object.fromEntries(
    (all as readonly unknown[]).flatMap((b) =>
      isBuiltin(b) && b.lower.modify ? [[b.name, b.lower.modify] as const] : [],
    ),
  ),
)

function isBuiltin(value: unknown): value is SigmaBuiltin {
  return typeof value === 'object' && value !== null && 'lower' in value
}
