// Twice the text takes about twice the work: every reader over long records, every pass over long queries. A square would show a four.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { binder } from '../../core/eval/bind.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import { split } from '../../core/passes/6-split.ts'
import type { SourceNode } from '../../core/plan/plan.ts'
import { columnIds } from '../../core/plan/sources.ts'
import { compileSql, stageTailReason, tailReason } from '../../core/sql/compile.ts'
import { compile, languageNamed, optimised } from '../../core/workbench/compile.ts'
import { lint } from '../../core/workbench/lint.ts'
import { Frames } from '../../engine/inputs/frames.ts'

const MOST = 3
/** A shorter time says nothing, so the text grows first. Milliseconds. */
const LEAST = 6

/** Milliseconds of this process's own work: the machine may be busy. */
function cost(work: () => void): number {
  const began = process.cpuUsage()
  work()
  return process.cpuUsage(began).user / 1000
}

/** `make` builds the work of a size outside of the time. The least of several times counts: others disturb it only upwards. */
function growsLinearly(size: number, make: (n: number) => () => void): void {
  const ratios: string[] = []
  for (let attempt = 0, n = size; attempt < 5; attempt++) {
    const [small, large] = [make(n), make(2 * n)]
    let [a, b] = [cost(small), cost(large)]
    for (let i = 0; i < 3; i++) {
      if (b < MOST * Math.max(a, LEAST)) return
      ;[a, b] = [Math.min(a, cost(small)), Math.min(b, cost(large))]
    }
    ratios.push(`${a.toFixed(0)} → ${b.toFixed(0)} ms at ${n}`)
    // A time that jumps once, as with a larger table, does not jump again.
    if (b < 500) n *= 2
  }
  assert.fail(ratios.join(', '))
}

const many = (n: number, item: (i: number) => string, between: string): string =>
  Array.from({ length: n }, (_, i) => item(i)).join(between)

const SOURCE: SourceNode = {
  kind: 'source',
  name: 'events',
  columns: [
    { id: 'time', ty: 'time', from: { kind: 'meta', name: 'time' } },
    { id: 'port', ty: 'str', from: { kind: 'field', name: 'network:dest_port' } },
    { id: 'array', ty: 'list', from: { kind: 'array', name: 'a' } },
    { id: 'elements', ty: 'list', from: { kind: 'elements', name: 'o' } },
  ],
  rest: true,
  interval: 'all',
  where: { kind: 'true' },
}

/** Reads a text as a file of the format, binds its events, and asks for fields, those of lists too. */
function readAll(name: string, text: string): () => void {
  const format = formatNamed(name)
  assert.ok(format, name)
  const lines = text.split('\n')
  return () => {
    const reader = format.reader({ zone: 'UTC', year: 2026 }, lines)
    const { tuple } = binder(SOURCE, format.aliases)
    const records = format.split ? [...format.split(text)].map((r) => r.record) : lines
    for (const raw of records) {
      const read = reader.read(raw)
      if (!('fields' in read)) continue
      tuple(read, { file: '', raw, seq: 0n })
      for (const field of read.fields.keys()) read.fields.get(field)
    }
    reader.end?.()
  }
}

const HEAD = '<13>Nov 20 10:00:00 h app: '
const XML = '<System><Provider Name="P"/><EventID>1</EventID><Channel>C</Channel></System>'

