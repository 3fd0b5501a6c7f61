// assay hunt
import { wrongNumber } from '../core/diag/catalogue/hunt.ts'
import { type Diagnostic, diagnostic, noPlace } from '../core/diag/diagnostic.ts'
import { type HuntResult, hunt as run } from '../engine/hunt/hunt.ts'
import { compileRules, type HuntRule, type HuntRules, readRules } from '../engine/hunt/hunt-rules.ts'
import { hasErrors, openTelemetry, runOptionsOf } from '../engine/query/prepare-query.ts'
import { writeWhole } from '../engine/files/write-whole.ts'
import { prepareWorkers } from '../engine/workers/start-worker.ts'
import { availableParallelism } from 'node:os'
import { huntPage } from '../web/hunt/page.ts'
import type { HuntFlags } from './commands/hunt.ts'
import { findingToJson, huntOutput } from './hunt-output.ts'
import { FindingsOfPage, firedOf, pageOf, QUIET } from './hunt-page.ts'
import { interruptible } from './interrupt.ts'
import { type Io, tableWidth } from './io.ts'
import { diagnosticsToJson, toJson } from './json.ts'
import { render } from './output.ts'
import { print, printPart } from './print.ts'
import { progress } from './progress.ts'
import { say } from './say.ts'
import { engineOptions } from './telemetry-flags.ts'
import { version } from './version.ts'
import { assumedYears, count, plural, spoken, filesOf } from './words.ts'

export async function hunt(io: Io, paths: readonly string[], flags: HuntFlags): Promise<number> {
  const numbers = numbersOf(flags)
  if (numbers.wrong.length > 0) {
    say(io, numbers.wrong)
    return 2
  }
  const began = performance.now()
  prepareWorkers('worker-scan', availableParallelism())
  // A file that is no log must not stop the others. CQL and Sumo Logic parse messages, and keywords of Sigma are in them.
  const telemetry = await openTelemetry(flags, { asMessages: true })
  const read = readRules(paths)
  const chosen = await compileRules(read.queries, flags, telemetry)
  const { rules } = chosen
  const compiled = performance.now()
  const before = [...telemetry.time.diagnostics, ...telemetry.diagnostics, ...read.diagnostics, ...chosen.diagnostics]
  if (hasErrors(before)) {
    say(io, before)
    return 2
  }
  const meter = progress(io)
  const page = flags.format === 'html' ? new FindingsOfPage(rules.length) : undefined
  const output = huntOutput(flags.format, rules, tableWidth(io))
  const kept: string[] = []
  const { done: result, signalled } = await interruptible(async (signal) => {
    try {
      return await run(rules, {
        ...runOptionsOf({ ...flags, ...engineOptions(flags), signal, onProgress: meter.show }, telemetry),
        interval: telemetry.time.interval,
        files: flags.carve
          ? telemetry.files.map((f) => (f.evtx ? { ...f, carve: true as const } : f))
          : telemetry.files,
        sinceIngest: telemetry.time.sinceIngest,
        // A page has the newest findings, which the hunt meets last.
        most: page ? Number.MAX_SAFE_INTEGER : numbers.most,
        budget: numbers.budget,
        withEvent: page !== undefined,
        onFinding: (finding) => {
          meter.clear()
          if (page) page.add(finding)
          else printPart(io, output.add(finding))
          if (flags.report !== undefined) kept.push(findingToJson(finding, rules[finding.rule] as HuntRule))
        },
      })
    } finally {
      meter.clear()
    }
  })
  printPart(io, page ? huntPage(pageOf(chosen, result, page.kept())) : output.end())
  const diagnostics = [...before, ...result.diagnostics]
  if (flags.format === 'table') print(io.stdout, ruleTable(rules, result))
  say(io, spoken(diagnostics, flags, firedOf(rules, result).length > 0))
  if (!flags.quiet) print(io.stderr, summary(chosen, result, compiled - began, assumedYears(diagnostics)))
  const unwritten =
    flags.report === undefined ? undefined : writeWhole(flags.report, reportText(chosen, result, diagnostics, kept))
  if (unwritten) say(io, [unwritten])
  if (signalled !== undefined) return signalled
  if (!result.ok || unwritten || hasErrors(diagnostics)) return 2
  const finds = result.outcomes.some((o) => o.findings > 0)
  const warns = diagnostics.some((d) => d.severity !== 'info')
  return (flags.failOn !== undefined && finds) || (flags.failOn === 'warnings' && warns) ? 1 : 0
}

