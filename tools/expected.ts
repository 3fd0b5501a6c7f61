// Measures how often the bundled detections fire on a company's everyday traffic, with and without their tunings. Writes it to detection.yml:
//   tsx tools/expected.ts [--write] [DETECTION…]
// The traffic is generated: npx tsx tools/gen-telemetry.ts --scene office. tests/end-to-end/backtest.test.ts fails if the figures change.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Detection, Expected, TuningEvidence } from '../core/detect/folder/schema.ts'
import { withList, withValue } from '../core/detect/tune/declare.ts'
import { openFixtures } from '../core/detect/tune/fixtures.ts'
import { type BacktestResult, runBacktest } from '../engine/backtest/backtest.ts'
import { daysOf, perDay } from '../engine/backtest/backtest-record.ts'
import { detectionsOf } from '../engine/project/detection-folders.ts'
import { writeWhole } from '../engine/files/write-whole.ts'
import { generateOffice, type OfficeFeed } from './gen/office.ts'
import type { DetectionFolder } from '../core/detect/folder/folder-types.ts'

export interface Traffic {
  readonly seed: number
  readonly mb: number
  readonly days: number
}
export const TRAFFIC: Traffic = { seed: 1, mb: 20, days: 14 }
const START = '2026-03-02'

type PlatformId = 'logscale' | 'sigma' | 'sumo'
export const FEEDS: Readonly<Record<PlatformId, readonly [feed: OfficeFeed, file: string, what: string]>> = {
  logscale: ['ngsiem', 'ngsiem.ndjson', 'connections of Falcon sensors as Next-Gen SIEM exports them'],
  sigma: ['ngsiem', 'ngsiem.ndjson', 'connections of Falcon sensors as Next-Gen SIEM exports them'],
  sumo: ['panos', 'panos.log', 'traffic logs of a PAN-OS firewall'],
}
export const PLATFORMS = Object.keys(FEEDS) as PlatformId[]

const commandFor = (feed: OfficeFeed, { seed, mb, days }: Traffic): string =>
  `npx tsx tools/gen-telemetry.ts --scene office --feed ${feed} --seed ${seed} --mb ${mb} --days ${days} --start ${START} --out DIR`

/** Writes the traffic of each platform into the folder. */
export function makeTraffic(dir: string, traffic: Traffic): void {
  for (const [feed, file] of Object.values(FEEDS)) {
    let text = ''
    generateOffice({ ...traffic, feed, start: Date.parse(START) }, (t) => {
      text += t
    })
    writeFileSync(join(dir, file), text)
  }
}

export async function play(
  folder: DetectionFolder,
  platform: PlatformId,
  dir: string,
  query?: string,
): Promise<Required<Pick<BacktestResult, 'backtest' | 'ready'>>> {
  const log = join(dir, FEEDS[platform][1])
  const { backtest, ready, diagnostics } = await runBacktest({
    detection: folder.name,
    platform,
    logs: [log],
    ...(query !== undefined && { query: join(folder.name, query) }),
  })
  if (!ready || !backtest)
    throw new Error(`${folder.name} ${platform}: ${JSON.stringify(diagnostics.map((d) => d.message))}`)
  return { backtest, ready }
}

async function expectedFor(
  folder: DetectionFolder,
  detection: Detection,
  platform: PlatformId,
  dir: string,
): Promise<{ expected: Expected; tunings: Map<string, TuningEvidence> }> {
  const [feed, file, what] = FEEDS[platform]
  const { ready, backtest } = await play(folder, platform, dir)
  if (!ready || !backtest) throw new Error('unreachable')
  const days = daysOf(ready)
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const common = {
    telemetry: `A made-up company's everyday traffic without any attack: ${what}.`,
    command: commandFor(feed, TRAFFIC),
    seed: TRAFFIC.seed,
    megabytes: Math.round(readFileSync(join(dir, file)).length / 1e5) / 10,
    days: Math.round(days * 100) / 100,
    assay: version,
  }
  const { runs, findings, alerts, misses } = backtest
  const tunings = new Map<string, TuningEvidence>()
  const main = detection.platforms[platform]?.query ?? ''
  for (const t of detection.tuning) {
    const tuned = `tuning/${t.id}${main.slice(main.lastIndexOf('.'))}`
    const text = folder.files.get(tuned)
    if (text === undefined) continue
    const after = (await play(folder, platform, dir, tuned)).backtest
    const effects = openFixtures(folder.files, main, detection).effects(text)
    const attacks = effects?.filter((e) => e.fixture.kind === 'attack')
    if (!after || !attacks) throw new Error(`${tuned} does not run`)
    const kept = attacks.filter((e) => e.findings >= e.fixture.findings).length
    tunings.set(t.id, {
      platform,
      query: tuned,
      ...common,
      findings: { without: findings, with: after.findings },
      alerts: { without: alerts, with: after.alerts },
      attack_tests: { kept, lost: attacks.length - kept },
    })
  }
  const expected: Expected = {
    findings_per_day: perDay(findings, common.days),
    alerts_per_day: perDay(alerts, common.days),
    evidence: { ...common, runs, findings, alerts, missed: misses.missed.length },
  }
  return { expected, tunings }
}

async function main(args: readonly string[]): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'assay-expected-'))
  try {
    makeTraffic(dir, TRAFFIC)
    const paths = args.filter((a) => !a.startsWith('--'))
    for (const folder of detectionsOf(paths.length > 0 ? paths : ['detections'])) {
      const { detection } = folder
      if (!detection) continue
      const found = new Map<PlatformId, Awaited<ReturnType<typeof expectedFor>>>()
      for (const p of PLATFORMS) if (detection.platforms[p]) found.set(p, await expectedFor(folder, detection, p, dir))
      const expected = Object.fromEntries([...found].map(([p, f]) => [p, f.expected]))
      console.log(
        JSON.stringify(
          { detection: detection.id, expected, tunings: [...found].map(([, f]) => Object.fromEntries(f.tunings)) },
          null,
          1,
        ),
      )
      if (args.includes('--write'))
        write(
          folder,
          expected,
          [...found.values()].map((f) => f.tunings),
        )
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Evidence with a date was measured on other telemetry, by `assay tune --write`. It is kept. */
function write(folder: DetectionFolder, expected: object, found: readonly ReadonlyMap<string, TuningEvidence>[]): void {
  const path = join(folder.name, 'detection.yml')
  const text = withValue(readFileSync(path, 'utf8'), 'expected', expected, 'false_positives')
  const tuned =
    text &&
    withList(
      text,
      'tuning',
      (items) =>
        items.map((item) => {
          const t = item as { readonly id: string; readonly evidence?: readonly TuningEvidence[] }
          const own = found.flatMap((f) => f.get(t.id) ?? [])
          const others = (t.evidence ?? []).filter((e) => e.date !== undefined)
          return own.length + others.length === 0 ? item : { ...t, evidence: [...own, ...others] }
        }),
      'blind_spots',
    )
  if (!tuned) throw new Error(`${path} cannot be written`)
  const failed = writeWhole(path, tuned)
  if (failed) throw new Error(failed.message)
}

if (process.argv[1]?.endsWith('expected.ts')) await main(process.argv.slice(2))
