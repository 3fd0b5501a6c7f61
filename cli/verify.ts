// assay verify: two queries over generated events, and over logs.
import type { Cell } from '../core/workbench/present.ts'
import { jsonLine } from '../core/logs/readers/json/write.ts'
import { durationText } from '../core/witness/durations.ts'
import type { NotReached, Verdict } from '../core/witness/verify.ts'
import { stageText } from '../engine/query/stage-counts.ts'
import { type Verified, verifyQueries } from '../engine/query/verify-queries.ts'
import { oneLine, type QueryText } from '../engine/query/witness-query.ts'
import { predicateText } from '../engine/query/write-telemetry.ts'
import { findingsText, findingsToJson } from './diff.ts'
import type { VerifyFlags } from './commands/verify.ts'
import type { Io } from './io.ts'
import { diagnosticsToJson } from './json.ts'
import { print, printJson } from './print.ts'
import { readQueryPair } from './query-pair.ts'
import { say } from './say.ts'
import { engineOptions } from './telemetry-flags.ts'
import { count, plural } from './words.ts'

export async function verify(
  io: Io,
  a: string,
  b: string,
  logs: readonly string[],
  flags: VerifyFlags,
): Promise<number> {
  const pair = readQueryPair(io, a, b, flags)
  if (!pair) return 2
  const options = { ...flags, ...engineOptions(flags), logs, seed: 1 }
  const verified = await verifyQueries(...pair, options)
  const sides = { a: pair[0], b: pair[1] }
  if (flags.format === 'json') printJson(io, toJson(verified, sides))
  else {
    say(io, verified.diagnostics)
    print(io.stdout, textOf(verified, sides))
  }
  if (!verified.verdict || (verified.logs && !(verified.logs.a.ok && verified.logs.b.ok))) return 2
  // Logs compare what no generated event could.
  if (verified.verdict.kind === 'nothing' && !verified.logs) return 2
  return verified.verdict.kind === 'differs' || verified.logs?.same === false ? 1 : 0
}

export interface Sides {
  readonly a: QueryText
  readonly b: QueryText
}

function textOf({ verdict, logs, allowed, assumed }: Verified, sides: Sides): string {
  if (!verdict) return ''
  const lines = [...verdictLines(verdict, sides)]
  for (const what of assumed) lines.push(`assumed: ${what}`)
  for (const { predicate, reason } of allowed) lines.push(`allowed: ${predicate}: ${reason}`)
  if (logs) {
    lines.push(
      logs.same ? `no difference over the logs, ${plural(logs.a.table.rows.length, 'finding')}` : 'over the logs:',
    )
    if (!logs.same) lines.push(...findingsText(logs))
  }
  return `${lines.join('\n')}\n`
}

function verdictLines(verdict: Verdict, sides: Sides): string[] {
  switch (verdict.kind) {
    case 'proven':
      return ['proven the same: the plans are equal']
    case 'same':
      return verdict.notReached.length === 0
        ? [`no difference in ${count(verdict.events)} events, every predicate reached`]
        : [
            `warning: no difference in ${count(verdict.events)} events, not reached:`,
            ...notReachedLines(verdict.notReached, sides),
          ]
    case 'nothing':
      return [
        'warning: nothing was compared, because no event could be generated; not reached:',
        ...notReachedLines(verdict.notReached, sides),
        'compare the two over real logs: `assay verify A B LOGS`',
      ]
    case 'differs': {
      const { decides, telemetry } = verdict
      return [
        `differs ${verdict.onlySpelling ? 'only in how a value is written, ' : ''}on ${telemetry.events.length === 1 ? 'this event' : `these ${telemetry.events.length} events`}:`,
        ...telemetry.events.map((e) => `  ${jsonLine(e)}`),
        ...Object.entries(telemetry.lookups).map(([name, rows]) => `  lookup ${name}: ${JSON.stringify(rows)}`),
        `A ${foundText(verdict.a.rows.length)}, B ${foundText(verdict.b.rows.length)}`,
        ...(decides
          ? [
              `decided by ${decides.side.toUpperCase()}, ${stepText(sides[decides.side], decides.trace.stage)}`,
              ...decides.trace.because.map(
                (f) => `  ${oneLine(predicateText(f.pred))} is false: ${valuesText(f.values)}`,
              ),
            ]
          : findingsText(verdict)),
      ]
    }
  }
}

const foundText = (rows: number): string => (rows === 0 ? 'finds nothing' : `has ${plural(rows, 'finding')}`)
const stepText = ({ source }: QueryText, stage: NotReached['stage']): string =>
  stage ? `step \`${oneLine(stageText(source, stage))}\`` : 'what it finds'
const notReachedLines = (of: readonly NotReached[], sides: Sides): string[] => [
  ...new Set(of.map((n) => `  ${notReachedText(n, sides)}`)),
]
const notReachedText = ({ side, stage, pred, window }: NotReached, sides: Sides): string =>
  window !== undefined
    ? `${side.toUpperCase()}: the window of ${durationText(window)}`
    : `${side.toUpperCase()}, ${stepText(sides[side], stage)}${pred ? `: ${oneLine(predicateText(pred))}` : ''}`

const valuesText = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .filter(([k]) => !k.startsWith('$:'))
    .map(([k, v]) => `${k} ${v === null ? 'is absent' : `= ${typeof v === 'string' ? JSON.stringify(v) : String(v)}`}`)
    .join(', ') || 'computed values'

export function toJson({ verdict, logs, allowed, assumed, diagnostics }: Verified, sides: Sides): unknown {
  return {
    verdict: verdict?.kind ?? null,
    ...(verdict && verdict.kind !== 'proven' && { events: verdict.events }),
    ...((verdict?.kind === 'same' || verdict?.kind === 'nothing') && {
      notReached: verdict.notReached.map(({ side, stage, pred, window }) => ({
        side,
        ...(window !== undefined && { window: durationText(window) }),
        step: stage && oneLine(stageText(sides[side].source, stage)),
        predicate: pred && predicateText(pred),
      })),
    }),
    ...(verdict?.kind === 'differs' && {
      onlySpelling: verdict.onlySpelling,
      telemetry: verdict.telemetry.events.map((e) => JSON.parse(jsonLine(e)) as unknown),
      lookups: verdict.telemetry.lookups,
      findings: { a: rowsToJson(verdict.a), b: rowsToJson(verdict.b) },
      decides: verdict.decides && {
        side: verdict.decides.side,
        step: stepText(sides[verdict.decides.side], verdict.decides.trace.stage),
        because: verdict.decides.trace.because.map((f) => ({ predicate: predicateText(f.pred), values: f.values })),
      },
    }),
    ...(logs && { logs: { same: logs.same, ...findingsToJson(logs.comparison) } }),
    allowed,
    assumed,
    diagnostics: diagnosticsToJson(diagnostics),
  }
}

const rowsToJson = ({
  columns,
  rows,
}: {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}) => rows.map((cells) => Object.fromEntries(columns.map((c, i) => [c, cells[i] ?? null])))
