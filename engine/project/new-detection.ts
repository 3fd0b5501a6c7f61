// A new folder on disk: written whole beside its place, then moved there.
import { randomUUID } from 'node:crypto'
import { lstatSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { cannotWrite } from '../../core/diag/catalogue/cli.ts'
import { badFolder } from '../../core/diag/catalogue/scaffold.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { readDetection } from '../../core/detect/folder/folder.ts'
import { choosePlatforms, chooseTitle, scaffold } from '../../core/detect/scaffold/scaffold.ts'
import { chooseTechnique } from '../../core/detect/scaffold/technique.ts'
import { reasonOf } from '../files/reason.ts'
import { keepAtEnd } from '../files/temp.ts'
import { preparePart } from '../files/write-whole.ts'
import type { Files } from '../../core/detect/folder/folder-types.ts'

export interface Wanted {
  readonly technique: string
  /** Default: below `detections/`, named after technique and title. */
  readonly folder?: string
  /** Ids of platforms; none: all. */
  readonly platforms: readonly string[]
  /** The title; default: the name of the technique. */
  readonly title?: string
}

export interface Made {
  /** As the caller would name it. */
  readonly folder: string
  readonly id: string
  readonly files: readonly string[]
  /** Placeholders, file by file. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Either the whole folder is there afterwards, or nothing is. */
export function newDetection(wanted: Wanted): Made | { readonly diagnostics: readonly Diagnostic[] } {
  const technique = chooseTechnique(wanted.technique)
  const { chosen, wrong } = choosePlatforms(wanted.platforms)
  const given = wanted.title ?? ('name' in technique ? technique.name : '')
  const title = 'name' in technique || wanted.title !== undefined ? chooseTitle(given) : undefined
  if ('code' in technique) wrong.unshift(technique)
  if (title && 'code' in title) wrong.push(title)
  if ('code' in technique || !title || 'code' in title || wrong.length > 0) return { diagnostics: wrong }
  const folder = wanted.folder ?? join('detections', `${technique.id}-${title.slug}`)
  const place = resolve(folder)
  const refused = unfit(folder, place)
  if (refused) return { diagnostics: [refused] }
  const id = basename(place)
  const today = new Date().toISOString().slice(0, 10)
  const files = scaffold({ technique, id, title: title.title, today, guid: () => randomUUID() }, chosen)
  const { diagnostics } = readDetection(files, folder)
  const [bug] = diagnostics.filter((d) => d.severity === 'error')
  if (bug) throw new Error(`our bug: a new detection has an error: ${bug.message}`)
  const unwritten = write(files, folder, place)
  return unwritten ? { diagnostics: [unwritten] } : { folder, id, files: [...files.keys()], diagnostics }
}

function unfit(folder: string, place: string): Diagnostic | undefined {
  const no = (problem: string, remedy: string) =>
    diagnostic(badFolder, inLog(folder), { path: folder, problem, remedy })
  try {
    const real = join(realParent(place), basename(place))
    const way = relative(realpathSync(process.cwd()), real)
    if (way === '' || way === '..' || way.startsWith(`..${sep}`) || resolve(way) === way)
      return no(
        'it is not below the working folder',
        'name a folder below the working folder, or change to its parent folder first',
      )
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(basename(place)))
      return no('its name cannot be an id', 'use letters, digits, `.`, `_` and `-`, and begin with a letter or digit')
    if (lstatSync(place, { throwIfNoEntry: false }))
      return no('it exists already', 'choose another folder, or another --name')
    return undefined
  } catch (e) {
    return diagnostic(cannotWrite, inLog(folder), { path: folder, reason: reasonOf(e) })
  }
}

/** Where the parent really is: links are followed as far as there is something. */
function realParent(place: string): string {
  const parent = dirname(place)
  return lstatSync(parent, { throwIfNoEntry: false }) || parent === place
    ? realpathSync(parent)
    : join(realParent(parent), basename(parent))
}

function write(files: Files, folder: string, place: string): Diagnostic | undefined {
  let made: string | undefined
  let part: string | undefined
  try {
    made = mkdirSync(dirname(place), { recursive: true })
    part = preparePart(place)
    for (const [path, text] of files) {
      mkdirSync(dirname(join(part, path)), { recursive: true })
      writeFileSync(join(part, path), text, { flag: 'wx' })
    }
    renameSync(part, place)
    return undefined
  } catch (e) {
    for (const path of [made, part]) if (path !== undefined) rmSync(path, { recursive: true, force: true })
    return diagnostic(cannotWrite, inLog(folder), { path: folder, reason: reasonOf(e) })
  } finally {
    if (part !== undefined) keepAtEnd(part)
  }
}
