// Hosts of the invented company, with their names over time, users and processes.
import type { Random } from './random.ts'

export interface Process {
  readonly pid: string
  readonly image: string
  /** Milliseconds. */
  readonly started: number
  readonly user: User
  /** The log has the record of its start. */
  readonly logged: boolean
}
export interface User {
  readonly name: string
  /** Empty on Linux and Mac. */
  readonly sid: string
  /** Time at which the log has the user's name, in milliseconds. */
  readonly told: number
}
export interface Host {
  readonly aid: string
  readonly platform: 'Lin' | 'Mac' | 'Win'
  readonly address: string
  /** In order of time. */
  readonly names: readonly { readonly from: number; readonly name: string }[]
  readonly processes: Process[]
}

const WINDOWS = [
  'Windows\\System32\\svchost.exe',
  'Program Files\\Browser\\browser.exe',
  'Windows\\System32\\ftp.exe',
  'Tools\\sync.exe',
]
const UNIX = ['/usr/bin/curl', '/usr/sbin/sshd', '/usr/bin/lftp', '/opt/agent/agent']
const HOUR = 3_600_000

export const imageOf = (platform: Host['platform'], n: number): string =>
  platform === 'Win' ? `\\Device\\HarddiskVolume3\\${WINDOWS[n % 4]}` : (UNIX[n % 4] as string)

export const nameAt = (host: Host, at: number): string =>
  (host.names.findLast((n) => n.from <= at) ?? (host.names[0] as Host['names'][number])).name

/** Every sensor counts its processes from the same number, so hosts share ids. */
const FIRST_PID = 4_295_000_000n

export function makeHost(random: Random, index: number, start: number, renamed: number | undefined): Host {
  const platform = (['Win', 'Win', 'Lin', 'Win', 'Mac'] as const)[index % 5] as Host['platform']
  const name = `${platform === 'Win' ? 'PC' : platform === 'Mac' ? 'MAC' : 'SRV'}-${String(index).padStart(4, '0')}`
  const names = [{ from: start - 72 * HOUR, name }]
  if (renamed !== undefined) names.push({ from: renamed, name: `${name}-NEW` })
  const host: Host = {
    aid: random.hex(32),
    platform,
    address: `10.${(index >> 8) & 255}.${index & 255}.${random.int(2, 250)}`,
    names,
    processes: [],
  }
  const user: User = {
    name: `user${index}`,
    sid: platform === 'Win' ? `S-1-5-21-700000001-800000002-900000003-${1000 + index}` : '',
    told: start - 5 * HOUR,
  }
  for (let i = 0; i < 4; i++) addProcess(host, user, imageOf(platform, i), start - 4 * HOUR + i * 1000)
  return host
}

export function addProcess(host: Host, user: User, image: string, started: number, logged = true): Process {
  const process = { pid: String(FIRST_PID + BigInt(host.processes.length) * 4n), image, started, user, logged }
  host.processes.push(process)
  return process
}
