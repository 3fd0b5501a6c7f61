// The published package: licences of all code in it, a bill of materials, and no name of a file that it lacks.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { namedButMissing } from '../../tools/licences.ts'
import { builtProgram } from './built.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-package-'))
after(() => rmSync(folder, { recursive: true }))
const dist = dirname(await builtProgram())

test('the bundle carries the licence text of every package in it', () => {
  const notices = readFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> }
  // The database is not bundled: npm installs it with its own licence.
  const bundled = Object.keys(dependencies).filter((name) => !name.startsWith('@duckdb/'))
  for (const name of bundled) assert.match(notices, new RegExp(`^${name.replace('/', '\\/')} \\d+\\.`, 'm'))
  assert.ok(notices.split('Permission').length > bundled.length)
})

test('what the bundle loads later has its names: a server that does not answer is a diagnostic', () => {
  const call = [join(dist, 'assay.js'), 'run', '*', 'clickhouse://u@127.0.0.1:9/d/t', '--lang', 'cql']
  const { status, stderr } = spawnSync(process.execPath, call, { encoding: 'utf8' })
  assert.match(stderr, /^error\[CLK105\]/m)
  assert.equal(status, 2)
})

test('the code of a run and of its threads is ASCII', () => {
  // Node decodes such a file several times as fast, and V8 keeps it in half the memory. The bundler escapes strings, but no regular expressions.
  const chunks = readdirSync(dist).filter((f) => f.endsWith('.cjs'))
  const texts = new Map(chunks.map((f) => [f, readFileSync(join(dist, f), 'utf8')]))
  const isOfRun = (text: string): boolean => text.includes('function runQuery(') || text.includes('class Groups{')
  const ofRun = chunks.filter((f) => f.startsWith('worker-scan') || isOfRun(texts.get(f) as string))
  assert.ok(ofRun.length > 2)
  const found = ofRun.flatMap((f) => /[^\x00-\x7f].{0,40}/.exec(texts.get(f) as string) ?? [])
  assert.deepEqual(found, [])
})

test('the tarball has what NOTICE and the pages in it name, and a bill of materials without development packages', () => {
  // npm packs the files of the folder. The bundle of the tests replaces dist.
  for (const f of ['package.json', 'package-lock.json', 'README.md', 'LICENSE', 'NOTICE', 'docs', 'tools'])
    cpSync(f, join(folder, f), { recursive: true })
  cpSync(dist, join(folder, 'dist'), { recursive: true })
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
  execFileSync(process.execPath, ['--import', 'tsx', 'tools/pack.ts'], { cwd: folder })
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: folder, encoding: 'utf8' }),
  ) as [{ files: { path: string }[] }]
  const files = packed.files.map((f) => f.path)
  for (const f of ['dist/sbom.cdx.json', 'dist/THIRD-PARTY-NOTICES.txt', 'docs/reference/detection.schema.json'])
    assert.ok(files.includes(f), f)
  assert.deepEqual(namedButMissing(readFileSync('NOTICE', 'utf8'), files), [])
  const bom = JSON.parse(readFileSync(join(folder, 'dist/sbom.cdx.json'), 'utf8')) as {
    bomFormat: string
    components: { name: string; licenses?: unknown[] }[]
  }
  const names = bom.components.map((c) => c.name)
  assert.equal(bom.bomFormat, 'CycloneDX')
  assert.ok(names.includes('zod') && !names.includes('esbuild'))
})
