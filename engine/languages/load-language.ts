// One language without the others: a run of a query needs no more, and loading all takes longer than a small run.
import { loaders } from '../../core/workbench/languages/_loaders.ts'
import type { Language, ReadLanguage } from '../../core/workbench/language.ts'

const isRead = (l: Language): l is ReadLanguage => l.read !== undefined

/** A language that Assay reads, by its id in any case. */
export async function loadLanguage(id: string): Promise<ReadLanguage | undefined> {
  const known: Readonly<Record<string, () => Promise<Language>>> = loaders
  const key = id.toLowerCase()
  const language = Object.hasOwn(known, key) ? await known[key]?.() : undefined
  return language && isRead(language) ? language : undefined
}
