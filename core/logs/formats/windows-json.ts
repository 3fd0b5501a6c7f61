import { WINDOWS_CPS } from '../cps/windows.ts'
import type { FormatRecord, Recognition } from '../format.ts'
import { jsonDocuments } from '../readers/json/documents.ts'
import { recogniseDocuments } from '../readers/recognise.ts'
import { WINDOWS_ALIASES, WINDOWS_FACTS } from '../vendors/windows/windows.ts'
import { windowsJsonReader, windowsShape } from '../vendors/windows/windows-json.ts'

const NAMES_DOC =
  'Fields have the names of the event: Image, CommandLine, DestinationIp, PipeName and the like for Sysmon, beside EventID, Channel, Computer ' +
  'and Provider; the shipper’s paths (winlog.event_data.Image) answer too. The time is UtcTime where the event has it.'

export const windowsJson: FormatRecord = {
  name: 'windows-json',
  title: 'Windows events (Sysmon among them), JSON lines',
  doc: `One event a line as evtx_dump, Winlogbeat, NXLog, Sumo Logic’s collector or Splunk’s exports write them. ${NAMES_DOC}`,
  unit: 'line',
  recognise: (head) => {
    const lines = head.filled.length
    const shapes = head.objects.flatMap((o) => windowsShape(o) ?? [])
    if (shapes.length === 0 || shapes.length * 2 < lines) return undefined
    return {
      score: (0.9 * shapes.length) / lines,
      why: `${shapes.length} of ${lines} lines are JSON objects ${shapes[0]}`,
    }
  },
  reader: windowsJsonReader,
  views: ['network'],
  facts: WINDOWS_FACTS,
  cps: WINDOWS_CPS,
  aliases: WINDOWS_ALIASES,
  tags: { _sourceCategory: 'os/windows' },
  // The reader renames fields, so a search for `"EventID":3` in the bytes would miss lines.
  json: false,
}

export const windowsJsonDocuments: FormatRecord = {
  name: 'windows-json-documents',
  title: 'Windows events (Sysmon among them), JSON documents',
  doc: `Pretty-printed documents one after the other, as evtx_dump writes them, or an array of events. ${NAMES_DOC}`,
  unit: 'file',
  recognise: ({ lines }) => documents(lines),
  reader: windowsJsonReader,
  split: jsonDocuments,
  views: ['network'],
  facts: WINDOWS_FACTS,
  cps: WINDOWS_CPS,
  aliases: WINDOWS_ALIASES,
  tags: { _sourceCategory: 'os/windows' },
  json: false,
}

const MARKS: readonly (readonly [RegExp, RegExp, string])[] = [
  [/"Event"\s*:\s*\{/, /"System"\s*:\s*\{/, 'with Event.System (evtx_dump)'],
  [/"winlog"\s*:\s*\{/, /"event_id"\s*:/, 'with winlog.event_id (Winlogbeat)'],
  [/"event_data"\s*:\s*\{/, /"event_id"\s*:/, 'with event_id and event_data (Winlogbeat 6)'],
  [/"Event(?:ID|Code)"\s*:/, /"(?:Channel|SourceName|ProviderGuid|EventData|LogName)"\s*:/, 'with EventID and Channel'],
  [/"_raw"\s*:\s*"<Event/, /"_raw"/, 'with a Windows event in _raw (Splunk)'],
]

function documents(head: readonly string[]): Recognition | undefined {
  const numbered = /^Record \d+\s*$/.test(head.find((l) => l.trim() !== '') ?? '')
  const found = recogniseDocuments(numbered ? head.filter((l) => !/^Record \d+\s*$/.test(l)) : head)
  const shape = found && MARKS.find(([a, b]) => a.test(found.text) && b.test(found.text))
  return shape && { score: 0.9, why: `${found.what}, ${shape[2]}` }
}