function numbersOf({ maxPerRule, budget }: HuntFlags): {
  readonly most: number
  readonly budget: number
  readonly wrong: readonly Diagnostic[]
} {
  const wrong: Diagnostic[] = []
  const number = (option: string, text: string): number => {
    if (!/^[1-9]\d{0,8}$/.test(text)) wrong.push(diagnostic(wrongNumber, noPlace, { option, text }))
    return Number(text)
  }
  return { most: number('--max-per-rule', maxPerRule), budget: number('--budget', budget), wrong }
}

function ruleTable(rules: readonly HuntRule[], result: HuntResult): string {
  const fired = firedOf(rules, result)
  if (fired.length === 0) return ''
  const number = (n: number) => ({ number: String(n) })
  const columns = ['findings', 'printed', 'level', 'rule', 'attack']
  const rows = fired.map(({ rule, outcome }) => [
    number(outcome.findings),
    number(outcome.reported),
    rule.level ?? '-',
    rule.title,
    rule.techniques.join(' '),
  ])
  return `\n${render({ columns, rows }, 'table')}`
}

function summary(
  { rules, left, refused }: HuntRules,
  { outcomes, files, timings }: HuntResult,
  loading: number,
  assumed: readonly string[],
): string {
  const findings = outcomes.reduce((n, o) => n + o.findings, 0)
  const fired = outcomes.filter((o) => o.findings > 0).length
  const events = files.reduce((n, f) => n + f.stats.events, 0)
  const seconds = timings.scan / 1000
  const rate = seconds > 0.5 ? ` · ${count(Math.round(events / seconds))} events/s` : ''
  const lines = [
    [
      `${findings === 0 ? 'no findings' : `${plural(findings, 'finding')} of ${plural(fired, 'rule')}`} from ${plural(events, 'event')} in ${plural(filesOf(files), 'file')}`,
      ...assumed,
      `${plural(rules.length, 'rule')} loaded in ${((loading + timings.index) / 1000).toFixed(1)} s`,
      `read in ${seconds.toFixed(1)} s${rate}`,
    ].join(' · '),
  ]
  const silent = QUIET.flatMap(([state, words]) => {
    const n = outcomes.filter((o) => o.state === state && o.findings === 0).length
    return n > 0 ? [`${count(n)} ${words}`] : []
  })
  const quiet = outcomes.length - fired
  if (quiet > 0) lines.push(`${plural(quiet, 'rule')} found nothing: ${silent.join(', ')}`)
  if (left > 0 || refused.length > 0)
    lines.push(`not run: ${plural(left, 'rule')} left out by options, ${plural(refused.length, 'file')} with errors`)
  const total = outcomes.reduce((n, o) => n + o.ms, 0)
  const slow = outcomes
    .map((o, i) => ({ ms: o.ms, title: rules[i]?.title ?? '' }))
    .filter((o) => o.ms > 500 && o.ms > total / 20)
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 5)
  if (slow.length > 0)
    lines.push(
      `slowest rules: ${slow.map((o) => `${o.title} (${(o.ms / 1000).toFixed(1)} s, ${Math.round((100 * o.ms) / total)} %)`).join(', ')}`,
    )
  return `${lines.join('\n')}\n`
}

function reportText(
  { rules, left, refused }: HuntRules,
  { ok, outcomes, files, timings }: HuntResult,
  diagnostics: readonly Diagnostic[],
  findings: readonly string[],
): string {
  const head = {
    assay: version,
    ok,
    rules: rules.map(({ title, id, level, status, tags, file, line }, i) => ({
      title,
      id,
      level,
      status,
      tags,
      file,
      line,
      ...outcomes[i],
    })),
    left_out: left,
    refused: refused.map(({ file, error }) => ({ file, code: error.code, message: error.message })),
    sources: files.map(({ file, stats }) => ({
      path: file.name,
      format: file.format,
      lines: stats.lines,
      events: stats.events,
      bad: stats.bad,
    })),
    milliseconds: timings,
    diagnostics: diagnosticsToJson(diagnostics),
  }
  return `${toJson(head).replace(/\n}$/, '')},\n  "findings": [${findings.map((f) => `\n    ${f}`).join(',')}]\n}\n`
}
