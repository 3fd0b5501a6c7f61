// Repeats work whenever files change.
import { existsSync, type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { DETECTION_FILE } from '../../core/detect/folder/folder.ts'
import { detectionFoldersBelow } from './detection-folders.ts'

/** Hidden files, and temporary files of editors and of Assay. */
const IGNORED = /(?:^|[/\\])\.|\.tmp$|\.part$|~$/

/** Editors write a file in several steps. Events within this many milliseconds are one change. */
const QUIET_MS = 120

export interface WatchOptions {
  /** Ends the watch, as an interrupt of the process does. */
  readonly signal?: AbortSignal
  /** Files that `work` writes. */
  readonly ignored?: readonly string[]
  /** Called if `work` throws, for example because a file vanished. The watch goes on: the next change may mend it. */
  readonly onError?: (error: unknown) => void
}

/**
 * Calls `work` with all paths, then after each change with the affected ones: the detection that contains the changed file, or else the
 * watched path. Ends when the process is interrupted. Returns false at once if none of the paths exists.
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
      if (IGNORED.test(relative(root, name)) || unwatched.has(resolve(name))) return
      changed.add(isFile ? path : affectedPath(path, name))
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

/** The folder to watch for a path. For a file of a detection it is the whole detection, because its pages name its other files. */
function rootOf(path: string): { root: string; isFile: boolean; below: boolean } {
  if (!statSync(path).isFile()) return { root: path, isFile: false, below: true }
  for (let root = dirname(path), up = dirname(root); ; root = up, up = dirname(root)) {
    if (existsSync(join(root, DETECTION_FILE))) return { root, isFile: true, below: true }
    if (root === up) return { root: dirname(path), isFile: true, below: false }
  }
}

/** Without paths inside another one of the paths. */
const withoutInner = (paths: readonly string[]): string[] =>
  paths.filter((p) => !paths.some((q) => q !== p && !relative(q, p).startsWith('..') && !isAbsolute(relative(q, p))))

/**
 * Calls `onChange` with the path of every change in a folder or, with `below`, in its subfolders too. Returns a function that ends it.
 * One watcher per folder: Node's recursive ones on Linux watch single files, and lose a file that an editor replaces.
 */
function watchTree(root: string, below: boolean, onChange: (path: string) => void): () => void {
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
        onChange(join(folder, name))
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
      // A folder vanished while it was read. The event of its parent comes next.
    }
  }
  add(root)
  return () => {
    for (const watcher of watchers.values()) watcher.close()
  }
}

function affectedPath(path: string, file: string): string {
  const detection = detectionFoldersBelow(path).find((d) => file.startsWith(`${d}/`))
  return detection ?? path
}
