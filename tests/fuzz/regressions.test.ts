// Inputs that once broke a promise. The name tells how one is tried: NAME.query.md, NAME.text.LANGUAGE, NAME.scan.log, NAME.log, or a document by its own ending.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openDuckdb } from '../../engine/cases/case-executors.ts'
import { tryDocument } from './documents.ts'
import type { Outcome } from './oracle.ts'
import { tryText } from './languages.ts'
import { tryPage } from './queries.ts'
import { tryBytes } from './readers.ts'
import { tryScans } from './scans.ts'

const FOLDER = 'tests/fuzz/regressions'
const temp = mkdtempSync(join(tmpdir(), 'fuzz-'))
const duckdb = await openDuckdb()
after(() => {
  duckdb.close()
  rmSync(temp, { recursive: true, force: true })
})

function outcomeOf(name: string): Promise<Outcome> {
  const bytes = readFileSync(join(FOLDER, name))
  if (name.endsWith('.query.md')) return tryPage(bytes.toString('utf8'), [duckdb])
  if (name.endsWith('.scan.log')) return tryScans(bytes, join(temp, name))
  if (name.includes('.text.')) return tryText({ name, text: bytes.toString('utf8') }, 1)
  if (name.endsWith('.log')) return tryBytes(bytes, join(temp, name))
  return tryDocument({ name, text: bytes.toString('utf8') })
}

for (const name of readdirSync(FOLDER).sort())
  test(name, async () => {
    assert.deepEqual((await outcomeOf(name)).faults, [])
  })
