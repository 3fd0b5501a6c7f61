// A new folder on disk: written whole beside its place, then moved there.
import { randomUUID } from 'node:crypto'
import { lstatSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { cannotWrite } from '../../core/diag/catalogue/cli.ts'
import { badFolder } from '../../core/diag/catalogue/scaffold.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { readDetection } from '../../core/detect/folder/folder.ts'
import { choosePlatforms, chooseTitle, scaffold } from '../../core/detect/scaffold/scaffold.ts'
import { chooseTechnique } from '../../core/detect/scaffold/technique.ts'
import { reasonOf } from '../files/reason.ts'
import { keepAtEnd } from '../files/temp.ts'
import { preparePart } from '../files/write-whole.ts'
import type { Files } from '../../core/detect/folder/folder-types.ts'

export interface NewDetectionOptions {
  readonly technique: string
  /** Default: below `detections/`, named after technique and title. */
  readonly folder?: string
  /** Ids of platforms; none: all. */
  readonly platforms: readonly string[]
  /** The title; default: the name of the technique. */
  readonly title?: string
}

export interface NewDetection {
  /** Path relative to the working folder. */
  readonly folder: string
  readonly id: string
  readonly files: readonly string[]
  /** Placeholders, file by file. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Afterwards either the whole folder exists, or nothing of it. */
export function newDetection(options: NewDetectionOptions): Result<NewDetection> {
  const technique = chooseTechnique(options.technique)
  const { chosen, wrong } = choosePlatforms(options.platforms)
  const text = options.title ?? (technique.ok ? technique.value.name : undefined)
  const title = text === undefined ? undefined : chooseTitle(text)
  const problems = [
    ...(technique.ok ? [] : technique.diagnostics),
    ...wrong,
    ...(title && !title.ok ? title.diagnostics : []),
  ]
  if (!technique.ok || !title?.ok || problems.length > 0) return failure(...problems)
  const folder = options.folder ?? join('detections', `${technique.value.id}-${title.value.slug}`)
  const place = resolve(folder)
  const refused = checkPlace(folder, place)
  if (refused) return failure(refused)
  const id = basename(place)
  const today = new Date().toISOString().slice(0, 10)
  const files = scaffold(
    { technique: technique.value, id, title: title.value.title, today, guid: () => randomUUID() },
    chosen,
  )
  const { diagnostics } = readDetection(files, folder)
  const [bug] = diagnostics.filter((d) => d.severity === 'error')
  if (bug) throw new Error(`our bug: a new detection has an error: ${bug.message}`)
  const unwritten = write(files, folder, place)
  return unwritten ? failure(unwritten) : ok({ folder, id, files: [...files.keys()], diagnostics })
}

function checkPlace(folder: string, place: string): Diagnostic | undefined {
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
  let createdFolder: string | undefined
  let part: string | undefined
  try {
    createdFolder = mkdirSync(dirname(place), { recursive: true })
    part = preparePart(place)
    for (const [path, text] of files) {
      mkdirSync(dirname(join(part, path)), { recursive: true })
      writeFileSync(join(part, path), text, { flag: 'wx' })
    }
    renameSync(part, place)
    return undefined
  } catch (e) {
    for (const path of [createdFolder, part]) if (path !== undefined) rmSync(path, { recursive: true, force: true })
    return diagnostic(cannotWrite, inLog(folder), { path: folder, reason: reasonOf(e) })
  } finally {
    if (part !== undefined) keepAtEnd(part)
  }
}
