// The door to the languages: text in, plan and everything there is to say about it out.
import { unknownLanguage } from '../diag/catalogue/workbench.ts'
import { type Diagnostic, noPlace, diagnostic } from '../diag/diagnostic.ts'
import type { Semantic } from '../lang/shared/builtin.ts'
import { optimise } from '../passes/optimise.ts'
import type { Plan } from '../plan/plan.ts'
import type { Source } from '../text/source.ts'
import { cql } from './cql.ts'
import type { CompileContext, Language, Lowered, Need } from './language.ts'
import { isOurs } from './unsupported-here.ts'
import { sigma } from './sigma.ts'
import { sumo } from './sumo.ts'

export type { CompileContext as Known, Need, Presentation } from './language.ts'

export const languages: readonly Language[] = [cql, sumo, sigma]
export const languageNamed = (id: string): Language | undefined => languages.find((l) => l.id === id.toLowerCase())
/** The language of a file by its ending or, given its text, by what stands in it. */
export const languageOfFile = (name: string, text?: string): Language | undefined =>
  languages.find((l) => l.extensions.some((e) => name.toLowerCase().endsWith(e))) ??
  (text === undefined ? undefined : languages.find((l) => l.isOwn?.(name, text)))

export interface Compiled {
  readonly language: Language
  readonly source: Source
  /** As lowered, before the passes; undefined when the text has errors. */
  readonly plan: Plan | undefined
  readonly presentation: Lowered['presentation']
  /** Everything about the text, in its order. Near-misses are warnings here, errors when strict. */
  readonly diagnostics: readonly Diagnostic[]
  /** The vendor would not take this text. */
  readonly wouldBeRefused: boolean
  /** No plan is to be run: the text has errors (when strict, near-misses are errors). */
  readonly refused: boolean
  /** Open questions that the meaning rests on, and the choice taken. */
  readonly assumptions: readonly { readonly semantic: Semantic; readonly choice: string }[]
  /** What the text names and nobody has given yet: give it and compile again. */
  readonly needs: readonly Need[]
  /** Fields whose absence changes nothing. */
  readonly fallbacks: readonly string[]
}

export interface CompileOptions {
  readonly strict?: boolean
  readonly known?: CompileContext
}

export function compile(
  source: Source,
  languageId: string,
  { strict = false, known = {} }: CompileOptions = {},
): Compiled {
  const language = languageNamed(languageId)
  if (!language) throw new Error(`no language ${languageId}`)
  const parsed = language.parse(source, known)
  const nearMisses = parsed.nearMisses.map((d) => (strict ? { ...d, severity: 'error' as const } : d))
  const isError = (d: Diagnostic) => d.severity === 'error'
  const textErrors = parsed.diagnostics.some(isError)
  const lowered = textErrors ? undefined : parsed.lower()
  const diagnostics = inOrder([...parsed.diagnostics, ...nearMisses, ...(lowered?.diagnostics ?? [])])
  const refused = diagnostics.some(isError)
  const choices = known.semantics ?? {}
  return {
    language,
    source,
    plan: refused ? undefined : lowered?.plan,
    presentation: lowered?.presentation ?? { ordered: false, limits: [] },
    diagnostics,
    wouldBeRefused:
      parsed.nearMisses.length > 0 ||
      [...parsed.diagnostics, ...(lowered?.diagnostics ?? [])].some((d) => isError(d) && !isOurs(d)),
    refused,
    assumptions: (lowered?.assumptions ?? []).flatMap((id) => {
      const semantic = language.semantics.find((s) => s.id === id)
      return semantic ? [{ semantic, choice: choices[id] ?? semantic.default }] : []
    }),
    needs: lowered?.needs ?? [],
    fallbacks: lowered?.fallbacks ?? [],
  }
}

/** The language a caller names, or a diagnostic that lists those there are. */
export function findLanguage(name: string): Language | Diagnostic {
  return languageNamed(name) ?? diagnostic(unknownLanguage, noPlace, { name, known: languages.map((l) => l.id) })
}

export const optimised = (plan: Plan): Plan => optimise(plan)

function inOrder(all: readonly Diagnostic[]): Diagnostic[] {
  const at = (d: Diagnostic) => (d.at.kind === 'text' ? d.at.span.start : Number.MAX_SAFE_INTEGER)
  const end = (d: Diagnostic) => (d.at.kind === 'text' ? d.at.span.end : 0)
  // Lowering may look at one place twice.
  const once = new Map(all.map((d) => [`${d.code} ${at(d)} ${end(d)} ${d.message}`, d]))
  return [...once.values()].sort((a, b) => at(a) - at(b))
}
