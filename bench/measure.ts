// Child processes, timed from outside, with the peak memory of each.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Measured {
  readonly seconds: number
  readonly out: string
  /** Peak resident memory in MB. 0: not known on this system. */
  readonly peak: number
  /** CPU seconds of all threads, to a hundredth. 0: not known on this system. Other work on the machine hardly changes it. */
  readonly cpu: number
}
export type Command = readonly [program: string, ...args: string[]]

export const isThere = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

export function measure([program, ...args]: Command): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint()
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const said: Buffer[] = []
    let peak = 0
    let cpu = 0
    // Only Linux has this file, with the peak.
    const timer = setInterval(() => {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
        peak = Math.max(peak, Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0) / 1024)
        // proc(5): after the name in parentheses, fields 12 and 13 are the ticks in user and system mode, 100 per second.
        const after = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')
        cpu = Math.max(cpu, (Number(after[11]) + Number(after[12])) / 100 || 0)
      } catch {}
    }, 20)
    child.stdout.on('data', (b: Buffer) => out.push(b))
    child.stderr.on('data', (b: Buffer) => said.push(b))
    child.on('error', reject)
    child.on('close', (code) => {
      clearInterval(timer)
      const seconds = Number(process.hrtime.bigint() - start) / 1e9
      if (code !== 0 && program !== 'grep') reject(new Error(`${program} ${args.join(' ')}: ${Buffer.concat(said)}`))
      else resolve({ seconds, out: Buffer.concat(out).toString(), peak, cpu })
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

/** A row per side: seconds, and the ratio to the first side. */
export function table(title: string, lines: readonly Line[]): string {
  const [first] = lines
  const rows = lines.map((l) => [
    l.name,
    l.seconds.toFixed(2),
    ((first?.seconds ?? 0) / l.seconds).toFixed(2),
    l.cpu === 0 ? '' : l.cpu.toFixed(2),
    l.peak === 0 ? '' : l.peak.toFixed(0),
    l.all.map((s) => s.toFixed(2)).join(' '),
  ])
  const all = [['', 'seconds', 'ratio', 'cpu s', 'peak MB', 'runs'], ...rows]
  const widths = all[0]?.map((_, i) => Math.max(...all.map((r) => (r[i] as string).length))) ?? []
  const text = all.map((r) =>
    r
      .map((c, i) => (i === 0 || i === 5 ? c.padEnd(widths[i] ?? 0) : c.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
  return `${title}\n${text.map((t) => `  ${t}`).join('\n')}\n`
}
