// What a caller writes for interval, zone and parameters, read or refused.
import { badInterval, noView } from '../core/diag/catalogue/workbench.ts'
import { type Diagnostic, nowhere, report } from '../core/diag/diagnostic.ts'
import { isZone } from '../core/text/zone.ts'
import { parseDuration, parseInstant } from '../core/workbench/interval.ts'
import { viewNames } from '../core/workbench/view.ts'
import type { IntervalSpec } from './interval.ts'

export interface Asked {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly last?: string | undefined
  readonly now?: string | undefined
  readonly tz?: string | undefined
  readonly sourceTz?: string | undefined
  readonly view?: string | undefined
}

export function readAsked(asked: Asked): {
  interval: IntervalSpec
  zone: string
  sourceZone: string
  diagnostics: Diagnostic[]
} {
  const diagnostics: Diagnostic[] = []
  const zone = asked.tz ?? 'UTC'
  const sourceZone = asked.sourceTz ?? 'UTC'
  const wrong = (option: string, text: string, expected: string) =>
    diagnostics.push(report(badInterval, nowhere, { option, text, expected }))
  if (!isZone(zone)) wrong('--tz', zone, 'zone')
  if (!isZone(sourceZone)) wrong('--source-tz', sourceZone, 'zone')
  const interval: { -readonly [K in keyof IntervalSpec]: bigint } = {}
  for (const name of ['from', 'to', 'now'] as const) {
    const text = asked[name]
    if (text === undefined) continue
    const at = parseInstant(text, zone)
    if (at === undefined) wrong(`--${name}`, text, 'time')
    else interval[name] = at
  }
  if (asked.last !== undefined) {
    const last = parseDuration(asked.last)
    if (last === undefined || last === 0n) wrong('--last', asked.last, 'duration')
    else interval.last = last
  }
  if (asked.view !== undefined && !viewNames().includes(asked.view))
    diagnostics.push(report(noView, nowhere, { name: asked.view, known: viewNames() }))
  if (interval.from !== undefined && interval.to !== undefined && interval.from >= interval.to)
    wrong('--to', `${asked.to} is not after --from ${asked.from}`, 'time')
  return { interval, zone, sourceZone, diagnostics }
}
