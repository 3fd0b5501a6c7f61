import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { stringify } from 'yaml'
import type { Diagnostic } from '../../diag/diagnostic.ts'
import { positionAt } from '../../text/source.ts'
import { readDetection } from './folder.ts'
import { inFolder } from './folder-names.ts'
import { fenceOptions } from './checks/pages.ts'
import { checkCatalogue, relatedTo } from './checks/relations.ts'
import { detectionSchema } from './schema.ts'

const base = () => ({
  id: 'T1071.002-x',
  title: 'A title',
  status: 'test',
  version: '1.0.0',
  created: '2026-11-25',
  modified: '2026-11-25',
  author: ['Assay'],
  summary: 'Short.',
  description: 'Long.',
  attack: { version: '19.2', techniques: ['T1071.002'] },
  platforms: {
    logscale: {
      query: 'logscale.cql',
      severity: 'medium',
      confidence: 'medium',
      about: 'Counts.',
      data_sources: ['Falcon'],
      tables: ['NetworkConnectIP4'],
      log_settings: ['Sensor'],
    },
  },
  schedule: { lookback: '4h', frequency: '1h' },
  trigger: { when: 'more than 3', more_than: 3, slowest: '1h' },
  entity: ['ComputerName'],
  suppression: { by: ['ComputerName'], for: '24h' },
  false_positives: [{ id: 'backup', what: 'Backups.', tests: ['tests/a.case.md#quiet-backup'] }],
  blind_spots: [{ what: 'x', why: 'y' }],
  playbook: 'playbook.md',
  investigation: 'investigation.md',
  changelog: [{ version: '1.0.0', date: '2026-11-25', what: ['First.'] }],
})
type Draft = Record<string, unknown> & ReturnType<typeof base>

const EVENTS = '```events\n{"event_simpleName":"NetworkConnectIP4","aid":"a","timestamp":"1782000000000"}\n```\n'
const QUERY = '```cql file=../logscale.cql\n```\n'
const PAGE = `# t\n\n## attack\n${EVENTS}${QUERY}\`\`\`fires\n\`\`\`\n\n## quiet backup\n${EVENTS}${QUERY}\`\`\`quiet\n\`\`\`\n`

function folder(edit: (d: Draft) => void = () => {}, more: Record<string, string> = {}, name = 'd') {
  const d = base() as Draft
  edit(d)
  d.schedule = d.schedule ?? base().schedule
  const files = {
    'detection.yml': stringify(d),
    'logscale.cql': '*',
    'playbook.md': '',
    'investigation.md': '',
    'tests/a.case.md': PAGE,
    ...more,
  }
  return readDetection(new Map(Object.entries(files)), name)
}

/** `CODE file:line text of the line`, without names that every line would have. */
function told(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((d) => {
    if (d.at.kind !== 'text') return d.code
    const { line } = positionAt(d.at.source.text, d.at.span.start)
    return `${d.code} ${d.at.source.name}: ${d.at.source.text.split('\n')[line - 1]?.trim()}`
  })
}

test('a complete folder has nothing to say', () => {
  const read = folder()
  assert.equal(read.detection?.id, 'T1071.002-x')
  assert.deepEqual(told(read.diagnostics), [])
})

