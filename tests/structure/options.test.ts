// An option is a record. Here a real one is taken out of a copy of the house and put back, a format of rows likewise; the files
// touched are counted, and the compiler has to name the place that uses what is gone.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'

const house = resolve('.')
const copy = mkdtempSync(join(tmpdir(), 'assay-options-'))
after(() => rmSync(copy, { recursive: true }))
const promises = readFileSync('CONTRIBUTING.md', 'utf8')

before(() => {
  for (const part of ['core', 'engine', 'cli', 'web', 'tools/gen-registries.ts', 'package.json', 'NOTICE'])
    cpSync(join(house, part), join(copy, part), { recursive: true, filter: (f) => !f.endsWith('.test.ts') })
  const config = JSON.parse(readFileSync(join(house, 'tsconfig.json'), 'utf8')) as Record<string, unknown>
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ ...config, include: ['core', 'engine', 'cli', 'web'] }))
  symlinkSync(join(house, 'node_modules'), join(copy, 'node_modules'))
})

const read = (path: string): string => readFileSync(join(copy, path), 'utf8')
const write = (path: string, text: string): void => writeFileSync(join(copy, path), text)
function replace(path: string, find: string, put: string): void {
  const text = read(path)
  assert.ok(text.includes(find), `${path} has ${find}`)
  write(
    path,
    text.replace(find, () => put),
  )
}
const node = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', ...args], { cwd: copy, encoding: 'utf8' })
const gen = () => execFileSync(process.execPath, ['--import', 'tsx', 'tools/gen-registries.ts'], { cwd: copy })
/** Files in which the compiler finds an error. */
function broken(): string[] {
  const { stdout } = spawnSync('node_modules/.bin/tsc', ['-p', 'tsconfig.json', '--pretty', 'false'], {
    cwd: copy,
    encoding: 'utf8',
  })
  return [...new Set(stdout.split('\n').flatMap((l) => /^(\S+?)\(\d+,\d+\): error/.exec(l)?.[1] ?? []))]
}
const assay = (...args: readonly string[]) => node('cli/assay.ts', ...args)

const OPTION = "  filter: text('text', 'only cases with this text in the title'),\n"
const USE = '    filter: flags.filter,\n'

test('an option is its record and its use: 2 files, and a use without a record does not compile', () => {
  assert.match(promises, /^## Add an option of a command \(2 files\)$/m)
  replace('cli/commands/test.ts', OPTION, '')
  assert.deepEqual(broken(), ['cli/test.ts'])
  replace('cli/test.ts', USE, '')
  assert.deepEqual(broken(), [])
  assert.match(assay('test', '--filter', 'x').stderr, /unknown option '--filter'/)
  assert.doesNotMatch(assay('test', '--help').stdout, /--filter/)

  replace('cli/commands/test.ts', '  accept: flag(', `${OPTION}  accept: flag(`)
  replace('cli/test.ts', '    accept: flags.accept,\n', `${USE}    accept: flags.accept,\n`)
  assert.deepEqual(broken(), [])
  assert.match(assay('test', '--help').stdout, /--filter <text>\s+only cases with this text in the title/)
  write('a.case.md', '# t\n\n## one\n\n## two\n')
  assert.match(assay('test', 'a.case.md', '--filter', 'two').stdout, /^0 passed, 1 failed$/m)

  replace('cli/test.ts', USE, USE.replace('flags.filter', 'flags.fliter'))
  assert.deepEqual(broken(), ['cli/test.ts'])
  replace('cli/test.ts', 'flags.fliter', 'flags.filter')
})

test('a format of rows is one file', () => {
  assert.match(promises, /^## Add a format of rows \(1 file\)$/m)
  const text = read('cli/formats/ndjson.ts')
  rmSync(join(copy, 'cli/formats/ndjson.ts'))
  gen()
  assert.deepEqual(broken(), [])
  const query = ['run', '#event_simpleName=* | count()', 'a.ndjson', '--lang', 'cql', '--format', 'ndjson']
  write('a.ndjson', '{"@timestamp":1782032400000,"#event_simpleName":"NetworkConnectIP4","aid":"a"}\n')
  assert.match(assay(...query).stderr, /Allowed choices are csv, json, markdown, table/)
  write('cli/formats/ndjson.ts', text)
  gen()
  assert.equal(assay(...query).stdout, '{"_count": 1}\n')
})
