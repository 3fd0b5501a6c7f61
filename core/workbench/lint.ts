// What is wrong with a text: refused by the vendor, or valid and never able to say what it should.
import type { Diagnostic } from '../diag/diagnostic.ts'
import { applyRewrites } from '../lang/shared/rewrite.ts'
import type { Source } from '../text/source.ts'
import { type CompileContext, type Compiled, compile, isUnsupported } from './compile.ts'
import { silenceByCatalogue } from './absent-field-checks.ts'

export interface Linted {
  /** As `run` takes it: near-misses understood. */
  readonly compiled: Compiled
  /** Near-misses are errors. In order of the text. */
  readonly diagnostics: readonly Diagnostic[]
}

export function lint(source: Source, language: string, context: CompileContext = {}): Linted {
  // The lenient plan is checked even if the text is not valid yet: an absent field is worth knowing at once.
  const compiled = compile(source, language, { context })
  const strict = compile(source, language, { context, strict: true })
  const dead = compiled.plan ? silenceByCatalogue(compiled) : []
  const diagnostics = [...strict.diagnostics, ...dead]
    .map((d) => (isUnsupported(compiled.language, d) ? { ...d, severity: 'info' as const } : d))
    .sort((a, b) => startOf(a) - startOf(b))
  return { compiled, diagnostics }
}

const startOf = (d: Diagnostic): number => (d.at.kind === 'text' ? d.at.span.start : Number.MAX_SAFE_INTEGER)

export interface Fixed {
  readonly text: string
  /** Diagnostics whose safe fix was applied. */
  readonly applied: readonly Diagnostic[]
}

/** More rounds than any text needs: what touches the same place takes turns. */
const ROUNDS = 20

/** The text with every safe fix applied, round by round until none is left. */
export function fixed(source: Source, language: string, context: CompileContext = {}): Fixed {
  let { text } = source
  const applied: Diagnostic[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const now: Source = { name: source.name, text }
    const rewrites = lint(now, language, context).diagnostics.flatMap((d) => {
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
