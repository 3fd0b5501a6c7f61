// Child processes, timed from outside, with the peak memory of each.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Measured {
  readonly seconds: number
  readonly out: string
  /** Peak resident memory in MB, of all processes. 0: not known on this system. */
  readonly peak: number
  /** CPU seconds of all threads and processes. Other work on the machine changes it less than the time. */
  readonly cpu: number
}
export type Command = readonly [program: string, ...args: string[]]

export const isThere = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

/** Clock ticks of proc(5) in a second. */
const TICKS = 100

/**
 * Peak memory of a process and of those that it started, in MB; 0: not known. Only Linux has these files (proc(5)).
 * `used`: CPU seconds by process, for a process that is ended as its parent ends: no shell counts it.
 */
function peakOf(pid: number, used: Map<number, number>): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number)
    used.set(pid, (user + system) / TICKS)
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((c) => c !== '')
    const own = Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024
    return children.reduce((sum, c) => sum + peakOf(Number(c), used), own)
  } catch {
    return 0
  }
}

/** The seconds of all processes that a shell has waited for: the second line of its `times`. */
const secondsOf = (times: string): number =>
  [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
    0,
  )

const sumOf = (used: ReadonlyMap<number, number>): number => [...used.values()].reduce((sum, s) => sum + s, 0)

/** Runs a command in a shell, which counts the CPU time of every process of it, also of those that have ended. */
export function measure([program, ...args]: Command): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint()
    const timed = ['-c', '"$@"; s=$?; times >&3; exit $s', 'sh', program, ...args]
    const child = spawn('sh', timed, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
    const [out, said, times]: Buffer[][] = [[], [], []]
    let peak = 0
    const used = new Map<number, number>()
    const timer = setInterval(() => {
      peak = Math.max(peak, peakOf(child.pid as number, used))
    }, 20)
    child.stdio.slice(1).forEach((stream, i) => {
      stream?.on('data', (b: Buffer) => [out, said, times][i]?.push(b))
    })
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(timer)
      const seconds = Number(process.hrtime.bigint() - start) / 1e9
      const text = (of: Buffer[] | undefined): string => Buffer.concat(of ?? []).toString()
      if (code !== 0 && program !== 'grep') reject(new Error(`${program} ${args.join(' ')}: ${text(said)}`))
      else resolve({ seconds, out: text(out), peak, cpu: Math.max(secondsOf(text(times)), sumOf(used)) })
    })
  })
}

export const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] as number

export interface Side {
  readonly name: string
  readonly command: Command
  /** Measured once only, because it is far slower. */
  readonly once?: true
}
export interface Line {
  readonly name: string
  readonly seconds: number
  readonly all: readonly number[]
  readonly peak: number
  readonly cpu: number
  readonly out: string
}

/** Runs all sides in turns, so that other load of the machine affects them alike. */
export async function inTurns(sides: readonly Side[], runs: number): Promise<Line[]> {
  const found = sides.map(() => [] as Measured[])
  for (let i = 0; i < runs; i++) {
    for (const [k, s] of sides.entries()) if (i === 0 || !s.once) found[k]?.push(await measure(s.command))
  }
  return sides.map((s, k) => {
    const of = found[k] as Measured[]
    const all = of.map((m) => m.seconds)
    return {
      name: s.name,
      seconds: median(all),
      all,
      peak: Math.max(...of.map((m) => m.peak)),
      cpu: median(of.map((m) => m.cpu)),
      out: of.at(-1)?.out ?? '',
    }
  })
}

const ratio = (first = 0, other: number): string => (other === 0 ? '' : (first / other).toFixed(2))

/** Headings and a row for each side. Ratios are the first side to this one. */
export function cells(lines: readonly Line[]): string[][] {
  const [first] = lines
  const rows = lines.map((l) => [
    l.name,
    l.seconds.toFixed(2),
    ratio(first?.seconds, l.seconds),
    l.cpu.toFixed(2),
    ratio(first?.cpu, l.cpu),
    l.peak === 0 ? '' : l.peak.toFixed(0),
    `${Math.min(...l.all).toFixed(2)}–${Math.max(...l.all).toFixed(2)}`,
  ])
  return [['', 'seconds', 'ratio', 'CPU s', 'ratio', 'peak MB', 'spread of seconds'], ...rows]
}

/** The cells in columns, for a terminal. */
export function table(title: string, lines: readonly Line[]): string {
  const all = cells(lines)
  const widths = all[0]?.map((_, i) => Math.max(...all.map((r) => (r[i] as string).length))) ?? []
  const text = all.map((r) =>
    r
      .map((c, i) => (i === 0 ? c.padEnd(widths[i] ?? 0) : c.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
  return `${title}\n${text.map((t) => `  ${t}`).join('\n')}\n`
}
