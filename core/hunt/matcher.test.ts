import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EventMeta } from '../eval/bind.ts'
import { columnReader } from '../eval/bind.ts'
import { compilePred } from '../eval/compile.ts'
import type { Event } from '../logs/format.ts'
import { formatNamed } from '../logs/registry.ts'
import { WINDOWS_RESPELLED } from '../logs/vendors/windows/windows.ts'
import { windowsJsonReader } from '../logs/vendors/windows/windows-json.ts'
import { NO_ENV } from '../plan/build.ts'
import type { SourceNode } from '../plan/plan.ts'
import { planSources } from '../plan/sources.ts'
import { compile, optimised } from '../workbench/compile.ts'
import { Found, findNeedles, GramCounts, isSearchable, needlesOf, sparseTableOf, tableOf } from './grams.ts'
import { Matcher } from './matcher.ts'
import { type Filter, indexFilters } from './rule-index.ts'

const texts = fc.array(
  fc.string({ unit: fc.constantFrom(...'aAbk\\.éÉ\u212a'), minLength: 1, maxLength: 6 }).filter(isSearchable),
  {
    minLength: 1,
    maxLength: 8,
  },
)

test('the index finds exactly the texts that a value contains, in any case', () => {
  fc.assert(
    fc.property(texts, fc.string({ unit: fc.constantFrom(...'aAbBkK\\.éÉ\u212a'), maxLength: 30 }), (given, value) => {
      const low = (t: string): string => t.toLowerCase()
      const needles = [...new Set(given.map(low))].filter(isSearchable)
      const counts = new GramCounts()
      counts.add('aaab')
      const own = needlesOf(needles, counts)
      for (const table of [tableOf(own, [...needles.keys()]), sparseTableOf(own)]) {
        const found = new Found()
        findNeedles(value, table, found)
        const texts = [...found.needles.subarray(0, found.length)].map((n) => needles[n] as string)
        assert.deepEqual([...new Set(texts)].sort(), needles.filter((n) => low(value).includes(n)).sort())
      }
    }),
    { numRuns: 200 },
  )
})

const rule = (detection: string): string =>
  `title: t\nlogsource:\n    category: process_creation\n    product: windows\ndetection:\n${detection}\n`

const RULES: readonly (readonly [language: string, text: string])[] = [
  [
    'sigma',
    rule(
      '    a:\n        Image|endswith: \\cmd.exe\n        CommandLine|contains:\n            - " /c "\n            - -Enc\n    condition: a',
    ),
  ],
  [
    'sigma',
    rule(
      '    a:\n        Image|endswith:\n            - \\cmd.exe\n            - \\sh.exe\n    b:\n        CommandLine: ""\n    condition: a and not b',
    ),
  ],
  ['sigma', rule('    a:\n        CommandLine|re: "(?i)-e(nc)? [a-z]+"\n    condition: a')],
  ['sigma', rule('    a:\n        CommandLine|cased|contains: Enc\n    b:\n        User: null\n    condition: a or b')],
  ['sigma', rule('    a:\n        ParentImage|startswith: C:\\Temp\\\n        Image|endswith: .exe\n    condition: a')],
  ['sigma', rule('    a:\n        - one\n        - cmd\n    condition: a')],
  ['sigma', rule('    a:\n        Image: C:\\Temp\\cmd.exe\n    condition: not a')],
  ['sigma', rule('    a:\n        User|contains: \u212aa\n    condition: a')],
  ['cql', 'Image=*cmd* CommandLine!=*enc* | lower := lower(User) | lower = "ka"'],
  ['cql', 'in(Image, values=["*\\\\cmd.exe", "*\\\\sh.exe"]) | CommandLine = /enc/i'],
  ['cql', 'enc'],
  ['sumo', '"cmd" and not "-enc"'],
  ['cql', 'windows.EventData.CommandLine = /enc/i | #windows.EventID = 1'],
]

const sources: readonly SourceNode[] = RULES.flatMap(([language, text]) => {
  const { plan, diagnostics } = compile({ name: 'rule', text }, language)
  assert.ok(plan, JSON.stringify(diagnostics))
  return planSources(optimised(plan))
})

