// Doing something again whenever files change.
import { existsSync, type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { detectionFoldersBelow } from './detection-folders.ts'

/** Editors write a file in several steps; what comes within this many milliseconds is one change. */
const QUIET_MS = 120

/**
 * Calls `work` with all paths, then after each change with those that the change concerns: the detection that it lies in, or else the
 * path given. Ends when the process is interrupted.
 */
export async function whenChanged(
  paths: readonly string[],
  work: (paths: readonly string[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  await work(paths)
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let busy = false
  const go = async (): Promise<void> => {
    if (busy || changed.size === 0) return
    busy = true
    const now = [...changed]
    changed.clear()
    await work(now)
    busy = false
    await go()
  }
  const watchers = paths.map((path) => {
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true
    return watchTree(isFile ? dirname(path) : path, !isFile, (name) => {
      if (/(?:^|[/\\])\.|\.tmp$|\.part$|~$/.test(name)) return
      changed.add(isFile ? path : concerned(path, name))
      clearTimeout(timer)
      timer = setTimeout(() => void go(), QUIET_MS)
    })
  })
  await new Promise<void>((done) => {
    signal?.addEventListener('abort', () => done())
    process.once('SIGINT', () => done())
  })
  for (const close of watchers) close()
}

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
