// Names on the command line (files, folders, globs, standard input) as a list of files.
import { accessSync, constants, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { leftOutOfFolder, linksOutside, missing, noMatch, unreadable } from '../../core/diag/catalogue/log.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { noTempFolder } from '../../core/diag/catalogue/run.ts'
import { reasonOf } from '../files/reason.ts'
import { tempRoot } from '../files/temp.ts'
import { glob, isGlob } from './glob.ts'
import { keepStdin } from './stdin.ts'
import { packKind } from './pack-kind.ts'
import type { Input, Tags } from './input.ts'

export interface InputList {
  /** Every file once, in code-point order of path: the order of arguments changes nothing. */
  readonly inputs: readonly Input[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The fields in which queries find the tags. */
export const CATEGORY = '_sourceCategory'
export const REPO = '#repo'

/**
 * A specification is a path, folder (all files below it), glob or `-`. It may end in `@category`, `#repo`, `@name=value` for metadata of
 * any name, or several of them; a file whose name contains these signs takes precedence. Never throws.
 *
 * A link that is named is followed. One that a folder or glob holds is followed only to files at or below something that is named: logs
 * may come with a pull request, and a link could show any file of the machine that reads them.
 */
export async function listInputs(specs: readonly string[]): Promise<InputList> {
  const inputs = new Map<string, Input>()
  const diagnostics: Diagnostic[] = []
  const split = specs.map(splitSpec)
  const roots = split.map(({ path }) => realPathOf(fixedPart(path)))
  const walk: Walk = { diagnostics, roots, outside: [], documentation: [] }
  for (const { path, tags } of split) {
    if (path === '-') {
      try {
        const kept = await keepStdin()
        inputs.set('-', { name: '-', path: kept.path, size: kept.size, tags })
      } catch (e) {
        diagnostics.push(diagnostic(noTempFolder, inLog('-'), { folder: tempRoot(), reason: reasonOf(e) }))
      }
      continue
    }
    for (const file of expand(path, walk)) {
      const key = realPathOf(file.path)
      const before = inputs.get(key)
      inputs.set(key, before ? { ...before, tags: { ...before.tags, ...tags } } : { ...file, tags })
    }
  }
  const [link] = walk.outside
  if (link !== undefined) diagnostics.push(diagnostic(linksOutside, inLog(link), { link, count: walk.outside.length }))
  const [document] = walk.documentation
  if (document !== undefined)
    diagnostics.push(diagnostic(leftOutOfFolder, inLog(document), { names: walk.documentation }))
  const files: Input[] = []
  for (const input of inputs.values()) {
    const kind = packKind(input.path)
    if (!kind) {
      files.push(input)
      continue
    }
    const { unpacked } = await import('./unpack.ts')
    const found = await unpacked(input, kind)
    files.push(...found.inputs)
    diagnostics.push(...found.diagnostics)
  }
  return { inputs: files.sort(byName), diagnostics }
}

const byName = (a: Input, b: Input): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

const NAMED = /^([A-Za-z_][\w.]*)=(.*)$/s

export function splitSpec(spec: string): { path: string; tags: Tags } {
  const tags: Record<string, string> = {}
  let path = spec
  while (!exists(path)) {
    const m = /^(.+)([@#])([^@#]+)$/s.exec(path)
    if (!m) break
    const [, before = '', sign, value = ''] = m
    const named = sign === '@' ? NAMED.exec(value) : null
    if (named) tags[named[1] as string] ??= named[2] as string
    else tags[sign === '@' ? CATEGORY : REPO] ??= value
    path = before
  }
  // A category may contain slashes, as a path does. If `logs@2024/x.log` does not exist, it is a missing file, not `logs` with a category.
  const folders = Object.values(tags).some((v) => v.includes('/'))
  return folders && !exists(path) && !isGlob(path) ? { path: spec, tags: {} } : { path, tags }
}

/** The text between a path and the value of a tag, as `splitSpec` reads it. */
export const tagMark = (name: string): string => (name === CATEGORY ? '@' : name === REPO ? '#' : `@${name}=`)

/** The files at or below a path, archives as they are. Links are followed everywhere: the caller compares the files with its folders. */
export const filesAt = (path: string): readonly Input[] =>
  collect(path, { diagnostics: [], roots: undefined, outside: [], documentation: [] })

interface Walk {
  readonly diagnostics: Diagnostic[]
  /** Paths without links. Undefined: every link is followed. */
  readonly roots: readonly string[] | undefined
  /** Links that lead elsewhere. */
  readonly outside: string[]
  /** Files of folders that are no logs by their names. */
  readonly documentation: string[]
}

const DOCUMENTATION = /^(?:(?:README|LICEN[CS]E|NOTICE|CHANGELOG)(?:\.\w+)?|.*\.md)$/i

/** The folders of a glob before its first sign of a glob. */
export function fixedPart(path: string): string {
  if (!isGlob(path) || exists(path)) return path
  const parts = path.split('/')
  const fixed = parts.slice(0, parts.findIndex(isGlob)).join('/')
  return fixed !== '' ? fixed : path.startsWith('/') ? '/' : '.'
}

function leadsOutside(path: string, { roots, outside }: Walk): boolean {
  const real = realPathOf(path)
  // A link to nothing is refused where it is read.
  const isInside =
    !roots || !exists(real) || roots.some((r) => real === r || (isBelow(r, real) && !isHidden(relative(r, real))))
  if (!isInside) outside.push(path)
  return !isInside
}

const isBelow = (root: string, path: string): boolean => path.startsWith(root.endsWith(sep) ? root : root + sep)
/** A walk reads no hidden files, so no link of the folder leads to one: `.git/config` may hold a token. */
const isHidden = (path: string): boolean => path.split(sep).some((part) => part.startsWith('.'))

function exists(path: string): boolean {
  return path === '-' || statOf(path) !== undefined
}
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** A file may vanish after it was listed. The scan says so. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function expand(path: string, walk: Walk): Input[] {
  const { diagnostics, outside } = walk
  const stat = statOf(path)
  if (stat === undefined) {
    if (!isGlob(path)) {
      diagnostics.push(diagnostic(missing, inLog(path), { path }))
      return []
    }
    const matches = glob(path).flatMap((p) => (leadsOutside(p, walk) ? [] : collect(p, walk)))
    if (matches.length === 0 && outside.length === 0)
      diagnostics.push(diagnostic(noMatch, inLog(path), { path, what: 'glob' }))
    return matches
  }
  const before = diagnostics.length + outside.length
  const found = collect(path, walk)
  if (found.length === 0 && diagnostics.length + outside.length === before)
    diagnostics.push(diagnostic(noMatch, inLog(path), { path, what: 'folder' }))
  return found
}

function collect(path: string, walk: Walk, above: readonly string[] = []): Input[] {
  const refuse = (reason: string): Input[] => {
    walk.diagnostics.push(diagnostic(unreadable, inLog(path), { path, reason }))
    return []
  }
  const stat = statOf(path)
  if (!stat) return refuse('the target of the link does not exist')
  try {
    accessSync(path, constants.R_OK)
    if (stat.isDirectory()) {
      const real = realpathSync(path)
      if (above.includes(real)) return []
      return readdirSync(path, { withFileTypes: true })
        .filter((e) => !e.name.startsWith('.'))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap((e) => {
          const inner = join(path, e.name)
          if (!e.isDirectory() && DOCUMENTATION.test(e.name)) {
            walk.documentation.push(inner)
            return []
          }
          return e.isSymbolicLink() && leadsOutside(inner, walk) ? [] : collect(inner, walk, [...above, real])
        })
    }
  } catch (e) {
    return refuse(reasonOf(e))
  }
  if (!stat.isFile()) return refuse('not a regular file')
  return [{ name: path, path, size: stat.size, identity: `${stat.dev} ${stat.ino}`, tags: {} }]
}
