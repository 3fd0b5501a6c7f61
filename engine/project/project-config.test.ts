import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { positionAt } from '../../core/text/source.ts'
import { loadConfig } from './project-config.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-config-'))
after(() => rmSync(root, { recursive: true }))
const at = (path: string): string => join(root, path)
const fromHere = (path: string): string => relative('.', at(path))
function put(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), text)
}
/** Code, line and column of what is wrong. */
const told = (all: readonly Diagnostic[]): string[] =>
  all.map((d) => {
    if (d.at.kind !== 'text') return d.code
    const { line, column } = positionAt(d.at.source.text, d.at.span.start)
    return `${d.code} ${d.at.source.name.split('/').at(-1)}:${line}:${column} ${d.remedy}`
  })

beforeEach(() => {
  rmSync(root, { recursive: true })
  for (const folder of ['repo/.git', 'repo/team/work', 'repo/tables', 'repo/team/tables', 'outside'])
    mkdirSync(at(folder), { recursive: true })
})

test('without a file there are no settings, and nothing is wrong', () => {
  assert.deepEqual(loadConfig(at('outside')), { config: {}, diagnostics: [] })
})

test('the file is found upwards; its folders are relative to it', () => {
  put('repo/assay.yml', 'lookups: [tables]\ntz: Europe/Zurich\n')
  assert.deepEqual(loadConfig(at('repo/team/work')), {
    config: { lookups: [fromHere('repo/tables')], tz: 'Europe/Zurich' },
    diagnostics: [],
  })
})

test('the nearer file decides; lists are joined, of a mapping each key', () => {
  put('repo/base.yml', 'lookups: [tables]\ntz: UTC\nsource_tz: +02:00\nsemantics: { a: x, b: x }\n')
  put('repo/team/assay.yml', 'extends: ../base.yml\nlookups: [tables]\ntz: Europe/Zurich\nsemantics: { b: y }\n')
  assert.deepEqual(loadConfig(at('repo/team')), {
    config: {
      lookups: [fromHere('repo/team/tables'), fromHere('repo/tables')],
      tz: 'Europe/Zurich',
      source_tz: '+02:00',
      semantics: { a: 'x', b: 'y' },
    },
    diagnostics: [],
  })
})

test('a file that is extended in many ways is read once', () => {
  const levels = 40
  put('repo/assay.yml', 'extends: [c0.yml, c0.yml]\n')
  for (let i = 0; i < levels; i++) put(`repo/c${i}.yml`, `extends: [c${i + 1}.yml, c${i + 1}.yml]\n`)
  put(`repo/c${levels}.yml`, 'tz: Europe/Zurich\n')
  assert.deepEqual(loadConfig(at('repo')), { config: { tz: 'Europe/Zurich' }, diagnostics: [] })
})

test('an unknown setting is an error at its place, with the nearest name; then no setting holds', () => {
  put('repo/assay.yml', 'tz: UTC\nlookup: [tables]\n')
  const { config, diagnostics } = loadConfig(at('repo'))
  assert.deepEqual(config, {})
  assert.deepEqual(told(diagnostics), ['RUN081 assay.yml:2:1 did you mean `lookups`?'])
})

test('wrong values and broken YAML are reported at their place', () => {
  put('repo/assay.yml', 'tz: Nowhere/Land\nlookups: tables\n')
  assert.deepEqual(
    told(loadConfig(at('repo')).diagnostics).map((t) => t.slice(0, 20)),
    ['RUN082 assay.yml:1:5', 'RUN082 assay.yml:2:10'].map((t) => t.slice(0, 20)),
  )
  put('repo/assay.yml', 'tz: [\n')
  assert.match(told(loadConfig(at('repo')).diagnostics)[0] ?? '', /^RUN080 /)
})

test('a folder or file outside of the project is refused where it is named', () => {
  put('outside/base.yml', 'secret: value\n')
  put('repo/assay.yml', 'roots:\n  - tables\n  - ../outside\n')
  assert.match(told(loadConfig(at('repo')).diagnostics).join(), /^RUN020 assay.yml:3:5 /)
  put('repo/assay.yml', 'tz: UTC\nextends: ../outside/base.yml\n')
  assert.match(told(loadConfig(at('repo')).diagnostics).join(), /^RUN020 assay.yml:2:10 /)
  put('repo/assay.yml', 'extends: gone.yml\n')
  assert.match(told(loadConfig(at('repo')).diagnostics).join(), /^RUN021 assay.yml:1:10 /)
})

test('files that extend each other are refused', () => {
  put('repo/assay.yml', 'extends: a.yml\n')
  put('repo/a.yml', 'extends: assay.yml\n')
  assert.match(told(loadConfig(at('repo')).diagnostics).join(), /^RUN083 /)
})

test('a source outside of the project is known to be there', () => {
  for (const f of ['outside/a.parquet', 'repo/tables/a.parquet', 'repo/.git/config']) put(f, '')
  symlinkSync(at('outside'), at('repo/link'))
  symlinkSync(at('repo/.git/config'), at('repo/config'))
  const isOutside = (table: string): unknown => {
    put('repo/assay.yml', `sources: { lake: { table: ${JSON.stringify(table)} } }\n`)
    const { config, diagnostics } = loadConfig(at('repo'))
    assert.deepEqual(diagnostics, [])
    return (config.sources?.['lake'] as { isOutside?: boolean } | undefined)?.isOutside
  }
  const inside = [
    'tables',
    './tables/a.parquet',
    'tables/*.parquet',
    at('repo/tables'),
    'tables@prod',
    'gone.parquet',
    '.',
  ]
  for (const table of inside) assert.equal(isOutside(table), false, table)
  const outside = [
    '../outside',
    '../outside/*.parquet',
    'link',
    'link/a.parquet@prod',
    'tables/../../outside/*',
    '*/../../outside/*',
    'config',
    '.git/config',
    '../gone',
    '/etc/hosts',
    'clickhouse://u@h:8123/a/b',
  ]
  for (const table of outside) assert.equal(isOutside(table), true, table)
})
