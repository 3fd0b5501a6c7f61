// The QUERY argument: a file, or text with --lang.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { fileGone, languageNeeded } from '../core/diag/catalogue/cli.ts'
import { type Diagnostic, nowhere, report } from '../core/diag/diagnostic.ts'
import type { Source } from '../core/text/source.ts'
import { findLanguage, languageOfFile, languages } from '../core/workbench/compile.ts'

export interface Query {
  readonly source: Source
  readonly language: string
}

export function readQuery(argument: string, lang: string | undefined): Query | Diagnostic {
  const chosen = lang === undefined ? undefined : findLanguage(lang)
  if (chosen && 'code' in chosen) return chosen
  const isFile =
    argument.length < 4096 && !argument.includes('\n') && existsSync(argument) && statSync(argument).isFile()
  if (!isFile) {
    if (chosen) return { source: { name: '<argument>', text: argument }, language: chosen.id }
    const looksLikePath = /^[\w./\\-]+$/.test(argument)
    return looksLikePath
      ? report(fileGone, nowhere, { path: argument })
      : report(languageNeeded, nowhere, { known: languages.map((l) => l.id) })
  }
  const language = chosen ?? languageOfFile(argument)
  if (!language) return report(languageNeeded, nowhere, { known: languages.map((l) => l.id) })
  // The text is taken byte for byte; only a byte order mark is no part of it.
  return {
    source: { name: argument, text: readFileSync(argument, 'utf8').replace(/^\uFEFF/, '') },
    language: language.id,
  }
}
