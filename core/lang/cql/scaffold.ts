// A new detection on CrowdStrike LogScale.
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

const NINE = 1782032400000

const PROCESS = (technique: string): string => `${COMMENT(technique, '//')}
#event_simpleName = "ProcessRollup2"
| ImageFileName = /[\\\\\\/](?<Program>${PROGRAM.replace('.', '\\.')})$/i
| groupBy(
    [aid, Program],
    function=[selectLast([ComputerName]), count(as=Events), min(@timestamp, as=FirstSeen), max(@timestamp, as=LastSeen)],
    limit=max
  )
| FirstSeen := formatTime("%F %T", field=FirstSeen)
| LastSeen := formatTime("%F %T", field=LastSeen)
| sort(Events, order=desc, limit=max)
`

const NETWORK = (technique: string): string => `${COMMENT(technique, '//')}
#event_simpleName = "NetworkConnectIP4"
| ConnectionDirection = 0
| RemoteAddressIP4 = "${ADDRESS}"
| groupBy(
    [aid, ContextBaseFileName, RemoteAddressIP4],
    function=[selectLast([ComputerName]), count(as=Events), min(@timestamp, as=FirstSeen), max(@timestamp, as=LastSeen)],
    limit=max
  )
| FirstSeen := formatTime("%F %T", field=FirstSeen)
| LastSeen := formatTime("%F %T", field=LastSeen)
| sort(Events, order=desc, limit=max)
`

interface EventOptions {
  readonly minute: number
  readonly host: number
  readonly event?: string
  readonly program?: string
  readonly address?: string
  readonly direction?: string
}

function started({ minute, host, event = 'ProcessRollup2', program = PROGRAM }: EventOptions): string {
  return JSON.stringify({
    '@timestamp': NINE + minute * 60_000,
    '#event_simpleName': event,
    '#repo': 'base_sensor',
    aid: `a100000${host}`,
    ComputerName: `WS-00${host}`,
    event_platform: 'Win',
    ImageFileName: `\\Device\\HarddiskVolume3\\Users\\jdoe\\${program}`,
    CommandLine: `${program} --go`,
  })
}

function connected({
  minute,
  host,
  event = 'NetworkConnectIP4',
  address = ADDRESS,
  direction = '0',
}: EventOptions): string {
  return JSON.stringify({
    '@timestamp': NINE + minute * 60_000,
    '#event_simpleName': event,
    '#repo': 'base_sensor',
    aid: `a100000${host}`,
    ComputerName: `WS-00${host}`,
    event_platform: 'Win',
    ContextBaseFileName: 'curl.exe',
    RemoteAddressIP4: address,
    RemotePort: '443',
    Protocol: '6',
    ConnectionDirection: direction,
  })
}

const RESULT = {
  process: `aid:str  | Program:str           | ComputerName:str | Events:int | FirstSeen:str       | LastSeen:str
a1000002 | ${PROGRAM} | WS-002           | 2          | 2026-06-21 09:01:00 | 2026-06-21 09:02:00
a1000001 | ${PROGRAM} | WS-001           | 1          | 2026-06-21 09:00:00 | 2026-06-21 09:00:00`,
  network: `aid:str  | ContextBaseFileName:str | RemoteAddressIP4:str | ComputerName:str | Events:int | FirstSeen:str       | LastSeen:str
a1000002 | curl.exe                | ${ADDRESS}            | WS-002           | 2          | 2026-06-21 09:01:00 | 2026-06-21 09:02:00
a1000001 | curl.exe                | ${ADDRESS}            | WS-001           | 1          | 2026-06-21 09:00:00 | 2026-06-21 09:00:00`,
} as const

function cases(kind: Kind, technique: string): string {
  const event = kind === 'process' ? started : connected
  const events = (...all: EventOptions[]) => fence('events', all.map(event).join('\n'))
  const other = kind === 'process' ? { program: 'notepad.exe' } : { address: '203.0.113.9' }
  const attack = events({ minute: 0, host: 1 }, { minute: 1, host: 2 }, { minute: 2, host: 2 })
  return page(`${technique} on LogScale`, INTRO, fence('cql strict file=../logscale.cql', ''), [
    { title: 'the activity itself', telemetry: attack, result: RESULT[kind] },
    { title: BENIGN, telemetry: events({ minute: 0, host: 1, ...other }) },
    {
      title: 'another event about the same',
      prose: 'The sensor reports the same activity in more than one event; one of them counts.',
      telemetry: events({
        minute: 0,
        host: 1,
        event: kind === 'process' ? 'SyntheticProcessRollup2' : 'NetworkReceiveAcceptIP4',
      }),
    },
    ...(kind === 'process'
      ? []
      : [{ title: 'a connection that came in', telemetry: events({ minute: 0, host: 1, direction: '1' }) }]),
  ])
}

const STEP = `## What else the host did around it (LogScale)
*TODO: say what to look for in the rows.* Narrow the interval to an hour around the finding.

${fence('events', [started({ minute: 0, host: 1, program: 'cmd.exe' }), started({ minute: 1, host: 2 })].join('\n'))}
${fence(
  'cql strict ?aid=a1000001',
  `#event_simpleName = "ProcessRollup2"
| aid = ?aid
| table([@timestamp, ImageFileName, CommandLine], limit=max, sortby=@timestamp, order=asc)`,
)}
${fence(
  'result',
  `@timestamp:int | ImageFileName:str                                  | CommandLine:str
${NINE}  | \\Device\\HarddiskVolume3\\Users\\jdoe\\cmd.exe | cmd.exe --go`,
)}
`

export const scaffold: Scaffold = {
  file: 'logscale.cql',
  sketch(kind: Kind, { technique: { id } }: Names): Sketch {
    const isProcess = kind === 'process'
    return {
      query: isProcess ? PROCESS(id) : NETWORK(id),
      cases: cases(kind, id),
      data_sources: [`CrowdStrike Falcon sensor, ${isProcess ? 'process' : 'network connection'} events`],
      tables: [isProcess ? 'ProcessRollup2' : 'NetworkConnectIP4'],
      log_settings: [isProcess ? 'Falcon Insight' : 'Falcon Insight with network telemetry'],
      entity: ['aid', 'ComputerName'],
      step: STEP,
    }
  },
}