/** Format, size, and a text of that size. */
const RECORDS: readonly (readonly [name: string, format: string, size: number, text: (n: number) => string])[] = [
  ['keys', 'json-lines', 5_000, (n) => `{${many(n, (i) => `"k${i}":"${i}"`, ',')}}`],
  ['keys, for a view', 'suricata', 5_000, (n) => `{"event_type":"flow",${many(n, (i) => `"k${i}":1`, ',')}}`],
  ['one key again and again', 'json-lines', 5_000, (n) => `{${many(n, () => '"k":"v"', ',')}}`],
  ['every key twice', 'json-lines', 5_000, (n) => `{${many(2 * n, (i) => `"k${i % n}":{"a":${i}}`, ',')}}`],
  ['nested keys', 'json-lines', 5_000, (n) => `{"a":{${many(n, (i) => `"k${i}":{"b":1}`, ',')}}}`],
  ['a key with many dots', 'json-lines', 5_000, (n) => `{"${many(n, () => 'a', '.')}":1}`],
  [
    'an array',
    'json-lines',
    20_000,
    (n) => `{"a":[${many(n, String, ',')}],"o":[${many(n, (i) => `{"x":${i}}`, ',')}]}`,
  ],
  ['escapes', 'json-lines', 25_000, (n) => `{"a":"${'\\"'.repeat(n)}","b":"${'\\\\'.repeat(n)}"}`],
  ['an array of objects', 'json-array', 2_000, (n) => `[${many(n, (i) => `{"a":${i}}`, ',\n')}]`],
  ['a container', 'json-array', 2_000, (n) => `{"Records":[${many(n, (i) => `{"a":${i}}`, ',\n')}]}`],
  ['pairs', 'fortigate', 5_000, (n) => `date=2026-01-15 time=00:02:14 devid=1 ${many(n, (i) => `k${i}="v"`, ' ')}`],
  ['extensions', 'cef', 5_000, (n) => `CEF:0|V|P|1|100|n|5|${many(n, (i) => `k${i}=a b`, ' ')}`],
  ['extensions', 'leef', 5_000, (n) => `LEEF:1.0|V|P|1|x|${many(n, (i) => `k${i}=a b`, '\t')}`],
  ['columns', 'csv', 5_000, (n) => `${many(n, (i) => `k${i}`, ',')}\n${many(n, () => '"v"', ',')}`],
  ['a quote over lines', 'csv', 5_000, (n) => `a,b\n1,"${'x\n'.repeat(n)}`],
  ['a message', 'syslog', 25_000, (n) => `${HEAD}x=1 ${'a'.repeat(n)}`],
  ['a value', 'syslog', 25_000, (n) => `${HEAD}x=1,${'a'.repeat(n)}=2`],
  ['pairs', 'syslog', 5_000, (n) => HEAD + many(n, (i) => `k${i}=v`, ' ')],
  ['structured data', 'syslog', 5_000, (n) => `<13>1 - h a - - ${many(n, (i) => `[x@1 k${i}="v"]`, '')} m`],
  [
    'blanks',
    'asa',
    50_000,
    (n) =>
      `%ASA-6-302014: Teardown TCP connection 1 for a:1.1.1.1/21 to b:2.2.2.2/22 duration 0:04:47 bytes 21${' '.repeat(n)}x`,
  ],
  ['blanks', 'checkpoint', 20_000, (n) => `${HEAD}[action:"Drop"; product:"a${' '.repeat(n)}b"; src:"1.1.1.1"]`],
  ['a word', 'iptables', 20_000, (n) => `${HEAD}IN=eth0 OUT= SRC=1.1.1.1 DST=2.2.2.2 ${'A'.repeat(n)} PROTO=TCP`],
  [
    'a word',
    'junos',
    20_000,
    (n) =>
      `<14>1 2026-01-15T00:00:00Z h RT_FLOW - RT_FLOW_SESSION_CREATE [junos@2636 source-address="1.1.1.1" ${'a'.repeat(n)} destination-address="2.2.2.2"]`,
  ],
  ['returns', 'checkpoint', 5_000, (n) => `${HEAD}[action:"Drop"; product:"a${'#013 '.repeat(n)}b"; src:"1.1.1.1"]`],
  ['blanks', 'pure-ftpd', 20_000, (n) => `1700000000 1.2 u h D 1 1 /a${' '.repeat(n)}b`],
  [
    'data',
    'sysmon-xml',
    10_000,
    (n) => `<Event>${XML}<EventData>${many(n, (i) => `<Data Name="k${i}">v</Data>`, '')}</EventData></Event>`,
  ],
  [
    'data without a name',
    'sysmon-xml',
    10_000,
    (n) => `<Event>${XML}<EventData>${'<Data>v</Data>'.repeat(n)}</EventData></Event>`,
  ],
]

