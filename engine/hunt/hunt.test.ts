import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { openTelemetry } from '../query/prepare-query.ts'
import { runQuery } from '../query/run-query.ts'
import { type Finding, type HuntOptions, type HuntResult, hunt } from './hunt.ts'
import { compileRules, type HuntRules, type RuleOptions, readRules } from './hunt-rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'hunt-'))
after(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const sysmon = (i: number, fields: Record<string, unknown>): string =>
  JSON.stringify({
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Computer: `HOST${i % 3}`,
    UtcTime: new Date(Date.UTC(2026, 5, 21, 9, 0, i)).toISOString(),
    User: 'LAB\\ann',
    ...fields,
  })

const logs = write(
  'sysmon.ndjson',
  Array.from({ length: 60 }, (_, i) =>
    sysmon(i, { Image: `C:\\x\\${['cmd', 'sh', 'Certutil'][i % 3]}.exe`, CommandLine: `run ${i} -urlcache` }),
  ).join('\n'),
)

const sigma = (title: string, detection: string, more = ''): string =>
  `title: ${title}\nid: ${title}\nstatus: test\nlevel: high\ntags:\n    - attack.t1105\n${more}logsource:\n    category: process_creation\n    product: windows\ndetection:\n${detection}`

const CERTUTIL = sigma('certutil', '    s:\n        Image|endswith: \\certutil.exe\n    condition: s\n')
const RULES = {
  'certutil.yml': CERTUTIL,
  'two.yml': `${sigma('low', '    s:\n        CommandLine|contains: " 7 "\n    condition: s\n').replace('high', 'low')}---\n${sigma('never', '    s:\n        CommandLine|contains: nothing\n    condition: s\n')}`,
  'many.yml': `${sigma('base', '    s:\n        Image|endswith: \\sh.exe\n    condition: s\n')}---
title: many
correlation:
    type: event_count
    rules:
        - base
    group-by:
        - Computer
    timespan: 10m
    condition:
        gte: 5
`,
  'other.yml': sigma('linux', '    s:\n        Image: x\n    condition: s\n').replace('windows', 'linux'),
  'field.yml': sigma('field', '    s:\n        OriginalFileName: x.exe\n    condition: s\n'),
  'filter.cql': 'Image=*cmd.exe',
  'count.cql': 'Image=*cmd.exe | groupBy(Computer)',
  'count.sumo': '"Certutil" | count by Computer',
  'broken.yml': 'title: broken\ndetection:\n    s:\n        a: [\n',
}
const paths = Object.entries(RULES).map(([name, text]) => write(name, text))

interface Hunted {
  readonly chosen: HuntRules
  readonly result: HuntResult
  readonly findings: readonly Finding[]
  /** Title → findings. */
  readonly counts: Readonly<Record<string, number>>
}

async function run(
  rules: readonly string[],
  options: RuleOptions = {},
  more: Partial<HuntOptions> = {},
): Promise<Hunted> {
  const telemetry = await openTelemetry({ logs: [logs] })
  const chosen = await compileRules(readRules(rules).queries, options, telemetry)
  const findings: Finding[] = []
  const result = await hunt(chosen.rules, {
    files: telemetry.files,
    most: 100,
    budget: 60,
    withEvent: false,
    onFinding: (f) => findings.push(f),
    ...more,
  })
  const counts = chosen.rules.map((r, i) => [r.title.replace(`${folder}/`, ''), result.outcomes[i]?.findings ?? -1])
  return { chosen, result, findings, counts: Object.fromEntries(counts) }
}

test('a hunt finds with each rule what the rule finds alone, in one read', async () => {
  const { result, counts, chosen, findings } = await run(paths)
  assert.equal(result.ok, true)
  assert.equal(result.files[0]?.stats.events, 60)
  assert.deepEqual(
    chosen.refused.map((r) => r.file),
    [join(folder, 'broken.yml')],
  )
  for (const [name, text] of Object.entries(RULES)) {
    const own = chosen.rules.filter((r) => r.file === join(folder, name))
    const language = name.endsWith('.yml') ? 'sigma' : name.endsWith('.cql') ? 'cql' : 'sumo'
    const alone = await runQuery({ query: { name, text }, language, logs: [logs] })
    const found = own.reduce((n, r) => n + (counts[r.title.replace(`${folder}/`, '')] ?? 0), 0)
    assert.equal(found, alone.table.rows.length, name)
  }
  assert.deepEqual(counts, {
    certutil: 20,
    low: 1,
    never: 0,
    many: 1,
    linux: 0,
    field: 0,
    'filter.cql': 20,
    'count.cql': 1,
    'count.sumo': 1,
  })
  const first = findings.find((f) => chosen.rules[f.rule]?.title === 'certutil')
  assert.deepEqual(
    { log: first?.log, host: first?.host, user: first?.user, columns: first?.columns, cells: first?.cells },
    {
      log: { file: logs, line: 3 },
      host: 'HOST2',
      user: 'LAB\\ann',
      columns: ['Image'],
      cells: ['C:\\x\\Certutil.exe'],
    },
  )
})

test('a rule without findings has a reason', async () => {
  const { result, chosen } = await run(paths)
  const states = Object.fromEntries(chosen.rules.map((r, i) => [r.title, result.outcomes[i]?.state]))
  assert.equal(states['linux'], 'no source')
  assert.equal(states['field'], 'no field')
  assert.equal(states['never'], 'quiet')
  assert.equal(states['certutil'], 'fired')
})

test('since a time of ingestion: late events count by it, and events without it by their own time', async () => {
  const at = (i: number, received?: number): string =>
    sysmon(i, {
      Image: 'C:\\x\\certutil.exe',
      ...(received === undefined ? {} : { '@ingesttimestamp': String(Date.UTC(2026, 5, 21, 9, 0, received)) }),
    })
  const late = write('late.ndjson', [at(1, 2), at(1, 40), at(2), at(41), at(30, 30)].join('\n'))
  const telemetry = await openTelemetry({ logs: [late], sinceIngest: '2026-06-21T09:00:30Z' })
  const chosen = await compileRules(readRules([join(folder, 'certutil.yml')]).queries, {}, telemetry)
  const lines: (number | undefined)[] = []
  await hunt(chosen.rules, {
    files: telemetry.files,
    most: 9,
    budget: 60,
    withEvent: false,
    sinceIngest: telemetry.time.sinceIngest,
    onFinding: (f) => lines.push(f.log?.line),
  })
  assert.deepEqual(lines, [2, 4, 5])
})

test('carved records of an event log are found on request, and say so', async () => {
  const evtx = gunzipSync(readFileSync('tests/engine/evtx/new-user-security.evtx.gz'))
  // The first chunk forgets all records but the first.
  evtx.writeUInt32LE(512 + evtx.readUInt32LE(4096 + 512 + 4), 4096 + 48)
  const log = join(folder, 'cleared.evtx')
  writeFileSync(log, evtx)
  const rule = write('security.yml', sigma('any', '    s:\n        EventID|gt: 1\n    condition: s\n'))
  const text = readFileSync(rule, 'utf8').replace('category: process_creation', 'service: security')
  writeFileSync(rule, text)
  const telemetry = await openTelemetry({ logs: [log] })
  const chosen = await compileRules(readRules([rule]).queries, {}, telemetry)
  const found = async (files: typeof telemetry.files): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {}
    const options = { files, most: 999, budget: 60, withEvent: false }
    await hunt(chosen.rules, {
      ...options,
      onFinding: ({ log: at }) => {
        const name = at?.file ?? ''
        counts[name] = (counts[name] ?? 0) + 1
      },
    })
    return counts
  }
  const plain = await found(telemetry.files)
  const carved = await found(telemetry.files.map((f) => ({ ...f, carve: true as const })))
  assert.deepEqual(Object.keys(plain), [log])
  assert.deepEqual(Object.keys(carved), [log, `${log} (carved)`])
  assert.equal(carved[log], plain[log])
})

