import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bad, Event } from '../../format.ts'
import { recognise } from '../../registry.ts'
import {
  DATA,
  HEADS,
  LINUX,
  SYSTEM,
  context,
  isTheConnection,
  only,
  pick,
  read,
  time,
  WRITTEN,
  xml,
} from './windows-fixtures.ts'
import { windowsXml, windowsXmlRecord } from './windows-xml.ts'

// ── XML ──

test('XML: a line each, with either quote', () => {
  for (const quote of ["'", '"']) isTheConnection(only(xml(DATA, { quote }), 'sysmon-xml'), quote)
  const { name, records, skipped } = read(
    ['<Events>', ...Array.from({ length: 40 }, () => xml(DATA)), '</Events>', ''].join('\r\n'),
  )
  assert.deepEqual([name, records.length, skipped], ['sysmon-xml', 40, 3])
})

test('XML: a broken line among whole ones is one bad line', () => {
  const { name, records } = read([xml(DATA), xml(DATA), xml(DATA), xml(DATA), xml(DATA).slice(0, 300), ''].join('\n'))
  assert.deepEqual([name, records.length, records[4]], ['sysmon-xml', 5, { bad: 'cut off' }])
})

test('XML: a connection takes part in the network view', () => {
  const e = only(xml({ ...DATA, User: '-' }), 'sysmon-xml')
  const names = ['key', 'rank', 'src_ip', 'dest_ip', 'dest_port', 'protocol', 'device', 'user'].map(
    (n) => `network:${n}`,
  )
  assert.deepEqual(Object.values(pick(e, names)), [
    '',
    '1',
    '10.20.0.8',
    '203.0.113.9',
    '21',
    'tcp',
    'ws1.corp.example',
    undefined,
  ])
  assert.equal(e.fields.get('network:start'), String(e.time))
  assert.equal(only(xml(DATA, { id: '1' }), 'sysmon-xml').fields.get('network:key'), undefined)
})

test('XML: pretty-printed, in a root, several on a line, with comments and a declaration', () => {
  const pretty = xml(DATA, { eol: '\r\n' })
  const texts: Record<string, string> = {
    pretty: `${pretty}\r\n${pretty}\r\n`,
    root: `\uFEFF<?xml version="1.0" encoding="utf-16"?>\r\n<Events>${xml(DATA)}${xml(DATA)}</Events>`,
    'one line': xml(DATA) + xml(DATA),
    comments: `<!-- Sysmon, <Event> and more -->\n${pretty}\n<!-- next -->\n${pretty}`,
  }
  for (const [what, text] of Object.entries(texts)) {
    const { name, records } = read(text)
    assert.deepEqual([name, records.length], ['sysmon-xml-document', 2], what)
    for (const r of records) isTheConnection(r as Event, what)
  }
  assert.deepEqual(read(texts['pretty'] as string).lines, [1, pretty.split('\n').length + 1])
})

test('XML: entities, CDATA, empty and repeated data', () => {
  const text =
    '<Event><System><Provider Name="P"/><EventID Qualifiers="1">7</EventID></System><EventData>' +
    '<Data Name="a">&lt;&amp;amp;&#65;&#x1F600;&nope;&#xD800;</Data><Data Name="b"/><Data Name="c"><![CDATA[<x>&amp;]]></Data>' +
    '<Data>first</Data><Data>second</Data><Data Name="d">1</Data><Data Name="d">2</Data>' +
    '<Data Name="EventID">9</Data></EventData></Event>'
  const e = only(text, 'sysmon-xml')
  assert.deepEqual(pick(e, ['EventID', 'Qualifiers', 'a', 'b', 'c', 'Data[0]', 'Data[1]', 'd', 'EventData.EventID']), {
    EventID: '7',
    Qualifiers: '1',
    a: '<&amp;A😀&nope;&#xD800;',
    b: '',
    c: '<x>&amp;',
    'Data[0]': 'first',
    'Data[1]': 'second',
    d: '2',
    'EventData.EventID': '9',
  })
  assert.deepEqual(e.notes, ['duplicate data d'])
})

test('XML: without UtcTime the event’s own time counts, and a pipe event has its pipe', () => {
  const pipe = only(xml({ PipeName: '\\msagent_f1', Image: 'System', UtcTime: '-' }, { id: '17' }), 'sysmon-xml')
  assert.equal(pipe.time, time('2026-03-02T04:05:18.123Z') + 456n)
  assert.equal(pipe.fields.get('PipeName'), '\\msagent_f1')
})

