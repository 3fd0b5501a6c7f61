import { WINDOWS_CPS } from '../cps/windows.ts'
import type { FormatRecord, JsonMessages } from '../format.ts'
import { WINDOWS_ALIASES, WINDOWS_FACTS, WINDOWS_RESPELLED } from '../vendors/windows/windows.ts'
import { windowsJsonReader, windowsShape } from '../vendors/windows/windows-json.ts'

const NAMES_DOC =
  'Fields have the names of the event: Image, CommandLine, DestinationIp, PipeName and the like for Sysmon, beside EventID, Channel, Computer ' +
  'and Provider; the shipper’s paths (winlog.event_data.Image) answer too. The time is UtcTime where the event has it.'

const message: JsonMessages = {
  of: 'json',
  label: 'Windows',
  score: 0.9,
  is: (object) => windowsShape(object) !== undefined,
  reader: windowsJsonReader,
}

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
  inMessages: message,
  views: ['network'],
  facts: WINDOWS_FACTS,
  cps: WINDOWS_CPS,
  aliases: WINDOWS_ALIASES,
  respelled: WINDOWS_RESPELLED,
  tags: { _sourceCategory: 'os/windows' },
  // The reader renames fields, so a search for `"EventID":3` in the bytes would miss lines.
  json: false,
}
