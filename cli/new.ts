// assay new: a folder for a new detection.
import { newDetection } from '../engine/project/new-detection.ts'
import { diagnosticsToJson, plural, printDiagnostics, toJson } from './diagnostics-output.ts'
import type { Io } from './io.ts'

export interface NewOptions {
  readonly platform: readonly string[]
  readonly name?: string
  readonly format: 'json' | 'text'
}

export function create(io: Io, technique: string, folder: string | undefined, options: NewOptions): number {
  const made = newDetection({
    technique,
    platforms: options.platform,
    ...(folder !== undefined && { folder }),
    ...(options.name !== undefined && { title: options.name }),
  })
  const failed = !('folder' in made)
  if (options.format === 'json') {
    const found = failed ? {} : { folder: made.folder, id: made.id, files: made.files }
    io.stdout.write(`${toJson({ ...found, diagnostics: diagnosticsToJson(made.diagnostics) })}\n`)
  } else if (failed) printDiagnostics(io, made.diagnostics)
  else {
    io.stdout.write(`${made.folder}\n`)
    io.stderr.write(
      `${plural(made.files.length, 'file')}, a draft: its tests pass, but its query finds nothing real yet.\n` +
        `next: replace each TODO:; npx assay test ${made.folder} lists them\n`,
    )
  }
  return failed ? 2 : 0
}