const cases: [string, (d: Draft) => void, string[]][] = [
  ['an unknown key', (d) => Object.assign(d, { titel: 'x' }), ['DET002 d/detection.yml: titel: x']],
  [
    'an unknown key inside a list',
    (d) => Object.assign(d.false_positives[0] as object, { why: 'zzz' }),
    ['DET002 d/detection.yml: why: zzz'],
  ],
  [
    'an unknown platform',
    (d) => Object.assign(d.platforms, { arcsight: {} }),
    ['DET002 d/detection.yml: arcsight: {}'],
  ],
  ['a missing key', (d) => Reflect.deleteProperty(d, 'title'), ['DET003 d/detection.yml: id: T1071.002-x']],
  [
    'a missing key inside',
    (d) => Reflect.deleteProperty(d.suppression, 'for'),
    ['DET003 d/detection.yml: suppression:'],
  ],
  ['a wrong kind', (d) => Object.assign(d, { entity: 'x' }), ['DET003 d/detection.yml: entity: x']],
  ['a date that is none', (d) => (d.created = '2026-02-30'), ['DET003 d/detection.yml: created: 2026-02-30']],
  [
    'a revoked technique',
    (d) => (d.attack.techniques = ['T1071.002', 'T1562.004']),
    ['DET104 d/detection.yml: - T1562.004'],
  ],
  ['a technique that does not exist', (d) => (d.attack.techniques = ['T9999']), ['DET103 d/detection.yml: - T9999']],
  [
    'a technique newer than the version',
    (d) => Object.assign(d.attack, { version: '18', techniques: ['T1685'] }),
    ['DET105 d/detection.yml: version: "18"', 'DET103 d/detection.yml: - T1685'],
  ],
  [
    'a name that escapes',
    (d) => (d.platforms.logscale.query = '../x.cql'),
    ['DET101 d/detection.yml: query: ../x.cql'],
  ],
  [
    'a name that is missing',
    (d) => (d.platforms.logscale.query = 'logscal.cql'),
    ['DET102 d/detection.yml: query: logscal.cql'],
  ],
  [
    'a window the threshold cannot fit into',
    (d) => (d.schedule.lookback = '3h'),
    ['DET111 d/detection.yml: lookback: 3h'],
  ],
  [
    'a window that misses at the border of two runs',
    (d) => (d.schedule.lookback = '210m'),
    ['DET112 d/detection.yml: lookback: 210m'],
  ],
  [
    'a window shorter than the frequency',
    (d) => Object.assign(d, { schedule: { lookback: '5m', frequency: '1h' }, trigger: { when: 'x', more_than: 0 } }),
    ['DET113 d/detection.yml: lookback: 5m'],
  ],
  [
    'a false positive without evidence',
    (d) => Object.assign(d.false_positives[0] as object, { tests: [] }),
    ['DET121 d/detection.yml: - id: backup'],
  ],
  [
    'a false positive whose test is an attack',
    (d) => Object.assign(d.false_positives[0] as object, { tests: ['tests/a.case.md#attack'] }),
    ['DET121 d/detection.yml: - id: backup'],
  ],
  [
    'a test that does not exist',
    (d) => Object.assign(d.false_positives[0] as object, { tests: ['tests/a.case.md#nope'] }),
    ['DET122 d/detection.yml: - tests/a.case.md#nope'],
  ],
  [
    'a tuning that does not exist',
    (d) => Object.assign(d.false_positives[0] as object, { tuning: ['nope'] }),
    ['DET122 d/detection.yml: - nope'],
  ],
  ['a window of no time', (d) => (d.schedule.lookback = '0h'), ['DET003 d/detection.yml: lookback: 0h']],
  [
    'a threshold without a pace',
    (d) => Object.assign(d, { trigger: { when: 'x', more_than: 3 } }),
    ['DET115 d/detection.yml: more_than: 3'],
  ],
  [
    'a change before the beginning',
    (d) => (d.created = '2026-11-26'),
    ['DET125 d/detection.yml: modified: 2026-11-25'],
  ],
  [
    'a changelog upside down',
    (d) => d.changelog.push({ version: '0.9.0', date: '2026-12-01', what: ['x'] }),
    ['DET125 d/detection.yml: date: 2026-11-25'],
  ],
  [
    'a cover that escapes',
    (d) => Object.assign(d.blind_spots[0] as object, { covered_by: ['logscale.cql', '../x.cql'] }),
    ['DET101 d/detection.yml: - ../x.cql'],
  ],
  ['a changelog behind', (d) => (d.version = '1.1.0'), ['DET124 d/detection.yml: version: 1.1.0']],
]
for (const [name, edit, want] of cases)
  test(`${name}: coded at its line`, () => {
    assert.deepEqual(told(folder(edit).diagnostics).sort(), [...want].sort())
  })

