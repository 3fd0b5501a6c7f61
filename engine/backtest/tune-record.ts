// The candidates of a tuning as one JSON object.
import type { Tune } from '../../core/detect/tune/tune.ts'
import type { Ready } from './backtest.ts'
import { daysOf, timeText } from './backtest-record.ts'
import type { Written } from './tune.ts'

export const backtestDays = (ready: Ready): number => Math.round(daysOf(ready) * 100) / 100

export function candidateRecord(
  version: string,
  ready: Ready,
  t: Tune,
  written: Written | undefined,
): Record<string, unknown> {
  return {
    assay: version,
    detection: ready.scheduled.folder?.detection?.id ?? null,
    platform: ready.platform ?? null,
    query: ready.query.source.name,
    from: timeText(ready.span.first),
    to: timeText(ready.span.last),
    days: backtestDays(ready),
    baseline: { findings: t.findings, alerts: t.alerts, entities: t.entities },
    attack_tests: t.attackTests,
    benign_tests: t.benignTests,
    candidates: t.candidates.map((c) => ({
      name: c.name,
      what: c.what,
      step: c.step,
      removed: c.removed,
      left: c.left,
      attack_tests_lost: c.lost,
      benign_tests_silenced: c.silenced,
      text: c.text,
    })),
    not_measured: t.unmeasured,
    written: written ?? null,
  }
}