for (const [name, format, size, text] of RECORDS)
  test(`a record of ${format}: ${name}`, () => growsLinearly(size, (n) => readAll(format, text(n))))

test('counted messages whose counts lie', () =>
  growsLinearly(4000, (n) => {
    const bytes = Buffer.from(many(n, (i) => `9999999 <13>${i}`, '\n'))
    return () => {
      const frames = new Frames({ frame: () => {}, wrongCount: () => {} }, 16 << 20)
      frames.feed(bytes)
      frames.end()
    }
  }))

const RULE = 'title: T\nlogsource: {product: windows, category: process_creation}\ndetection:\n'

/** Language, size, and a text of that size. */
const QUERIES: readonly (readonly [name: string, language: string, size: number, text: (n: number) => string])[] = [
  ['alternatives', 'cql', 500, (n) => many(n, (i) => `a${i}=${i}`, ' OR ')],
  ['conjuncts', 'cql', 500, (n) => many(n, (i) => `a${i}=${i}`, ' ')],
  ['words', 'cql', 500, (n) => many(n, (i) => `word${i}`, ' OR ')],
  ['a list', 'cql', 2000, (n) => `in(a, values=[${many(n, (i) => `"v${i}"`, ', ')}])`],
  ['branches', 'cql', 200, (n) => `case { ${many(n, (i) => `a=${i} | x${i}:="b"`, '; ')}; * }`],
  ['cases of a match', 'cql', 200, (n) => `a match { ${many(n, (i) => `v${i} => x:="b${i}"`, '; ')}; * => * }`],
  ['columns', 'cql', 500, (n) => `select([${many(n, (i) => `f${i}`, ', ')}])`],
  ['words', 'sumo', 500, (n) => many(n, (i) => `w${i}`, ' OR ')],
  ['conditions', 'sumo', 500, (n) => `* | where ${many(n, (i) => `a${i}="${i}"`, ' or ')}`],
  ['a list', 'sumo', 2000, (n) => `* | where a in (${many(n, (i) => `"v${i}"`, ', ')})`],
  ['columns', 'sumo', 500, (n) => `* | fields ${many(n, (i) => `f${i}`, ', ')}`],
  [
    'values',
    'sigma',
    1000,
    (n) => `${RULE}  s:\n    Image:\n${many(n, (i) => `      - v${i}`, '\n')}\n  condition: s\n`,
  ],
  [
    'selections',
    'sigma',
    300,
    (n) => `${RULE}${many(n, (i) => `  s${i}:\n    Image: v${i}`, '\n')}\n  condition: 1 of s*\n`,
  ],
]

const ENV = { now: 0n, start: 0n, end: 1n, zone: 'UTC' }
const PASSES: Readonly<Record<string, (text: string, language: string) => void>> = {
  lint: (text, language) => void lint({ name: 'q', text }, language),
  format: (text, language) => void languageNamed(language)?.format?.({ name: 'q', text }),
  'plan and SQL': (text, language) => {
    const { plan } = compile({ name: 'q', text }, language)
    assert.ok(plan)
    // The rest of a plan that DuckDB cannot compute is the evaluator's.
    const { core } = split(
      optimised(plan),
      (prim, consts) => tailReason(prim, consts, 'duckdb'),
      (stage) => stageTailReason(stage, 'duckdb'),
    )
    assert.ok(core)
    compileSql(core, 'duckdb', ENV, (s) => ({ from: 't', columns: columnIds(s).map((_, i) => `c${i}`) }))
  },
}

for (const [name, language, size, text] of QUERIES)
  for (const [pass, run] of Object.entries(PASSES))
    test(`${language}, ${name}: ${pass}`, () =>
      growsLinearly(size, (n) => {
        const long = text(n)
        return () => run(long, language)
      }))