test('level, status, tag, product and a file of exclusions choose the rules', async () => {
  const some = ['certutil.yml', 'two.yml', 'other.yml'].map((n) => join(folder, n))
  const telemetry = await openTelemetry({ logs: [logs] })
  const choose = (options: RuleOptions) => compileRules(readRules(some).queries, options, telemetry)
  const titles = async (options: RuleOptions) => (await choose(options)).rules.map((r) => r.title).sort()
  assert.deepEqual(await titles({ level: 'high' }), ['certutil', 'linux', 'never'])
  assert.deepEqual(await titles({ product: ['linux'] }), ['linux'])
  assert.deepEqual(await titles({ status: ['stable'] }), [])
  assert.deepEqual(await titles({ tag: ['attack.t11*'] }), ['certutil', 'linux', 'low', 'never'])
  assert.deepEqual(await titles({ tag: ['attack.t1059*'] }), [])
  const exclude = [write('exclude.txt', '# known\ncertutil # by id\nnot there\n')]
  const chosen = await choose({ exclude })
  assert.deepEqual(chosen.rules.map((r) => r.title).sort(), ['linux', 'low', 'never'])
  assert.ok(chosen.diagnostics.some((d) => d.code === 'RUN125' && d.message.includes('not there')))
})

test('files that do not run are told together, with the reason of each where they differ', async () => {
  const rule = (modifier: string): string =>
    `title: t\nlogsource:\n    product: windows\ndetection:\n    s:\n        Image|${modifier}: a\n    condition: s\n`
  const message = async (...modifiers: string[]): Promise<string | undefined> => {
    const wrong = modifiers.map((m, i) => write(`wrong${i}.yml`, rule(m)))
    const { diagnostics } = await compileRules(readRules(wrong).queries, {}, await openTelemetry({ logs: [logs] }))
    return diagnostics.find((d) => d.code === 'RUN121')?.message.replaceAll(`${folder}/`, '')
  }
  assert.equal(
    await message('ends', 'ends'),
    '2 files do not run (SIG106: no such modifier: ends): wrong0.yml, wrong1.yml',
  )
  assert.equal(
    await message('ends', 'begins'),
    '2 files do not run (SIG106): wrong0.yml (no such modifier: ends), wrong1.yml (no such modifier: begins)',
  )
})

