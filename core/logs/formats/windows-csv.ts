import { byName } from '../../text/by-name.ts'
import type { FormatRecord } from '../format.ts'
import { csvHeader, csvReader } from '../readers/csv.ts'
import { WINDOWS_ALIASES, WINDOWS_FACTS } from '../vendors/windows/windows.ts'
import { windowsEvent } from '../vendors/windows/windows-json.ts'

const ID = /^(?:Event ?ID|EventCode|Id)$/i
const ABOUT =
  /^(?:Channel|EventLog|LogName|Log Name|Provider|ProviderName|LevelDisplayName|SourceName|EventSourceName|Activity)$/i

const isHeader = (names: readonly string[]): boolean =>
  names.some((n) => ID.test(n)) && names.some((n) => ABOUT.test(n))

/** The names that `windows-json.ts` knows. */
const SPELLING: Readonly<Record<string, string>> = byName({ 'Event ID': 'EventID', 'Log Name': 'Channel' })

export const windowsCsv: FormatRecord = {
  name: 'windows-csv',
  title: 'Windows events (Sysmon among them), CSV',
  doc:
    'Rows of EvtxECmd, PowerShell’s Get-WinEvent and Microsoft Sentinel, with the id of the event in a column. Fields have the names of the event; ' +
    'those of Sysmon are also read from the message.',
  unit: 'lines-after-header',
  sequential: true,
  recognise: (head) => {
    const header = csvHeader(head.filled[0])
    if (!header || !isHeader(header.names)) return undefined
    return {
      score: 0.92,
      why: `a CSV header of ${header.names.length} columns with the id and the log of Windows events`,
    }
  },
  reader: (context, header) => {
    const csv = csvReader(context, header, () => undefined)
    const open = (read: ReturnType<typeof csv.read>): ReturnType<typeof csv.read> =>
      'fields' in read
        ? windowsEvent(new Map([...read.fields].map(([name, value]) => [SPELLING[name] ?? name, value])), context)
        : read
    return {
      read: (record) => open(csv.read(record)),
      end: () => {
        const last = csv.end?.()
        return last && open(last)
      },
    }
  },
  views: ['network'],
  facts: WINDOWS_FACTS,
  aliases: WINDOWS_ALIASES,
  tags: { _sourceCategory: 'os/windows' },
  json: false,
}
