// assay fmt: canonical layout, comments kept.
import { internalError } from '../core/diag/catalogue/cli.ts'
import { inLog } from '../core/diag/diagnostic.ts'
import { compile, languageNamed } from '../core/workbench/compile.ts'
import { listQueries } from '../engine/project/list-files.ts'
import { writeQuery } from '../engine/project/query-files.ts'
import { givingWay } from '../engine/workers/give-way.ts'
import type { FmtFlags } from './commands/fmt.ts'
import type { Io } from './io.ts'
import { print, printDocument } from './print.ts'
import { say } from './say.ts'
import { errorsOf } from './words.ts'

export async function fmt(io: Io, paths: readonly string[], flags: FmtFlags): Promise<number> {
  const { queries, diagnostics } = listQueries(paths)
  say(io, diagnostics)
  let status = diagnostics.length > 0 ? 2 : 0
  let changed = 0
  const giveWay = givingWay()
  for (const query of queries) {
    await giveWay()
    let text: string | undefined
    try {
      text = languageNamed(query.language)?.format?.(query.source)
      if (text === undefined) say(io, errorsOf(compile(query.source, query.language).diagnostics))
    } catch (e) {
      say(io, [internalError(e, inLog(query.source.name))])
      status = 3
      continue
    }
    if (text === undefined) {
      status = Math.max(status, 2)
      continue
    }
    // The layout has LF line ends; the written file keeps its own.
    const differs = text !== query.source.text.replaceAll('\r\n', '\n')
    if (differs) changed++
    const failed = flags.write && !flags.check && differs ? writeQuery(query, text) : undefined
    if (failed) {
      say(io, [failed])
      status = Math.max(status, 2)
    } else if (!flags.check && !flags.write) printDocument(io, text)
    else if (differs) print(io.stdout, `${query.path}\n`)
  }
  return status === 0 && flags.check && changed > 0 ? 1 : status
}
