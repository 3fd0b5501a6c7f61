// A project's policy: severities by rule and path, names that the tenant has, and comments that ignore a diagnostic.
import { ignoreWithoutReason, unusedIgnore } from '../diag/catalogue/lint.ts'
import { type Diagnostic, diagnostic, inText, type Severity } from '../diag/diagnostic.ts'
import { globTest } from '../prims/glob.ts'
import type { Source, Span } from '../text/source.ts'
import { lineCounter } from '../text/source.ts'

type Level = Severity | 'off'
type Levels = Readonly<Record<string, Level>>

export interface Policy {
  /** By code or name. */
  readonly rules?: Levels | undefined
  readonly paths?: readonly { readonly files: readonly string[]; readonly rules: Levels }[] | undefined
  /** Functions and saved queries of the tenant. */
  readonly known?: ReadonlySet<string>
}

/** The diagnostics of one text under a policy, with those about the comments of the text. */
export function underPolicy(diagnostics: readonly Diagnostic[], source: Source, policy: Policy): Diagnostic[] {
  const levels = levelsFor(source.name, policy)
  const levelOf = (d: Diagnostic): Level => own(levels, d.code) ?? own(levels, d.slug) ?? d.severity
  const set = (all: readonly Diagnostic[]): Diagnostic[] =>
    all.flatMap((d) => {
      const level = levelOf(d)
      return level === 'off' ? [] : [level === d.severity ? d : { ...d, severity: level }]
    })
  const known = diagnostics.filter((d) => !isKnown(d, policy.known))
  return set(ignored(known, source))
}

const own = (levels: Levels, key: string): Level | undefined => (Object.hasOwn(levels, key) ? levels[key] : undefined)

function levelsFor(name: string, { rules = {}, paths = [] }: Policy): Levels {
  const path = name.replaceAll('\\', '/').replace(/^\.\//, '')
  const some = paths.filter((p) => p.files.some((f) => globTest(path, f.replace(/\*+/g, '*'))))
  return Object.assign({}, rules, ...some.map((p) => p.rules)) as Levels
}

/** A diagnostic about names that are not known, with the names in its data. */
function isKnown({ data }: Diagnostic, known: ReadonlySet<string> | undefined): boolean {
  if (!known || typeof data !== 'object' || data === null) return false
  const { name, names } = data as { readonly name?: unknown; readonly names?: unknown }
  const all: readonly unknown[] = name !== undefined ? [name] : Array.isArray(names) ? names : []
  return all.length > 0 && all.every((n) => typeof n === 'string' && known.has(n.toLowerCase()))
}

/** `// assay-ignore CODE: reason` is about its line, or the next if it is alone on its line. `assay-ignore-file` is about the text. */
const COMMENT =
  /(?:\/\/|#|\/\*)[ \t]*assay-ignore(-file)?[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)[ \t]*(?::[ \t]*([^\n]*))?/g

function ignored(diagnostics: readonly Diagnostic[], source: Source): readonly Diagnostic[] {
  if (!source.text.includes('assay-ignore')) return diagnostics
  const comments = [...source.text.matchAll(COMMENT)]
  const lineOf = (at: number): number => lineCounter(source.text)(at)
  const placed = diagnostics.map((d) => ({ d, line: d.at.kind === 'text' ? lineOf(d.at.span.start) : 1 }))
  const hidden = new Set<Diagnostic>()
  const about: Diagnostic[] = []
  for (const m of comments) {
    const at: Span = { start: m.index, end: m.index + m[0].trimEnd().length }
    const line = lineOf(m.index)
    const isAlone = source.text.slice(source.text.lastIndexOf('\n', m.index - 1) + 1, m.index).trim() === ''
    const target = isAlone ? line + 1 : line
    for (const name of (m[2] ?? '').split(',').map((n) => n.trim())) {
      const meant = placed.filter(
        (p) => (p.d.code === name.toUpperCase() || p.d.slug === name) && (m[1] !== undefined || p.line === target),
      )
      for (const p of meant) hidden.add(p.d)
      if (meant.length === 0) about.push(diagnostic(unusedIgnore, inText(source, at), { name }))
      else if ((m[3] ?? '').replace(/\*\/\s*$/, '').trim() === '')
        about.push(diagnostic(ignoreWithoutReason, inText(source, at), { name }))
    }
  }
  return [...diagnostics.filter((d) => !hidden.has(d)), ...about]
}
