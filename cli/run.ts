// assay run
import type { Diagnostic } from '../core/diag/diagnostic.ts'
import { readQueryArgument } from '../engine/project/query-argument.ts'
import { writeWhole } from '../engine/files/write-whole.ts'
import { reportText } from '../engine/query/report.ts'
import { type QueryResult, runQuery } from '../engine/query/run-query.ts'
import { say, summary } from './say.ts'
import { interruptible } from './interrupt.ts'
import { rowToJson } from './cells.ts'
import { render } from './output.ts'
import { progress } from './progress.ts'
import { tableWidth, type Io } from './io.ts'

export interface RunFlags {
  readonly lang?: string
  readonly platform?: string
  readonly param: readonly string[]
  readonly lookups: readonly string[]
  readonly semantics: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly last?: string
  readonly now?: string
  readonly tz: string
  readonly sourceTz: string
  readonly year?: string
  readonly view: string
  readonly engine: 'auto' | 'duckdb' | 'evaluator'
  readonly memory: string
  readonly format: string
  readonly spreadsheet?: boolean
  readonly report?: string
  readonly strict?: boolean
  readonly failOn?: 'findings' | 'warnings'
  readonly audit?: boolean
  readonly quiet?: boolean
}

export async function run(io: Io, version: string, argument: string, logs: string[], flags: RunFlags): Promise<number> {
  const query = readQueryArgument(argument, flags)
  if (!query.ok) {
    say(io, query.diagnostics)
    return 2
  }
  const meter = progress(io)
  const { done: result, aborted } = await interruptible(async (signal): Promise<QueryResult> => {
    try {
      return await runQuery({
        ...flags,
        query: query.value.source,
        language: query.value.language,
        logs,
        memoryLimit: flags.memory,
        year: flags.year === undefined ? new Date().getUTCFullYear() : Number(flags.year),
        signal,
        onProgress: meter.show,
      })
    } finally {
      meter.clear()
    }
  })
  say(
    io,
    result.diagnostics.filter((d) => !flags.quiet || d.severity === 'error'),
  )
  if (result.ok) {
    io.stdout.write(
      render(result.table, flags.format, {
        width: tableWidth(io),
        spreadsheet: flags.spreadsheet ?? false,
      }),
    )
    if (!flags.quiet) io.stderr.write(summary(result))
  }
  const written = flags.report === undefined ? undefined : writeReport(version, flags.report, result, flags)
  if (written) say(io, [written])
  if (aborted) return 130
  if (!result.ok || written) return 2
  return isFailure(result, flags.failOn) ? 1 : 0
}

function isFailure(result: QueryResult, failOn: RunFlags['failOn']): boolean {
  if (failOn === 'findings') return result.table.rows.length > 0
  return (
    failOn === 'warnings' && (result.table.rows.length > 0 || result.diagnostics.some((d) => d.severity !== 'info'))
  )
}

function writeReport(version: string, path: string, result: QueryResult, flags: RunFlags): Diagnostic | undefined {
  const { columns, rows } = result.table
  const text = reportText(result, {
    version,
    zone: flags.tz,
    strict: flags.strict ?? false,
    rows: rows.map((r) => rowToJson(columns, r)),
  })
  return writeWhole(path, text)
}
