// Programs that run during the transfers and are ended afterwards.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { within } from './network.ts'

export interface Daemon {
  readonly name: string
  readonly namespace: string
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export class Daemons {
  readonly #running: ChildProcess[] = []
  readonly #logs: string

  /** `logs`: folder for the output of the programs. */
  constructor(logs: string) {
    this.#logs = logs
  }

  start({ name, namespace, command, env = {} }: Daemon): void {
    const log = openSync(join(this.#logs, `${name}.out`), 'a')
    const [program, ...args] = within(namespace, ...command)
    const child = spawn(program as string, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, ...env },
      // A group of its own, so that servers end with the processes they forked.
      detached: true,
    })
    this.#running.push(child)
  }

  /** Ends all with `signal`, in reverse order, so that an exporter can send its flows to a running collector. After `grace` ms by force. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', grace = 4000): Promise<void> {
    for (const child of this.#running.splice(0).reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      kill(child, signal)
      const timer = setTimeout(() => kill(child, 'SIGKILL'), grace)
      await ended
      clearTimeout(timer)
    }
  }
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid as number), signal)
  } catch {
    // The process has already ended.
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits at most `seconds` until a program listens on the port. */
export async function listening(namespace: string, port: number, address: string, seconds = 10): Promise<void> {
  for (let i = 0; i < seconds * 10; i++) {
    const [program, ...args] = within(namespace, 'ss', '-Hltun')
    const out = execFileSync(program as string, args, { encoding: 'utf8' })
    if (
      out
        .split('\n')
        .some((l) => l.includes(`${address}:${port} `) || l.includes(`0.0.0.0:${port} `) || l.includes(`*:${port} `))
    )
      return
    await sleep(100)
  }
  throw new Error(`nothing listens on ${address}:${port}; see the .out files of the run`)
}
