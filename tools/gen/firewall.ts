// Generated firewall telemetry: one list of intended connections, in the log format of each vendor.
import { Random } from './random.ts'
import { RENDERERS, type FirewallFormat, type Logged } from './firewall-lines.ts'
import type { Flow } from './flow.ts'

export type { FirewallFormat } from './firewall-lines.ts'

export interface FirewallOptions {
  readonly format: FirewallFormat
  readonly seed: number
  /** Approximate megabytes of background traffic. */
  readonly mb: number
  /** Milliseconds, a full second. */
  readonly start: number
  readonly hours: number
}

export interface FirewallGroup {
  readonly src: string
  readonly dst: string
  readonly dport: number
  readonly connections: number
  readonly sent: number
  readonly received: number
  readonly first: number
  readonly last: number
  readonly why: string
}

export interface FirewallTruth {
  readonly format: FirewallFormat
  readonly seed: number
  readonly lines: number
  /** Groups of connections, one per session, that the published query should find. */
  readonly sessions: readonly FirewallGroup[]
  readonly notSessions: readonly FirewallGroup[]
  /** Groups of lines about an allowed connection, line by line, as a tenant without a view counts them. */
  readonly tenant: readonly FirewallGroup[]
}

interface Intent {
  readonly why: string
  readonly found: boolean
  readonly dst: string
  readonly dport: number
  readonly count: number
  readonly sent?: number
  readonly allowed?: false
  readonly answered?: false
}

const INTENTS: readonly Intent[] = [
  { why: 'over the threshold', found: true, dst: '45.20.0.99', dport: 445, count: 9 },
  { why: 'just over the threshold', found: true, dst: '81.20.1.13', dport: 21, count: 4 },
  { why: 'at the threshold', found: false, dst: '81.20.1.14', dport: 21, count: 3 },
  { why: '10 MiB is not above 10 MiB', found: true, dst: '104.20.2.7', dport: 69, count: 8, sent: 10_485_760 },
  { why: 'a byte above 10 MiB', found: true, dst: '104.20.2.8', dport: 990, count: 5, sent: 10_485_761 },
  { why: '1 MiB is not above 1 MiB', found: true, dst: '104.20.2.9', dport: 20, count: 6, sent: 1_048_576 },
  { why: 'a byte above 1 MiB', found: true, dst: '104.20.2.10', dport: 139, count: 7, sent: 1_048_577 },
  { why: 'allowed but never answered', found: true, dst: '45.20.0.98', dport: 445, count: 6, answered: false },
  { why: 'denied', found: false, dst: '45.20.0.97', dport: 445, count: 12, allowed: false },
  { why: 'private', found: false, dst: '10.9.8.7', dport: 445, count: 15 },
  { why: 'private', found: false, dst: '172.31.255.1', dport: 21, count: 15 },
  { why: 'another port', found: false, dst: '185.20.4.4', dport: 22, count: 20 },
]

/** The value of `mb` that gives a log of about `options.mb` megabytes, measured on a small log. */
export function askFor(options: FirewallOptions): number {
  let small = 0
  generateFirewall({ ...options, mb: 2 }, (text) => {
    small += text.length
  })
  return (options.mb * 2e6) / small
}

/** The same options give the same bytes. Lines are in order of their own time. */
export function generateFirewall(options: FirewallOptions, write: (text: string) => void): FirewallTruth {
  const random = new Random(options.seed)
  const planted: Flow[] = []
  const tenant: FirewallGroup[] = []
  const groups = INTENTS.map((intent, i): readonly [boolean, FirewallGroup] => {
    const made = plant(intent, i, options, random, planted.length)
    planted.push(...made)
    const group = groupOf(made, intent.why)
    if (intent.dport !== 22 && intent.why !== 'private')
      tenant.push(...tenantGroup(group, RENDERERS[options.format]()(made)))
    return [intent.found, group]
  })
  const render = RENDERERS[options.format]()
  const perFlow = render(planted.slice(0, 1)).reduce((n, l) => n + l.text.length, 0) || 400
  const background = Math.floor((options.mb * 1e6) / perFlow)
  const flows = inOrder(planted, (i) => ordinary(planted.length + i, i, background, options, random), background)
  const lines = writeInOrder(flows, RENDERERS[options.format](), write)
  const { format, seed } = options
  const of = (found: boolean) => groups.flatMap(([f, g]) => (f === found ? [g] : []))
  return { format, seed, lines, sessions: of(true), notSessions: of(false), tenant }
}

/** Ordered by start, then by number. The background is generated in that order, so it is not kept in memory. */
function* inOrder(planted: readonly Flow[], background: (i: number) => Flow, count: number): Iterable<Flow> {
  const sorted = [...planted].sort((a, b) => a.at - b.at || a.id - b.id)
  let next = 0
  for (let i = 0; i < count; i++) {
    const flow = background(i)
    // Planted connections have lower numbers, so they come first among those with the same start.
    for (let p = sorted[next]; p && p.at <= flow.at; p = sorted[++next]) yield p
    yield flow
  }
  yield* sorted.slice(next)
}

