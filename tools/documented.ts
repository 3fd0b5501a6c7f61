// The reference of all languages and all diagnostics, as gen-docs writes it and a test expects it.
import { all as codes } from '../core/diag/catalogue/_index.ts'
import type { Code } from '../core/diag/diagnostic.ts'
import type { NearMiss } from '../core/lang/shared/builtin.ts'
import { languages } from '../core/workbench/compile.ts'
import { referencePages } from './reference.ts'

const isCode = (x: unknown): x is Code => typeof x === 'object' && x !== null && 'id' in x && 'slug' in x && 'why' in x

/** A near-miss reports under a code of its own. */
const asCode = (n: NearMiss): Code => ({
  id: n.id,
  slug: n.slug,
  severity: 'warning',
  title: n.title,
  message: () => n.title,
  why: n.verdict,
  remedy: () => n.good,
})

/** Path → text. */
export function documented(): Map<string, string> {
  const own = (codes as readonly unknown[]).filter(isCode)
  return referencePages(languages, [...own, ...languages.flatMap((l) => l.nearMisses.map(asCode))])
}
