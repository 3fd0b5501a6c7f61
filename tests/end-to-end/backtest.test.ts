// `assay backtest` and `assay tune` over files.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { detectionsOf, listDetections } from '../../engine/project/detection-folders.ts'
import { listPages } from '../../engine/project/list-files.ts'
import { testPage } from '../../engine/cases/test-cases.ts'
import { some } from '../../tools/property-runs.ts'
import { FEEDS, makeTraffic, PLATFORMS, TRAFFIC } from '../../tools/expected.ts'
import { generateFirewall } from '../../tools/gen/firewall.ts'
import { generateOffice } from '../../tools/gen/office.ts'
import { assay, assayIn } from './assay.ts'

const dir = mkdtempSync(join(tmpdir(), 'assay-backtest-'))
const DETECTION = 'detections/T1071.002-file-transfer-protocols'
const OTHER = 'detections/T1048.003-unencrypted-non-c2-protocol'
const panos = join(dir, 'panos.log')
const short = join(dir, 'short.log')
const asa = join(dir, 'asa.log')
const falcon = join(dir, 'ngsiem.ndjson')
const START = Date.UTC(2026, 2, 2)

before(() => {
  const office = { seed: 3, mb: 0.5, days: 3, start: START }
  const made = (path: string, make: (write: (t: string) => void) => void) => {
    let text = ''
    make((t) => {
      text += t
    })
    writeFileSync(path, text)
  }
  made(panos, (w) => generateOffice({ ...office, feed: 'panos' }, w))
  made(short, (w) => generateOffice({ ...office, mb: 0.1, days: 1, feed: 'panos' }, w))
  made(falcon, (w) => generateOffice({ ...office, feed: 'ngsiem' }, w))
  made(asa, (w) => generateFirewall({ format: 'asa', seed: 1, mb: 0.3, start: START, hours: 24 }, w))
})
after(() => rmSync(dir, { recursive: true, force: true }))

interface Answer {
  readonly status: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: what a program prints
  readonly json: any
  readonly codes: readonly string[]
}

async function ask(...args: string[]): Promise<Answer> {
  const { status, out } = await assay(...args)
  const json = args.includes('json') ? JSON.parse(out) : undefined
  const codes = (json?.diagnostics ?? []).map((d: { code: string }) => d.code)
  return { status, text: out, json, codes }
}
const known = new Map<string, Promise<Answer>>()
/** Runs each call once, because its result never changes. */
function backtest(detection: string, log: string, ...more: string[]): Promise<Answer> {
  const args = ['backtest', detection, log, '--format', 'json', ...more]
  const answer = known.get(args.join(' ')) ?? ask(...args)
  known.set(args.join(' '), answer)
  return answer
}
const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}

test('the platform is the one whose query takes the events of the log, and that is said', async () => {
  for (const [log, platform] of [
    [panos, 'sumo'],
    [falcon, 'logscale'],
  ] as const) {
    const { json, codes, status } = await backtest(DETECTION, log)
    assert.deepEqual([status, json.platform], [0, platform])
    assert.ok(json.alerts > 5 && json.findings > json.alerts && json.repeats > 0)
    assert.deepEqual(codes, ['RUN045'])
  }
})

test('the order of files and their number change nothing', async () => {
  const lines = readFileSync(panos, 'utf8').split('\n')
  const parts = [2, 0, 1].map((n) => file(`part${n}.log`, lines.filter((_, i) => i % 3 === n).join('\n')))
  const whole = await backtest(DETECTION, panos, '--platform', 'sumo')
  const split = await backtest(DETECTION, parts[0] ?? '', ...parts.slice(1), '--platform', 'sumo')
  assert.deepEqual(split.json, whole.json)
})

test('declared schedule and suppression are used, and the call can choose another', async () => {
  const { json } = await backtest(DETECTION, panos, '--platform', 'sumo')
  assert.deepEqual(json.schedule, { every: 3600, lookback: 86_400, delay: 600 })
  assert.equal(json.suppression.swallowed, json.findings - json.alerts)
  const own = (await backtest(DETECTION, panos, '--platform', 'sumo', '--every', '1d', '--delay', '0s')).json
  assert.equal(own.runs, 3)
  assert.ok(own.findings < json.findings)
})

test('a tuned query is played with the schedule of its detection, and finds its list beside it', async () => {
  const tuned = (await backtest(DETECTION, panos, '--query', `${DETECTION}/tuning/allow-list.sumo`)).json
  assert.equal(tuned.platform, 'sumo')
  assert.ok(tuned.alerts < (await backtest(DETECTION, panos, '--platform', 'sumo')).json.alerts / 4)
})