const tests: [string, string, string[]][] = [
  ['promises nothing', `## t\n${EVENTS}${QUERY}`, ['DET201 d/tests/a.case.md: ```cql file=../logscale.cql']],
  ['has no telemetry', `## t\n${QUERY}\`\`\`quiet\n\`\`\`\n`, ['DET202 d/tests/a.case.md: ## t']],
  ['has no query', `## t\n${EVENTS}`, ['DET202 d/tests/a.case.md: ## t']],
  [
    'has only empty telemetry',
    `## t\n\`\`\`events\n\n\`\`\`\n${QUERY}\`\`\`quiet\n\`\`\`\n`,
    ['DET202 d/tests/a.case.md: ## t'],
  ],
  [
    'has telemetry that nobody can read',
    `## t\n\`\`\`raw\nhello there\n\`\`\`\n${QUERY}\`\`\`quiet\n\`\`\`\n`,
    ['DET204 d/tests/a.case.md: ```raw'],
  ],
  [
    'names a format that does not exist',
    `## t\n\`\`\`raw format=panoss\nhello there\n\`\`\`\n${QUERY}\`\`\`quiet\n\`\`\`\n`,
    ['DET204 d/tests/a.case.md: ```raw format=panoss'],
  ],
  [
    'misspells an option',
    `## t\n${EVENTS.replace('events', 'events categroy=x')}${QUERY}\`\`\`quiet\n\`\`\`\n`,
    ['DET205 d/tests/a.case.md: ```events categroy=x'],
  ],
  [
    'misspells a fence',
    `## t\n${EVENTS}${EVENTS.replace('events', 'event')}${QUERY}\`\`\`quiet\n\`\`\`\n\`\`\`json\n{}\n\`\`\`\n`,
    ['DET205 d/tests/a.case.md: ```event'],
  ],
  [
    'names a lookup outside',
    `## t\n${EVENTS}\`\`\`lookup file=../../x.csv\n\`\`\`\n${QUERY}\`\`\`quiet\n\`\`\`\n`,
    ['DET101 d/tests/a.case.md: ```lookup file=../../x.csv'],
  ],
  [
    'names a file outside',
    `## t\n${EVENTS}\`\`\`cql file=../../x.cql\n\`\`\`\n\`\`\`quiet\n\`\`\`\n`,
    ['DET101 d/tests/a.case.md: ```cql file=../../x.cql'],
  ],
]
for (const [name, body, want] of tests)
  test(`a test that ${name}: coded at its line`, () => {
    const got = told(folder(() => {}, { 'tests/b.case.md': '', 'tests/a.case.md': `${PAGE}\n${body}` }).diagnostics)
    assert.deepEqual(got, want)
  })

test('a query that never fires or is never quiet in its tests says so', () => {
  const only = (page: string) =>
    told(folder(() => {}, { 'tests/a.case.md': page }).diagnostics).filter((t) => t.startsWith('DET203'))
  const [fires, quiet] = PAGE.split('\n\n## quiet') as [string, string]
  const told203 = ['DET203 d/detection.yml: query: logscale.cql']
  assert.deepEqual(only(PAGE), [])
  assert.deepEqual(only(fires), told203)
  assert.deepEqual(only(`# t\n\n## quiet${quiet}`), told203)
  assert.deepEqual(only(''), ['DET203 d/detection.yml: platforms:'])
  // A case that is skipped, marked todo, or lists no finding is no evidence for an attack.
  for (const word of ['skip: later', 'todo: later'])
    assert.deepEqual(only(PAGE.replace('## attack\n', `## attack\n${word}\n`)), told203, word)
  assert.deepEqual(only(PAGE.replace('fires\n', 'result\naid:str\n')), told203)
  assert.deepEqual(only(PAGE.replace('fires\n', 'result\naid:str\na\n')), [])
})

test('every option of a fence that is read somewhere is one that the checks let pass', () => {
  const texts = ['core/detect', 'engine'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
      .map((f) => readFileSync(join(room, f), 'utf8')),
  )
  const read = new Set(
    texts.flatMap((t) => [...t.matchAll(/\boptions\.(?:get|has)\('(\w+)'\)/g)].map((m) => m[1] ?? '')),
  )
  assert.ok(read.size > 8)
  assert.deepEqual(
    [...read].filter((word) => !fenceOptions.has(word)),
    [],
  )
})

