// assay new: a folder for a new detection.
import { newDetection } from '../engine/project/new-detection.ts'
import type { NewFlags } from './commands/new.ts'
import type { Io } from './io.ts'
import { diagnosticsToJson } from './json.ts'
import { print, printJson } from './print.ts'
import { say } from './say.ts'
import { plural } from './words.ts'

export function create(io: Io, technique: string, folder: string | undefined, flags: NewFlags): number {
  const result = newDetection({
    technique,
    platforms: flags.platform,
    ...(folder !== undefined && { folder }),
    ...(flags.name !== undefined && { title: flags.name }),
  })
  const { diagnostics } = result.ok ? result.value : result
  if (flags.format === 'json') {
    const created = result.ok ? { folder: result.value.folder, id: result.value.id, files: result.value.files } : {}
    printJson(io, { ...created, diagnostics: diagnosticsToJson(diagnostics) })
  } else if (!result.ok) say(io, diagnostics)
  else {
    const { folder: place, files } = result.value
    print(io.stdout, `${place}\n`)
    print(
      io.stderr,
      `${plural(files.length, 'file')}, a draft: its tests pass, but its query finds nothing real yet.\n` +
        `next: replace each TODO:; npx assay test ${place} lists them\n` +
        `when a query is written: npx assay witness ${place} --platform NAME --format case writes its first cases\n`,
    )
  }
  return result.ok ? 0 : 2
}