test('a query file needs a schedule, and its groups are what its findings are about', async () => {
  const query = file('loud.sumo', '_sourceCategory=network/paloalto | count as n by src_ip | where n > 20')
  assert.deepEqual((await backtest(query, panos)).codes, ['RUN040'])
  assert.deepEqual((await backtest(query, panos, '--every', '1h')).codes, ['RUN040'])
  const { json } = await backtest(query, panos, '--every', '1h', '--lookback', '6h')
  assert.deepEqual([json.entity, json.suppression], [['src_ip'], null])
  assert.equal(json.alerts, json.findings)
})

test('the network view is made of all events, not of those of one window', async () => {
  const query = file(
    'network.sumo',
    '_sourceCategory=network/* | where action = "allow" and dest_port in ("21", "445") and bytes > 0 | count as n by src_ip, dest_ip | where n > 3',
  )
  const { json, codes } = await backtest(query, asa, '--every', '1d', '--lookback', '1d', '--view', 'network')
  assert.deepEqual([json.view, codes], ['network', []])
  // Teardown lines have the bytes, Built lines the inner end. The view pairs them.
  assert.ok(json.findings > 0)
  // The groups behind the view are those of the query.
  assert.equal(json.misses.method, 'sliding')
})

test('what is wrong with the call or the telemetry has a code and status 2', async () => {
  const timeless = file('timeless.ndjson', '{"event_simpleName":"NetworkConnectIP4","aid":"a"}\n'.repeat(3))
  const record = (t: number) => `{"@timestamp":${t},"#event_simpleName":"NetworkConnectIP4","aid":"a"}\n`
  const long = file('long.ndjson', record(1_000_000_000) + record(1_772_409_600_000))
  const wrong: [string, string, string[]][] = [
    ['RUN041', panos, ['--every', '2d']],
    ['QIR502', panos, ['--every', 'often']],
    ['QIR502', panos, ['--lookback', '0m']],
    ['RUN017', panos, ['--platform', 'splunk']],
    ['RUN042', timeless, ['--platform', 'logscale']],
    ['RUN043', panos, ['--platform', 'sumo', '--from', '2027-01-01']],
    ['RUN044', long, ['--platform', 'logscale', '--every', '1m']],
  ]
  for (const [code, log, more] of wrong) {
    const { status, codes } = await backtest(DETECTION, log, ...more)
    assert.deepEqual([status, codes.filter((c) => !c.startsWith('LOG'))], [2, [code]], more.join(' '))
  }
  assert.deepEqual((await backtest('T9999', panos)).codes, ['RUN015'])
  assert.equal((await backtest(DETECTION, join(dir, 'none.log'))).status, 2)
})

test('a new detection over Windows events is that of Sigma; where no query finds its events, each platform is named', async () => {
  const folder = join(dir, 'fresh')
  const made = await assayIn(dir, 'new', 'T1059', 'fresh')
  assert.equal(made.status, 0, made.err)
  const event = (minute: number) =>
    `{"Channel":"Microsoft-Windows-Sysmon/Operational","Provider":"Microsoft-Windows-Sysmon","EventID":1,"UtcTime":"2026-03-02 10:0${minute}:00.000","Computer":"ws1","Image":"C:\\\\assay-placeholder.exe"}\n`
  const sysmon = file('sysmon.ndjson', event(1) + event(2))
  const { json, status } = await backtest(folder, sysmon)
  assert.deepEqual([status, json.platform, json.findings > 0], [0, 'sigma', true])
  const other = await backtest(folder, panos)
  const [wrong] = other.json.diagnostics.filter((d: { code: string }) => d.code === 'RUN017')
  assert.deepEqual([other.status, wrong?.remedy], [2, 'add --platform with one of logscale, sumo, sigma'])
})

/** A copy of a detection for writing, and its state. */
function copied(name: string) {
  const folder = join(dir, name)
  cpSync(OTHER, folder, { recursive: true })
  const tune = (...more: string[]) => ask('tune', folder, short, '--platform', 'sumo', '--format', 'json', ...more)
  const yaml = () => readFileSync(join(folder, 'detection.yml'), 'utf8')
  return { folder, tune, yaml, state: () => [yaml(), ...readdirSync(join(folder, 'tuning'))] }
}
interface Candidate {
  readonly name: string
  readonly left: { readonly findings: number; readonly alerts: number }
  readonly attack_tests_lost: readonly unknown[]
}
const errorsOf = (folder: string): string[] =>
  listDetections([folder]).diagnostics.flatMap((d) => (d.severity === 'error' ? [d.message] : []))

