// Doing something again whenever files change.
import { existsSync, type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { DETECTION_FILE } from '../../core/detect/folder/folder.ts'
import { detectionFoldersBelow } from './detection-folders.ts'

/** Hidden files, and those that editors and we write before they take a name. */
const PASSING = /(?:^|[/\\])\.|\.tmp$|\.part$|~$/

/** Editors write a file in several steps; what comes within this many milliseconds is one change. */
const QUIET_MS = 120

export interface WatchOptions {
  /** Ends the watch, as an interrupt of the process does. */
  readonly signal?: AbortSignal
  /** Files that the work itself writes. */
  readonly ignored?: readonly string[]
  /** Told when the work throws, as when a file goes while it is read: the next change may mend it. */
  readonly onError?: (error: unknown) => void
}

/**
 * Calls `work` with all paths, then after each change with those that the change concerns: the detection that it lies in, or else the
 * path given. A file of a detection is concerned by every file of it. Ends when the process is interrupted; false, at once, if there is
 * none of the paths.
 */
export async function whenChanged(
  paths: readonly string[],
  work: (paths: readonly string[]) => Promise<void>,
  { signal, ignored = [], onError }: WatchOptions = {},
): Promise<boolean> {
  await work(paths)
  const unwatched = new Set(ignored.map((path) => resolve(path)))
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let busy = false
  const go = async (): Promise<void> => {
    if (busy || changed.size === 0) return
    busy = true
    const now = withoutInner([...changed])
    changed.clear()
    try {
      await work(now)
    } catch (e) {
      onError?.(e)
    }
    busy = false
    await go()
  }
  const watchers = paths.filter(existsSync).map((path) => {
    const { root, isFile, below } = rootOf(path)
    return watchTree(root, below, (name) => {
      if (PASSING.test(relative(root, name)) || unwatched.has(resolve(name))) return
      changed.add(isFile ? path : concerned(path, name))
      clearTimeout(timer)
      timer = setTimeout(() => void go(), QUIET_MS)
    })
  })
  if (watchers.length === 0) return false
  await new Promise<void>((done) => {
    signal?.addEventListener('abort', () => done())
    process.once('SIGINT', () => done())
  })
  clearTimeout(timer)
  for (const close of watchers) close()
  return true
}

/** What is to be watched for a path: itself, for a file its folder, for a file of a detection all of it: its query may lie beside it. */
function rootOf(path: string): { root: string; isFile: boolean; below: boolean } {
  if (!statSync(path).isFile()) return { root: path, isFile: false, below: true }
  for (let root = dirname(path), up = dirname(root); ; root = up, up = dirname(root)) {
    if (existsSync(join(root, DETECTION_FILE))) return { root, isFile: true, below: true }
    if (root === up) return { root: dirname(path), isFile: true, below: false }
  }
}

/** A folder and one inside it are the folder. */
const withoutInner = (paths: readonly string[]): string[] =>
  paths.filter((p) => !paths.some((q) => q !== p && !relative(q, p).startsWith('..') && !isAbsolute(relative(q, p))))

/**
 * Calls `said` with the path of whatever changes in a folder, or below it; gives what ends it. A watcher per folder: the recursive ones
 * of Node on Linux watch files, and lose one that an editor replaces by a new file of the same name.
 */
function watchTree(root: string, below: boolean, said: (path: string) => void): () => void {
  const watchers = new Map<string, FSWatcher>()
  const stop = (folder: string): void => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  const add = (folder: string): void => {
    if (!watchers.has(folder)) {
      const watcher = watch(folder, (_, name) => {
        if (name === null) return
        if (below) rescan()
        said(join(folder, name))
      })
      // The folder is gone.
      watcher.on('error', () => stop(folder))
      watchers.set(folder, watcher)
    }
    if (!below) return
    for (const e of readdirSync(folder, { withFileTypes: true }))
      if (e.isDirectory() && !e.name.startsWith('.') && e.name !== 'node_modules') add(join(folder, e.name))
  }
  const rescan = (): void => {
    for (const folder of watchers.keys()) if (!existsSync(folder)) stop(folder)
    try {
      add(root)
    } catch {
      // A folder went away while it was read; its parent says so next.
    }
  }
  add(root)
  return () => {
    for (const watcher of watchers.values()) watcher.close()
  }
}

function concerned(path: string, file: string): string {
  const detection = detectionFoldersBelow(path).find((d) => file.startsWith(`${d}/`))
  return detection ?? path
}
