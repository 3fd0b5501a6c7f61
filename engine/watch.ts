// Doing something again whenever files change.
import { watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { statSync } from 'node:fs'
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
    const root = isFile ? dirname(path) : path
    return watch(root, { recursive: true, ...(signal && { signal }) }, (_, name) => {
      if (name === null || /(?:^|[/\\])\.|\.tmp$|\.part$|~$/.test(name)) return
      changed.add(isFile ? path : concerned(path, join(root, name)))
      clearTimeout(timer)
      timer = setTimeout(() => void go(), QUIET_MS)
    })
  })
  await new Promise<void>((done) => {
    signal?.addEventListener('abort', () => done())
    process.once('SIGINT', () => done())
  })
  for (const w of watchers) w.close()
}

function concerned(path: string, file: string): string {
  const detection = detectionFoldersBelow(path).find((d) => file.startsWith(`${d}/`))
  return detection ?? path
}
