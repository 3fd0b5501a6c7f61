// The QUERY argument of a command: a file, a detection and one of its platforms, or text.
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { fileGone } from '../../core/diag/catalogue/cli.ts'
import { platformNeeded } from '../../core/diag/catalogue/detection-folders.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { DETECTION_FILE } from '../../core/detect/folder/folder.ts'
import { findDetection } from './detection-folders.ts'
import { type QueryText, readQuery, readQueryOf } from './query-files.ts'

export interface QueryChoice {
  readonly lang?: string | undefined
  /** Which query of a detection. */
  readonly platform?: string | undefined
}

export function readQueryArgument(argument: string, { lang, platform }: QueryChoice): Diagnostic | QueryText {
  if (lang !== undefined) return readQuery(argument, lang)
  if (namesDetection(argument)) return ofDetection(argument, platform)
  const query = readQuery(argument, undefined)
  if (!('code' in query) || query.code !== fileGone.id) return query
  const detection = findDetection(argument)
  return 'code' in detection ? query : ofDetection(argument, platform)
}

export const namesDetection = (argument: string): boolean =>
  basename(argument) === DETECTION_FILE ||
  (argument.length < 4096 && statSync(argument, { throwIfNoEntry: false })?.isDirectory() === true)

function ofDetection(argument: string, platform: string | undefined): Diagnostic | QueryText {
  const folder = findDetection(argument)
  if ('code' in folder) return folder
  const platforms = folder.detection?.platforms
  if (!platforms) return folder.diagnostics.find((d) => d.severity === 'error') as Diagnostic
  const known = Object.keys(platforms)
  const only = platform ?? (known.length === 1 ? known[0] : undefined)
  const chosen = only === undefined ? undefined : Object.entries(platforms).find(([p]) => p === only)?.[1]
  if (!chosen) return diagnostic(platformNeeded, inLog(folder.name), { name: folder.name, platform, known })
  return readQueryOf(folder.name, chosen.query)
}
