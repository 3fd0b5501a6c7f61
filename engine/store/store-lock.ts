// One writer at a time, and no rests of writers that were ended.
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { notStore, storeBusy } from '../../core/diag/catalogue/table.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { keepAtEnd, removeAtEnd } from '../files/temp.ts'
import { isRunning } from '../files/write-whole.ts'
import { type Manifest, readManifest } from '../tables/store-manifest.ts'
import { isPartFile, isStore, PARTS } from '../tables/store-place.ts'
import { storeError } from './store-error.ts'

const LOCK = '.lock'

export interface LockedStore {
  readonly manifest: Manifest
  release(): void
}

/** The store of a folder, which may be new, for this process alone. Files that it does not list are removed. */
export function lockStore(folder: string): Result<LockedStore> {
  const fail = (d: Diagnostic) => failure(d)
  const lock = join(folder, LOCK)
  try {
    mkdirSync(folder, { recursive: true })
    const isNew = !isStore(folder)
    const others = readdirSync(folder).filter((n) => !n.startsWith('.') && n !== PARTS)
    if (isNew && others.length > 0) return fail(diagnostic(notStore, inLog(folder), { path: folder }))
    const holder = take(lock)
    if (holder !== undefined) return fail(diagnostic(storeBusy, inLog(folder), { path: folder, pid: holder }))
  } catch (e) {
    return fail(storeError(folder, e))
  }
  removeAtEnd(lock)
  const release = (): void => {
    rmSync(lock, { force: true })
    keepAtEnd(lock)
  }
  const read = isStore(folder) ? readManifest(folder) : ok<Manifest>({ assay_store: 2, parts: [], contents: [] })
  if (!read.ok) {
    release()
    return read
  }
  sweep(folder, read.value)
  return ok({ manifest: read.value, release })
}

/** The process that has the lock; undefined: it is ours. */
function take(lock: string): number | undefined {
  for (;;) {
    try {
      const fd = openSync(lock, 'wx', 0o600)
      writeFileSync(fd, String(process.pid))
      closeSync(fd)
      return undefined
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e
      const holder = Number(readFileSync(lock, 'utf8') || Number.NaN)
      // A process that was ended between making the file and writing it left it empty.
      const isOld = Number.isNaN(holder) && Date.now() - statSync(lock).mtimeMs > 2000
      if (!isOld && (Number.isNaN(holder) || isRunning(holder))) return Number.isNaN(holder) ? 0 : holder
      rmSync(lock, { force: true })
    }
  }
}

/** After another failure: its own is passed over, and the next command removes the rest. */
export function sweepIfPossible(folder: string, list: Manifest): void {
  try {
    sweep(folder, list)
  } catch {}
}

/** Removes the parts that the list does not name. Other files stay, and no link is followed: they may be of the user. */
export function sweep(folder: string, { parts }: Manifest): void {
  const known = new Set(parts.map((p) => p.path))
  const visit = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name)
      if (entry.isDirectory()) visit(path)
      else if (isPartFile(entry.name) && !known.has(relative(folder, path))) rmSync(path, { force: true })
    }
  }
  try {
    const home = join(folder, PARTS)
    if (lstatSync(home).isDirectory()) visit(home)
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ENOENT') throw e
  }
}
