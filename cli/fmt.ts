// assay fmt: canonical layout, comments kept.
import { compile, languageNamed } from '../core/workbench/compile.ts'
import { listQueries } from '../engine/project/list-files.ts'
import { writeQuery } from '../engine/project/query-files.ts'
import { printDiagnostics } from './diagnostics-output.ts'
import type { Io } from './io.ts'

export interface FmtOptions {
  readonly write?: boolean
  readonly check?: boolean
}

export async function fmt(io: Io, paths: readonly string[], options: FmtOptions): Promise<number> {
  const { queries, diagnostics } = listQueries(paths)
  printDiagnostics(io, diagnostics)
  let status = diagnostics.length > 0 ? 2 : 0
  let changed = 0
  for (const query of queries) {
    const text = languageNamed(query.language)?.format?.(query.source)
    if (text === undefined) {
      printDiagnostics(io, compile(query.source, query.language).diagnostics, { quiet: true })
      status = 2
      continue
    }
    // The layout has plain line ends; those of the file are kept when it is written.
    const differs = text !== query.source.text.replaceAll('\r\n', '\n')
    if (differs) changed++
    if (options.check) {
      if (differs) io.stdout.write(`${query.path}\n`)
    } else if (options.write) {
      const failed = differs ? writeQuery(query, text) : undefined
      if (failed) {
        printDiagnostics(io, [failed])
        status = 2
      } else if (differs) io.stdout.write(`${query.path}\n`)
    } else io.stdout.write(text)
  }
  return status === 0 && options.check && changed > 0 ? 1 : status
}
