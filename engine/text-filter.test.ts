import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { binder } from '../core/eval/bind.ts'
import { compilePred, tupleScope } from '../core/eval/compile.ts'
import { formatNamed, isEvent } from '../core/logs/registry.ts'
import { generateFirewall } from '../tools/gen/firewall.ts'
import { col, test as testPred, or } from '../core/plan/build.ts'
import type { SourceNode } from '../core/plan/plan.ts'
import { textFilter } from './text-filter.ts'

const FIELDS = {
  asa: ['dest_port', 'src_port'],
  fortigate: ['dstport', 'srcport'],
  panos: ['dest_port', 'src_port'],
} as const

for (const name of ['asa', 'fortigate', 'panos'] as const) {
  const format = formatNamed(name)
  assert.ok(format)
  const bundled = gunzipSync(readFileSync(`examples/t1071.002/${name}/${name}.log.gz`))
    .toString()
    .split('\n')
    .filter(Boolean)
  const fields = [...FIELDS[name], 'network:dest_port', 'network:src_port']

  test(`${name}: a line that is passed over matches nothing`, () => {
    const reader = format.reader({ zone: 'UTC', year: 2026 }, [])
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.constantFrom('20', '21', '69', '139', '445', '990', '443', '53', '6', '17', '1024', '40000'),
          { minLength: 1, maxLength: 5 },
        ),
        fc.constantFrom(...fields),
        fc.constantFrom(...fields),
        (values, one, two) => {
          const columns = [one, two].map((f, i) => ({
            id: `c${i}`,
            ty: 'str' as const,
            from: { kind: 'field' as const, name: f },
          }))
          const where = or(...columns.map((c) => testPred('str.in', [col(c.id, 'str')], { values, ignoreCase: false })))
          const source: SourceNode = { kind: 'source', name: 'events', columns, rest: false, interval: 'query', where }
          const filter = textFilter([source], format, format.tags)
          assert.ok(filter)
          const bind = binder(source, format.aliases)
          const holds = compilePred(
            where,
            tupleScope(
              new Map([
                ['c0', 0],
                ['c1', 1],
              ]),
            ),
            { now: 0n, start: 0n, end: 0n, zone: 'UTC' },
          )
          const text = `${bundled.join('\n')}\n`
          const search = filter.search(text)
          let from = 0
          let passedOver = 0
          for (const line of bundled) {
            const to = from + line.length
            if (search.isRecord(from, to) && !search.mayMatch(from, to)) {
              passedOver++
              const event = reader.read(line)
              if (isEvent(event)) assert.ok(!holds(bind.tuple(event, { file: '', raw: line, seq: 0n })), line)
            }
            from = to + 1
          }
          return passedOver >= 0
        },
      ),
      { numRuns: 25 },
    )
  })

  test(`${name}: most lines of an ordinary log are passed over`, () => {
    let text = ''
    generateFirewall({ format: name, seed: 3, mb: 0.2, start: Date.UTC(2026, 0, 15), hours: 24 }, (t) => (text += t))
    const columns = [{ id: 'p', ty: 'str' as const, from: { kind: 'field' as const, name: FIELDS[name][0] } }]
    const where = testPred('str.in', [col('p', 'str')], { values: ['69', '139', '445', '990'], ignoreCase: false })
    const filter = textFilter(
      [{ kind: 'source', name: 'events', columns, rest: false, interval: 'query', where }],
      format,
      format.tags,
    )
    const search = filter?.search(text)
    assert.ok(search)
    let from = 0
    let read = 0
    const lines = text.split('\n').filter(Boolean)
    for (const line of lines) {
      if (search.mayMatch(from, from + line.length)) read++
      from += line.length + 1
    }
    assert.ok(read > 0 && read < lines.length / 2, `${read} of ${lines.length}`)
  })
}
