// Globs over the file system: `*`, `?`, `[a-z]`, `{a,b}`, `**` for any folders. Node 20 has none of its own.
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

export const isGlob = (path: string): boolean => /[*?[\]{}]/.test(path)

/** Files and folders that match, in code-point order. Names that begin with a dot match only a pattern that does. */
export function glob(pattern: string): string[] {
  const found = new Set<string>()
  for (const one of braces(pattern)) {
    const absolute = one.startsWith('/')
    walk(
      absolute ? '/' : '',
      one.split('/').filter((s) => s !== '' && s !== '.'),
      found,
    )
  }
  return [...found].sort()
}

function braces(pattern: string): string[] {
  const m = /\{([^{}]*)\}/.exec(pattern)
  if (!m) return [pattern]
  const [all, inner = ''] = m
  return inner
    .split(',')
    .flatMap((part) => braces(pattern.slice(0, m.index) + part + pattern.slice(m.index + all.length)))
}

function walk(base: string, segments: readonly string[], found: Set<string>): void {
  const [segment, ...rest] = segments
  if (segment === undefined) {
    if (base !== '') found.add(base)
    return
  }
  if (segment === '**') {
    walk(base, rest, found)
    for (const name of entries(base)) {
      const path = join(base, name)
      if (!name.startsWith('.') && isFolder(path) && !leadsUp(path, base)) walk(path, segments, found)
    }
    return
  }
  if (!isGlob(segment)) {
    const path = join(base, segment)
    if (exists(path)) walk(path, rest, found)
    return
  }
  const is = segmentTest(segment)
  for (const name of entries(base)) {
    if (is(name) && (rest.length === 0 || isFolder(join(base, name)))) walk(join(base, name), rest, found)
  }
}

function segmentTest(segment: string): (name: string) => boolean {
  const source = segment.replace(/\[!?[^\]]+\]|[*?]|[\\^$.|+(){}[\]]/g, (t) => {
    if (t === '*') return '[^/]*'
    if (t === '?') return '[^/]'
    if (t.length > 1) return t.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
    return `\\${t}`
  })
  let regex: RegExp
  try {
    regex = new RegExp(`^${source}$`, 'su')
  } catch {
    return (name) => name === segment
  }
  return (name) => (!name.startsWith('.') || segment.startsWith('.')) && regex.test(name)
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder === '' ? '.' : folder)
  } catch {
    return []
  }
}
function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && path.length < 4096
  } catch {
    return false
  }
}

/** A link to a folder above itself: following it would find the same files again, without end. */
function leadsUp(path: string, base: string): boolean {
  try {
    const target = realpathSync(path)
    const here = realpathSync(base === '' ? '.' : base)
    return here === target || here.startsWith(target === '/' ? target : `${target}/`)
  } catch {
    return true
  }
}
