// A language is one folder and one adapter. The rest compiles and runs without any language, and with a new one that can only be written.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { some } from '../../tools/property-runs.ts'
import { houseCopy } from './house-copy.ts'

const house = resolve(import.meta.dirname, '../..')
const copy = houseCopy()
const LANG = 'core/lang'
const ADAPTERS = 'core/workbench/languages'
const ids = readdirSync(join(house, ADAPTERS))
  .filter((f) => f.endsWith('.ts') && !f.startsWith('_'))
  .map((f) => f.replace(/\.ts$/, ''))

after(() => {
  for (const path of [TEMPLATE, 'try-written.ts']) copy.remove(path)
  copy.generate()
})

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
  // The beginnings of other languages' texts say in which language they are a text of its own. The scheme of Sumo Logic's tables,
  // `sumo://threat/cs`, is part of their path.
  assert.deepEqual(named.sort(), ['core/lint/rules/other-language/likenesses.ts', 'core/text/table-file.ts'])
})

test('an adapter uses the folder of its own language, and a folder no other', () => {
  const named = new RegExp(`from '[^']*/(${ids.join('|')})/`, 'g')
  const foreign = ids.flatMap((id) => {
    const folder = readdirSync(join(house, LANG, id), { recursive: true, encoding: 'utf8' }).map(
      (f) => `${LANG}/${id}/${f}`,
    )
    return [`${ADAPTERS}/${id}.ts`, ...folder]
      .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
      .flatMap((f) =>
        [...readFileSync(join(house, f), 'utf8').matchAll(named)]
          .filter((m) => m[1] !== id)
          .map((m) => `${f}: ${m[1]}`),
      )
  })
  assert.deepEqual(foreign, [])
})

/** The languages that the copy lists, and those for which it drafts a detection. */
function found(): [string[], string[]] {
  const script = `import { languages } from './core/workbench/compile.ts'\nimport { templates } from './core/detect/scaffold/scaffold.ts'\nconsole.log(JSON.stringify([languages.map((l) => l.id), templates.map((t) => t.language)]))\n`
  copy.write('try-languages.ts', script)
  const [listed, drafted] = JSON.parse(copy.node('try-languages.ts')) as [string[], string[]]
  return [listed.sort(), drafted.sort()]
}
const parts = (id: string): string[] => [`${LANG}/${id}`, `${ADAPTERS}/${id}.ts`]

const TEMPLATE = `${ADAPTERS}/template.ts`
const addTemplate = (): void =>
  copy.write(TEMPLATE, readFileSync(join(house, 'tests/contributing/templates/written-language.txt'), 'utf8'))

// As no language uses another, the rest compiles without one of them if it compiles without all.
test('without its languages the rest compiles, with one that is only written, and each language is found alone', () => {
  for (const part of ids.flatMap(parts)) copy.remove(part)
  try {
    addTemplate()
    copy.generate()
    assert.deepEqual(copy.complaints(), [])
    assert.deepEqual(found(), [['template'], []])
    copy.remove(TEMPLATE)
    copy.generate()
    assert.deepEqual(found(), [[], []])
    for (const id of some(ids, 4)) {
      for (const part of parts(id)) copy.restore(part)
      copy.generate()
      const drafts = /\bscaffold\b/.test(readFileSync(join(house, ADAPTERS, `${id}.ts`), 'utf8'))
      assert.deepEqual(found(), [[id], drafts ? [id] : []])
      for (const part of parts(id)) copy.remove(part)
    }
  } finally {
    copy.remove('try-languages.ts')
    for (const part of ids.flatMap(parts)) copy.restore(part)
  }
})

test('a language that is only written is its adapter: listed, written, and not read', () => {
  addTemplate()
  copy.generate()
  const script = `import { findLanguage, languages, languageNamed } from './core/workbench/compile.ts'
import { translate } from './core/workbench/translate.ts'
const template = languages.find((l) => l.id === 'template')
const rule = (item: string) =>
  'title: t\\nlogsource:\\n  product: x\\ndetection:\\n  a:\\n    ' + item + '\\n  condition: a\\n'
const written = (item: string) => {
  const sigma = languageNamed('sigma')
  if (!template || !sigma) return undefined
  const { translations, diagnostics } = translate({ name: 'q', text: rule(item) }, sigma, template, { context: {} })
  return translations[0]?.text ?? diagnostics.find((d) => d.severity === 'error')?.message
}
const found = findLanguage('template')
console.log(JSON.stringify([written('f: y z'), written('f|gt: 1'), found.ok ? '' : found.diagnostics[0]?.code]))
`
  copy.write('try-written.ts', script)
  assert.deepEqual(JSON.parse(copy.node('try-written.ts')), [
    'f is "y z"',
    'cannot be written in Template: only equality can be written',
    'QIR001',
  ])
})
