// The package as a user of the library has it: packed, unpacked into an empty project without a network, type-checked and run.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { builtProgram } from './built.ts'

const dist = dirname(await builtProgram())
const folder = mkdtempSync(join(tmpdir(), 'assay-library-'))
after(() => rmSync(folder, { recursive: true }))
const project = join(folder, 'project')
const modules = join(project, 'node_modules')

test('the tarball is a library with types', () => {
  const source = join(folder, 'source')
  mkdirSync(source)
  for (const f of ['package.json', 'README.md', 'LICENSE', 'NOTICE', 'docs'])
    cpSync(f, join(source, f), { recursive: true })
  cpSync(dist, join(source, 'dist'), { recursive: true })
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--offline'], { cwd: source, encoding: 'utf8' }),
  ) as [{ filename: string }]
  mkdirSync(join(modules, '@duckdb'), { recursive: true })
  execFileSync('tar', ['-xzf', join(source, packed.filename), '-C', modules])
  execFileSync('mv', [join(modules, 'package'), join(modules, 'assay')])
  // The only package that the bundle does not contain.
  symlinkSync(resolve('node_modules/@duckdb/node-api'), join(modules, '@duckdb/node-api'))
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  writeFileSync(join(project, 'logs.json'), '{"a":"1"}\n{"a":"2"}\n')
  writeFileSync(
    join(project, 'consumer.ts'),
    `import { compile, lint, run, test, verify, type Diagnostic, type Rows } from 'assay'
import { evaluate } from 'assay/core'
const found: readonly Diagnostic[] = lint('RemotePort in (20, 21)', { language: 'cql' })
const rows: Rows = await run('a=1 | count()', { language: 'cql', logs: ['logs.json'] })
const same = await verify('a=1', 'a=1', { language: 'cql' })
const tested = await test([], { filter: 'x' }).catch(() => undefined)
// @ts-expect-error: the language is needed
const wrong = () => compile('a=1', {})
console.log(JSON.stringify([found[0]?.code.slice(0, 3), rows.rows, same.verdict, tested !== undefined, evaluate('a=2', { language: 'cql', logs: '{"a":"2"}' }).rows.length]))
`,
  )
  const tsc = resolve('node_modules/.bin/tsc')
  const options = [
    '--strict',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--skipLibCheck',
    'false',
    '--types',
    'node',
    '--typeRoots',
    resolve('node_modules/@types'),
  ]
  execFileSync(tsc, [...options, 'consumer.ts'], { cwd: project, stdio: 'pipe' })
  const out = execFileSync(process.execPath, ['consumer.js'], { cwd: project, encoding: 'utf8' })
  assert.deepEqual(JSON.parse(out), ['CQL', [{ _count: 1 }], 'proven', true, 1])
})

test('assay/core needs nothing of Node', async () => {
  const text = readFileSync(join(dist, 'core.js'), 'utf8')
  assert.doesNotMatch(text, /\bfrom\s*["'](?:node:|fs|path|process)|\brequire\(|import\s*["']node:/)
  const core = (await import(resolve(dist, 'core.js'))) as { lint(t: string, o: object): readonly { code: string }[] }
  assert.ok(core.lint('RemotePort in (20)', { language: 'cql' }).length > 0)
})
