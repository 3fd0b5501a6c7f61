// Files that a page, query, detection or configuration names. The author of the text chose the name, so it may reach only folders that
// the reader offers: `lookup file=../.git/config` in a shared page would print secrets of the machine that tests it.
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { namedMissing, namedOutside, namedUnreadable } from '../../core/diag/catalogue/named-file.ts'
import { diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { reasonOf } from './reason.ts'

/** Bytes. A lookup file of ten million addresses is smaller; more would not fit into one string of JavaScript. */
const MOST_BYTES = 256 * 1024 * 1024

export interface NamedFile {
  /** Without links. */
  readonly path: string
  readonly bytes: Buffer
}

export interface Reach {
  /** The folder at which a relative name begins. It need not be a root. */
  readonly from: string
  /** Folders that the real file must lie in, at any depth. */
  readonly roots: readonly string[]
  /** Default: 256 MiB. */
  readonly mostBytes?: number
}

/**
 * Opens a regular file inside one of the roots, and reads it. Links are followed first, so it is the real file that has to lie inside;
 * hidden files and folders below a root are no part of it. Diagnostics: RUN020 (outside), RUN021 (not there), RUN022 (cannot be read).
 */
export function openInside(reach: Reach, name: string): Result<NamedFile> {
  const { mostBytes = MOST_BYTES } = reach
  const resolved = resolveInside(reach, name)
  if (!resolved.ok) return resolved
  const path = resolved.value
  const unreadable = (reason: string) => failure(diagnostic(namedUnreadable, inLog(name), { name, reason }))
  try {
    // NONBLOCK: opening a named pipe would wait for its writer. NOFOLLOW: a link put there after it was resolved is refused.
    const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0))
    try {
      const stat = fstatSync(fd)
      if (!stat.isFile()) return unreadable(stat.isDirectory() ? 'it is a folder' : 'it is no regular file')
      if (stat.size > mostBytes) return unreadable(`it has ${stat.size} bytes, and at most ${mostBytes} are read`)
      return ok({ path, bytes: readFileSync(fd) })
    } finally {
      closeSync(fd)
    }
  } catch (e) {
    return unreadable(reasonOf(e))
  }
}

/** A folder inside one of the roots, or a root itself: its path without links. Diagnostics as those of a file. */
export function folderInside(reach: Reach, name: string): Result<string> {
  const path = resolveInside(reach, name, true)
  if (!path.ok || statSync(path.value).isDirectory()) return path
  return failure(diagnostic(namedUnreadable, inLog(name), { name, reason: 'it is no folder' }))
}

/** A file or folder inside one of the roots, or a root itself: its path without links. Nothing is read. */
export const pathInside = (reach: Reach, name: string): Result<string> => resolveInside(reach, name, true)

function resolveInside({ from, roots }: Reach, name: string, orRoot = false): Result<string> {
  const outside = (reason: string) => failure(diagnostic(namedOutside, inLog(name), { name, roots, reason }))
  // The same page means the same files on every system; and a path of Windows could leave a root that it seems to lie in.
  if (/[\\\0]|^[A-Za-z]:/.test(name)) return outside('parts of a path are joined by `/`, without a drive')
  const isInside = (root: string, path: string): boolean =>
    path.startsWith(root.endsWith(sep) ? root : root + sep) || (orRoot && path === root)
  let path: string
  try {
    path = realpathSync(resolve(from, name))
  } catch (e) {
    const isGone = ['ENOENT', 'ENOTDIR'].includes((e as NodeJS.ErrnoException).code ?? '')
    // Outside the roots a page may not even learn that a file is missing.
    if (isGone && !roots.some((root) => isInside(resolve(root), resolve(from, name))))
      return outside('it is outside the allowed folders')
    return isGone
      ? failure(diagnostic(namedMissing, inLog(name), { name, from }))
      : failure(diagnostic(namedUnreadable, inLog(name), { name, reason: reasonOf(e) }))
  }
  const home = roots.map(realRoot).find((root) => isInside(root, path))
  if (home === undefined) return outside('it is outside the allowed folders')
  const isHidden = relative(home, path)
    .split(sep)
    .some((part) => part.startsWith('.'))
  return isHidden ? outside('hidden files and folders are no part of them') : ok(path)
}

/** The same as text in UTF-8, without a byte order mark. */
export function readInside(reach: Reach, name: string): Result<string> {
  const opened = openInside(reach, name)
  return opened.ok ? ok(opened.value.bytes.toString('utf8').replace(/^\uFEFF/, '')) : opened
}

function realRoot(root: string): string {
  try {
    return realpathSync(root)
  } catch {
    return resolve(root)
  }
}
