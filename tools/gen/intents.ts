// The planted connections, and the expectation for each. The truth files come only from here.
import { addProcess, type Host, imageOf, makeHost, nameAt, type Process, type User } from './fleet.ts'
import type { Random } from './random.ts'

export interface Planted {
  readonly host: Host
  readonly process: Process
  readonly remote: string
  readonly port: number
  readonly times: readonly number[]
  /** Bytes in all. */
  readonly sent: number
  readonly received: number
  readonly why: string
  readonly found: boolean
}

const MINUTE = 60_000
const HIGH = 10_485_760
const MEDIUM = 1_048_576

export class Planner {
  readonly hosts: Host[] = []
  readonly planted: Planted[] = []
  readonly #random: Random
  readonly #start: number
  readonly #end: number
  #remote = 0

  constructor(random: Random, start: number, end: number) {
    this.#random = random
    this.#start = start
    this.#end = end
  }

  host(renamed?: number, platform?: Host['platform']): Host {
    let host = makeHost(this.#random, this.hosts.length, this.#start, renamed)
    if (platform !== undefined)
      while (host.platform !== platform) {
        this.hosts.push(host)
        host = makeHost(this.#random, this.hosts.length, this.#start, renamed)
      }
    this.hosts.push(host)
    return host
  }

  /** A public address outside of the documentation ranges, a new one for each group. */
  remote(): string {
    const n = this.#remote++
    return `${[45, 81, 104, 185][n % 4]}.${20 + (n >> 6)}.${n & 63}.${this.#random.int(1, 254)}`
  }

  times(count: number, from = this.#start, to = this.#end): number[] {
    return Array.from({ length: count }, () => this.#random.int(from, to - 1)).sort((a, b) => a - b)
  }

  plant(why: string, found: boolean, more: Partial<Planted> & { readonly count?: number } = {}): void {
    const host = more.host ?? this.host()
    this.planted.push({
      host,
      process: more.process ?? (host.processes[2] as Process),
      remote: more.remote ?? this.remote(),
      port: more.port ?? this.#random.of([20, 21, 69, 139, 445, 990]),
      times: more.times ?? this.times(more.count ?? this.#random.int(4, 30)),
      sent: more.sent ?? this.#random.int(1_000, 900_000),
      received: more.received ?? this.#random.int(1_000, 90_000),
      why,
      found,
    })
  }

  all(groups: number): void {
    for (let i = 0; i < groups; i++) this.plant('over the threshold', true)
    for (const port of [20, 21, 69, 139, 445, 990]) this.plant(`port ${port}`, true, { port })
    this.plant('one over the threshold', true, { count: 4 })
    this.plant('at the threshold', false, { count: 3 })
    this.plant('a single connection', false, { count: 1 })
    this.plant('bytes at the higher tier', true, { sent: HIGH })
    this.plant('bytes one over the higher tier', true, { sent: HIGH + 1 })
    this.plant('bytes at the lower tier', true, { sent: MEDIUM })
    this.plant('bytes one over the lower tier', true, { sent: MEDIUM + 1 })
    this.plant('nothing sent', true, { sent: 0, received: 0 })
    for (const remote of ['10.9.8.7', '172.16.0.9', '172.31.255.1', '192.168.4.5'])
      this.plant('private', false, { remote })
    for (const remote of ['172.15.0.1', '172.32.0.1', '192.169.0.1', '11.0.0.1'])
      this.plant('beside a private range', true, { remote })
    this.plant('loopback', false, { remote: '127.0.0.1' })
    this.plant('link-local', false, { remote: '169.254.10.20' })
    for (const port of [22, 443, 4450, 2121]) this.plant('another port', false, { port })
    this.#renamed()
    this.#samePids()
    this.#processes()
    this.#users()
  }

  #renamed(): void {
    const middle = Math.floor((this.#start + this.#end) / 2)
    const split = (before: number, after: number): void => {
      const host = this.host(middle)
      const [remote, port] = [this.remote(), 21]
      const first = before > 0 ? this.times(before, this.#start, middle) : []
      const then = after > 0 ? this.times(after, middle, this.#end) : []
      if (before > 0) this.plant('before the host was renamed', before > 3, { host, remote, port, times: first })
      if (after > 0) this.plant('after the host was renamed', after > 3, { host, remote, port, times: then })
    }
    split(5, 4)
    split(3, 3)
    split(4, 2)
  }

  #samePids(): void {
    const [remote, port] = [this.remote(), 445]
    for (let i = 0; i < 3; i++)
      this.plant('the same process id and server on several hosts', true, { remote, port, count: 5 })
    const [shared, ftp] = [this.remote(), 21]
    for (let i = 0; i < 3; i++)
      this.plant('few on each of several hosts', false, { remote: shared, port: ftp, count: 2 })
    const host = this.host()
    const one = this.remote()
    for (const n of [0, 1])
      this.plant('few by each of two processes', false, {
        host,
        process: host.processes[n] as Process,
        remote: one,
        port: ftp,
        count: 3,
      })
  }

  #processes(): void {
    const host = this.host()
    const user = (host.processes[0] as Process).user
    const old = addProcess(host, user, imageOf(host.platform, 3), this.#start - 3 * 60 * MINUTE)
    this.plant('the process started hours before', true, { host, process: old, count: 6 })
    const lost = this.host()
    const unknown = addProcess(
      lost,
      (lost.processes[0] as Process).user,
      imageOf(lost.platform, 2),
      this.#start - MINUTE,
      false,
    )
    this.plant('unresolved', false, { host: lost, process: unknown, count: 7 })
  }

  #users(): void {
    const host = this.host(undefined, 'Win')
    const late: User = {
      name: 'late.logon',
      sid: 'S-1-5-21-700000001-800000002-900000003-77',
      told: this.#end - MINUTE,
    }
    const process = addProcess(host, late, imageOf('Win', 2), this.#start + MINUTE)
    const times = this.times(5, this.#start + 2 * MINUTE, this.#end - 2 * MINUTE)
    this.plant('the user is told later', true, { host, process, times })
    const system = this.host(undefined, 'Win')
    const machine: User = {
      name: `${nameAt(system, this.#start)}$`,
      sid: 'S-1-5-18',
      told: this.#start - 5 * 60 * MINUTE,
    }
    this.plant('a user whose SID every host has', true, {
      host: system,
      process: addProcess(system, machine, imageOf('Win', 0), this.#start - MINUTE),
      count: 8,
    })
    for (const platform of ['Lin', 'Mac'] as const)
      this.plant(`on ${platform}`, true, { host: this.host(undefined, platform), count: 9 })
  }
}