test('every query is tested, not only one of them', () => {
  const sumo = { ...base().platforms.logscale, query: 'sumo.sumo', companions: [] }
  const companion = { file: 'c.cql', title: 'C', why: 'w', severity: 'low', confidence: 'low', tables: ['t'] }
  const edit = (d: Draft) => {
    Object.assign(d.platforms.logscale, { companions: [companion] })
    Object.assign(d.platforms, { sumo })
  }
  assert.deepEqual(told(folder(edit, { 'c.cql': '*', 'sumo.sumo': '*' }).diagnostics), [
    'DET203 d/detection.yml: - file: c.cql',
    'DET203 d/detection.yml: - file: c.cql',
    'DET203 d/detection.yml: query: sumo.sumo',
    'DET203 d/detection.yml: query: sumo.sumo',
  ])
})

test('a portable rule is tested like any other query', () => {
  const sigma = 'title: a\nlogsource: {category: process_creation}\ndetection:\n  s: {Image: x}\n  condition: s\n'
  const said = (body: string) =>
    folder((d) => Object.assign(d.platforms, { sigma: { ...base().platforms.logscale, query: 'sigma.yml' } }), {
      'sigma.yml': sigma,
      'tests/s.case.md': body,
    }).diagnostics.map((d) => `${d.code} ${d.message}`)
  const fires = 'DET203 no test expects that sigma.yml fires'
  const quiet = 'DET203 no test expects that sigma.yml stays quiet'
  assert.deepEqual(said(''), [fires, quiet])
  const half = `## c\n${EVENTS}\`\`\`sigma file=../sigma.yml\n\`\`\`\n\`\`\`quiet\n\`\`\`\n`
  assert.deepEqual(said(half), [fires])
})

test('a false positive whose test is skipped or must fail has no evidence', () => {
  for (const word of ['skip: later', 'todo: later']) {
    const page = PAGE.replace('## quiet backup\n', `## quiet backup\n${word}\n`)
    const got = told(folder(() => {}, { 'tests/a.case.md': page }).diagnostics)
    assert.ok(got.includes('DET121 d/detection.yml: - id: backup'), word)
  }
})

test('hunts and the investigation are held to the same, but may have sections of prose', () => {
  const page = `# h\n\n## prose\nText.\n\n## query\n${EVENTS}${QUERY.replace('../', '../../')}`
  assert.deepEqual(told(folder(() => {}, { 'hunts/h.md': page }).diagnostics), [
    'DET101 d/hunts/h.md: ```cql file=../../logscale.cql',
    'DET201 d/hunts/h.md: ```cql file=../../logscale.cql',
  ])
})

const atomic = (edit: (t: string) => string) =>
  folder((d) => Object.assign(d, { validation: ['validation/a.yml'] }), {
    'validation/a.yml': edit(
      stringify({
        attack_technique: 'T1071.002',
        display_name: 'x',
        atomic_tests: [
          {
            name: 'n',
            auto_generated_guid: '3f1c7d52-9b0e-4c6a-8f3d-21a64be0c901',
            description: 'd',
            supported_platforms: ['linux'],
            input_arguments: { file: { description: 'f', type: 'path', default: '/tmp/x' } },
            executor: { name: 'sh', command: 'touch #{file}', cleanup_command: 'rm #{file}' },
          },
        ],
      }),
    ),
  })
