// A site on disk: written whole beside its place, then moved there.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { notACatalogue, unwritableCatalogue } from '../../core/diag/catalogue/publish.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { reasonOf } from '../files/reason.ts'
import { keepAtEnd } from '../files/temp.ts'
import { isRunning, preparePart } from '../files/write-whole.ts'

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
  const old = `${place}.${process.pid}.old`
  let part: string | undefined
  try {
    bringBack(place)
    mkdirSync(dirname(place), { recursive: true })
    part = preparePart(place)
    for (const [path, text] of [...files, [MARK, ''] as const]) {
      if (path.split('/').some((p) => p === '..' || p === ''))
        throw new Error(`our bug: a path leads out of the site: ${path}`)
      mkdirSync(dirname(join(part, path)), { recursive: true })
      writeFileSync(join(part, path), text, { flag: 'wx' })
    }
    const replaces = existsSync(place)
    if (replaces) renameSync(place, old)
    try {
      renameSync(part, place)
    } catch (e) {
      if (replaces) restore(old, place, e)
      throw e
    }
    rmSync(old, { recursive: true, force: true })
    return undefined
  } catch (e) {
    return diagnostic(unwritableCatalogue, inLog(out), { path: out, reason: reasonOf(e) })
  } finally {
    if (part !== undefined) {
      rmSync(part, { recursive: true, force: true })
      keepAtEnd(part)
    }
  }
}

/** A build that was killed between its two renames left the old site beside its place, where it was the only one. */
function bringBack(place: string): void {
  const folder = dirname(place)
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const [, of, pid] = /^(.+)\.(\d+)\.old$/.exec(name) ?? []
    const old = join(folder, name)
    if (of !== basename(place) || isRunning(Number(pid)) || !existsSync(join(old, MARK))) continue
    if (existsSync(place)) rmSync(old, { recursive: true, force: true })
    else renameSync(old, place)
  }
}

/** The old site is the only good copy. If it cannot be moved back, the error says where it is. */
function restore(old: string, place: string, because: unknown): void {
  try {
    renameSync(old, place)
  } catch {
    throw new Error(`${reasonOf(because)}; what was there is in ${old}`)
  }
}
