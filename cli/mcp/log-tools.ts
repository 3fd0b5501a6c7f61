// Tools over telemetry: run, why, sources, verify, test.
import { join } from 'node:path'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import * as z from 'zod'
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import type { Cell } from '../../core/workbench/present.ts'
import { isoTime } from '../../core/workbench/interval.ts'
import { makeTemp, removeTemp } from '../../engine/files/temp.ts'
import { writeWhole } from '../../engine/files/write-whole.ts'
import { evaluator } from '../../engine/cases/case-executors.ts'
import { testPage } from '../../engine/cases/test-cases.ts'
import { testPaths } from '../../engine/cases/test-paths.ts'
import { explainEvent } from '../../engine/query/explain-event.ts'
import { type QueryOptions, runQuery } from '../../engine/query/run-query.ts'
import { surveySources } from '../../engine/query/survey-sources.ts'
import { verifyQueries } from '../../engine/query/verify-queries.ts'
import { eventText } from '../explain-event.ts'
import { diagnosticsToJson } from '../json.ts'
import { toJson as verdictToJson } from '../verify.ts'
import { answer, refusal } from './answer.ts'
import { type House, logsInside, placeInside } from './house.ts'
import { language, queryInput, queryOf } from './text-tools.ts'
import { outOfTime, type ToolHost } from './tool-process.ts'

const logsInput = z
  .array(z.string().max(4096))
  .max(100)
  .describe('Files or folders of logs below the allowed folders; PATH@category and PATH#repo set tags.')
const intervalInput = {
  from: z.string().optional().describe('Start of the interval, such as 2026-06-01T00:00:00Z.'),
  to: z.string().optional().describe('End of the interval, exclusive.'),
  last: z.string().optional().describe('Interval that ends at the newest event: 15m, 24h, 7d.'),
}
const readOnly = { readOnlyHint: true, openWorldHint: false }

const cell = (c: Cell): unknown => (typeof c === 'object' && c !== null && 'number' in c ? Number(c.number) : c)

/** Asks the work to end in order after the time of the house. Work that does not is ended with its process. */
async function withinTime(
  house: House,
  work: (signal: AbortSignal) => Promise<CallToolResult>,
): Promise<CallToolResult> {
  const signal = AbortSignal.timeout(house.maxTime)
  const late = new Promise<CallToolResult>((done) => {
    signal.addEventListener('abort', () => done(outOfTime(house)))
  })
  return Promise.race([work(signal), late])
}

const given = (interval: { from?: string | undefined; to?: string | undefined; last?: string | undefined }) =>
  Object.fromEntries(Object.entries(interval).filter(([, v]) => v !== undefined))

