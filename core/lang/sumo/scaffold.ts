// A new detection on Sumo Logic: Sysmon for programs, PAN-OS for connections.
import {
  ADDRESS,
  BENIGN,
  COMMENT,
  fence,
  INTRO,
  type Kind,
  type Names,
  PROGRAM,
  page,
  type Scaffold,
  type Sketch,
} from '../shared/scaffold.ts'

const FORMAT = `| formatDate(toLong(first_seen), "yyyy-MM-dd HH:mm:ss") as first_seen
| formatDate(toLong(last_seen), "yyyy-MM-dd HH:mm:ss") as last_seen
| sort by events desc
`

const PROCESS = (technique: string): string => `${COMMENT(technique, '//')}
// Works on the XML and on the JSON rendering of Sysmon: both hold the names of the data fields.
_sourceCategory=windows/sysmon
| parse regex "(?:<EventID>|\\"EventID\\"\\s*:\\s*\\"?)(?<event_id>\\d+)"
| where event_id = "1"
| parse regex "(?:Name=['\\"]Image['\\"]>|\\"Image\\"\\s*:\\s*\\")(?<image>[^<\\"]+)"
| parse regex "(?:<Computer>|\\"(?:Computer|Hostname)\\"\\s*:\\s*\\")(?<host>[^<\\"]+)"
| parse regex field=image "(?<program>[^\\\\/]+)$"
| toLowerCase(program) as program
| where program = "${PROGRAM}"
| count as events, min(_messageTime) as first_seen, max(_messageTime) as last_seen by host, program
${FORMAT}`

const NETWORK = (technique: string): string => `${COMMENT(technique, '//')}
_sourceCategory=network/paloalto
| where subtype = "end" and action = "allow" and dest_ip = "${ADDRESS}"
| count as events, min(_messageTime) as first_seen, max(_messageTime) as last_seen by src_ip, dest_ip, dest_port
${FORMAT}`

interface EventOptions {
  readonly minute: number
  readonly host: number
  readonly event?: number
  readonly program?: string
  readonly address?: string
  readonly action?: string
  readonly subtype?: string
}

const time = (minute: number): string => `2026-06-21 09:0${minute}:00`

function started({ minute, host, event = 1, program = PROGRAM }: EventOptions): string {
  return JSON.stringify({
    UtcTime: `${time(minute)}.100`,
    timestamp: `${time(minute).replace(' ', 'T')}Z`,
    EventID: event,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Hostname: `WS-00${host}`,
    Image: `C:\\Users\\jdoe\\${program}`,
    CommandLine: `${program} --go`,
    User: 'CORP\\jdoe',
  })
}

function session({ minute, host, address = ADDRESS, action = 'allow', subtype = 'end' }: EventOptions): string {
  const at = time(minute).replaceAll('-', '/')
  return `<14>Jun 21 09:0${minute}:00 PA-1 1,${at},013201012345,TRAFFIC,${subtype},2561,${at},10.20.0.${host},${address},198.51.100.7,${address},out-any,corp\\jdoe,,ssl,vsys1,trust,untrust,ethernet1/1,ethernet1/2,fwd,${at},100${minute},1,5000${minute},443,28734,443,0x400053,tcp,${action},2100,1200,900,15,${at},2,any,,100020${minute},0x8000000000000000,10.0.0.0-10.255.255.255,United States,,1,12,tcp-fin,0,0,0,0,,PA-1,from-policy,,,0,,0,,N/A,0,0,0,0,f903db52-0000,0,0,,,,,,,`
}

const RESULT = {
  process: `host:str | program:str           | events:int | first_seen:str      | last_seen:str
WS-002   | ${PROGRAM} | 2          | 2026-06-21 09:01:00 | 2026-06-21 09:02:00
WS-001   | ${PROGRAM} | 1          | 2026-06-21 09:00:00 | 2026-06-21 09:00:00`,
  network: `src_ip:str | dest_ip:str | dest_port:str | events:int | first_seen:str      | last_seen:str
10.20.0.2  | ${ADDRESS}   | 443           | 2          | 2026-06-21 09:01:00 | 2026-06-21 09:02:00
10.20.0.1  | ${ADDRESS}   | 443           | 1          | 2026-06-21 09:00:00 | 2026-06-21 09:00:00`,
} as const

const telemetry = (kind: Kind, ...all: EventOptions[]): string =>
  kind === 'process'
    ? fence('events format=json-lines category=windows/sysmon', all.map(started).join('\n'))
    : fence('raw', all.map(session).join('\n'))

function cases(kind: Kind, technique: string): string {
  const other = kind === 'process' ? { program: 'notepad.exe' } : { address: '203.0.113.9' }
  const attack = telemetry(kind, { minute: 0, host: 1 }, { minute: 1, host: 2 }, { minute: 2, host: 2 })
  const near =
    kind === 'process'
      ? [{ title: 'the program is there, but does not start', seen: { event: 5 } }]
      : [
          { title: 'a session that was refused', seen: { action: 'deny' } },
          { title: 'a session that has only begun', seen: { subtype: 'start' } },
        ]
  return page(`${technique} on Sumo Logic`, INTRO, fence('sumo strict file=../sumo.sumo', ''), [
    { title: 'the activity itself', telemetry: attack, result: RESULT[kind] },
    { title: BENIGN, telemetry: telemetry(kind, { minute: 0, host: 1, ...other }) },
    ...near.map(({ title, seen }) => ({ title, telemetry: telemetry(kind, { minute: 0, host: 1, ...seen }) })),
  ])
}

const STEP = `## Who else knows the destination (Sumo Logic)
*TODO: say what to look for in the rows.* Any volume, any port.

${telemetry('network', { minute: 0, host: 1 }, { minute: 1, host: 2, address: '203.0.113.9' })}
${fence(
  'sumo strict ?destination=192.0.2.1',
  `_sourceCategory=network/paloalto
| where subtype = "end" and dest_ip = "{{destination}}"
| count as sessions, sum(bytes_sent) as sent by src_ip
| sort by sent desc`,
)}
${fence(
  'result',
  `src_ip:str | sessions:int | sent:dec
10.20.0.1  | 1            | 1200`,
)}
`

export const scaffold: Scaffold = {
  file: 'sumo.sumo',
  sketch(kind: Kind, { technique: { id } }: Names): Sketch {
    const isProcess = kind === 'process'
    return {
      query: isProcess ? PROCESS(id) : NETWORK(id),
      cases: cases(kind, id),
      data_sources: [isProcess ? 'Microsoft Sysmon on Windows' : 'Palo Alto Networks PAN-OS traffic logs'],
      tables: [isProcess ? 'windows/sysmon' : 'network/paloalto'],
      log_settings: [isProcess ? 'Sysmon logs process creation (event 1)' : 'PAN-OS logs traffic at session end'],
      entity: isProcess ? ['host'] : ['src_ip'],
      step: STEP,
    }
  },
}
