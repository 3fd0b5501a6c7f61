// The QUERY argument in the usual cases, by the files of one language: loading all languages takes longer than a small run.
import { statSync } from 'node:fs'
import { extname } from 'node:path'
import { readSmall } from '../files/read-small.ts'
import { loadLanguage } from '../languages/load-language.ts'
import type { QueryChoice } from './query-argument.ts'
import { ARGUMENT, decode, isReadable, type QueryText } from './query-text.ts'

/** A text of a named language, or a file whose ending is the name of its language. Undefined: `readQueryArgument` tells what it is. */
export async function readPlainQuery(argument: string, { lang }: QueryChoice): Promise<QueryText | undefined> {
  const ending = extname(argument).toLowerCase()
  const language = argument === '-' ? undefined : await loadLanguage(lang ?? ending.slice(1))
  if (!language || (lang === undefined && !language.extensions.includes(ending))) return undefined
  const { id } = language
  if (isReadable(argument)) {
    // A pipe is read once only, so the other reads it, with its diagnostics.
    if (!statSync(argument).isFile()) return undefined
    try {
      return { ...decode(argument, readSmall(argument)), language: id, path: argument }
    } catch {
      return undefined
    }
  }
  if (lang === undefined) return undefined
  return { source: { name: ARGUMENT, text: argument }, language: id, path: undefined, bom: false, newline: '\n' }
}
