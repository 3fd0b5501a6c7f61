// The QUERY argument of a command: a file, a detection and one of its platforms, or text.
import { basename } from 'node:path'
import { isFolder } from '../files/is-folder.ts'
import { fileGone } from '../../core/diag/catalogue/cli.ts'
import { platformNeeded } from '../../core/diag/catalogue/detection-folders.ts'
import { diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { DETECTION_FILE } from '../../core/detect/folder/folder.ts'
import { languageNamed, readLanguages } from '../../core/workbench/compile.ts'
import { detectionFoldersBelow, findDetection } from './detection-folders.ts'
import { listQueries } from './list-files.ts'
import { type QueryText, readQuery, readQueryOf } from './query-files.ts'

export interface QueryChoice {
  readonly lang?: string | undefined
  /** Which query of a detection. */
  readonly platform?: string | undefined
}

export function readQueryArgument(argument: string, { lang, platform }: QueryChoice): Result<QueryText> {
  if (lang !== undefined) return readQuery(argument, lang)
  const collection = namesDetection(argument) ? collectionOf(argument) : undefined
  if (collection) return ok(collection)
  if (namesDetection(argument)) return queryOfDetection(argument, platform)
  const query = readQuery(argument, undefined)
  if (query.ok || query.diagnostics[0]?.code !== fileGone.id) return query
  return findDetection(argument).ok ? queryOfDetection(argument, platform) : query
}

/** All documents of a folder as one query, in languages whose files refer to each other. Undefined: the folder is a detection, or has none. */
function collectionOf(folder: string): QueryText | undefined {
  if (detectionFoldersBelow(folder).length > 0) return undefined
  const { queries } = listQueries([folder])
  const [first] = queries
  const between = first && languageNamed(first.language)?.read.between
  if (!first || between === undefined || queries.some((q) => q.language !== first.language)) return undefined
  const text = queries.map((q) => `# ${q.source.name}\n${q.source.text.trimEnd()}`).join(between)
  return { ...first, source: { name: folder, text: `${text}\n` }, path: undefined }
}

export const namesDetection = (argument: string): boolean => basename(argument) === DETECTION_FILE || isFolder(argument)

function queryOfDetection(argument: string, platform: string | undefined): Result<QueryText> {
  const found = findDetection(argument)
  if (!found.ok) return found
  const folder = found.value
  const platforms = folder.detection?.platforms
  if (!platforms) return failure(...folder.diagnostics.filter((d) => d.severity === 'error').slice(0, 1))
  const known = Object.keys(platforms).filter((p) => readLanguages.some((l) => l.platform.id === p))
  const only = platform ?? (known.length === 1 ? known[0] : undefined)
  const chosen = Object.entries(platforms).find(([p]) => p === only && known.includes(p))?.[1]
  if (!chosen) return failure(diagnostic(platformNeeded, inLog(folder.name), { name: folder.name, platform, known }))
  return readQueryOf(folder.name, chosen.query)
}
