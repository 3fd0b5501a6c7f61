// Files that appear whole or not at all: written beside their place, flushed to disk, then renamed into it.
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { cannotWrite } from '../../core/diag/catalogue/cli.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { reasonOf } from './reason.ts'
import { keepAtEnd, removeAtEnd } from './temp.ts'

/** The end of names that are on their way: `.NAME.PID.part`. */
const PART = /^\.(.+)\.(\d+)\.part$/

/**
 * The place beside `path` at which its new content is prepared: on the same disk, so that it can be renamed, and hidden, so that no walk
 * over the folder takes it for a file. Removed when the process ends early; the next call removes the parts of a killed process.
 */
export function preparePart(path: string): string {
  sweepParts(path)
  const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  removeAtEnd(part)
  return part
}

function sweepParts(path: string): void {
  let names: string[]
  try {
    names = readdirSync(dirname(path))
  } catch {
    return
  }
  for (const name of names) {
    const [, of, pid] = PART.exec(name) ?? []
    if (of === basename(path) && !isRunning(Number(pid)))
      rmSync(join(dirname(path), name), { recursive: true, force: true })
  }
}

/** A process of another user cannot be signalled and is running. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** No reader sees half of the file, however the process ends. A file keeps its mode, and a link its target. */
export function writeWhole(path: string, text: string): Diagnostic | undefined {
  let part: string | undefined
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found && !found.isFile())
      return diagnostic(cannotWrite, inLog(path), { path, reason: 'it is not a regular file' })
    const real = found ? realpathSync(path) : path
    part = preparePart(real)
    const fd = openSync(part, 'wx', found?.mode ?? 0o666)
    try {
      writeFileSync(fd, text)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(part, real)
    return undefined
  } catch (e) {
    if (part !== undefined) rmSync(part, { force: true })
    const isGone = (e as NodeJS.ErrnoException).code === 'ENOENT'
    return diagnostic(cannotWrite, inLog(path), { path, reason: isGone ? 'its folder does not exist' : reasonOf(e) })
  } finally {
    if (part !== undefined) keepAtEnd(part)
  }
}
