// A language is one folder and one adapter: the rest compiles and runs without any of them, and with one that is only written.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'

const house = resolve(import.meta.dirname, '../..')
const root = mkdtempSync(join(tmpdir(), 'assay-languages-'))
const LANG = 'core/lang'
const ADAPTERS = 'core/workbench/languages'
const ids = readdirSync(join(house, ADAPTERS))
  .filter((f) => f.endsWith('.ts') && f !== '_index.ts')
  .map((f) => f.replace(/\.ts$/, ''))

const node = (...args: string[]): string =>
  execFileSync(process.execPath, ['--import', 'tsx', ...args], { cwd: root, encoding: 'utf8' })
const complaints = (): string[] => {
  const { stdout } = spawnSync('node_modules/.bin/tsc', ['-p', 'tsconfig.json', '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
  })
  return stdout.split('\n').filter((line) => line !== '')
}

before(() => {
  for (const room of ['core', 'engine', 'cli', 'web'])
    cpSync(join(house, room), join(root, room), {
      recursive: true,
      filter: (f) => !/(?:\.test|-fixtures|_index)\.ts$/.test(f),
    })
  mkdirSync(join(root, 'tools'))
  for (const f of ['package.json', 'tsconfig.json', 'tools/gen-registries.ts'])
    copyFileSync(join(house, f), join(root, f))
  symlinkSync(join(house, 'node_modules'), join(root, 'node_modules'))
})
after(() => rmSync(root, { recursive: true, force: true }))

test('every folder of a language has its adapter, and CONTRIBUTING.md counts both', () => {
  assert.match(
    readFileSync(join(house, 'CONTRIBUTING.md'), 'utf8'),
    /^## Add a language \(1 folder \+ 1 file, and its codes\)$/m,
  )
  const folders = readdirSync(join(house, LANG), { withFileTypes: true })
    .filter((e) => e.isDirectory() && e.name !== 'shared')
    .map((e) => e.name)
  assert.deepEqual(folders.sort(), [...ids].sort())
})

test('no other code names a language', () => {
  const own = /^core\/(?:lang|workbench\/languages|diag\/catalogue)\//
  const names = new RegExp(`(['"])(?:${ids.join('|')}|logscale)\\1`)
  const named = ['core', 'engine', 'cli', 'web'].flatMap((room) =>
    readdirSync(join(house, room), { recursive: true, encoding: 'utf8' })
      .map((f) => `${room}/${f}`)
      .filter((f) => f.endsWith('.ts') && !/(?:\.test|fixtures|_index)\.ts$/.test(f) && !own.test(f))
      .filter((f) => names.test(readFileSync(join(house, f), 'utf8'))),
  )
  // The scheme of Sumo Logic's tables, `sumo://threat/cs`, is part of their path.
  assert.deepEqual(named, ['core/text/table-file.ts'])
})

for (const id of ids)
  test(`without ${id} the rest compiles, and the other languages are found`, () => {
    const [folder, adapter] = [join(root, LANG, id), join(root, ADAPTERS, `${id}.ts`)]
    rmSync(folder, { recursive: true })
    rmSync(adapter)
    try {
      node('tools/gen-registries.ts')
      assert.deepEqual(complaints(), [])
      const left = ids.filter((i) => i !== id)
      const script = `import { languages } from './core/workbench/compile.ts'\nimport { templates } from './core/detect/scaffold/scaffold.ts'\nconsole.log(JSON.stringify([languages.map((l) => l.id), templates.map((t) => t.language)]))\n`
      writeFileSync(join(root, 'try.ts'), script)
      const [found, scaffolded] = JSON.parse(node('try.ts')) as [string[], string[]]
      assert.deepEqual([found.sort(), scaffolded.sort()], [left, left])
    } finally {
      rmSync(join(root, 'try.ts'), { force: true })
      cpSync(join(house, LANG, id), folder, { recursive: true, filter: (f) => !f.endsWith('.test.ts') })
      copyFileSync(join(house, ADAPTERS, `${id}.ts`), adapter)
    }
  })

test('a language that is only written is its adapter: listed, written, and not read', () => {
  copyFileSync(join(house, 'tests/structure/templates/written-language.txt'), join(root, ADAPTERS, 'template.ts'))
  node('tools/gen-registries.ts')
  assert.deepEqual(complaints(), [])
  const script = `import { compile, findLanguage, languages } from './core/workbench/compile.ts'
const template = languages.find((l) => l.id === 'template')
const written = (text: string) => {
  const { plan } = compile({ name: 'q', text }, 'cql')
  return plan && template?.write?.(plan)
}
const found = findLanguage('template')
console.log(JSON.stringify([written('a = x | b = "y z"'), written('a > 1'), found.ok ? '' : found.diagnostics[0]?.code]))
`
  writeFileSync(join(root, 'try.ts'), script)
  assert.deepEqual(JSON.parse(node('try.ts')), [
    { text: 'a is "x"\nb is "y z"' },
    { reason: 'only equality can be written' },
    'QIR001',
  ])
})
