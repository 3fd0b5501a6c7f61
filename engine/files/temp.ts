// Private temporary folders and half-written files. The process removes them however it ends, except by SIGKILL.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const paths = new Set<string>()
let watching = false

/** A new folder only this user can read. */
export function makeTemp(): string {
  watch()
  const path = mkdtempSync(join(tmpdir(), `assay-${process.pid}-`))
  paths.add(path)
  return path
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