test('a chosen tuning is measured by its own text, declared, and the folder stays valid; what silences an attack is refused', async () => {
  const { folder, tune, yaml, state } = copied('written')
  const before = state()
  const errors = errorsOf(folder)
  const { json } = await tune()
  const candidates = json.candidates as Candidate[]
  const loss = candidates.find((c) => c.attack_tests_lost.length > 0)
  const chosen = candidates.find((c) => c.attack_tests_lost.length === 0)
  assert.ok(chosen && loss)
  const refused = await tune('--write', loss.name)
  assert.deepEqual([refused.status, refused.codes], [2, ['RUN051']])
  assert.deepEqual(state(), before)
  const { written } = (await tune('--write', chosen.name)).json
  // The figures that were computed from rows equal those of a new run over the log.
  assert.deepEqual(written.evidence.findings, { without: json.baseline.findings, with: chosen.left.findings })
  assert.deepEqual(written.evidence.alerts, { without: json.baseline.alerts, with: chosen.left.alerts })
  assert.ok(yaml().includes(`  - id: ${chosen.name}\n`))
  // Every earlier line is still there, in its order, except for the date.
  const lines = yaml().split('\n')
  let at = 0
  for (const line of before[0]?.split('\n').filter((l) => !l.startsWith('modified:')) ?? []) {
    at = lines.indexOf(line, at) + 1
    assert.ok(at > 0, line)
  }
  assert.deepEqual(errorsOf(folder), errors)
  const [page] = listPages([folder]).pages.filter((p) => /sumo-attack/.test(p.name))
  const { cases } = await testPage(page ?? { name: '', text: '' }, { executors: [] })
  assert.ok(cases.length > 0 && cases.every((c) => c.status === 'passed'))
  const accepted = await tune('--write', loss.name, '--accept-loss')
  assert.deepEqual([accepted.status, accepted.json.written.paths.length], [0, 2])
  assert.ok(yaml().replace(/\s+/g, ' ').includes('It takes findings away from attack tests'))
})

test('a tuning of a query without a folder has nowhere to be written', async () => {
  const query = file('alone.sumo', '_sourceCategory=network/paloalto | count as n by src_ip | where n > 20')
  const schedule = ['--every', '1h', '--lookback', '6h', '--format', 'json']
  const { json, status } = await ask('tune', query, panos, ...schedule)
  assert.equal(status, 0)
  const [first] = json.candidates as Candidate[]
  assert.ok(first)
  assert.deepEqual((await ask('tune', query, panos, ...schedule, '--write', first.name)).codes, ['RUN053'])
})

test('the figures that detections declare still hold: the declared traffic, with less in its background, is played again', async () => {
  const traffic = join(dir, 'traffic')
  mkdirSync(traffic)
  makeTraffic(traffic, { ...TRAFFIC, mb: 0.2 })
  const declaring = detectionsOf(['detections']).flatMap((folder) => {
    const { expected, platforms } = folder.detection ?? {}
    return PLATFORMS.filter((p) => platforms?.[p]).map((p) => ({ folder, p, declared: expected?.[p] }))
  })
  for (const { folder, p, declared } of declaring)
    assert.ok(declared, `${folder.name}: nothing is expected of ${p}; fix: npx tsx tools/expected.ts --write`)
  // Each of them takes two seconds.
  for (const { folder, p, declared } of some(declaring, 4)) {
    assert.ok(declared)
    const { json } = await backtest(folder.name, join(traffic, FEEDS[p][1]), '--platform', p)
    const { evidence } = declared
    assert.deepEqual(
      { runs: json.runs, findings: json.findings, alerts: json.alerts, missed: json.misses.missed.length },
      { runs: evidence.runs, findings: evidence.findings, alerts: evidence.alerts, missed: evidence.missed },
      `${folder.name}, ${p}; fix, if the change is meant: npx tsx tools/expected.ts --write`,
    )
    assert.equal(declared.findings_per_day, Math.round((evidence.findings / evidence.days) * 100) / 100)
    assert.equal(declared.alerts_per_day, Math.round((evidence.alerts / evidence.days) * 100) / 100)
  }
})

test('the text for people has findings, alerts, days, entities, misses and what is not known', async () => {
  const { text, status } = await ask('backtest', DETECTION, panos, '--platform', 'sumo')
  assert.equal(status, 0)
  for (const word of ['findings', 'repeats', 'alerts', '2026-03-03', '198.51.100.20', 'misses', 'no time of ingestion'])
    assert.ok(text.includes(word), word)
})
