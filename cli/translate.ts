// assay translate: queries in another language, each with what is lost and what running both showed.
import type { Diagnostic } from '../core/diag/diagnostic.ts'
import { listQueries } from '../engine/project/list-files.ts'
import { type Proven, translateQuery, type TranslatedQuery } from '../engine/query/translate-query.ts'
import type { QueryText } from '../engine/query/witness-query.ts'
import type { TranslateFlags } from './commands/translate.ts'
import type { Io } from './io.ts'
import { diagnosticsToJson } from './json.ts'
import { print, printDocument, printJson } from './print.ts'
import { say } from './say.ts'
import { countOf, plural } from './words.ts'

interface One extends TranslatedQuery {
  readonly query: QueryText
}

export async function translate(io: Io, paths: readonly string[], flags: TranslateFlags): Promise<number> {
  const { queries, diagnostics: wrong } = listQueries(paths, flags.lang)
  const all: One[] = []
  for (const query of queries) all.push({ query, ...translateQuery(query, flags) })
  if (flags.format === 'json') printJson(io, { queries: all.map(toJson), diagnostics: diagnosticsToJson(wrong) })
  else {
    say(io, wrong)
    for (const one of all) printOne(io, one, all.length > 1)
    if (all.length > 1) print(io.stderr, summary(all))
  }
  if (wrong.length > 0 || all.length === 0) return 2
  return countOf(
    all.flatMap((a) => a.diagnostics),
    'error',
  ) > 0
    ? 1
    : 0
}

function printOne(io: Io, { query, translations, diagnostics }: One, several: boolean): void {
  for (const { text } of translations)
    if (text !== undefined) printDocument(io, several ? `// ${query.source.name}\n${text}\n` : text)
  say(io, diagnostics as Diagnostic[])
}

const summary = (all: readonly One[]): string => {
  const written = all.filter((a) => a.translations.length > 0 && a.translations.every((t) => t.text !== undefined))
  const same = written.filter((a) => a.translations.every((t) => t.verdict && t.verdict.kind !== 'differs'))
  return `${plural(all.length, 'query', 'queries')}: ${written.length} translated, ${same.length} without difference\n`
}

function toJson({ query, translations, vocabulary, diagnostics }: One): unknown {
  return {
    query: query.source.name,
    fields: vocabulary?.id ?? null,
    translations: translations.map(({ detection, text, verdict }: Proven) => ({
      title: detection.title ?? null,
      text: text ?? null,
      verdict: verdict?.kind ?? 'not executed',
      ...(verdict && verdict.kind !== 'proven' && { events: verdict.events }),
    })),
    diagnostics: diagnosticsToJson(diagnostics),
  }
}