export function addLogTools(server: ToolHost, house: House): void {
  const options = { tz: 'UTC', sourceTz: 'UTC', lookups: house.lookups, view: 'auto', memoryLimit: '1GB' }

  server.registerTool(
    'run',
    {
      title: 'Run a query over logs',
      description:
        'The rows that the query finds in log files, with diagnostics: fields that the logs lack, why a result is empty. Rows are data from logs.',
      inputSchema: {
        ...queryInput,
        logs: logsInput,
        ...intervalInput,
        max_rows: z.int().min(1).max(10_000).optional(),
      },
      annotations: readOnly,
    },
    async ({ logs, max_rows: most, from, to, last, ...input }) => {
      const asked = queryOf(house, input)
      if (!asked.ok) return asked.answer
      const paths = logsInside(house, logs)
      if (!paths.ok) return refusal(paths.diagnostics)
      return withinTime(house, async (signal) => {
        const { source, language: l } = asked.value
        const all: QueryOptions = {
          ...options,
          ...given({ from, to, last }),
          query: source,
          language: l.id,
          logs: paths.value,
          signal,
        }
        const { ok, table, diagnostics, files, view } = await runQuery(all)
        if (!ok) return refusedOverLogs(diagnostics)
        const shown = table.rows.slice(0, Math.min(most ?? house.maxRows, house.maxRows))
        const cutText =
          shown.length < table.rows.length
            ? `, of which the first ${shown.length} follow`.replace(', of which', '; only')
            : ''
        const rows = shown.map((r) => Object.fromEntries(table.columns.map((c, i) => [c, cell(r[i] ?? null)])))
        return answer(`${table.rows.length} rows${cutText}.`, {
          value: { view: view?.name ?? 'vendor' },
          // Names of files and diagnostics can quote what an attacker wrote.
          data: {
            files: files.map((f) => ({ name: f.name, format: f.format })),
            diagnostics: diagnosticsToJson(diagnostics),
            columns: table.columns,
            rows,
          },
        })
      })
    },
  )
  server.registerTool(
    'why',
    {
      title: 'Why did this event not fire?',
      description:
        'Follows one event through the query: the step that lets it go, the value that did it, how close it came. With logs: the events of its group.',
      inputSchema: {
        ...queryInput,
        event: z.string().max(200_000).describe('The event as it was logged, such as one JSON object.'),
        logs: logsInput.optional(),
        ...intervalInput,
      },
      annotations: readOnly,
    },
    async ({ event, logs = [], from, to, last, ...input }) => {
      const asked = queryOf(house, input)
      if (!asked.ok) return asked.answer
      const paths = logsInside(house, logs)
      if (!paths.ok) return refusal(paths.diagnostics)
      const folder = makeTemp()
      try {
        const file = join(folder, 'event')
        const unwritten = writeWhole(file, event.endsWith('\n') ? event : `${event}\n`)
        if (unwritten) return refusal([unwritten])
        const { source, language: l } = asked.value
        const all: QueryOptions = {
          ...options,
          ...given({ from, to, last }),
          query: source,
          language: l.id,
          logs: paths.value,
        }
        const explained = await explainEvent(all, file)
        if (!explained.ok) return refusedOverLogs(explained.diagnostics)
        const { verdict, step, because, group, row } = explained
        return answer(`Verdict: ${verdict}.`, {
          value: { verdict, step },
          data: { because, group, row, text: eventText(explained) },
        })
      } finally {
        removeTemp(folder)
      }
    },
  )
  server.registerTool(
    'sources',
    {
      title: 'What is this telemetry?',
      description: 'Format, time span, counts and fields of log files.',
      inputSchema: { logs: logsInput },
      annotations: readOnly,
    },
    async ({ logs }) => {
      const paths = logsInside(house, logs)
      if (!paths.ok) return refusal(paths.diagnostics)
      return withinTime(house, async () => {
        const { files, diagnostics } = await surveySources({ ...options, logs: paths.value })
        return answer(`${files.length} files.`, {
          data: {
            diagnostics: diagnosticsToJson(diagnostics),
            files: files.slice(0, house.maxRows).map(({ file, stats, fields }) => ({
              path: file.name,
              format: file.format,
              why: file.why,
              events: stats.events,
              bad: stats.bad,
              first: stats.first === null ? null : isoTime(stats.first),
              last: stats.last === null ? null : isoTime(stats.last),
              fields: [...fields].slice(0, 200).map(([name, events]) => ({ name, events })),
            })),
          },
        })
      })
    },
  )
  server.registerTool(
    'verify',
    {
      title: 'Do two queries find the same?',
      description:
        'Compares two queries over generated events that reach every predicate, and over logs if given. Shows the smallest event on which they differ.',
      inputSchema: {
        a: z.string().max(200_000),
        b: z.string().max(200_000),
        language,
        language_b: language.optional(),
        logs: logsInput.optional(),
      },
      annotations: readOnly,
    },
    async ({ a, b, language: la, language_b: lb = la, logs = [] }) => {
      const first = queryOf(house, { query: a, language: la })
      const second = queryOf(house, { query: b, language: lb })
      if (!first.ok) return first.answer
      if (!second.ok) return second.answer
      const paths = logsInside(house, logs)
      if (!paths.ok) return refusal(paths.diagnostics)
      return withinTime(house, async (signal) => {
        const sides = {
          a: { source: first.value.source, language: first.value.language.id },
          b: { source: second.value.source, language: second.value.language.id },
        }
        const verified = await verifyQueries(sides.a, sides.b, { ...options, logs: paths.value, seed: 1, signal })
        if (!verified.verdict) return refusedOverLogs(verified.diagnostics)
        return answer(`Verdict: ${verified.verdict.kind}.`, { data: verdictToJson(verified, sides) })
      })
    },
  )
  server.registerTool(
    'test',
    {
      title: 'Test detections',
      description:
        'Runs pages of cases (*.case.md): a page as text, or a page or folder of detections below the allowed folders.',
      inputSchema: {
        page: z.string().max(1_000_000).optional(),
        path: z.string().max(4096).optional(),
        filter: z.string().max(200).optional().describe('Only cases with this text in the title.'),
      },
      annotations: readOnly,
    },
    async ({ page, path, filter }) => {
      if ((page === undefined) === (path === undefined))
        return answer('Give `page`, a text, or `path`.', { isError: true })
      const inside = path === undefined ? undefined : placeInside(house, path)
      if (inside && !inside.ok) return refusal(inside.diagnostics)
      return withinTime(house, async () => {
        const part = filter === undefined ? {} : { filter }
        const { cases, diagnostics } = inside
          ? await testPaths([inside.value], { ...part, prove: false, roots: house.roots, budget: 10 })
          : {
              ...(await testPage({ name: '<page>', text: page ?? '' }, { ...part, executors: [evaluator], roots: [] })),
              diagnostics: [],
            }
        const failed = cases.filter((c) => c.status === 'failed')
        const words = `${cases.filter((c) => c.status === 'passed').length} passed, ${failed.length} failed.`
        const shown = failed
          .slice(0, house.maxRows)
          .map(({ title, page: of, line, failures }) => ({ title, page: of, line, failures }))
        return answer(words, { data: { diagnostics: diagnosticsToJson(diagnostics), failed: shown } })
      })
    },
  )
}

/** Reasons may quote the logs. */
const refusedOverLogs = (diagnostics: readonly Diagnostic[]): CallToolResult =>
  answer('Nothing ran, for the reasons below.', {
    data: { diagnostics: diagnosticsToJson(diagnostics) },
    isError: true,
  })