test('findings beyond the limit of a rule are counted', async () => {
  const { result, findings } = await run([join(folder, 'certutil.yml'), join(folder, 'filter.cql')], {}, { most: 3 })
  assert.equal(findings.length, 6)
  assert.deepEqual(
    result.outcomes.map((o) => [o.findings, o.reported]),
    [
      [20, 3],
      [20, 3],
    ],
  )
})

test('two rules over the same events count each event once', async () => {
  const same = write('count2.cql', 'Image=*cmd.exe | groupBy(Computer)')
  const one = await run([join(folder, 'count.cql')])
  const two = await run([join(folder, 'count.cql'), same])
  const cellsOf = ({ findings }: Hunted, rule: number) => findings.filter((f) => f.rule === rule).map((f) => f.cells)
  assert.equal(cellsOf(one, 0).length, 1)
  assert.deepEqual(cellsOf(two, 0), cellsOf(one, 0))
  assert.deepEqual(cellsOf(two, 1), cellsOf(one, 0))
})

test('the findings of one event are in the order of the rules, whatever the worker read before', async () => {
  const both = { Image: 'C:\\x\\certutil.exe', CommandLine: 'certutil -urlcache', User: 'LAB\\ann' }
  const rule = (name: string, field: string, text: string): string =>
    write(`${name}.yml`, sigma(name, `    s:\n        ${field}|contains: '${text}'\n    condition: s\n`))
  const rules = [
    rule('order-1', 'User', 'ann'),
    rule('order-2', 'CommandLine', 'urlcache'),
    rule('order-3', 'Image', 'certutil'),
    rule('order-4', 'User', 'LAB'),
    rule('order-5', 'CommandLine', 'certutil'),
  ]
  // A record of a shape that the reader has not learnt is searched in another order than one that it knows.
  const other = (i: number): Record<string, string> => ({ Image: 'C:\\x\\y.exe', User: 'x', [`Extra${i}`]: 'x' })
  const unlike = Array.from({ length: 300 }, (_, i) => sysmon(1, other(i)))
  const alike = Array.from({ length: 300 }, () => sysmon(1, both))
  for (const [name, lines] of Object.entries({ alike, unlike: [...unlike, ...alike] })) {
    const telemetry = await openTelemetry({ logs: [write(`${name}.ndjson`, `${lines.join('\n')}\n`)] })
    const chosen = await compileRules(readRules(rules).queries, {}, telemetry)
    const titles: string[] = []
    const options = { files: telemetry.files, most: 999, budget: 60, withEvent: false }
    await hunt(chosen.rules, { ...options, onFinding: (f) => titles.push(chosen.rules[f.rule]?.title ?? '') })
    const each = [1, 2, 3, 4, 5].map((n) => `order-${n}`)
    assert.deepEqual(
      titles,
      alike.flatMap(() => each),
      name,
    )
  }
})