test('validation tests: schema, technique, arguments', () => {
  assert.deepEqual(told(atomic((t) => t).diagnostics), [])
  const one = (from: string, to: string) => told(atomic((t) => t.replace(from, to)).diagnostics)
  assert.deepEqual(one('T1071.002', 'T1048'), ['DET133 d/validation/a.yml: attack_technique: T1048'])
  assert.deepEqual(one('touch #{file}', 'touch #{fil}'), ['DET132 d/validation/a.yml: command: "touch #{fil}"'])
  assert.deepEqual(one('- linux', '- plan9'), ['DET131 d/validation/a.yml: - plan9'])
  const signals = (guid: string) =>
    told(
      folder((d) => Object.assign(d, { validation: ['validation/a.yml'] }), {
        'validation/a.yml': atomic((t) => t).files.get('validation/a.yml') ?? '',
        'tests/a.case.md': PAGE.replace('## attack\n', `## attack\nvalidates: ${guid}\n`),
      }).diagnostics,
    )
  assert.deepEqual(signals('3F1C7D52-9b0e-4c6a-8f3d-21a64be0c901'), [])
  assert.deepEqual(signals('3f1c7d52'), ['DET122 d/tests/a.case.md: ## attack'])
  assert.equal(one('cleanup_command', 'cleanup')[0]?.slice(0, 25), 'DET131 d/validation/a.yml')
})

test('a Sigma correlation over another window than the schedule, or one in which the threshold cannot be reached', () => {
  const sigma = (timespan: string) =>
    folder((d) => Object.assign(d.platforms, { sigma: { ...base().platforms.logscale, query: 'sigma.yml' } }), {
      'sigma.yml': `title: a\n---\ntitle: b\ncorrelation:\n  timespan: ${timespan}\n`,
    }).diagnostics.filter((d) => d.code !== 'DET203')
  assert.deepEqual(told(sigma('240m')), [])
  assert.deepEqual(told(sigma('210m')), ['DET114 d/sigma.yml: timespan: 210m'])
  // Four events at one per hour span three.
  assert.deepEqual(told(sigma('3h')), ['DET111 d/sigma.yml: timespan: 3h'])
})

test('a Sigma rule: revoked and unknown techniques, ids, broken YAML', () => {
  const sigma = (text: string) =>
    told(
      folder((d) => Object.assign(d.platforms, { sigma: { ...base().platforms.logscale, query: 'sigma.yml' } }), {
        'sigma.yml': text,
      }).diagnostics,
    ).filter((t) => t.includes('sigma.yml:') && !t.startsWith('DET203'))
  assert.deepEqual(sigma('title: a\nid: x\ntags:\n  - attack.execution\n  - attack.t1562.004\n  - attack.t9999\n'), [
    'DET104 d/sigma.yml: - attack.t1562.004',
    'DET103 d/sigma.yml: - attack.t9999',
  ])
  assert.deepEqual(sigma('title: a\nid: X1\n---\ntitle: b\nid: x1\n'), ['DET123 d/sigma.yml: id: x1'])
  assert.deepEqual(sigma('title: a\ntitle: b\n'), ['DET001 d/sigma.yml: title: b'])
})

test('companions of a Sigma rule are held to the same', () => {
  const companion = { file: 'c.yml', title: 'C', why: 'w', severity: 'low', confidence: 'low', tables: ['t'] }
  const sigma = { ...base().platforms.logscale, query: 'sigma.yml', companions: [companion] }
  const files = { 'sigma.yml': 'id: a\n', 'c.yml': 'id: b\ntags: [attack.t1562.004]\n' }
  assert.deepEqual(told(folder((d) => Object.assign(d.platforms, { sigma }), files).diagnostics), [
    'DET104 d/c.yml: tags: [attack.t1562.004]',
  ])
})

test('broken YAML is told at its place, and a folder without detection.yml is one', () => {
  const read = readDetection(new Map([['detection.yml', 'id: a\nid: b\n']]))
  assert.deepEqual(told(read.diagnostics), ['DET001 detection.yml: id: b'])
  assert.deepEqual(told(readDetection(new Map()).diagnostics), ['DET004'])
})

test('an alias bomb is refused', () => {
  const lines = Array.from({ length: 9 }, (_, i) => `k${i + 1}: &k${i + 1} [${Array(9).fill(`*k${i}`).join(', ')}]`)
  const text = `k0: &k0 [x]\n${lines.join('\n')}\n`
  assert.deepEqual(
    readDetection(new Map([['detection.yml', text]])).diagnostics.map((d) => d.code),
    ['DET001'],
  )
})

