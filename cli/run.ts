// assay run
import type { Diagnostic } from '../core/diag/diagnostic.ts'
import { ok, type Result } from '../core/diag/result.ts'
import { writeWhole } from '../engine/files/write-whole.ts'
import { readPlainQuery } from '../engine/project/plain-query.ts'
import type { QueryText } from '../engine/project/query-text.ts'
import { reportText } from '../engine/query/report.ts'
import { type QueryResult, runQuery } from '../engine/query/run-query.ts'
import { rowToJson } from './cells.ts'
import type { RunFlags } from './commands/run.ts'
import { interruptible } from './interrupt.ts'
import type { Io } from './io.ts'
import { print, printRows } from './print.ts'
import { progress } from './progress.ts'
import { say } from './say.ts'
import { engineOptions } from './telemetry-flags.ts'
import { version } from './version.ts'
import { assumedYears, filesOf, plural, spoken } from './words.ts'

export async function run(io: Io, argument: string, logs: readonly string[], flags: RunFlags): Promise<number> {
  const query = await readQuery(argument, flags)
  if (!query.ok) {
    say(io, query.diagnostics)
    return 2
  }
  const meter = progress(io)
  const started = performance.now()
  const { done: result, signalled } = await interruptible(async (signal): Promise<QueryResult> => {
    try {
      return await runQuery({
        ...flags,
        ...engineOptions(flags),
        query: query.value.source,
        language: query.value.language,
        logs,
        signal,
        onProgress: meter.show,
      })
    } finally {
      meter.clear()
    }
  })
  const took = performance.now() - started
  say(io, spoken(result.diagnostics, flags, result.table.rows.length > 0))
  if (result.ok) {
    printRows(io, result.table, flags.format, flags.spreadsheet)
    if (!flags.quiet) print(io.stderr, summary(result, took))
  }
  const unwritten = flags.report === undefined ? undefined : writeReport(flags.report, result, flags)
  if (unwritten) say(io, [unwritten])
  if (signalled !== undefined) return signalled
  const lacks = result.diagnostics.some((d) => d.severity === 'error')
  if (!result.ok || unwritten || lacks) return 2
  return isFailure(result, flags.failOn) ? 1 : 0
}

async function readQuery(argument: string, flags: RunFlags): Promise<Result<QueryText>> {
  const plain = await readPlainQuery(argument, flags)
  return plain ? ok(plain) : (await import('../engine/project/query-argument.ts')).readQueryArgument(argument, flags)
}

function isFailure({ table, diagnostics }: QueryResult, failOn: RunFlags['failOn']): boolean {
  const finds = table.rows.length > 0
  return failOn === 'findings'
    ? finds
    : failOn === 'warnings' && (finds || diagnostics.some((d) => d.severity !== 'info'))
}

function writeReport(path: string, result: QueryResult, { tz, strict = false }: RunFlags): Diagnostic | undefined {
  const { columns, rows } = result.table
  const texts = rows.map((r) => rowToJson(columns, r))
  return writeWhole(path, reportText(result, { version, zone: tz, strict, rows: texts }))
}

/** One line with events read, rows found and the view. Another line if the vendor would refuse the text. */
function summary({ table, run, view, compiled, diagnostics }: QueryResult, ms: number): string {
  if (!run) return ''
  const sum = (count: 'bad' | 'events') => run.files.reduce((n, f) => n + f.stats[count], 0)
  const parts = [
    `${plural(table.rows.length, 'row')} from ${plural(sum('events'), 'event')} in ${plural(filesOf(run.files), 'file')}`,
    ...(sum('bad') > 0 ? [plural(sum('bad'), 'bad line')] : []),
    ...assumedYears(diagnostics),
    `view ${view?.name ?? 'vendor'}`,
    `${run.engine.used}, ${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`,
  ]
  const refused = compiled.wouldBeRefused
    ? `${compiled.language.title} would refuse this text; use --strict to make Assay refuse it too.\n`
    : ''
  return `${parts.join(' · ')}\n${refused}`
}