test('XML: what is not one whole event is bad, with the reason', () => {
  const reader = recognise([xml(DATA)])[0]?.format.reader(context, [])
  const bad = (text: string): unknown => reader?.read(text)
  assert.deepEqual(bad(`${xml(DATA)}x`), { bad: 'text after the event' })
  assert.deepEqual(bad(xml(DATA) + xml(DATA)), { bad: 'text after the event' })
  assert.deepEqual(bad('<Event><System></Event>'), { bad: 'not XML' })
  assert.deepEqual(bad('<Event a=b></Event>'), { bad: 'not XML' })
  assert.deepEqual(bad('<Event></Event>'), { bad: 'not a Windows event' })
  assert.deepEqual(bad('hello'), { bad: 'not an event' })
  assert.deepEqual(bad(`<Event>${'<a>'.repeat(100)}`), { bad: 'nested too deeply' })
  const broken = `${xml(DATA, { eol: '\n' }).slice(0, 400)}\n${xml(DATA, { eol: '\n' })}\nrubbish\n`
  assert.deepEqual(
    read(broken).records.map((r) => ('bad' in r ? r.bad : 'event')),
    ['cut off', 'event', 'not an event'],
  )
})

test('XML: text made to be slow is not', () => {
  const start = performance.now()
  const spaces = ' '.repeat(200_000)
  const reader = recognise([xml(DATA)])[0]?.format.reader(context, [])
  for (const t of [`<Event${spaces}`, `<Event${spaces}<`, `<Event a='${spaces}`, `<Event ${'a=1 '.repeat(50_000)}`])
    reader?.read(t)
  const many = '<Event> '.repeat(50_000)
  assert.equal([...(recognise([xml(DATA, { eol: '\n' })])[0]?.format.split?.(many) ?? [])].length, 50_000)
  assert.ok(performance.now() - start < 2000)
})

for (const [what, head] of Object.entries(HEADS)) {
  test(`Linux: ${what}`, () => {
    const e = only(head + xml(LINUX, { quote: '"', linux: true, id: '1' }), 'sysmon-linux')
    assert.deepEqual(pick(e, [...SYSTEM, 'SyslogHost', 'UserID']), {
      EventID: '1',
      Channel: 'Linux-Sysmon/Operational',
      Computer: 'ws1.corp.example',
      Provider: 'Linux-Sysmon',
      SyslogHost: 'web-1',
      UserID: '0',
    })
    assert.deepEqual(pick(e, Object.keys(LINUX)), LINUX)
    assert.equal(e.time, time('2026-03-02T04:05:06.789Z'))
    assert.equal(e.notes, undefined)
  })
}

test('Linux: a line that was cut gives what was whole, and says so', () => {
  const line = HEADS['RFC 3164'] + xml(LINUX, { linux: true, id: '1' })
  const e = only(line.slice(0, line.indexOf('ftp://')), 'sysmon-linux')
  assert.deepEqual(pick(e, ['Image', 'CommandLine', 'User']), {
    Image: '/usr/bin/curl',
    CommandLine: undefined,
    User: undefined,
  })
  assert.deepEqual(e.notes, ['cut off; Assay uses the fields before the cut'])
  const reader = recognise([line])[0]?.format.reader(context, [])
  assert.deepEqual(reader?.read(line.slice(0, line.indexOf('</EventID>'))), { bad: 'cut off before EventID' })
  assert.deepEqual(reader?.read('Mar  2 04:05:19 web-1 sysmon[1102]: started'), { bad: 'not an event' })
})

test('XML: a record of a known shape is read as the first one', () => {
  const texts = [xml(DATA), xml(DATA, { quote: '"' }), xml({ ...DATA, User: '' }), xml({}), xml(DATA, { linux: true })]
  for (const text of texts) windowsXmlRecord(text, context)
  const facts = (e: Event | Bad): unknown => ('fields' in e ? [[...e.fields], e.time, e.notes] : e)
  for (const text of texts)
    for (const place of ['ftp.exe', '50355', '>3<', 'ws1.corp.example', WRITTEN])
      for (const own of [
        '',
        ' x ',
        'a &amp; b',
        '&#13;\n',
        '<',
        '"',
        "'",
        '</Data>',
        '<!-- c -->',
        'ForwardedEvents',
        '>ForwardedEvents<',
      ]) {
        const changed = text.replace(place, () => (place === '>3<' ? `>${own}<` : own))
        assert.deepEqual(facts(windowsXmlRecord(changed, context)), facts(windowsXml(changed, { context })), changed)
      }
})

test('XML: an empty system element is no field and spaces do not count, however the tags of the record are written', () => {
  const head = '<Event xmlns="a" xmlns:b="c">'
  const data = '<EventData><System>x</System></EventData>'
  for (const [open, close] of [
    ['<b:System>', '</b:System>'],
    ['<System >', '</System >'],
    [`${data}<System>`, '</System>'],
  ]) {
    const record = (id: string, level: string): string =>
      `${head}${open}<EventID>${id}</EventID><Level>${level}</Level>${close}</Event>`
    windowsXmlRecord(record('1', '4'), context)
    const read = windowsXmlRecord(record(' 3 ', ''), context)
    assert.ok('fields' in read)
    assert.deepEqual([read.fields.get('EventID'), read.fields.has('Level')], ['3', false], open)
  }
})
