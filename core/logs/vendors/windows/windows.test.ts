import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Event } from '../../format.ts'
import { isEvent, recognise } from '../../registry.ts'
import { CHANNEL, DATA, HEADS, LINUX, context, dumped, pick, read, shapes, time, xml } from './windows-fixtures.ts'
import { runs } from '../../../../tools/property-runs.ts'

// ── properties ──

const value = fc
  .oneof(fc.string({ unit: 'binary' }), fc.constantFrom("'", '"', '&amp;', '<Data>', ']]>', '\\', '=', ' x '))
  .map((s) =>
    // XML cannot hold these, and logs have no line breaks within a line.
    s.replace(/[\u0000-\u001f\ud800-\udfff\ufffe\uffff\u2028\u2029]/g, '_'),
  )
const data = fc.dictionary(fc.stringMatching(/^[A-Z][A-Za-z]{2,12}$/), value, { maxKeys: 6 }).map((d) => {
  const { UtcTime: _, EventID: __, ...rest } = { ...d } as Record<string, string>
  return rest
})

test('any text survives in every shape', () => {
  fc.assert(
    fc.property(data, (d) => {
      const names = Object.keys(d).filter((n) => !['Provider', 'Channel', 'Computer'].includes(n))
      const want = Object.fromEntries(names.map((n) => [n, d[n]]))
      const texts = [
        xml(d),
        xml(d, { quote: '"', eol: '\n' }),
        HEADS['RFC 5424'] + xml(d, { linux: true }),
        JSON.stringify({ ...dumped, Event: { ...dumped.Event, EventData: d } }),
        JSON.stringify({ winlog: { event_id: 3, channel: CHANNEL, event_data: d } }),
      ]
      for (const text of texts) assert.deepEqual(pick(read(text).records[0] as Event, names), want, text)
    }),
    { numRuns: runs(100) },
  )
})

test('any cut of a line is bad or right', () => {
  const lines = [
    xml(DATA),
    `${HEADS['RFC 3164']}${xml(LINUX, { linux: true, id: '11' })}`,
    `${HEADS['RFC 5424']}${xml(LINUX, { linux: true, quote: '"', id: '11' })}`,
    ...Object.values(shapes).map((s) => JSON.stringify(s)),
  ]
  for (const line of lines) {
    const reader = recognise([line])[0]?.format.reader(context, [])
    const whole = reader?.read(line)
    assert.ok(reader && whole && isEvent(whole))
    const times = new Set([whole.time, time('2026-03-02T04:05:18.123Z') + 456n])
    for (let end = 0; end < line.length; end++) {
      const cut = reader.read(line.slice(0, end))
      if (!isEvent(cut)) continue
      assert.ok(
        cut.notes?.some((n) => n.startsWith('cut off')),
        `a cut at ${end} is not said: ${line.slice(0, end)}`,
      )
      for (const [name, v] of cut.fields) assert.equal(v, whole.fields.get(name), `${name}, cut at ${end}`)
      assert.ok(times.has(cut.time), `time, cut at ${end}`)
    }
    for (let from = 1; from < line.length; from++) {
      const tail = reader.read(line.slice(from))
      if (isEvent(tail))
        for (const [name, v] of tail.fields)
          if (name !== 'SyslogHost') assert.equal(v, whole.fields.get(name), `${name}, from ${from}`)
    }
  }
})

test('nothing that is read makes a reader throw', () => {
  const readers = [
    xml(DATA),
    xml(DATA, { eol: '\n' }),
    HEADS['RFC 3164'] + xml(LINUX, { linux: true }),
    JSON.stringify(dumped),
  ].map((t) => recognise(t.split('\n'))[0]?.format.reader(context, []))
  const piece = fc.constantFrom(
    '<Event>',
    '</Event>',
    '<System>',
    '<EventID>3',
    '</',
    '<',
    '>',
    '&',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    "a='",
    '"',
    'x',
    '{"Event":{',
    '}',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (parts) => {
      for (const r of readers) r?.read(parts.join(''))
    }),
    { numRuns: runs(500) },
  )
})
