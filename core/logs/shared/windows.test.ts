import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Bad, Event, Skip } from '../format.ts'
import { isEvent, recognise } from '../registry.ts'

const context = { zone: 'America/New_York', year: 2026 }
const SYSTEM = ['EventID', 'Channel', 'Computer', 'Provider'] as const

/** Recognised by its own first lines and read as the engine would. */
function read(text: string): { name: string; records: (Bad | Event)[]; lines: number[]; skipped: number } {
  const head = text.split('\n').slice(0, 200)
  const best = recognise(head)[0]
  assert.ok(best, `nothing recognised in ${text.slice(0, 80)}`)
  const reader = best.format.reader(context, head)
  const pieces = [...(best.format.split?.(text) ?? text.split('\n').map((record, i) => ({ record, line: i + 1 })))]
  const all = pieces.map((p) => ({ read: reader.read(p.record) as Bad | Event | Skip, line: p.line }))
  const kept = all.filter((r) => !('skip' in r.read))
  return {
    name: best.format.name,
    records: kept.map((r) => r.read as Bad | Event),
    lines: kept.map((r) => r.line),
    skipped: all.length - kept.length,
  }
}
function only(text: string, format: string): Event {
  const { name, records } = read(text)
  assert.equal(name, format)
  assert.equal(records.length, 1, JSON.stringify(records))
  const [event] = records
  assert.ok(event && isEvent(event), JSON.stringify(event))
  return event
}
const time = (text: string): bigint => BigInt(Date.parse(text)) * 1000n
const pick = (e: Event, names: readonly string[]): Record<string, string | undefined> =>
  Object.fromEntries(names.map((n) => [n, e.fields.get(n)]))

// ── one connection, in every shape ──

const DATA: Readonly<Record<string, string>> = {
  RuleName: '-',
  UtcTime: '2026-03-02 04:05:06.789',
  ProcessGuid: '{0197231e-9be6-6934-5301-000000000b00}',
  ProcessId: '3412',
  Image: 'C:\\Windows\\System32\\ftp.exe',
  User: 'CORP\\o\'brien & "sons"',
  Protocol: 'tcp',
  Initiated: 'true',
  SourceIp: '10.20.0.8',
  SourcePort: '50355',
  DestinationIp: '203.0.113.9',
  DestinationPort: '21',
}
const CHANNEL = 'Microsoft-Windows-Sysmon/Operational'
const PROVIDER = 'Microsoft-Windows-Sysmon'
const GUID = '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'
/** Written twelve seconds after it happened. */
const WRITTEN = '2026-03-02T04:05:18.1234567Z'

const escapeXml = (s: string): string =>
  s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;')

function xml(
  data: Readonly<Record<string, string>>,
  o: { quote?: string; eol?: string; linux?: boolean; id?: string } = {},
): string {
  const { quote: q = "'", eol = '', linux = false, id = '3' } = o
  const a = (name: string, value: string): string => `${name}=${q}${value}${q}`
  const tab = eol === '' ? '' : '  '
  const system = [
    `<Provider ${a('Name', linux ? 'Linux-Sysmon' : PROVIDER)} ${a('Guid', GUID)}/>`,
    `<EventID>${id}</EventID><Version>5</Version><Level>4</Level><Task>3</Task><Opcode>0</Opcode>`,
    `<Keywords>0x8000000000000000</Keywords><TimeCreated ${a('SystemTime', WRITTEN)}/><EventRecordID>67583</EventRecordID>`,
    `<Correlation/><Execution ${a('ProcessID', '3904')} ${a('ThreadID', '4272')}/>`,
    `<Channel>${linux ? 'Linux-Sysmon/Operational' : CHANNEL}</Channel><Computer>ws1.corp.example</Computer>`,
    `<Security ${a(linux ? 'UserId' : 'UserID', linux ? '0' : 'S-1-5-18')}/>`,
  ]
  const items = Object.entries(data).map(([n, v]) => `<Data ${a('Name', n)}>${escapeXml(v)}</Data>`)
  const xmlns = linux ? '' : ` ${a('xmlns', 'http://schemas.microsoft.com/win/2004/08/events/event')}`
  return [
    `<Event${xmlns}>`,
    `${tab}<System>`,
    ...system.map((s) => tab + tab + s),
    `${tab}</System>`,
    `${tab}<EventData>`,
    ...items.map((s) => tab + tab + s),
    `${tab}</EventData>`,
    '</Event>',
  ].join(eol)
}

