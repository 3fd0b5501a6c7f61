// Every format that is written reads back as the same events.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents } from './read-events.ts'
import { formatNamed, formats } from '../../logs/registry.ts'
import type { Event } from '../../logs/format.ts'

const TIME = 1_772_445_600_000_000n
const NASTY = ['plain', 'two words', 'a"b', "it's", 'C:\\x\\y.exe', 'é<&>', '10.0.0.1', '7', 'a,b']

/** Field names that the format has a place for. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  fdr: ['event_simpleName', 'CommandLine'],
  'sysmon-xml': ['Image', 'CommandLine'],
  panos: ['ruleName', 'app'],
  fortigate: ['policyname', 'app'],
}

test('what a format writes, it reads', () => {
  const written = formats.filter((f) => f.write)
  assert.ok(written.length >= 6)
  for (const format of written) {
    const names = NAMES[format.name] ?? ['a', 'b.c']
    const events = NASTY.map(
      (value, i): Event => ({
        fields: new Map([
          [names[0] as string, value],
          [names[1] as string, `x${i}`],
        ]),
        time: TIME + BigInt(i) * 1_000_000n,
      }),
    )
    const text = format.write?.(events) ?? ''
    const read = readEvents(text, { file: 'w', context: { zone: 'UTC', year: 2026 }, tags: {}, from: 0n })
    assert.equal(read.format?.name, formatNamed(format.name)?.name, `${format.name}: ${text.slice(0, 200)}`)
    assert.deepEqual(read.bad, [])
    assert.deepEqual(
      read.events.map(({ event }) => [names.map((n) => event.fields.get(n)), event.time]),
      events.map((e) => [names.map((n) => e.fields.get(n)), e.time]),
      format.name,
    )
  }
})
