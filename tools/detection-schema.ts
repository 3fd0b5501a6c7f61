// Writes docs/reference/detection.schema.json from the zod definition; the test beside it fails while the file is another one.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { detectionJsonSchema } from '../core/detect/folder/schema.ts'

export const SCHEMA_PATH = 'docs/reference/detection.schema.json'
export const schemaText = (): string => `${JSON.stringify(detectionJsonSchema(), null, 2)}\n`

/** With `--check` nothing is written: 1 when the file is not current. */
if (process.argv[1]?.endsWith('detection-schema.ts')) {
  if (process.argv.includes('--check')) process.exitCode = readFileSync(SCHEMA_PATH, 'utf8') === schemaText() ? 0 : 1
  else {
    mkdirSync('docs/reference', { recursive: true })
    writeFileSync(SCHEMA_PATH, schemaText())
  }
}
