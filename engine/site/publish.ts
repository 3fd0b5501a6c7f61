// A site on disk: written whole beside its place, then moved there.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { notACatalogue, unwritableCatalogue } from '../../core/diag/catalogue/publish.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { reasonOf } from '../inputs/files.ts'

/** Lies in every folder that we wrote: such a folder may be replaced. */
const MARK = '.assay-catalogue'

/** Undefined: the folder may be replaced, or made. */
export function cannotPublish(out: string): Diagnostic | undefined {
  try {
    const found = statSync(out, { throwIfNoEntry: false })
    if (!found || (found.isDirectory() && (existsSync(join(out, MARK)) || readdirSync(out).length === 0)))
      return undefined
    return diagnostic(notACatalogue, inLog(out), { path: out })
  } catch (e) {
    return diagnostic(unwritableCatalogue, inLog(out), { path: out, reason: reasonOf(e) })
  }
}

/** Replaces the folder `out` by these files (path → text). Either all of them are there afterwards, or what was there before. */
export function publish(files: ReadonlyMap<string, string>, out: string): Diagnostic | undefined {
  const refused = cannotPublish(out)
  if (refused) return refused
  const place = resolve(out)
  const [fresh, old] = [`${place}.${process.pid}.part`, `${place}.${process.pid}.old`]
  try {
    for (const [path, text] of [...files, [MARK, ''] as const]) {
      if (path.split('/').some((p) => p === '..' || p === ''))
        throw new Error(`our bug: a path leads out of the site: ${path}`)
      mkdirSync(dirname(join(fresh, path)), { recursive: true })
      writeFileSync(join(fresh, path), text, { flag: 'wx' })
    }
    const replaces = existsSync(place)
    if (replaces) renameSync(place, old)
    try {
      renameSync(fresh, place)
    } catch (e) {
      if (replaces) restore(old, place, e)
      throw e
    }
    rmSync(old, { recursive: true, force: true })
    return undefined
  } catch (e) {
    return diagnostic(unwritableCatalogue, inLog(out), { path: out, reason: reasonOf(e) })
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** The old site is the only good copy: where it cannot go back it stays, and the reader is told where. */
function restore(old: string, place: string, because: unknown): void {
  try {
    renameSync(old, place)
  } catch {
    throw new Error(`${reasonOf(because)}; what was there is in ${old}`)
  }
}
