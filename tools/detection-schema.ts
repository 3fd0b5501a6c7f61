// Writes docs/reference/detection.schema.json from the zod definition. The test beside it fails if the file is out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { detectionJsonSchema } from '../core/detect/folder/schema.ts'

export const SCHEMA_PATH = 'docs/reference/detection.schema.json'
export const schemaText = (): string => `${JSON.stringify(detectionJsonSchema(), null, 2)}\n`

/** `--check` writes nothing and exits with 1 if the file is out of date. */
if (process.argv[1]?.endsWith('detection-schema.ts')) {
  if (process.argv.includes('--check')) process.exitCode = readFileSync(SCHEMA_PATH, 'utf8') === schemaText() ? 0 : 1
  else {
    mkdirSync('docs/reference', { recursive: true })
    writeFileSync(SCHEMA_PATH, schemaText())
  }
}