const dumped = {
  Event: {
    '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
    System: {
      Provider: { '#attributes': { Name: PROVIDER, Guid: GUID } },
      EventID: { '#text': 3, '#attributes': { Qualifiers: 0 } },
      Version: 5,
      TimeCreated: { '#attributes': { SystemTime: WRITTEN } },
      Execution: { '#attributes': { ProcessID: 3904, ThreadID: 4272 } },
      Channel: CHANNEL,
      Computer: 'ws1.corp.example',
      Security: { '#attributes': { UserID: 'S-1-5-18' } },
    },
    EventData: { ...DATA, ProcessId: 3412, Initiated: true, DestinationPort: 21 },
  },
}
const shapes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  evtx_dump: dumped,
  'evtx_dump, attributes apart': {
    Event: {
      System: {
        Provider_attributes: { Name: PROVIDER },
        EventID: 3,
        TimeCreated_attributes: { SystemTime: WRITTEN },
        Channel: CHANNEL,
        Computer: 'ws1.corp.example',
      },
      EventData: DATA,
    },
  },
  'converter from XML': {
    Event: {
      System: { Provider: { '@Name': PROVIDER }, EventID: '3', Channel: CHANNEL, Computer: 'ws1.corp.example' },
      EventData: { Data: Object.entries(DATA).map(([n, v]) => ({ '@Name': n, '#text': v })) },
    },
  },
  'Winlogbeat 7': {
    '@timestamp': '2026-03-02T04:05:18.123Z',
    winlog: {
      event_id: '3',
      channel: CHANNEL,
      computer_name: 'ws1.corp.example',
      provider_name: PROVIDER,
      process: { pid: 3904, thread: { id: 4272 } },
      event_data: DATA,
      keywords: ['x'],
    },
    agent: { type: 'winlogbeat', version: '7.17.0' },
  },
  'Winlogbeat 6': {
    '@timestamp': '2026-03-02T04:05:18.123Z',
    event_id: 3,
    log_name: CHANNEL,
    computer_name: 'ws1.corp.example',
    source_name: PROVIDER,
    event_data: DATA,
    beat: { name: 'x' },
  },
  'exported by Elasticsearch': {
    _index: 'winlogbeat',
    _source: {
      winlog: {
        event_id: 3,
        channel: CHANNEL,
        computer_name: 'ws1.corp.example',
        provider_name: PROVIDER,
        event_data: DATA,
      },
    },
  },
  NXLog: {
    EventTime: '2026-03-01 23:05:18',
    Hostname: 'ws1.corp.example',
    EventID: 3,
    SourceName: PROVIDER,
    Channel: CHANNEL,
    ExecutionProcessID: 3904,
    ...DATA,
  },
  'flat, with a time that lies': {
    '@timestamp': '2026-03-02T08:05:18.123Z',
    TimeCreated: '2026-03-02T08:05:18.123Z',
    EventID: 3,
    Level: '4',
    Channel: CHANNEL,
    Hostname: 'ws1.corp.example',
    SourceName: PROVIDER,
    ...DATA,
  },
  'Sumo Logic collector': {
    TimeCreated: WRITTEN,
    EventID: '3',
    Provider: { Guid: GUID, Name: PROVIDER },
    Channel: CHANNEL,
    Computer: 'ws1.corp.example',
    Execution: { ThreadID: 4272, ProcessID: 3904 },
    EventData: DATA,
  },
  'Splunk, classic': {
    result: {
      EventCode: '3',
      LogName: CHANNEL,
      ComputerName: 'ws1.corp.example',
      SourceName: PROVIDER,
      Message: ['Network connection detected:', ...Object.entries(DATA).map(([n, v]) => `${n}: ${v}`)].join('\r\n'),
    },
  },
  'Splunk export': {
    preview: false,
    result: { _raw: xml(DATA), host: 'ws1', sourcetype: 'XmlWinEventLog', _time: '2026-03-02T04:05:18.000+00:00' },
  },
}

function isTheConnection(e: Event, what: string): void {
  assert.deepEqual(
    pick(e, SYSTEM),
    { EventID: '3', Channel: CHANNEL, Computer: 'ws1.corp.example', Provider: PROVIDER },
    what,
  )
  assert.deepEqual(pick(e, Object.keys(DATA)), DATA, what)
  assert.equal(e.time, time('2026-03-02T04:05:06.789Z'), what)
}

