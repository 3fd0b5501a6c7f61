// Events of our own for the tests of Windows formats: one connection in every shape, and how a text of them is read.
import assert from 'node:assert/strict'
import type { Bad, Event, Skip } from '../../format.ts'
import { isEvent, recognise } from '../../registry.ts'

export const context = { zone: 'America/New_York', year: 2026 }
export const SYSTEM = ['EventID', 'Channel', 'Computer', 'Provider'] as const

/** Recognised by its own first lines and read as the engine would. */
export function read(text: string): { name: string; records: (Bad | Event)[]; lines: number[]; skipped: number } {
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
export function only(text: string, format: string): Event {
  const { name, records } = read(text)
  assert.equal(name, format)
  assert.equal(records.length, 1, JSON.stringify(records))
  const [event] = records
  assert.ok(event && isEvent(event), JSON.stringify(event))
  return event
}
export const time = (text: string): bigint => BigInt(Date.parse(text)) * 1000n
export const pick = (e: Event, names: readonly string[]): Record<string, string | undefined> =>
  Object.fromEntries(names.map((n) => [n, e.fields.get(n)]))

// ── one connection, in every shape ──

export const DATA: Readonly<Record<string, string>> = {
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
export const CHANNEL = 'Microsoft-Windows-Sysmon/Operational'
export const PROVIDER = 'Microsoft-Windows-Sysmon'
const GUID = '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'
/** Written twelve seconds after it happened. */
export const WRITTEN = '2026-03-02T04:05:18.1234567Z'

const escapeXml = (s: string): string =>
  s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;')

export function xml(
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

export const dumped = {
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
export const shapes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
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

export function isTheConnection(e: Event, what: string): void {
  assert.deepEqual(
    pick(e, SYSTEM),
    { EventID: '3', Channel: CHANNEL, Computer: 'ws1.corp.example', Provider: PROVIDER },
    what,
  )
  assert.deepEqual(pick(e, Object.keys(DATA)), DATA, what)
  assert.equal(e.time, time('2026-03-02T04:05:06.789Z'), what)
}

// ── Linux ──

export const LINUX: Readonly<Record<string, string>> = {
  RuleName: '-',
  UtcTime: '2026-03-02 04:05:06.789',
  ProcessId: '1102',
  Image: '/usr/bin/curl',
  CommandLine: 'curl -T a#012b ftp://203.0.113.9/',
  User: 'root',
}
export const HEADS: Readonly<Record<string, string>> = {
  'RFC 3164': 'Mar  2 04:05:19 web-1 sysmon[1102]: ',
  'RFC 3164 with priority': '<14>Mar  2 04:05:19 web-1 sysmon: ',
  'RFC 5424': '<14>1 2026-03-02T04:05:19.772Z web-1 sysmon 1102 - - ',
  'rsyslog, ISO time': '2026-03-02T04:05:19.772193+00:00 web-1 sysmon[1102]: ',
}
