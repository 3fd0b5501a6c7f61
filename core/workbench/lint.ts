// Lint: texts that the vendor refuses, and valid texts that can never find anything.
import type { Diagnostic } from '../diag/diagnostic.ts'
import { applyRewrites } from '../lang/shared/rewrite.ts'
import type { Source } from '../text/source.ts'
import type { ReadLanguage } from './language.ts'
import { type CompileContext, type Compiled, compile, isUnsupported } from './compile.ts'
import { allRules, checkTextRules } from '../lint/check.ts'
import { absentFieldsByCatalogue, isAnotherForm } from './absent-field-checks.ts'

export { allRules } from '../lint/check.ts'
export { Likeness } from '../lint/likeness.ts'
export { type Policy, underPolicy } from '../lint/policy.ts'

interface Linted {
  /** As `run` compiles it, with near-misses accepted. */
  readonly compiled: Compiled
  /** Near-misses are errors. In order of the text. */
  readonly diagnostics: readonly Diagnostic[]
}

export const lint = (source: Source, language: string, context: CompileContext = {}): Linted =>
  lintCompiled(compile(source, language, { context }))

/** The same for a text that is compiled already, in the lenient way. */
export function lintCompiled(compiled: Compiled): Linted {
  // The lenient plan is checked even if the text is not valid yet: an absent field is worth knowing at once.
  const refused = new Set(compiled.nearMisses.filter((d) => !isAssumed(compiled.language, d)))
  const strict = compiled.diagnostics.map((d) => (refused.has(d) ? { ...d, severity: 'error' as const } : d))
  const dead = compiled.plan ? absentFieldsByCatalogue(compiled) : []
  const ofText = checkText(compiled)
  const told = new Set(ofText.map((d) => d.code))
  const found = [...strict, ...dead.filter((d) => !told.has(d.code)), ...ofText]
  const diagnostics = found
    .filter((d) => !yielding.has(d.code) || !found.some((other) => !yielding.has(other.code) && isAbout(other, d)))
    .map((d): Diagnostic => {
      if (isUnsure(compiled.language, d)) return { ...d, severity: 'warning' }
      return isUnsupported(compiled.language, d) ? { ...d, severity: 'info' } : d
    })
    .sort((a, b) => startOf(a) - startOf(b))
  return { compiled, diagnostics }
}

/** The rules over the text alone. */
const checkText = (compiled: Compiled): Diagnostic[] =>
  checkTextRules({
    outline: compiled.outline(),
    source: compiled.source,
    language: compiled.language.id,
    isAnotherForm: isAnotherForm(compiled),
    hasErrors: compiled.diagnostics.some((d) => d.severity === 'error' && !isUnsure(compiled.language, d)),
  })

/** No page of the vendor says that the text is refused. */
const isAssumed = ({ read }: ReadLanguage, { code }: Diagnostic): boolean =>
  read.nearMisses.some((n) => n.id === code && 'assumed' in n.evidence)

/** The tenant or a newer release may have the name, and no known name is similar. */
function isUnsure({ read }: ReadLanguage, { code, data }: Diagnostic): boolean {
  const { near, similar, hint } = (data ?? {}) as { near?: unknown; similar?: unknown; hint?: unknown }
  return read.unsure?.includes(code) === true && near === undefined && similar === undefined && hint === undefined
}

const yielding: ReadonlySet<string> = new Set(allRules.flatMap((r) => ('yields' in r && r.yields ? [r.id] : [])))

/** An error or warning that begins where the other one does. */
const isAbout = (d: Diagnostic, other: Diagnostic): boolean => d.severity !== 'info' && startOf(d) === startOf(other)

const startOf = (d: Diagnostic): number => (d.at.kind === 'text' ? d.at.span.start : Number.MAX_SAFE_INTEGER)

interface Fixed {
  readonly text: string
  /** Diagnostics whose fix was applied. */
  readonly applied: readonly Diagnostic[]
}

/** `safe`: fixes that keep the intended meaning. `all`: proposals too. */
export type FixChoice = 'all' | 'safe'

/** More rounds than any text needs: fixes of the same place are applied in turn. */
const ROUNDS = 20

/** The text with every fix of the choice applied, round by round until none is left. */
export function fixed(
  source: Source,
  language: string,
  context: CompileContext = {},
  choice: FixChoice = 'safe',
): Fixed {
  let { text } = source
  const applied: Diagnostic[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const now: Source = { ...source, text }
    const rewrites = lint(now, language, context).diagnostics.flatMap((d) => {
      const fix = d.fixes.find((f) => (choice === 'all' || f.safety === 'safe') && f.edits.length > 0)
      return fix && d.at.kind === 'text' && d.at.source === now
        ? [{ within: d.at.span, edits: fix.edits, diagnostic: d }]
        : []
    })
    const rewritten = applyRewrites(text, rewrites)
    if (rewritten.text === text) break
    applied.push(...rewrites.filter((r) => !rewritten.left.includes(r)).map((r) => r.diagnostic))
    text = rewritten.text
  }
  return { text, applied }
}