for (const [what, document] of Object.entries(shapes)) {
  test(`JSON: ${what}`, () => {
    isTheConnection(only(JSON.stringify(document), 'windows-json'), what)
    const { name, records, lines } = read([document, document].map((d) => JSON.stringify(d, null, 2)).join('\n'))
    assert.deepEqual([name, records.length], ['windows-json-documents', 2])
    assert.deepEqual(lines, [1, JSON.stringify(document, null, 2).split('\n').length + 1])
    for (const r of records) isTheConnection(r as Event, what)
    for (const r of read(JSON.stringify([document, document])).records) isTheConnection(r as Event, what)
  })
}

test('JSON: numbered documents of evtx_dump; the shipper’s own paths answer too', () => {
  const text = ['Record 1', JSON.stringify(dumped, null, 2), 'Record 2', JSON.stringify(dumped, null, 2)].join('\n')
  const { name, records, skipped } = read(text)
  assert.deepEqual([name, records.length, skipped], ['windows-json-documents', 2, 2])
  const event = records[1] as Event
  isTheConnection(event, 'numbered')
  assert.equal(event.fields.get('Event.EventData.DestinationPort'), '21')
  assert.equal(event.fields.get('ExecutionProcessID'), '3904')
  assert.ok(![...event.fields.keys()].some((n) => n.startsWith('Event.')))
})

test('JSON: other events, data without names, what is no event', () => {
  const other = {
    Event: { System: { EventID: 400, Channel: 'Windows PowerShell' }, EventData: { Data: { '#text': ['a', 'b'] } } },
  }
  assert.deepEqual(pick(only(JSON.stringify(other), 'windows-json'), ['EventID', 'Data[0]', 'Data[1]']), {
    EventID: '400',
    'Data[0]': 'a',
    'Data[1]': 'b',
  })
  const cleared = {
    Event: {
      System: { EventID: 1102 },
      UserData: { LogFileCleared: { '#attributes': { xmlns: 'x' }, SubjectUserName: 'ann' } },
    },
  }
  assert.deepEqual(pick(only(JSON.stringify(cleared), 'windows-json'), ['EventID', 'SubjectUserName']), {
    EventID: '1102',
    SubjectUserName: 'ann',
  })
  const { records } = read([JSON.stringify(dumped), JSON.stringify(dumped), '{"a":1}', '{"Event":'].join('\n'))
  assert.deepEqual(records.slice(2), [{ bad: 'no Windows event' }, { bad: 'cut off' }])
})

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
  assert.deepEqual(bad('<Event></Event>'), { bad: 'no Windows event' })
  assert.deepEqual(bad('hello'), { bad: 'no event' })
  assert.deepEqual(bad(`<Event>${'<a>'.repeat(100)}`), { bad: 'nested too deeply' })
  const broken = `${xml(DATA, { eol: '\n' }).slice(0, 400)}\n${xml(DATA, { eol: '\n' })}\nrubbish\n`
  assert.deepEqual(
    read(broken).records.map((r) => ('bad' in r ? r.bad : 'event')),
    ['cut off', 'event', 'no event'],
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

// ── Linux ──

const LINUX: Readonly<Record<string, string>> = {
  RuleName: '-',
  UtcTime: '2026-03-02 04:05:06.789',
  ProcessId: '1102',
  Image: '/usr/bin/curl',
  CommandLine: 'curl -T a#012b ftp://203.0.113.9/',
  User: 'root',
}
const HEADS: Readonly<Record<string, string>> = {
  'RFC 3164': 'Mar  2 04:05:19 web-1 sysmon[1102]: ',
  'RFC 3164 with priority': '<14>Mar  2 04:05:19 web-1 sysmon: ',
  'RFC 5424': '<14>1 2026-03-02T04:05:19.772Z web-1 sysmon 1102 - - ',
  'rsyslog, ISO time': '2026-03-02T04:05:19.772193+00:00 web-1 sysmon[1102]: ',
}
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
  assert.deepEqual(e.notes, ['cut off; the fields before the cut are taken'])
  const reader = recognise([line])[0]?.format.reader(context, [])
  assert.deepEqual(reader?.read(line.slice(0, line.indexOf('</EventID>'))), { bad: 'cut off before EventID' })
  assert.deepEqual(reader?.read('Mar  2 04:05:19 web-1 sysmon[1102]: started'), { bad: 'no event' })
})

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
    { numRuns: 100 },
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
    { numRuns: 500 },
  )
})
