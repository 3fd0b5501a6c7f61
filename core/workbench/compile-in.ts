// Text to plan, in one language, with all diagnostics.
import { cannotRun } from '../diag/catalogue/workbench.ts'
import { type Diagnostic, diagnostic, inText } from '../diag/diagnostic.ts'
import type { Semantic } from '../lang/shared/builtin.ts'
import type { CompileContext, Lowered, LoweredRule, Need } from '../lang/shared/lowered.ts'
import type { Outline } from '../lang/shared/outline.ts'
import { optimise } from '../passes/optimise.ts'
import type { Plan } from '../plan/plan.ts'
import { byName } from '../text/by-name.ts'
import type { Source } from '../text/source.ts'
import type { ReadLanguage } from './language.ts'

export interface Compiled {
  readonly language: ReadLanguage
  readonly source: Source
  /** As lowered, before the passes; undefined when the text has errors. */
  readonly plan: Plan | undefined
  readonly presentation: Lowered['presentation']
  /** The conditions and steps that could be read. */
  readonly outline: () => Outline
  /** Texts that the vendor refuses and that run: part of `diagnostics`. */
  readonly nearMisses: readonly Diagnostic[]
  /** In the order of the text. Near-misses are warnings, and errors when strict. */
  readonly diagnostics: readonly Diagnostic[]
  /** The vendor would refuse this text. */
  readonly wouldBeRefused: boolean
  /** The text has errors, so there is no plan to run. When strict, near-misses are errors. */
  readonly refused: boolean
  /** Open questions that the meaning rests on, each with its choice. */
  readonly assumptions: readonly { readonly semantic: Semantic; readonly choice: string }[]
  /** Content that the text names and the context lacks. */
  readonly needs: readonly Need[]
  /** Fields whose absence changes nothing. */
  readonly fallbacks: readonly string[]
  /** Other fields that hold the fact of a field: it matters only if all are absent. */
  readonly alternatives: ReadonlyMap<string, readonly string[]>
  /** The plan depends on the interval of the context. */
  readonly readsInterval: boolean
  /** Filters on IPv4 addresses drop events that the text does not mention. */
  readonly dropsAddresses: boolean
  /** The rules of the text, each with a plan of its own. Undefined: the text is one query. Empty when it has errors. */
  readonly rules: readonly LoweredRule[] | undefined
}

export interface CompileOptions {
  readonly strict?: boolean
  readonly context?: CompileContext
}

export function compileIn(
  language: ReadLanguage,
  source: Source,
  { strict = false, context: given = {} }: CompileOptions = {},
): Compiled {
  const context = withBareTables(given)
  const parsed = language.read.parse(source, context)
  const nearMisses = parsed.nearMisses.map((d) => (strict ? { ...d, severity: 'error' as const } : d))
  const isError = (d: Diagnostic) => d.severity === 'error'
  const textErrors = parsed.diagnostics.some(isError)
  const lowered = textErrors ? undefined : language.run?.(source, parsed, context)
  const unsupported = language.run
    ? []
    : [diagnostic(cannotRun, inText(source, { start: 0, end: 0 }), { language: language.title })]
  const diagnostics = inOrder([...parsed.diagnostics, ...nearMisses, ...(lowered?.diagnostics ?? []), ...unsupported])
  const refused = diagnostics.some(isError)
  const choices = context.semantics ?? {}
  return {
    language,
    source,
    plan: refused ? undefined : lowered?.plan,
    presentation: lowered?.presentation ?? { ordered: false, limits: [] },
    outline: () => language.read.outline(parsed.tree, parsed.source),
    nearMisses,
    diagnostics,
    wouldBeRefused:
      parsed.nearMisses.length > 0 ||
      [...parsed.diagnostics, ...(lowered?.diagnostics ?? [])].some((d) => isError(d) && !isUnsupported(language, d)),
    refused,
    assumptions: (lowered?.assumptions ?? []).flatMap((id) => {
      const semantic = language.read.semantics.find((s) => s.id === id)
      return semantic ? [{ semantic, choice: choices[id] ?? semantic.default }] : []
    }),
    needs: lowered?.needs ?? [],
    fallbacks: lowered?.fallbacks ?? [],
    alternatives: lowered?.alternatives ?? new Map(),
    readsInterval: lowered?.readsInterval ?? false,
    dropsAddresses: lowered?.dropsAddresses ?? false,
    rules: refused ? [] : lowered?.rules,
  }
}

/** The text chooses the names, also `toString`. */
function withBareTables(context: CompileContext): CompileContext {
  const { parameters, saved, lookups, semantics } = context
  return {
    ...context,
    ...(parameters && { parameters: byName(parameters) }),
    ...(saved && { saved: byName(saved) }),
    ...(lookups && { lookups: byName(lookups) }),
    ...(semantics && { semantics: byName(semantics) }),
  }
}

/** An error that only Assay reports: the vendor accepts the text. */
export const isUnsupported = ({ read }: ReadLanguage, d: Diagnostic): boolean =>
  d.code === cannotRun.id || read.unsupported.includes(d.code)

export const optimised = (plan: Plan): Plan => optimise(plan)

function inOrder(all: readonly Diagnostic[]): Diagnostic[] {
  const at = (d: Diagnostic) => (d.at.kind === 'text' ? d.at.span.start : Number.MAX_SAFE_INTEGER)
  const end = (d: Diagnostic) => (d.at.kind === 'text' ? d.at.span.end : 0)
  // Lowering may look at one place twice.
  const once = new Map(all.map((d) => [`${d.code} ${at(d)} ${end(d)} ${d.message}`, d]))
  return [...once.values()].sort((a, b) => at(a) - at(b))
}