const PIECES = ['\\cmd.exe', '\\SH.EXE', ' /C ', '-enc', 'Enc ', 'C:\\Temp\\', 'one', 'ka', 'KA', '\u212aa', '', 'x']
const value = fc.array(fc.constantFrom(...PIECES), { maxLength: 3 }).map((p) => p.join(''))
const FIELDS = [
  'Image',
  'CommandLine',
  'ParentImage',
  'User',
  'ImageFileName',
  'CommandLine[0]',
  'Payload',
  'process.executable',
]
const fields = fc
  .tuple(fc.constantFrom('1', '3', '4688'), fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 5 }))
  .map(([id, own]): Record<string, string> => {
    const Channel = id === '4688' ? 'Security' : 'Microsoft-Windows-Sysmon/Operational'
    return { EventID: id, Channel, UtcTime: '2026-06-21 09:00:00.000', ...own }
  })

const ALIASES = { ComputerName: ['Computer'], Image: ['Image', 'ImageFileName'] }

test('texts anywhere: the record alone is searched where it spells its values, and the same is found', () => {
  const keywords = [...RULES.keys()].filter((i) =>
    ['enc', 'sumo'].some((w) => RULES[i]?.[1] === w || RULES[i]?.[0] === w),
  )
  const own = [5, ...keywords].map((i) => sources[i] as SourceNode)
  const { index, filters } = indexFilters(own, new Set(['EventID', 'Channel']), new GramCounts(), 1)
  const spellings = fc.constantFrom(
    (t: string) => t,
    (t: string) => t.replace(/[cek]/gi, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  )
  fc.assert(
    fc.property(fields, spellings, (given, spelled) => {
      const raw = spelled(JSON.stringify(given))
      const read = windowsJsonReader({ zone: 'UTC', year: 1970 }).read(raw)
      assert.ok('fields' in read)
      const meta: EventMeta = { file: 'f', raw, seq: 0n }
      const found = [undefined, WINDOWS_RESPELLED].map((respelled) => {
        const matcher = new Matcher((i) => filters[i] as Filter, index, {
          aliases: {},
          tags: {},
          env: NO_ENV,
          respelled,
        })
        const passed: number[] = []
        matcher.match(read, meta, { begin: () => true, end: () => {} }, (f) => passed.push(f))
        return passed.sort((a, b) => a - b)
      })
      assert.deepEqual(found[1], found[0], raw)
    }),
    { numRuns: 200 },
  )
})

/** Without a shape, and with the shape of its names: the reader has seen them before. */
const READERS: readonly ((own: Readonly<Record<string, string>>) => Event)[] = [
  (own) => ({ fields: new Map(Object.entries(own)), time: 0n }),
  (own) => {
    const reader = formatNamed('windows-json')?.reader({ zone: 'UTC', year: 1970 }, [])
    reader?.read(JSON.stringify(own))
    const read = reader?.read(JSON.stringify(own))
    assert.ok(read && 'fields' in read)
    return read
  },
]

test('a matcher finds what each filter finds alone', () => {
  const counts = new GramCounts()
  counts.add('C:\\Temp\\cmd.exe')
  const { index, filters } = indexFilters(sources, new Set(['EventID', 'Channel', 'event_simpleName']), counts, 1)
  assert.ok(index.filters.filter((f) => f.isIndexed).length >= sources.length / 2)
  let [hits, shaped] = [0, 0]
  fc.assert(
    fc.property(fc.array(fields, { minLength: 1, maxLength: 10 }), fc.constantFrom(...READERS), (events, reader) => {
      const matcher = new Matcher((i) => filters[i] as Filter, index, { aliases: ALIASES, tags: {}, env: NO_ENV })
      for (const own of events) {
        const event = reader(own)
        if (event.shape) shaped++
        const meta: EventMeta = { file: 'f', raw: JSON.stringify(own), seq: 0n }
        const alone = sources.flatMap((source, i) => {
          const holds = compilePred<null>(
            source.where,
            (id) => () => columnReader(source, id, ALIASES)(event, meta),
            NO_ENV,
          )
          return holds(null) ? [i] : []
        })
        const found: number[] = []
        matcher.match(event, meta, { begin: () => true, end: () => {} }, (f) => found.push(f))
        assert.deepEqual(
          found.sort((a, b) => a - b),
          alone,
          JSON.stringify(own),
        )
        hits += alone.length
      }
    }),
    { numRuns: 100 },
  )
  assert.ok(hits > 100 && shaped > 100, `${hits}, ${shaped}`)
})
