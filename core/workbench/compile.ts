// The languages, and text to plan in any of them.
import { unknownLanguage } from '../diag/catalogue/workbench.ts'
import { diagnostic, noPlace } from '../diag/diagnostic.ts'
import { failure, ok, type Result } from '../diag/result.ts'
import type { Source } from '../text/source.ts'
import { type Compiled, type CompileOptions, compileIn } from './compile-in.ts'
import type { Language, ReadLanguage } from './language.ts'
import { all } from './languages/_index.ts'

export type { CompileContext, LoweredRule, Need, Presentation } from '../lang/shared/lowered.ts'
export { type Compiled, type CompileOptions, isUnsupported, optimised } from './compile-in.ts'

/** Languages of vendors first, portable ones last. */
export const languages: readonly Language[] = [...(all as readonly Language[])].sort(
  (a, b) => Number(a.platform.portable ?? false) - Number(b.platform.portable ?? false),
)
const isRead = (l: Language): l is ReadLanguage => l.read !== undefined
export const readLanguages: readonly ReadLanguage[] = languages.filter(isRead)
/** A language that Assay reads, by its id in any case. */
export const languageNamed = (id: string): ReadLanguage | undefined =>
  readLanguages.find((l) => l.id === id.toLowerCase())
/** Throws: the id is of no language that Assay reads. */
export function languageOf(id: string): ReadLanguage {
  const language = languageNamed(id)
  if (!language) throw new Error(`no language ${id}`)
  return language
}
/** The language of a file by its ending or, given its text, by its content. */
export const languageOfFile = (name: string, text?: string): ReadLanguage | undefined =>
  readLanguages.find((l) => l.extensions.some((e) => name.toLowerCase().endsWith(e))) ??
  (text === undefined ? undefined : readLanguages.find((l) => l.read.isOwn?.(name, text)))

export const compile = (source: Source, languageId: string, options: CompileOptions = {}): Compiled =>
  compileIn(languageOf(languageId), source, options)

/** The language of that name. Otherwise the diagnostic lists the names. */
export function findLanguage(name: string): Result<ReadLanguage> {
  const language = languageNamed(name)
  return language
    ? ok(language)
    : failure(diagnostic(unknownLanguage, noPlace, { name, known: readLanguages.map((l) => l.id) }))
}
