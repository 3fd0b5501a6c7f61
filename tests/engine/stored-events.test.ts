// The row of a store answers to any name as its event does: every event of every page.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openCase } from '../../core/detect/case/case.ts'
import { parseCaseFile } from '../../core/detect/case/case-file.ts'
import { hiddenOf, namesOf } from '../../core/logs/cps/names.ts'
import type { Event, LogFormat } from '../../core/logs/format.ts'
import { CONNECTION } from '../../core/logs/network/network.ts'
import { formats } from '../../core/logs/registry.ts'
import { rowReader, type RowValues } from '../../core/tables/event.ts'
import type { Table } from '../../core/tables/mapping.ts'
import { readInside } from '../../engine/files/open-inside.ts'
import { copiesOf } from '../../engine/inputs/table-file.ts'
import { listPages } from '../../engine/project/list-files.ts'

/** Of all formats, whatever the event is. */
const ANY: readonly string[] = [
  ...new Set([
    ...CONNECTION,
    ...formats.flatMap((f) => [
      ...Object.keys(f.aliases),
      ...Object.keys(f.tags),
      ...Object.values(f.cps ?? {}).flatMap((of) => (Array.isArray(of) ? [] : Object.keys(of))),
    ]),
  ]),
]
const PREFIXES = ['', 'Vendor.', ...formats.flatMap((f) => f.cps?.prefixes ?? [])]

function storedEvent(event: Event, format: LogFormat): Event {
  const { isNamed, answers } = hiddenOf(event, format)
  const own = [...event.fields]
  const type = { kind: 'text' } as const
  const table: Table = {
    columns: [
      ...own.map(([name]) => ({ name, type })),
      ...answers.map(([of]) => ({ name: ` ${of}`, type, isOwn: true as const, answers: of })),
    ],
    mapping: { fields: {}, tags: {}, format: format.name, stored: { isNamed } },
  }
  const values = [...own, ...answers].map(([, text]) => text)
  const row: RowValues = [event.time === undefined ? null : String(event.time), null, ...values]
  return rowReader(table, copiesOf(table))(row)
}

test('an event of a store answers to every name as the event of the logs does', () => {
  const seen = new Set<string>()
  const done = new Set<string>()
  let made = 0
  for (const page of listPages(['conformance', 'detections', 'core/lint/rules']).pages) {
    const file = parseCaseFile(page)
    const reach = { from: page.name.replace(/\/[^/]*$/, ''), roots: ['.'] }
    for (const c of file.cases) {
      const { telemetry } = openCase(file, c, (path) => {
        const read = readInside(reach, path)
        return read.ok ? read.value : read.diagnostics[0]
      })
      for (const { events, format } of telemetry) {
        if (!format) continue
        seen.add(format.name)
        for (const { event, meta } of events) {
          const key = `${format.name} ${meta.raw}`
          if (done.has(key)) continue
          done.add(key)
          const stored = storedEvent(event, format)
          assert.deepEqual([...stored.fields], [...event.fields])
          assert.equal(stored.time, event.time)
          const own = [...event.fields.keys()]
          for (const name of [...ANY, ...PREFIXES.flatMap((p) => own.map((n) => p + n))]) {
            const wanted = event.fields.get(name)
            assert.equal(stored.fields.get(name), wanted, `${page.name}: ${c.title}: ${format.name}: ${name}`)
            if (wanted !== undefined && !own.includes(name)) made++
          }
        }
      }
    }
  }
  const named = formats.filter((f) => namesOf(f) && seen.has(f.name)).map((f) => f.name)
  assert.ok(made > 10_000 && named.length > 10, `${made} answers of ${named.join(', ')}`)
})