test('a regular expression that backtracks without end is named, and the other rules go on', async () => {
  // A look-behind runs only on an engine that backtracks.
  const bomb = sigma('bomb', "    s:\n        CommandLine|re: '(?<=x)(a+)+(b|c)\\1$'\n    condition: s\n")
  // Ten of them are longer than what a thread keeps before it writes to the spool.
  const quiet = sysmon(1, { Image: 'C:\\x\\certutil.exe', ParentImage: 'p'.repeat(150_000) })
  const evil = sysmon(2, { Image: 'C:\\x\\certutil.exe', CommandLine: `x${'a'.repeat(60)}` })
  const all = 'Image=* | groupBy(Computer, function=[count(), count(ParentImage, as=parents, distinct=true)])'
  // The second file is lost with its thread, and read again.
  const logs = [write('quiet.ndjson', `${quiet}\n`.repeat(10)), write('evil.ndjson', `${quiet}\n`.repeat(10) + evil)]
  const telemetry = await openTelemetry({ logs })
  const paths = [write('bomb.yml', bomb), join(folder, 'certutil.yml'), write('all.cql', all)]
  const chosen = await compileRules(readRules(paths).queries, {}, telemetry)
  for (const memoryValues of [0, Infinity]) {
    const findings: Finding[] = []
    const options = { files: telemetry.files, most: 99, budget: 2, withEvent: false, workers: 1, memoryValues }
    const result = await hunt(chosen.rules, { ...options, onFinding: (f) => findings.push(f) })
    assert.equal(result.ok, true)
    const of = (name: string): Finding[] => findings.filter((f) => chosen.rules[f.rule]?.file === join(folder, name))
    assert.equal(of('certutil.yml').length, 21)
    assert.deepEqual(
      of('all.cql').map(({ cells }) => cells),
      [
        ['HOST1', { number: '20' }, { number: '1' }],
        ['HOST2', { number: '1' }, { number: '0' }],
      ],
    )
    assert.deepEqual(result.outcomes.map((o) => o.state).sort(), ['fired', 'fired', 'off'])
    assert.ok(result.diagnostics.some((d) => d.code === 'RUN123' && d.message.includes('bomb')))
  }
})

test('100,000 findings of one rule are counted, and few are kept', async () => {
  const many = write('many.ndjson', `${sysmon(2, { Image: 'C:\\x\\certutil.exe' })}\n`.repeat(100_000))
  const telemetry = await openTelemetry({ logs: [many] })
  const chosen = await compileRules(readRules([join(folder, 'certutil.yml')]).queries, {}, telemetry)
  let findings = 0
  const options = { files: telemetry.files, most: 10, budget: 60, withEvent: false }
  const result = await hunt(chosen.rules, { ...options, onFinding: () => void findings++ })
  assert.deepEqual([findings, result.outcomes[0]?.findings, result.outcomes[0]?.reported], [10, 100_000, 10])
})

test('a bomb of YAML, a rule that names itself and a file without rules are refused, and the others run', async () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
    .split('')
    .map((c, i) => `${c}: &${c} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(',')}]\n`)
    .join('')}detection:\n    s: *h\n    condition: s\n`
  const self = `title: self\nname: self\ncorrelation:\n    type: event_count\n    rules:\n        - self\n    group-by:\n        - Computer\n    timespan: 1m\n    condition:\n        gte: 2\n`
  const paths = [write('yaml-bomb.yml', bomb), write('self.yml', self), join(folder, 'certutil.yml')]
  const { chosen, counts } = await run(paths)
  assert.deepEqual(chosen.refused.map((r) => r.file.replace(`${folder}/`, '')).sort(), ['self.yml', 'yaml-bomb.yml'])
  assert.equal(counts['certutil'], 20)
})

test('a filter in another file excludes events of the rule that it names', async () => {
  const excludes = `title: known\nlogsource:\n    product: windows\nfilter:\n    rules:\n        - certutil\n    known:\n        Computer: HOST2\n    condition: not known\n`
  const paths = [join(folder, 'certutil.yml'), write('known.yml', excludes.replace('HOST2', 'HOST0'))]
  const { counts } = await run(paths)
  assert.equal(counts['certutil'], 20)
  const all = await run([join(folder, 'certutil.yml'), write('known.yml', excludes)])
  assert.equal(all.counts['certutil'], 0)
})

test('a search whose later steps drop messages, or make several rows of one, has the rows that it has alone', async () => {
  const searches = {
    'drops.sumo': '* | json "CommandLine" as c nodrop | parse regex field=c "run (?<n>\\d+)" | where n > 50',
    'drops-all.sumo': '* | json "Image" as i nodrop | length(i) as n | where n > 500',
    'repeats.sumo': '* | json "Image" as i nodrop | parse regex field=i "(?<letter>[a-z])" multi | fields letter',
  }
  const paths = Object.entries(searches).map(([name, text]) => write(name, text))
  const { chosen, counts, findings } = await run(paths, {}, { most: 4 })
  for (const [i, path] of paths.entries()) {
    const query = { name: path, text: readFileSync(path, 'utf8') }
    const alone = await runQuery({ query, language: 'sumo', logs: [logs], view: 'vendor' })
    const rows = alone.table.rows.length
    const title = path.replace(`${folder}/`, '')
    const rule = chosen.rules.findIndex((r) => r.title === path || r.title === title)
    assert.equal(counts[title], rows, title)
    assert.equal(findings.filter((f) => f.rule === rule).length, Math.min(4, rows), title)
    assert.equal(rows > 0, i !== 1)
  }
})
