// CONTRIBUTING.md says that a log format is one file, whatever it takes part in. Here FortiGate's file is taken out of a copy of the core
// and put back; a script in the copy says which format works where.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'

const house = resolve(import.meta.dirname, '../..')
const copy = mkdtempSync(join(tmpdir(), 'assay-format-'))
after(() => rmSync(copy, { recursive: true, force: true }))

/** What `tests/structure/templates/try-format.txt` prints of a format. */
interface Part {
  readonly recognised: boolean
  /** The port of the connection, read from the message in a row of an export. */
  readonly inExport: string | null
  /** Like `inExport`, for a line between those of another format. */
  readonly inMixedFile: string | null
  readonly takesPart: boolean
  /** Rows of a query, or the codes of its errors. */
  readonly view: number | string
  readonly firewall: number | string
  readonly service: number | string
  readonly suggestion: readonly string[]
}
type Parts = Readonly<Record<'fortigate' | 'zeek', Part>>

const node = (...args: readonly string[]): string =>
  execFileSync(process.execPath, ['--import', 'tsx', ...args], { cwd: copy, encoding: 'utf8' })
function parts(): Parts {
  node('tools/gen-registries.ts')
  return JSON.parse(node('try-format.ts')) as Parts
}

test('an existing format is its file alone: without it all else compiles and works, with it it takes part everywhere', () => {
  cpSync(join(house, 'core'), join(copy, 'core'), { recursive: true, filter: (f) => !f.endsWith('.test.ts') })
  cpSync(join(house, 'tools/gen-registries.ts'), join(copy, 'tools/gen-registries.ts'))
  cpSync(join(house, 'package.json'), join(copy, 'package.json'))
  const config = JSON.parse(readFileSync(join(house, 'tsconfig.json'), 'utf8')) as object
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ ...config, include: ['core', 'try-format.ts'] }))
  cpSync(join(house, 'tests/structure/templates/try-format.txt'), join(copy, 'try-format.ts'))
  symlinkSync(join(house, 'node_modules'), join(copy, 'node_modules'))
  const part = {
    recognised: true,
    inExport: '21',
    inMixedFile: '21',
    takesPart: true,
    view: 1,
    firewall: 1,
    service: 1,
  }
  const zeek: Part = { ...part, inMixedFile: null, suggestion: ['id.orig_h'] }
  const whole: Parts = { fortigate: { ...part, suggestion: ['srcip'] }, zeek }
  assert.deepEqual(parts(), whole)

  const file = join(copy, 'core/logs/formats/fortigate.ts')
  renameSync(file, join(copy, 'fortigate.ts'))
  const absent = { recognised: false, inExport: null, inMixedFile: null, takesPart: false, view: 0, firewall: 0 }
  const without: Parts = { fortigate: { ...absent, service: 'SIG130', suggestion: [] }, zeek }
  assert.deepEqual(parts(), without)
  const tsc = spawnSync(join(copy, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.json', '--pretty', 'false'], {
    cwd: copy,
    encoding: 'utf8',
  })
  assert.deepEqual([tsc.stdout, tsc.status], ['', 0])

  renameSync(join(copy, 'fortigate.ts'), file)
  assert.deepEqual(parts(), whole)
})
