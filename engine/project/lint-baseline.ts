// The file of diagnostics that a project has accepted; the command line names it.
import { readSmallText } from '../files/read-small.ts'

/** The fingerprints, or the reason why there are none. */
export function readBaseline(path: string): ReadonlySet<string> | 'broken' | 'missing' {
  let text: string
  try {
    text = readSmallText(path)
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'broken'
  }
  try {
    const { fingerprints } = JSON.parse(text) as { fingerprints: unknown }
    return Array.isArray(fingerprints) && fingerprints.every((f): f is string => typeof f === 'string')
      ? new Set(fingerprints)
      : 'broken'
  } catch {
    return 'broken'
  }
}
