// Folders of detections on disk: found below a path, or by the id of a detection.
import { readdirSync, statSync } from 'node:fs'
import { isFolder } from '../files/is-folder.ts'
import { readSmallText } from '../files/read-small.ts'
import { reasonOf } from '../files/reason.ts'
import { basename, dirname, join } from 'node:path'
import { noDetection, noDetections } from '../../core/diag/catalogue/detection-folders.ts'
import { unreadableQuery } from '../../core/diag/catalogue/query-file.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { checkCatalogue } from '../../core/detect/folder/checks/relations.ts'
import { DETECTION_FILE, readDetection } from '../../core/detect/folder/folder.ts'
import type { DetectionFolder, Files } from '../../core/detect/folder/folder-types.ts'

const SKIPPED = (name: string): boolean => name.startsWith('.') || name === 'node_modules'

/** Every file below a folder, its path parted by `/`, as UTF-8 text. Symbolic links are not followed. `unread`: a file or folder and why. */
export function readFiles(folder: string, unread: (path: string, reason: string) => void): Files {
  const files = new Map<string, string>()
  const walk = (at: string, prefix: string) => {
    for (const e of readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (SKIPPED(e.name)) continue
      const path = join(at, e.name)
      // A name that is not UTF-8 cannot be opened, and a file may be too large.
      try {
        if (e.isDirectory()) walk(path, `${prefix}${e.name}/`)
        else if (e.isFile()) files.set(prefix + e.name, readSmallText(path))
      } catch (error) {
        unread(path, reasonOf(error))
      }
    }
  }
  walk(folder, '')
  return files
}

const isDetection = (path: string): boolean =>
  statSync(join(path, DETECTION_FILE), { throwIfNoEntry: false })?.isFile() === true

/** Paths of the detections at or below a path, in order of path. */
export function detectionFoldersBelow(path: string): string[] {
  if (!isFolder(path)) return basename(path) === DETECTION_FILE ? [join(path, '..')] : []
  if (isDetection(path)) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((e) => e.isDirectory() && !SKIPPED(e.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((e) => detectionFoldersBelow(path === '.' ? e.name : join(path, e.name)))
}

export function readDetectionFolder(path: string): DetectionFolder {
  const unread: Diagnostic[] = []
  const files = readFiles(path, (file, reason) =>
    unread.push(diagnostic(unreadableQuery, inLog(file), { path: file, reason })),
  )
  const found = readDetection(files, path)
  return { ...found, diagnostics: [...unread, ...found.diagnostics] }
}

/** A detection by its folder, its `detection.yml`, its id below `detections/`, or its technique if only one has it. */
export function findDetection(argument: string): Result<DetectionFolder> {
  const [direct] = isFolder(argument) && !isDetection(argument) ? [] : detectionFoldersBelow(argument)
  if (direct !== undefined) return ok(readDetectionFolder(direct))
  const known = detectionFoldersBelow('detections')
  const named = known.filter((p) => basename(p) === argument)
  const byTechnique = known.filter((p) => basename(p).startsWith(`${argument}-`))
  const found = named.length > 0 ? named : byTechnique
  return found.length === 1
    ? ok(readDetectionFolder(found[0] as string))
    : failure(
        diagnostic(noDetection, inLog(argument), {
          name: argument,
          known: (found.length > 1 ? found : known).map((p) => basename(p)),
        }),
      )
}

/** The detections at or below the paths, with problems between them. Pages and other folders are skipped. */
export function detectionsOf(paths: readonly string[]): DetectionFolder[] {
  const folders = [...new Set(paths.flatMap(detectionFoldersBelow))].map(readDetectionFolder)
  let beside: ReadonlySet<string> | undefined
  const between = checkCatalogue(folders, () => {
    beside ??= idsBeside(folders)
    return beside
  })
  return folders.map((f, i) => (i === 0 ? { ...f, diagnostics: [...f.diagnostics, ...between] } : f))
}

/** Ids of the neighbouring detections: the relations of a single tested detection may name them. */
function idsBeside(folders: readonly DetectionFolder[]): ReadonlySet<string> {
  const parents = [...new Set(folders.map((f) => dirname(f.name)))]
  const paths = parents.flatMap((p) => (isFolder(p) ? readdirSync(p).map((name) => join(p, name)) : []))
  return new Set(paths.flatMap((path) => (isDetection(path) ? (readDetectionFolder(path).detection?.id ?? []) : [])))
}

/** The same, with a diagnostic for every path without a detection. */
export function listDetections(paths: readonly string[]): { folders: DetectionFolder[]; diagnostics: Diagnostic[] } {
  const folders = detectionsOf(paths)
  const missing = paths.filter((path) => detectionFoldersBelow(path).length === 0)
  return {
    folders,
    diagnostics: [
      ...missing.map((path) => diagnostic(noDetections, inLog(path), { path })),
      ...folders.flatMap((f) => f.diagnostics),
    ],
  }
}
