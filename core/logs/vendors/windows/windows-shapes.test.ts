// One event, `whoami /all`, as each shipper and export writes it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from '../../../workbench/interval.ts'
import { isEvent, recognise } from '../../registry.ts'

const IMAGE = 'C:\\Windows\\System32\\whoami.exe'
const json = (value: unknown): string => JSON.stringify(value)
const payload = json({
  EventData: {
    Data: [
      { '@Name': 'Image', '#text': IMAGE },
      { '@Name': 'CommandLine', '#text': 'whoami /all' },
    ],
  },
})
const message = `Process Create:\nRuleName: -\nUtcTime: 2025-11-20 10:00:00.000\nImage: ${IMAGE}\nCommandLine: whoami /all`
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
const xml = `<Event xmlns="x"><System><Provider Name="Microsoft-Windows-Sysmon"/><EventID>1</EventID><TimeCreated SystemTime="2025-11-20T10:00:00Z"/><Channel>C</Channel></System><EventData><Data Name="Image">${IMAGE}</Data><Data Name="CommandLine">whoami /all</Data></EventData></Event>`
const sysmon = {
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Provider: 'Microsoft-Windows-Sysmon',
  Computer: 'ws1',
}

const SHAPES: Readonly<Record<string, string>> = {
  'Snare, tabs': `<14>Nov 20 10:00:05 ws1 MSWinEventLog\t1\t${sysmon.Channel}\t9\tThu Nov 20 10:00:05 2025\t1\t${sysmon.Provider}\tNT AUTHORITY\\SYSTEM\tUser\tInformation\tws1\tProcess Create\t\t${message.replaceAll('\n', '   ')}\t55`,
  'Snare, tabs as rsyslog writes them': `<14>Nov 20 10:00:05 ws1 MSWinEventLog#0111#011${sysmon.Channel}#0119#011Thu Nov 20 10:00:05 2025#0111#011${sysmon.Provider}#011N/A#011N/A#011Information#011ws1#011Process Create#011#011${message.replaceAll('\n', '   ')}#01155`,
  GELF: json({
    version: '1.1',
    host: 'ws1',
    short_message: 'Process Create:',
    timestamp: 1763632805.1,
    _EventID: 1,
    _Channel: sysmon.Channel,
    _SourceName: sysmon.Provider,
    _UtcTime: '2025-11-20 10:00:00.000',
    _Image: IMAGE,
    _CommandLine: 'whoami /all',
  }),
  'WinEventLog text': `11/20/2025 10:00:05 AM\r\nLogName=${sysmon.Channel}\r\nEventCode=1\r\nEventType=4\r\nComputerName=ws1\r\nUser=NOT_TRANSLATED\r\nSourceName=${sysmon.Provider}\r\nMessage=${message.replaceAll('\n', '\r\n')}\r\n`,
  'EvtxECmd, JSON': json({ ...sysmon, EventId: 1, TimeCreated: '2025-11-20T10:00:00.0000000+00:00', Payload: payload }),
  'EvtxECmd, CSV': `RecordNumber,TimeCreated,EventId,Provider,Channel,Payload\n1,2025-11-20 10:00:00.0000000,1,Microsoft-Windows-Sysmon,C,${quoted(payload)}`,
  'Get-WinEvent, JSON': json([
    {
      Id: 1,
      LogName: sysmon.Channel,
      ProviderName: sysmon.Provider,
      MachineName: 'ws1',
      TimeCreated: '/Date(1763632800000)/',
      Message: message,
    },
  ]),
  'Get-WinEvent, CSV': `"TimeCreated","Id","LevelDisplayName","Message"\n"11/20/2025 11:00:00 AM","1","Information",${quoted(message)}`,
  'Fluent Bit, values without names': json({
    ProviderName: sysmon.Provider,
    EventID: 1,
    Channel: sysmon.Channel,
    TimeCreated: '2025-11-20 10:00:00 +0000',
    StringInserts: ['-', '2025-11-20 10:00:00.000', '{1}', '4', IMAGE, '-', '-', '-', '-', '-', 'whoami /all'],
  }),
  'Fluentd, the message as a description': json({
    ProviderName: sysmon.Provider,
    EventID: '1',
    Channel: sysmon.Channel,
    TimeCreated: '2025/11/20 11:00:00 +0100',
    Description: message,
    EventData: [],
  }),
  'Sentinel, CSV': `TimeGenerated [UTC],Computer,Channel,EventID,Activity,Image,CommandLine\n"11/20/2025, 10:00:00.000 AM",ws1,Security,1,a,${IMAGE},whoami /all`,
  'OpenTelemetry collector': json({
    channel: sysmon.Channel,
    computer: 'ws1',
    event_id: { id: 1, qualifiers: 0 },
    provider: { name: sysmon.Provider, guid: '{1}' },
    system_time: '2025-11-20T10:00:00Z',
    event_data: { Image: IMAGE, CommandLine: 'whoami /all' },
  }),
  'OpenTelemetry collector, in a list': json({
    channel: sysmon.Channel,
    event_id: { id: 1 },
    provider: { name: sysmon.Provider },
    system_time: '2025-11-20T10:00:00Z',
    event_data: { data: [{ Image: IMAGE }, { CommandLine: 'whoami /all' }] },
  }),
  'NXLog behind a syslog head': `<14>Nov 20 10:00:00 ws1 ${json({ EventTime: '2025-11-20 10:00:00', EventID: 1, Channel: sysmon.Channel, SourceName: sysmon.Provider, Image: IMAGE, CommandLine: 'whoami /all' })}`,
  'a subscription': json({
    Event: {
      System: {
        Provider: { '@Name': sysmon.Provider },
        EventID: '1',
        TimeCreated: { '@SystemTime': '2025-11-20T10:00:00Z' },
        Channel: 'ForwardedEvents',
      },
      EventData: {
        Data: [
          { '@Name': 'Image', '#text': IMAGE },
          { '@Name': 'CommandLine', '#text': 'whoami /all' },
        ],
      },
    },
  }),
  'Splunk, _raw': json({ result: { _time: '2025-11-20T10:00:00Z', _raw: xml } }),
  'Wazuh, archives': json({
    timestamp: '2025-11-20T10:00:02.000+0000',
    agent: { id: '001', name: 'ws1' },
    decoder: { name: 'windows_eventchannel' },
    data: {
      win: {
        system: {
          providerName: sysmon.Provider,
          eventID: '1',
          channel: sysmon.Channel,
          systemTime: '2025-11-20T10:00:00Z',
        },
        eventdata: { image: IMAGE, commandLine: 'whoami /all' },
      },
    },
  }),
  'Chainsaw, JSON': json({
    kind: 'individual',
    document: {
      kind: 'evtx',
      data: {
        Event: {
          System: {
            EventID: 1,
            Channel: sysmon.Channel,
            TimeCreated_attributes: { SystemTime: '2025-11-20T10:00:00Z' },
          },
          EventData: { Image: IMAGE, CommandLine: 'whoami /all' },
        },
      },
    },
  }),
  'Log Analytics, the data as XML': json({
    TimeGenerated: '2025-11-20T10:00:00Z',
    Source: sysmon.Provider,
    EventLog: sysmon.Channel,
    Computer: 'ws1',
    EventID: 1,
    EventData: `<DataItem type="System.XmlData"><EventData xmlns="x"><Data Name="Image">${IMAGE}</Data><Data Name="CommandLine">whoami /all</Data></EventData></DataItem>`,
  }),
  'Log Analytics, the data as XML, CSV': `TimeGenerated,EventLog,Computer,EventID,EventData\n2025-11-20T10:00:00Z,${sysmon.Channel},ws1,1,${quoted(`<EventData><Data Name="Image">${IMAGE}</Data><Data Name="CommandLine">whoami /all</Data></EventData>`)}`,
  'Azure, in properties': json({
    records: [
      {
        time: '2025-11-20T10:00:00Z',
        properties: { EventID: 1, Channel: sysmon.Channel, Image: IMAGE, CommandLine: 'whoami /all' },
      },
    ],
  }),
  'Kafka, in value': json({
    topic: 't',
    value: json({
      '@timestamp': '2025-11-20T10:00:00Z',
      winlog: { event_id: 1, channel: sysmon.Channel, event_data: { Image: IMAGE, CommandLine: 'whoami /all' } },
    }),
  }),
  'a time under another name': json({
    EventID: 1,
    Channel: 'C',
    Timestamp: '2025-11-20 10:00:00.000 +00:00',
    Image: IMAGE,
    CommandLine: 'whoami /all',
  }),
  'evtxexport with its banner': `evtxexport 20240504\n\n${xml}\n\n`,
}

for (const [shape, text] of Object.entries(SHAPES))
  test(shape, () => {
    const lines = text.split('\n')
    const format = recognise(lines)[0]?.format
    assert.ok(format)
    const reader = format.reader({ zone: 'UTC', year: 2026 }, lines)
    const records = format.split ? [...format.split(text)].map((r) => r.record) : lines
    const events = records.map((r) => reader.read(r))
    const found = events.filter(isEvent)
    assert.deepEqual(
      [
        found.length,
        events.filter((e) => 'bad' in e).length,
        ...['EventID', 'Image', 'CommandLine'].map((n) => found[0]?.fields.get(n)),
        isoTime(found[0]?.time ?? 0n),
      ],
      [1, 0, '1', IMAGE, 'whoami /all', '2025-11-20T10:00:00Z'],
      format.name,
    )
  })