function plant(intent: Intent, i: number, { start, hours }: FirewallOptions, random: Random, id: number): Flow[] {
  const src = `10.20.0.${10 + i}`
  const total = intent.sent ?? intent.count * random.int(900, 40_000)
  const span = hours * 3_600_000 - 3_600_000
  return Array.from({ length: intent.count }, (_, n): Flow => {
    const answered = intent.answered !== false && intent.allowed !== false
    const share = Math.floor((total * (n + 1)) / intent.count) - Math.floor((total * n) / intent.count)
    return {
      id: id + n,
      src,
      sport: 40_000 + i * 64 + n,
      dst: intent.dst,
      dport: intent.dport,
      proto: intent.dport === 69 ? 'udp' : 'tcp',
      at: start + Math.floor((span * n) / intent.count / 1000) * 1000 + i * 7000,
      seconds: answered ? random.int(2, 900) : 0,
      sent: intent.allowed === false ? 0 : answered ? share : 66,
      received: answered ? random.int(200, 90_000) : 0,
      allowed: intent.allowed !== false,
      user: `corp\\user${i}`,
      chatty: n % 2 === 0,
    }
  })
}

const QUIET_PORTS = [443, 443, 443, 80, 53, 22, 8080, 5353]

/** A host meets a watched port and public address at most once, so no background group comes near the threshold. */
function ordinary(id: number, i: number, of: number, { start, hours }: FirewallOptions, random: Random): Flow {
  const watched = i % 200 === 0
  const dport = watched
    ? ([445, 21, 139][i % 3] as number)
    : (QUIET_PORTS[random.int(0, QUIET_PORTS.length - 1)] as number)
  const host = random.int(0, 4000)
  return {
    id,
    src: `10.${21 + (host >> 8)}.${host & 255}.${random.int(1, 250)}`,
    sport: random.int(1024, 39_999),
    dst: watched
      ? `193.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`
      : `151.101.${random.int(0, 255)}.${random.int(1, 254)}`,
    dport,
    proto: dport === 53 || dport === 5353 ? 'udp' : 'tcp',
    at: start + Math.floor((hours * 3_600_000 * i) / of / 1000) * 1000,
    seconds: random.int(0, 300),
    sent: random.int(60, 50_000),
    received: random.int(60, 200_000),
    allowed: random.int(0, 9) > 0,
    user: `corp\\user${host}`,
    chatty: host % 4 === 0,
  }
}

function groupOf(flows: readonly Flow[], why: string): FirewallGroup {
  const [one] = flows as readonly [Flow]
  const sum = (what: 'received' | 'sent') => flows.reduce((n, f) => n + f[what], 0)
  const times = flows.map((f) => f.at)
  return {
    src: one.src,
    dst: one.dst,
    dport: one.dport,
    connections: flows.length,
    sent: sum('sent'),
    received: sum('received'),
    first: Math.min(...times),
    last: Math.max(...times),
    why,
  }
}

/** The group, if it has more than three lines, the threshold of the published query. */
function tenantGroup(group: FirewallGroup, logged: readonly Logged[]): FirewallGroup[] {
  const lines = logged.flatMap(({ at, allows }) => (allows ? [{ at, sent: allows[0], received: allows[1] }] : []))
  if (lines.length <= 3) return []
  const sum = (what: 'received' | 'sent') => lines.reduce((n, l) => n + l[what], 0)
  const times = lines.map((l) => l.at)
  return [
    {
      ...group,
      connections: lines.length,
      sent: sum('sent'),
      received: sum('received'),
      first: Math.min(...times),
      last: Math.max(...times),
    },
  ]
}

/** Writes lines in order of their time: the last line of a session has the time of its end. */
export function writeInOrder(
  flows: Iterable<Flow>,
  render: (flows: readonly Flow[]) => Logged[],
  write: (text: string) => void,
): number {
  let waiting: Logged[] = []
  let lines = 0
  let batch: Flow[] = []
  const upTo = (at: number): void => {
    const all = [...waiting, ...render(batch)].sort((a, b) => a.at - b.at || a.order - b.order)
    const due = all.findIndex((l) => l.at >= at)
    waiting = due < 0 ? [] : all.slice(due)
    const out = due < 0 ? all : all.slice(0, due)
    lines += out.length
    if (out.length > 0) write(out.map((l) => `${l.text}\n`).join(''))
    batch = []
  }
  for (const flow of flows) {
    if (batch.length === BATCH) upTo(flow.at)
    batch.push(flow)
  }
  upTo(Number.POSITIVE_INFINITY)
  return lines
}
const BATCH = 5000
