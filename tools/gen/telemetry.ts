// Generated Falcon telemetry with planted file transfers, and the truth about them.
import { type Host, nameAt, type Process } from './fleet.ts'
import { type Planted, Planner } from './intents.ts'
import { Random } from './random.ts'
import {
  type Connection,
  connectionRecord,
  csvHead,
  csvLine,
  type Feed,
  hostRecords,
  jsonLine,
  type Pairs,
  processRecord,
  type Shape,
  userRecord,
} from './records.ts'

export interface Options {
  readonly feed: Feed
  /** Form of the file; `array` and `csv` only for `ngsiem`. */
  readonly shape?: Shape
  readonly seed: number
  /** Megabytes of background besides the planted events; may be a fraction. */
  readonly mb: number
  /** Milliseconds. Connections lie in [start, start + hours); processes, users and hosts may be older. */
  readonly start: number
  readonly hours: number
  /** Number of random groups besides the chosen ones. */
  readonly groups?: number
}

export interface TruthGroup {
  readonly host: string
  readonly image: string | null
  readonly user: string | null
  readonly remote: string
  readonly port: number
  readonly connections: number
  /** Null: the feed has no bytes. */
  readonly sent: number | null
  readonly received: number | null
  /** Milliseconds. */
  readonly first: number
  readonly last: number
  readonly risk: 'HIGH' | 'LOW' | 'MEDIUM'
  readonly why: string
}

export interface Truth {
  readonly feed: Feed
  readonly seed: number
  readonly start: number
  readonly end: number
  readonly records: number
  readonly expected: readonly TruthGroup[]
  readonly notExpected: readonly TruthGroup[]
  /** Connections to ports of the rule and public addresses without a process record. */
  readonly unresolved: number
}

export type Write = (file: 'aidmaster' | 'events', text: string) => void

/** Same options, same bytes. Calls `write` with pieces of some hundred kilobytes. */
export function generate(options: Options, write: Write): Truth {
  const { feed, seed, start, hours } = options
  const random = new Random(seed)
  const end = start + hours * 3_600_000
  const planner = new Planner(random, start, end)
  planner.all(options.groups ?? 5)
  const extra = Math.min(3000, 20 + Math.floor(options.mb * 10))
  for (let i = 0; i < extra; i++) planner.host()
  const out = new Output(write, options.shape ?? 'ndjson', random)
  const hosts = planner.hosts
  if (feed !== 'ngsiem')
    write(
      'aidmaster',
      hosts
        .flatMap(hostRecords)
        .map((p) => `${jsonLine(p)}\n`)
        .join(''),
    )
  for (const host of hosts) context(feed, host, (p) => out.add(p))
  const due = planner.planted.flatMap((g) => connections(g, random)).sort((a, b) => a.at - b.at)
  background(options, end, hosts, random, out, due)
  out.end()
  // An event that contains the name of its process needs no process record.
  const carried = (g: Planted): boolean => feed === 'enriched' && !g.process.logged
  const groups = planner.planted.map((g): [boolean, TruthGroup] => [g.found || carried(g), truthOf(feed, g)])
  return {
    feed,
    seed,
    start,
    end,
    records: out.records,
    expected: groups.flatMap(([found, g]) => (found ? [g] : [])),
    notExpected: groups.flatMap(([found, g]) => (found ? [] : [g])),
    unresolved: planner.planted.filter((g) => !g.process.logged).reduce((n, g) => n + g.times.length, 0),
  }
}

function context(feed: Feed, host: Host, add: (p: Pairs) => void): void {
  const users = new Set(host.processes.map((p) => p.user))
  if (host.platform === 'Win') for (const user of users) add(userRecord(feed, host, user))
  for (const process of host.processes) if (process.logged) add(processRecord(feed, host, process))
}

/** The group's bytes over its connections, to the byte. */
function connections(g: Planted, random: Random): Connection[] {
  const share = (total: number, i: number): number =>
    Math.floor((total * (i + 1)) / g.times.length) - Math.floor((total * i) / g.times.length)
  return g.times.map((at, i) => ({
    host: g.host,
    process: g.process,
    remote: g.remote,
    port: g.port,
    localPort: random.int(49152, 65535),
    at,
    sent: share(g.sent, i),
    received: share(g.received, i),
  }))
}

