// The settings of assay.yml that direct lint.
import { unknownRule } from '../core/diag/catalogue/lint.ts'
import { type Diagnostic, diagnostic, noPlace } from '../core/diag/diagnostic.ts'
import { nearest } from '../core/text/nearest.ts'
import type { Policy } from '../core/workbench/lint.ts'
import { loadConfig } from '../engine/project/project-config.ts'
import { allCodes } from './lint-formats.ts'

export function lintPolicy(): { readonly policy: Policy; readonly diagnostics: readonly Diagnostic[] } {
  const { config, diagnostics } = loadConfig()
  const { lint, known } = config
  const policy: Policy = {
    rules: lint?.rules,
    paths: lint?.paths,
    known: new Set([...(known?.functions ?? []), ...(known?.saved ?? [])].map((n) => n.toLowerCase())),
  }
  const used = [lint?.rules ?? {}, ...(lint?.paths ?? []).map((p) => p.rules)].flatMap((r) => Object.keys(r))
  const names = used.length === 0 ? [] : allCodes().flatMap((c) => [c.id, c.slug])
  const wrong = used
    .filter((name) => !names.includes(name))
    .map((name) => diagnostic(unknownRule, noPlace, { name, similar: nearest(name, names) }))
  return { policy, diagnostics: [...diagnostics, ...wrong] }
}
