// The QUERY argument of a command: a file, a detection and one of its platforms, or text.
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { fileGone } from '../../core/diag/catalogue/cli.ts'
import { platformNeeded } from '../../core/diag/catalogue/detection-folders.ts'
import { diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { failure, type Result } from '../../core/diag/result.ts'
import { DETECTION_FILE } from '../../core/detect/folder/folder.ts'
import { findDetection } from './detection-folders.ts'
import { type QueryText, readQuery, readQueryOf } from './query-files.ts'

export interface QueryChoice {
  readonly lang?: string | undefined
  /** Which query of a detection. */
  readonly platform?: string | undefined
}

export function readQueryArgument(argument: string, { lang, platform }: QueryChoice): Result<QueryText> {
  if (lang !== undefined) return readQuery(argument, lang)
  if (namesDetection(argument)) return queryOfDetection(argument, platform)
  const query = readQuery(argument, undefined)
  if (query.ok || query.diagnostics[0]?.code !== fileGone.id) return query
  return findDetection(argument).ok ? queryOfDetection(argument, platform) : query
}

export const namesDetection = (argument: string): boolean =>
  basename(argument) === DETECTION_FILE ||
  (argument.length < 4096 && statSync(argument, { throwIfNoEntry: false })?.isDirectory() === true)

function queryOfDetection(argument: string, platform: string | undefined): Result<QueryText> {
  const found = findDetection(argument)
  if (!found.ok) return found
  const folder = found.value
  const platforms = folder.detection?.platforms
  if (!platforms) return failure(...folder.diagnostics.filter((d) => d.severity === 'error').slice(0, 1))
  const known = Object.keys(platforms)
  const only = platform ?? (known.length === 1 ? known[0] : undefined)
  const chosen = only === undefined ? undefined : Object.entries(platforms).find(([p]) => p === only)?.[1]
  if (!chosen) return failure(diagnostic(platformNeeded, inLog(folder.name), { name: folder.name, platform, known }))
  return readQueryOf(folder.name, chosen.query)
}
