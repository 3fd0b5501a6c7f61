import { statSync } from 'node:fs'

/** False for what is no path at all: a query text may be longer than the system takes for a name. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  } catch {
    return false
  }
}