const QUIET = [443, 443, 443, 80, 53, 22, 8080, 5353]
const WATCHED = [445, 445, 139, 21]

function background(
  o: Options,
  end: number,
  hosts: readonly Host[],
  random: Random,
  out: Output,
  due: Connection[],
): void {
  const bytes = o.mb * 1e6
  let next = 0
  let progress = bytes > 0 ? 0 : 1
  const flush = (until: number): void => {
    for (; next < due.length && (due[next] as Connection).at <= until; next++)
      out.add(connectionRecord(o.feed, due[next] as Connection))
  }
  const base = out.bytes
  for (; progress < 1; progress = (out.bytes - base) / bytes) {
    const at = Math.floor(o.start + progress * (end - o.start))
    flush(at)
    const host = random.of(hosts)
    // Background to ports of the rule goes to internal addresses only, so that only planted connections are found.
    const inside = random.next() < 0.15
    const remote = inside
      ? `10.200.${random.int(0, 255)}.${random.int(1, 254)}`
      : `${random.int(13, 99)}.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 254)}`
    const port = inside ? random.of(WATCHED) : random.of(QUIET)
    const process = host.processes[random.int(0, 3)] as Process
    out.add(
      connectionRecord(o.feed, {
        host,
        process,
        remote,
        port,
        localPort: random.int(49152, 65535),
        at,
        sent: random.int(40, 90_000),
        received: random.int(40, 900_000),
      }),
    )
  }
  flush(Number.POSITIVE_INFINITY)
}

function truthOf(feed: Feed, g: Planted): TruthGroup {
  const hasBytes = feed === 'enriched'
  const known = g.process.logged || feed === 'enriched'
  const first = g.times[0] as number
  return {
    host: nameAt(g.host, first),
    image: known ? g.process.image : null,
    user: known ? g.process.user.name : null,
    remote: g.remote,
    port: g.port,
    connections: g.times.length,
    sent: hasBytes ? g.sent : null,
    received: hasBytes ? g.received : null,
    first,
    last: g.times.at(-1) as number,
    risk: !hasBytes ? 'LOW' : g.sent > 10_485_760 ? 'HIGH' : g.sent > 1_048_576 ? 'MEDIUM' : 'LOW',
    why: g.why,
  }
}

const PIECE = 1 << 18

/** Writes records, one in a hundred of them late. */
class Output {
  bytes = 0
  records = 0
  readonly #write: Write
  readonly #shape: Shape
  readonly #random: Random
  #held: { readonly line: string; left: number }[] = []
  #buffer: string

  constructor(write: Write, shape: Shape, random: Random) {
    this.#write = write
    this.#shape = shape
    this.#random = random
    this.#buffer = shape === 'csv' ? csvHead : shape === 'array' ? '[\n' : ''
  }

  add(pairs: Pairs): void {
    const json = jsonLine(pairs)
    // Counted as JSON in every shape, so that all shapes have the same events.
    this.bytes += json.length + 1
    const line = this.#shape === 'csv' ? csvLine(pairs) : json
    if (this.#random.next() < 0.01) this.#held.push({ line, left: this.#random.int(1, 60) })
    else this.#put(line)
    if (this.#held.length === 0) return
    for (const h of this.#held) if (--h.left === 0) this.#put(h.line)
    this.#held = this.#held.filter((h) => h.left > 0)
  }

  #put(line: string): void {
    this.#buffer +=
      this.#shape === 'array' && this.records > 0 ? `,\n${line}` : this.#shape === 'array' ? line : `${line}\n`
    this.records++
    if (this.#buffer.length < PIECE) return
    this.#write('events', this.#buffer)
    this.#buffer = ''
  }

  end(): void {
    for (const h of this.#held) this.#put(h.line)
    this.#write('events', this.#shape === 'array' ? `${this.#buffer}\n]\n` : this.#buffer)
  }
}
