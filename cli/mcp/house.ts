// The bounds of the server: the folders that tools may read, rows, time.
import { isAbsolute, join, resolve } from 'node:path'
import { namedOutside } from '../../core/diag/catalogue/named-file.ts'
import { diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { pathInside, readInside } from '../../engine/files/open-inside.ts'
import { isGlob } from '../../engine/inputs/glob.ts'
import { filesAt, splitSpec } from '../../engine/inputs/files.ts'

export interface House {
  readonly roots: readonly string[]
  readonly lookups: readonly string[]
  readonly maxRows: number
  /** Milliseconds. */
  readonly maxTime: number
}

/** A relative path begins at a root that has it. */
function inRoots({ roots }: House, name: string): Result<string> {
  if (isAbsolute(name)) return pathInside({ from: '/', roots }, name)
  for (const from of roots) {
    const found = pathInside({ from, roots }, name)
    if (found.ok) return found
  }
  return outside(name, roots, 'no allowed folder has it')
}

const outside = (name: string, roots: readonly string[], reason: string) =>
  failure(diagnostic(namedOutside, inLog(name), { name, roots, reason }))

/** Files and folders of logs as paths without links. A folder is taken only if every file in it lies inside. */
export function logsInside(house: House, names: readonly string[]): Result<string[]> {
  const specs: string[] = []
  for (const name of names) {
    let bare = name
    let found = inRoots(house, bare)
    while (!found.ok) {
      const before = /^(.+)[@#][^@#]+$/s.exec(bare)?.[1]
      if (before === undefined) break
      bare = before
      found = inRoots(house, bare)
    }
    if (!found.ok)
      return bare === '-' || isGlob(bare)
        ? outside(name, house.roots, 'a tool takes files and folders, no globs')
        : found
    const tags = name.slice(bare.length)
    // A file of an archive lies where the archive does.
    for (const { path } of filesAt(found.value))
      if (!pathInside({ from: '/', roots: house.roots }, path).ok)
        return outside(path, house.roots, 'a file of the folder lies outside')
    const spec = `${found.value}${tags}`
    // `host@old` may be a link beside `host`, and a run would take it for the file.
    if (splitSpec(spec).path !== found.value)
      return outside(name, house.roots, 'another file has the name of the file with its tags')
    specs.push(spec)
  }
  return ok(specs)
}

/** The text of a file in the roots. */
export function textInside(house: House, name: string): Result<{ name: string; text: string; path: string }> {
  const path = inRoots(house, name)
  if (!path.ok) return path
  const text = readInside({ from: '/', roots: house.roots, mostBytes: 4_000_000 }, path.value)
  return text.ok ? ok({ name, text: text.value, path: path.value }) : text
}

/** A folder or file in the roots. */
export const placeInside = (house: House, name: string): Result<string> => inRoots(house, name)

export const houseOf = (flags: {
  readonly root: readonly string[]
  readonly lookups: readonly string[]
  readonly maxRows: string
  readonly maxSeconds: string
}): House => ({
  roots: flags.root.map((r) => resolve(r)),
  lookups: flags.lookups.map((l) => join(resolve(l))),
  maxRows: Math.max(1, Math.min(10_000, Math.floor(Number(flags.maxRows)) || 200)),
  maxTime: Math.max(1, Math.min(3600, Number(flags.maxSeconds) || 60)) * 1000,
})
