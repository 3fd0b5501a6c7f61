// assay tune
import { backtestDays, candidateRecord } from '../engine/backtest/tune-record.ts'
import type { TuneResult, Written } from '../engine/backtest/tune.ts'
import { runTune } from '../engine/backtest/tune.ts'
import type { Ready } from '../engine/backtest/backtest.ts'
import type { Tune, TuneCandidate } from '../core/detect/tune/tune.ts'
import type { Cell } from '../core/workbench/present.ts'
import { optionsOf, title } from './backtest.ts'
import type { TuneFlags } from './commands/tune.ts'
import { interruptible } from './interrupt.ts'
import { diagnosticsToJson } from './json.ts'
import { print, printJson } from './print.ts'
import { version } from './version.ts'
import { count, plural } from './words.ts'
import { render } from './output.ts'
import { progress } from './progress.ts'
import { say } from './say.ts'
import { tableWidth, type Io } from './io.ts'

export async function tune(io: Io, detection: string, logs: readonly string[], flags: TuneFlags): Promise<number> {
  const meter = progress(io)
  const { done, signalled } = await interruptible(async (signal): Promise<TuneResult> => {
    try {
      return await runTune({ ...flags, ...optionsOf(detection, logs, flags), version, signal, onProgress: meter.show })
    } finally {
      meter.clear()
    }
  })
  const { ready, tune: t, written, diagnostics } = done
  const isJson = flags.format === 'json'
  say(io, diagnostics)
  if (signalled !== undefined) return signalled
  const refused = flags.write !== undefined && !written
  if (isJson) {
    const record = ready && t ? candidateRecord(version, ready, t, written) : {}
    printJson(io, { ...record, diagnostics: diagnosticsToJson(diagnostics) })
  } else if (ready && t && !refused)
    print(io.stdout, text(ready, t, tableWidth(io)) + (written ? writtenText(written) : ''))
  return !ready || !t || refused ? 2 : 0
}

const MOST = 20
const number = (n: number): Cell => ({ number: String(n) })

function text(ready: Ready, t: Tune, width: number): string {
  const head = `${title(ready)}${count(t.findings)} findings, ${count(t.alerts)} alerts about ${plural(t.entities, 'entity', 'entities')} in ${backtestDays(ready)} days · ${plural(t.attackTests, 'attack test')} and ${plural(t.benignTests, 'benign test')} in which the query finds something\n`
  if (t.findings === 0) return `${head}\nnothing to tune: no run finds anything\n`
  if (t.candidates.length === 0)
    return `${head}\nno candidate: many findings share no value, and no threshold can be raised\n`
  const rows = t.candidates
    .slice(0, MOST)
    .map((c): Cell[] => [
      c.name,
      number(c.removed.findings),
      number(c.removed.alerts),
      number(c.left.alerts),
      c.silenced.length === 0 ? '' : `${c.silenced.length} of ${t.benignTests}`,
      attackText(c, t),
    ])
  const columns = ['candidate', 'findings removed', 'alerts removed', 'alerts left', 'benign silenced', 'attack tests']
  const table = render({ columns, rows }, 'table', { width })
  const more = t.candidates.length - rows.length
  return [
    head,
    table,
    ...(more > 0 ? [`… and ${more} more (--format json has all, with the text of each)\n`] : []),
    ...(t.unmeasured > 0
      ? [
          `… ${t.unmeasured} further values were not measured, because each costs one backtest; use a shorter interval to measure more\n`,
        ]
      : []),
    `\n--write CANDIDATE adds one to the folder of the detection; LOSES marks candidates that remove findings from attack tests\n`,
  ].join('')
}

const attackText = ({ lost }: TuneCandidate, { attackTests }: Tune): string => {
  if (attackTests === 0) return 'no tests'
  if (lost.length === 0) return `keeps all ${attackTests}`
  const [first] = lost.map((l) => l.name.slice(l.name.indexOf('#') + 1))
  return `LOSES ${lost.length}: ${first}${lost.length > 1 ? '; …' : ''}`
}

function writtenText({ name, paths, evidence }: Written): string {
  const { findings, alerts } = evidence
  return `\nwritten: ${name}, findings ${count(findings.without)} → ${count(findings.with)}, alerts ${count(alerts.without)} → ${count(alerts.with)}\n${paths.map((p) => `  ${p}\n`).join('')}`
}
