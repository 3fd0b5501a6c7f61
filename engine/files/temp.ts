// Private temporary folders and half-written files. The process removes them however it ends. After SIGKILL the next
// process that needs such a folder does.
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const paths = new Set<string>()
let watching = false

/** The folder of temporary files, from the environment. */
export const tempRoot = tmpdir

/** A new folder only this user can read. Throws if the folder of temporary files cannot be used. */
export function makeTemp(): string {
  if (!watching) sweep()
  watch()
  const path = mkdtempSync(join(tmpdir(), `assay-${process.pid}-`))
  paths.add(path)
  return path
}

/** Removes what processes left that were killed: they hold events in clear. A number that another process has now is left alone. */
function sweep(): void {
  let names: string[]
  try {
    names = readdirSync(tmpdir())
  } catch {
    return
  }
  for (const name of names) {
    const pid = /^assay-(\d+)-\w{6}$/.exec(name)?.[1]
    if (pid === undefined || isAlive(Number(pid))) continue
    const path = join(tmpdir(), name)
    try {
      const found = lstatSync(path)
      if (found.isDirectory() && found.uid === process.getuid?.()) rmSync(path, { recursive: true, force: true })
    } catch {
      // Another process removed it, or it is not ours.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (e) {
    return (e as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

export function removeTemp(path: string): void {
  paths.delete(path)
  rmSync(path, { recursive: true, force: true, maxRetries: 3 })
}

/** A file or folder is removed when the process ends, until it is kept. */
export function removeAtEnd(path: string): void {
  watch()
  paths.add(path)
}

export function keepAtEnd(path: string): void {
  paths.delete(path)
}

function removeAll(): void {
  for (const path of paths) removeTemp(path)
}

function watch(): void {
  if (watching) return
  watching = true
  process.on('exit', removeAll)
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => {
      // A command with its own handler ends the process, and the handler of `exit` removes the files.
      if (process.listenerCount(signal) > 1) return
      removeAll()
      process.exit(128 + number)
    })
  }
}
