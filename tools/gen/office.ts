// The everyday traffic of an invented company, day after day, with the harmless activity that detections report. There are no attacks. One
// list of connections, in the log format of any of the firewalls or of the sensors on the hosts.
import type { Host, Process } from './fleet.ts'
import type { FirewallFormat } from './firewall.ts'
import { writeInOrder } from './firewall.ts'
import { RENDERERS } from './firewall-lines.ts'
import { Random } from './random.ts'
import { connectionRecord, jsonLine } from './records.ts'
import type { Flow } from './flow.ts'

export type OfficeFeed = FirewallFormat | 'ngsiem'

export interface OfficeOptions {
  readonly feed: OfficeFeed
  readonly seed: number
  /** Approximate megabytes of background traffic over all days. */
  readonly mb: number
  /** Milliseconds, a midnight. */
  readonly start: number
  readonly days: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

interface Habit {
  readonly why: string
  readonly host: string
  readonly src: string
  readonly program: string
  readonly dst: string
  readonly port: number
  /** Hours of the day, from and to. */
  readonly between: readonly [number, number]
  readonly connections: number
  /** Bytes of a day, out and in. */
  readonly sent: number
  readonly received: number
  /** Days of the week, 0 is Sunday. Default: every day. */
  readonly days?: readonly number[]
}

const WEEKDAYS = [1, 2, 3, 4, 5]
const MB = 1_048_576

/** The destinations are in the allow-lists of detections/, except for the last three. */
const HABITS: readonly Habit[] = [
  {
    why: 'backup to a provider',
    host: 'BKP-001',
    src: '10.20.0.11',
    program: 'backupd.exe',
    dst: '198.51.100.20',
    port: 21,
    between: [1, 4],
    connections: 36,
    sent: 9000 * MB,
    received: 40 * MB,
  },
  {
    why: 'web publishing',
    host: 'CI-001',
    src: '10.20.0.12',
    program: 'WinSCP.exe',
    dst: '198.51.100.33',
    port: 21,
    between: [9, 11],
    connections: 12,
    sent: 30 * MB,
    received: MB,
    days: WEEKDAYS,
  },
  {
    why: 'orders to a partner',
    host: 'EDI-001',
    src: '10.20.0.13',
    program: 'curl.exe',
    dst: '198.51.100.45',
    port: 21,
    between: [0, 24],
    connections: 48,
    sent: 96 * MB,
    received: 12 * MB,
  },
  {
    why: 'build server with a public address',
    host: 'WS-101',
    src: '10.20.1.101',
    program: 'devenv.exe',
    dst: '198.51.100.77',
    port: 445,
    between: [8, 18],
    connections: 30,
    sent: 40 * MB,
    received: 400 * MB,
    days: WEEKDAYS,
  },
  {
    why: 'build server with a public address',
    host: 'WS-102',
    src: '10.20.1.102',
    program: 'devenv.exe',
    dst: '198.51.100.77',
    port: 445,
    between: [8, 18],
    connections: 22,
    sent: 30 * MB,
    received: 300 * MB,
    days: WEEKDAYS,
  },
  {
    why: 'scanner',
    host: 'SCAN-001',
    src: '10.20.0.14',
    program: 'scanner',
    dst: '192.0.2.10',
    port: 445,
    between: [2, 4],
    connections: 40,
    sent: MB,
    received: 2 * MB,
    days: [0],
  },
  {
    why: 'scanner',
    host: 'SCAN-001',
    src: '10.20.0.14',
    program: 'scanner',
    dst: '192.0.2.11',
    port: 445,
    between: [2, 4],
    connections: 40,
    sent: MB,
    received: 2 * MB,
    days: [0],
  },
  {
    why: 'cloud file share',
    host: 'WS-103',
    src: '10.20.1.103',
    program: 'System',
    dst: '198.51.100.150',
    port: 445,
    between: [8, 18],
    connections: 20,
    sent: 25 * MB,
    received: 90 * MB,
    days: WEEKDAYS,
  },
  {
    why: 'server behind the VPN',
    host: 'LT-104',
    src: '10.20.2.104',
    program: 'System',
    dst: '192.0.2.140',
    port: 445,
    between: [7, 19],
    connections: 10,
    sent: 4 * MB,
    received: 30 * MB,
    days: WEEKDAYS,
  },
  {
    why: 'mail relay',
    host: 'MX-001',
    src: '10.20.0.15',
    program: 'postfix',
    dst: '198.51.100.25',
    port: 25,
    between: [0, 24],
    connections: 400,
    sent: 260 * MB,
    received: 9 * MB,
  },
  {
    why: 'test system of a partner',
    host: 'WS-105',
    src: '10.20.1.105',
    program: 'chrome.exe',
    dst: '198.51.100.80',
    port: 80,
    between: [13, 15],
    connections: 6,
    sent: 120 * MB,
    received: 3 * MB,
    days: WEEKDAYS,
  },
  {
    why: 'alerts by mail',
    host: 'MON-001',
    src: '10.20.0.16',
    program: 'powershell.exe',
    dst: '198.51.100.25',
    port: 587,
    between: [0, 24],
    connections: 3,
    sent: 200_000,
    received: 60_000,
  },
  // The allow-lists do not have these.
  {
    why: 'photos to a print shop',
    host: 'WS-106',
    src: '10.20.1.106',
    program: 'filezilla.exe',
    dst: '203.0.113.61',
    port: 21,
    between: [10, 12],
    connections: 7,
    sent: 180 * MB,
    received: MB,
    days: [3],
  },
  {
    why: 'large form of an authority',
    host: 'WS-107',
    src: '10.20.1.107',
    program: 'msedge.exe',
    dst: '203.0.113.62',
    port: 80,
    between: [14, 16],
    connections: 3,
    sent: 70 * MB,
    received: 2 * MB,
    days: [2],
  },
  {
    why: 'updates of a device',
    host: 'WS-108',
    src: '10.20.1.108',
    program: 'curl',
    dst: '203.0.113.63',
    port: 21,
    between: [5, 6],
    connections: 2,
    sent: 20_000,
    received: 80 * MB,
  },
]

const QUIET_PORTS = [443, 443, 443, 443, 80, 53, 8080]

/** The same options give the same bytes. Returns the number of lines. */
export function generateOffice(options: OfficeOptions, write: (text: string) => void): number {
  const { feed, seed, mb, start, days } = options
  const random = new Random(seed)
  const flows: Flow[] = []
  const programs = new Map<string, Habit>()
  for (let day = 0; day < days; day++)
    for (const [n, habit] of HABITS.entries()) {
      programs.set(habit.src, habit)
      const midnight = start + day * DAY
      if (habit.days && !habit.days.includes(new Date(midnight).getUTCDay())) continue
      flows.push(...ofDay(habit, n, midnight, flows.length, random))
    }
  const size =
    feed === 'ngsiem' ? 620 : RENDERERS[feed]()(flows.slice(0, 1)).reduce((n, l) => n + l.text.length, 0) || 400
  const count = Math.floor((mb * 1e6) / size)
  for (let i = 0; i < count; i++)
    flows.push(background(flows.length, start + Math.floor((days * DAY * i) / count / 1000) * 1000, random))
  flows.sort((a, b) => a.at - b.at || a.id - b.id)
  if (feed !== 'ngsiem') return writeInOrder(flows, RENDERERS[feed](), write)
  for (const flow of flows)
    write(`${jsonLine(connectionRecord('ngsiem', connectionOf(flow, programs.get(flow.src))))}\n`)
  return flows.length
}

function ofDay(habit: Habit, n: number, midnight: number, id: number, random: Random): Flow[] {
  const [from, to] = habit.between
  const share = (total: number, i: number): number =>
    Math.floor((total * (i + 1)) / habit.connections) - Math.floor((total * i) / habit.connections)
  return Array.from({ length: habit.connections }, (_, i): Flow => {
    const at =
      midnight + from * HOUR + Math.floor((((to - from) * HOUR) / habit.connections) * (i + 0.8 * random.next()))
    return {
      id: id + i,
      src: habit.src,
      sport: 40_000 + n * 500 + i,
      dst: habit.dst,
      dport: habit.port,
      proto: 'tcp',
      at: Math.floor(at / 1000) * 1000,
      seconds: random.int(1, 240),
      sent: share(habit.sent, i),
      received: share(habit.received, i),
      allowed: true,
      user: `corp\\${habit.host.toLowerCase()}`,
      chatty: false,
    }
  })
}

function background(id: number, at: number, random: Random): Flow {
  const host = random.int(0, 400)
  const dport = random.of(QUIET_PORTS)
  return {
    id,
    src: `10.21.${host & 255}.${20 + (host >> 8)}`,
    sport: random.int(1024, 39_999),
    dst: `151.101.${random.int(0, 255)}.${random.int(1, 254)}`,
    dport,
    proto: dport === 53 ? 'udp' : 'tcp',
    at,
    seconds: random.int(0, 300),
    sent: random.int(60, 50_000),
    received: random.int(60, 200_000),
    allowed: random.int(0, 19) > 0,
    user: `corp\\user${host}`,
    chatty: false,
  }
}

function connectionOf(flow: Flow, habit: Habit | undefined) {
  const name = habit?.host ?? `WS-${flow.src.replaceAll('.', '-')}`
  const host: Host = {
    aid: aidOf(flow.src),
    platform: 'Win',
    address: flow.src,
    names: [{ from: 0, name }],
    processes: [],
  }
  const process: Process = {
    pid: String(4_295_000_000 + (flow.id % 997)),
    image: `\\Device\\HarddiskVolume3\\Program Files\\${habit?.program ?? 'chrome.exe'}`,
    started: flow.at - MINUTE,
    user: { name: flow.user, sid: '', told: flow.at },
    logged: false,
  }
  const { at, sport, dst, dport, sent, received } = flow
  return { host, process, remote: dst, port: dport, localPort: sport, at, sent, received }
}

const aidOf = (address: string): string =>
  address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(8, '0'))
    .join('')
