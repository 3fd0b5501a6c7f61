// assay sources
import { isoTime } from '../core/workbench/interval.ts'
import { type FileSurvey, surveySources } from '../engine/query/survey-sources.ts'
import type { SourcesFlags } from './commands/sources.ts'
import type { Io } from './io.ts'
import { render } from './output.ts'
import { print, printJson } from './print.ts'
import { say } from './say.ts'
import { yearOption } from './telemetry-flags.ts'
import { count } from './words.ts'

const FIELDS_SHOWN = 40

export async function sources(io: Io, logs: readonly string[], flags: SourcesFlags): Promise<number> {
  const found = await surveySources({
    ...flags,
    logs,
    ...yearOption(flags),
  })
  say(io, found.diagnostics)
  if (flags.format === 'json') printJson(io, found.files.map(record))
  else for (const file of found.files) print(io.stdout, text(file))
  return found.diagnostics.some((d) => d.severity === 'error') ? 2 : 0
}

function record({ names, unproven, file, stats, fields, tags }: FileSurvey): Record<string, unknown> {
  return {
    path: file.name,
    format: file.format,
    why: file.why,
    confidence: file.score ?? null,
    unproven,
    others: file.others,
    tags,
    ngsiem_names: names,
    gzip: file.gzip,
    charset: file.charset,
    lines: stats.lines,
    events: stats.events,
    bad: stats.bad,
    blank: stats.blank,
    first: stats.first === null ? null : isoTime(stats.first),
    last: stats.last === null ? null : isoTime(stats.last),
    samples: stats.samples,
    fields: Object.fromEntries(fields),
  }
}

/** Below this the first lines fit only in part, or would fit many logs. */
const SURE = 0.6

function doubts({ unproven, file: { score } }: FileSurvey): string[] {
  return [
    ...(score !== undefined && score < SURE
      ? [`  guess   confidence ${score.toFixed(2)}; a format that names its fields would fit better`]
      : []),
    ...(unproven ? ['  doubt   read, unproven: on fewer than fifty public lines of real products'] : []),
  ]
}

function text(survey: FileSurvey): string {
  const { names, file, stats, fields, tags } = survey
  const tagText = Object.entries(tags).map(([k, v]) => `${k}=${v}`)
  const unit = survey.hasRecords ? 'records' : 'lines  '
  const evidence = Object.entries(names).map(([by, list]) => `${list.length} ${by}`)
  const head = [
    file.name,
    `  format  ${file.format}${file.gzip ? ', gzip' : ''}${file.charset === 'utf-8' ? '' : `, ${file.charset}`}: ${file.why}`,
    ...doubts(survey),
    ...file.others.slice(0, 2).map((o) => `  or      ${o.format} (${o.score.toFixed(2)}): ${o.why}`),
    ...(tagText.length > 0 ? [`  tags    ${tagText.join(', ')}`] : []),
    ...(evidence.length > 0 ? [`  names   of Next-Gen SIEM: ${evidence.join(', ')} (--format json lists them)`] : []),
    `  ${unit} ${count(stats.lines)} = ${count(stats.events)} events + ${count(stats.bad)} bad + ${count(stats.blank)} blank`,
    `  time    ${stats.first === null || stats.last === null ? 'none recognised' : `${isoTime(stats.first)} to ${isoTime(stats.last)}`}`,
    ...stats.samples.map((s) => `  bad     line ${s.line}: ${s.reason}`),
    `  fields  ${fields.size}${fields.size > FIELDS_SHOWN ? `, the ${FIELDS_SHOWN} most frequent` : ''}`,
  ]
  const shown = [...fields].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, FIELDS_SHOWN)
  const table = render(
    {
      columns: ['field', 'events', 'share'],
      rows: shown.map(([name, n]) => [
        name,
        { number: String(n) },
        `${((100 * n) / Math.max(1, stats.events)).toFixed(1)} %`,
      ]),
    },
    'table',
  )
  return `${head.join('\n')}\n${table.replace(/^(?=.)/gm, '    ')}\n`
}
