// assay explain: the stages of a query; with telemetry, also the events at each stage.
import { noStage } from '../core/diag/catalogue/query-file.ts'
import { type Diagnostic, noPlace, diagnostic } from '../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../core/diag/result.ts'
import { languageOf } from '../core/workbench/compile.ts'
import { type Explained, explain as explainText, STAGES, type StageName } from '../core/workbench/explain.ts'
import { openTelemetry, prepareQuery } from '../engine/query/prepare-query.ts'
import { type ExplainedStep, type ExplainedSteps, explainSteps } from '../engine/query/explain-drops.ts'
import { resolveEnv } from '../engine/execute/interval.ts'
import { readQueryArgument } from '../engine/project/query-argument.ts'
import type { ExplainFlags } from './commands/explain.ts'
import type { Io } from './io.ts'
import { diagnosticsToJson } from './json.ts'
import { print, printHeading, printJson } from './print.ts'
import { say } from './say.ts'
import { engineOptions } from './telemetry-flags.ts'
import { countOf } from './words.ts'

export async function explain(io: Io, argument: string, logs: readonly string[], flags: ExplainFlags): Promise<number> {
  const query = readQueryArgument(argument, flags)
  const chosen = chosenStages(flags.at, logs.length > 0)
  if (!query.ok || !chosen.ok) {
    say(
      io,
      [query, chosen].flatMap((r) => (r.ok ? [] : r.diagnostics)),
    )
    return 2
  }
  const { source, language } = query.value
  if (flags.event !== undefined) {
    const { explainOneEvent } = await import('./explain-event.ts')
    return explainOneEvent(io, { source, language }, logs, flags.event, flags)
  }
  const telemetry = await openTelemetry({ ...flags, logs: chosen.value.steps ? logs : [] })
  const { time } = telemetry
  const prepared = prepareQuery({ ...flags, source, language: languageOf(language) }, telemetry)
  const { env } = resolveEnv(time.interval, time.zone, null)
  const stages = explainText(prepared.compiled, chosen.value.stages, env)
  const steps = chosen.value.steps
    ? await explainSteps({ ...flags, ...engineOptions(flags), query: source, language, logs })
    : undefined
  const diagnostics = steps?.diagnostics ?? [...time.diagnostics, ...prepared.diagnostics]
  printStages(io, stages, steps, diagnostics, flags)
  return countOf(diagnostics, 'error') > 0 ? 2 : 0
}

function chosenStages(at: string | undefined, hasLogs: boolean): Result<{ stages: StageName[]; steps: boolean }> {
  if (at === undefined) return ok({ stages: [...STAGES], steps: hasLogs })
  const names = at.split(',').map((n) => n.trim())
  const wrong = names.find((n) => !(STAGES as readonly string[]).includes(n) && !(n === 'steps' && hasLogs))
  if (wrong !== undefined) return failure(diagnostic(noStage, noPlace, { name: wrong, known: [...STAGES, 'steps'] }))
  return ok({ stages: STAGES.filter((s) => names.includes(s)), steps: names.includes('steps') })
}

function printStages(
  io: Io,
  stages: readonly Explained[],
  steps: ExplainedSteps | undefined,
  diagnostics: readonly Diagnostic[],
  { format, at }: ExplainFlags,
): void {
  if (format === 'json') {
    const data = {
      ...Object.fromEntries(stages.map((s) => [s.stage, s.data])),
      ...(steps?.ok && { steps: steps.steps }),
      diagnostics: diagnosticsToJson(diagnostics),
    }
    printJson(io, data)
    return
  }
  say(io, diagnostics)
  const texts = stages.map((s) => ({ name: s.stage, text: `${at === undefined ? shortened(s) : s.text}\n` }))
  const sections = steps?.ok ? [...texts, { name: 'steps', text: stepsText(steps) }] : texts
  for (const [i, { name, text }] of sections.entries()) {
    if (i > 0) print(io.stdout, '\n')
    if (sections.length > 1) printHeading(io, `── ${name} ──`)
    print(io.stdout, text)
  }
}

const WIDTH = 160

/** SQL that converts texts to numbers like a SIEM has long lines. With --at they are printed whole. */
function shortened({ stage, text }: Explained): string {
  if (!stage.startsWith('sql:') || text.split('\n').every((l) => l.length <= WIDTH)) return text
  const lines = text.split('\n').map((l) => (l.length > WIDTH ? `${l.slice(0, WIDTH - 1)}…` : l))
  return `${lines.join('\n')}\n(long lines are cut: --at ${stage} shows them whole)`
}

function stepsText({ steps, unexplained }: ExplainedSteps): string {
  const width = Math.max(...steps.map((s) => String(Math.max(s.rowsIn, s.rowsOut)).length), 2)
  const lines = steps.flatMap((s) => [
    `${String(s.rowsIn).padStart(width)} → ${String(s.rowsOut).padEnd(width)}  ${s.text.replace(/\s+/g, ' ')}`,
    ...reasons(s).map((r) => `${' '.repeat(width * 2 + 5)}${r}`),
  ])
  return `${[...lines, ...(unexplained ? [`(${unexplained})`] : [])].join('\n')}\n`
}

const reasons = ({ fellOut }: ExplainedStep): string[] =>
  fellOut.flatMap((r) => [
    `${r.events} fell out: ${r.test === null ? 'the join kept none' : r.test}`,
    ...r.samples.map((s) => `  ${s}`),
  ])
