// Sigma's regression rules and the events that each must find: the index of a hunt finds what each rule finds alone.
// Set ASSAY_SIGMA_REGRESSION to a file with an object a line: `rule`, the text of a rule, and `input`, a list of events.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { columnReader, type EventMeta } from '../../core/eval/bind.ts'
import { compilePred } from '../../core/eval/compile.ts'
import { GramCounts } from '../../core/hunt/grams.ts'
import { Matcher } from '../../core/hunt/matcher.ts'
import { type Filter, indexFilters } from '../../core/hunt/rule-index.ts'
import type { Event, LogFormat } from '../../core/logs/format.ts'
import { NO_ENV } from '../../core/plan/build.ts'
import { planSources } from '../../core/plan/sources.ts'
import { formatOf } from '../inputs/format-of.ts'
import type { Recognised } from '../inputs/input.ts'
import { openTelemetry } from '../query/prepare-query.ts'
import { compileRules, readRules } from './hunt-rules.ts'

const corpus = process.env['ASSAY_SIGMA_REGRESSION']

interface Case {
  readonly rule: string
  readonly input: readonly unknown[]
}

test('regression rules × all their events', { skip: corpus === undefined && 'no ASSAY_SIGMA_REGRESSION' }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'regression-'))
  try {
    const lines = readFileSync(corpus as string, 'utf8')
      .trim()
      .split('\n')
    const cases = lines.map((line) => JSON.parse(line) as Case)
    const paths = cases.map((_, i) => join(folder, `${i}.yml`))
    for (const [i, { rule }] of cases.entries()) writeFileSync(paths[i] as string, rule)
    const texts = cases.flatMap(({ input }, of) =>
      input.map((e) => ({ of, raw: typeof e === 'string' ? e : JSON.stringify(e) })),
    )
    const log = join(folder, 'events.ndjson')
    writeFileSync(log, texts.map((t) => t.raw).join('\n'))
    const telemetry = await openTelemetry({ logs: [log] })
    const { rules } = await compileRules(readRules(paths).queries, {}, telemetry)
    assert.equal(rules.length, cases.length)
    const file = telemetry.files[0] as Recognised
    const format = formatOf(file) as LogFormat
    const filters = rules.flatMap((r) => planSources(r.plan).map((source) => ({ file: r.file, source })))
    const sources = filters.map((f) => f.source)
    const { index, filters: rests } = indexFilters(sources, new Set(rules.flatMap((r) => r.kinds)), new GramCounts(), 1)
    const scope = { aliases: format.aliases, tags: { ...format.tags }, env: NO_ENV, respelled: format.respelled }
    const matcher = new Matcher((i) => rests[i] as Filter, index, scope)
    let current: { event: Event; meta: EventMeta } | undefined
    const alone = sources.map((source) =>
      compilePred<null>(
        source.where,
        (id) => {
          const read = columnReader(source, id, scope.aliases, scope.tags)
          return () => (current ? read(current.event, current.meta) : null)
        },
        NO_ENV,
      ),
    )
    const reader = format.reader({ zone: 'UTC', year: 1970 }, file.head)
    const fired = new Set<string>()
    for (const { of, raw } of texts) {
      const event = reader.read(raw)
      assert.ok('fields' in event, raw)
      current = { event, meta: { file: log, raw, seq: 0n } }
      const found: number[] = []
      matcher.match(event, current.meta, { begin: () => true, end: () => {} }, (f) => found.push(f))
      const plain = alone.flatMap((holds, f) => (holds(null) ? [f] : []))
      assert.deepEqual(
        found.toSorted((a, b) => a - b),
        plain,
        raw,
      )
      if (plain.some((f) => filters[f]?.file === paths[of])) fired.add(paths[of] as string)
    }
    assert.deepEqual(
      paths.filter((p) => !fired.has(p)).map((p) => p.replace(folder, '')),
      [],
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