test('names in a folder', () => {
  assert.equal(inFolder('../logscale.cql', 'tests/a.case.md'), 'logscale.cql')
  assert.equal(inFolder('hunts/a.md'), 'hunts/a.md')
  for (const name of [
    '..',
    '../x',
    'a/../../x',
    '/etc/passwd',
    'C:\\x',
    'c:/x',
    '..\\x',
    'file:///x',
    '~/x',
    '',
    '.',
    'a\0b',
  ])
    assert.equal(inFolder(name), undefined, name)
})

const related = (name: string, edit: (d: Draft) => void) => folder(edit, {}, name)

test('duplicate ids, unknown and circular relations', () => {
  const a = related('a', (d) => Object.assign(d, { id: 'A', replaces: ['B'] }))
  const b = related('b', (d) => Object.assign(d, { id: 'B', replaces: ['C'] }))
  const c = related('c', (d) => Object.assign(d, { id: 'C', replaces: ['A'], builds_on: ['Z'] }))
  const again = related('e', (d) => Object.assign(d, { id: 'A' }))
  assert.deepEqual(told(checkCatalogue([a, b, c, again])), [
    'DET301 e/detection.yml: id: A',
    'DET302 c/detection.yml: - Z',
    'DET303 c/detection.yml: - A',
  ])
  assert.deepEqual(told(checkCatalogue([a, b, related('c', (d) => Object.assign(d, { id: 'C' }))])), [])
  const own = related('s', (d) => Object.assign(d, { id: 'S', builds_on: ['S'] }))
  assert.deepEqual(told(checkCatalogue([own])), ['DET303 s/detection.yml: - S'])
})

test('relations may lead to detections that are not read now; covers too', () => {
  const a = related('a', (d) => {
    Object.assign(d, { id: 'A', builds_on: ['B'] })
    Object.assign(d.blind_spots[0] as object, { covered_by: ['logscale.cql', 'B', 'logscal.cql'] })
  })
  assert.deepEqual(told(checkCatalogue([a], () => new Set(['B']))), ['DET102 a/detection.yml: - logscal.cql'])
  const alone = ['DET302 a/detection.yml: - B', 'DET102 a/detection.yml: - B', 'DET102 a/detection.yml: - logscal.cql']
  assert.deepEqual(told(checkCatalogue([a])), alone)
})

test('ids of rules and of validation tests are unique everywhere', () => {
  const withIds = (name: string, guid: string, rule: string) =>
    folder(
      (d) => {
        Object.assign(d, { id: name, validation: ['v.yml'] })
        Object.assign(d.platforms, { sigma: { ...base().platforms.logscale, query: 'sigma.yml' } })
      },
      { 'v.yml': `atomic_tests:\n  - auto_generated_guid: ${guid}\n`, 'sigma.yml': `id: ${rule}\n` },
      name,
    )
  assert.deepEqual(told(checkCatalogue([withIds('a', 'G1', 'R1'), withIds('b', 'g1', 'r1')])), [
    'DET301 b/v.yml: - auto_generated_guid: g1',
    'DET301 b/sigma.yml: id: r1',
  ])
  assert.deepEqual(told(checkCatalogue([withIds('a', 'G1', 'R1'), withIds('b', 'G2', 'R2')])), [])
})

test('related detections are computed', () => {
  const of = (id: string, techniques: string[], more = {}) =>
    detectionSchema.parse({ ...base(), id, attack: { version: '19.2', techniques }, ...more })
  const a = of('A', ['T1071.002'])
  const all = [
    a,
    of('B', ['T1071.002']),
    of('C', ['T1071.001']),
    of('D', ['T1003']),
    of('E', ['T1003'], { replaces: ['A'] }),
  ]
  assert.deepEqual(relatedTo(a, all), [
    { id: 'B', because: 'also T1071.002' },
    { id: 'C', because: 'also a part of T1071' },
    { id: 'E', because: 'replaces this one' },
  ])
})
