// What is wrong with a text: refused by the vendor, or valid and never able to say what it should.
import type { Diagnostic } from '../diag/diagnostic.ts'
import { applyRewrites } from '../lang/shared/rewrite.ts'
import type { Source } from '../text/source.ts'
import { type Compiled, compile, type Known } from './compile.ts'
import { isOurs } from './unsupported-here.ts'
import { silenceByCatalogue } from './absent-field-checks.ts'

export interface Linted {
  /** As `run` takes it: near-misses understood. */
  readonly compiled: Compiled
  /** Near-misses are errors. In order of the text. */
  readonly diagnostics: readonly Diagnostic[]
}

export function lint(source: Source, language: string, known: Known = {}): Linted {
  // The lenient plan is what everybody means; what it can never answer is worth knowing even before the text is valid.
  const compiled = compile(source, language, { known })
  const strict = compile(source, language, { known, strict: true })
  const dead = compiled.plan ? silenceByCatalogue(compiled) : []
  const diagnostics = [...strict.diagnostics, ...dead].map(vendorWould).sort((a, b) => startOf(a) - startOf(b))
  return { compiled, diagnostics }
}

const vendorWould = (d: Diagnostic): Diagnostic => (isOurs(d) ? { ...d, severity: 'info' } : d)

const startOf = (d: Diagnostic): number => (d.at.kind === 'text' ? d.at.span.start : Number.MAX_SAFE_INTEGER)

export interface Fixed {
  readonly text: string
  /** Diagnostics whose safe fix was applied. */
  readonly applied: readonly Diagnostic[]
}

/** More rounds than any text needs: what touches the same place takes turns. */
const ROUNDS = 20

/** The text with every safe fix applied, round by round until none is left. */
export function fixed(source: Source, language: string, known: Known = {}): Fixed {
  let { text } = source
  const applied: Diagnostic[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const now: Source = { name: source.name, text }
    const rewrites = lint(now, language, known).diagnostics.flatMap((d) => {
      const fix = d.fixes.find((f) => f.safety === 'safe' && f.edits.length > 0)
      return fix && d.at.kind === 'text' && d.at.source === now
        ? [{ within: d.at.span, edits: fix.edits, diagnostic: d }]
        : []
    })
    const done = applyRewrites(text, rewrites)
    if (done.text === text) break
    applied.push(...rewrites.filter((r) => !done.left.includes(r)).map((r) => r.diagnostic))
    text = done.text
  }
  return { text, applied }
}
