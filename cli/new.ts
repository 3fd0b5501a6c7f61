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
  const result = newDetection({
    technique,
    platforms: options.platform,
    ...(folder !== undefined && { folder }),
    ...(options.name !== undefined && { title: options.name }),
  })
  const { diagnostics } = result.ok ? result.value : result
  if (options.format === 'json') {
    const created = result.ok ? { folder: result.value.folder, id: result.value.id, files: result.value.files } : {}
    io.stdout.write(`${toJson({ ...created, diagnostics: diagnosticsToJson(diagnostics) })}\n`)
  } else if (!result.ok) printDiagnostics(io, diagnostics)
  else {
    const { folder, files } = result.value
    io.stdout.write(`${folder}\n`)
    io.stderr.write(
      `${plural(files.length, 'file')}, a draft: its tests pass, but its query finds nothing real yet.\n` +
        `next: replace each TODO:; npx assay test ${folder} lists them\n`,
    )
  }
  return result.ok ? 0 : 2
}
