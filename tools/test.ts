// Runs *.test.ts in all rooms, together with types and lint. CONTRIBUTING explains the tiers.
//   tsx tools/test.ts [--quick | --deep] [--isolate] [part of a path]
// The tests of a room share a process and a bundle, so sources are loaded once. `--isolate` gives each file a process. If a test passes only
// with it, or only without it, state leaks between tests. Files *.deep.test.ts run with --deep only, each in a process too, and
// with them the files that hold properties, which then run in full (tools/property-runs.ts).
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build as esbuild, type Plugin } from 'esbuild'
import { bundle } from './bundle.ts'
import { compileScripts } from './bytecode.ts'

const { values: flags, positionals } = parseArgs({
  options: { quick: { type: 'boolean' }, deep: { type: 'boolean' }, isolate: { type: 'boolean' } },
  allowPositionals: true,
})
const { quick = false, deep = false, isolate = false } = flags
const [filter = ''] = positionals

const QUICK = [['conformance', 'core/logs', 'core/detect', 'core/text', 'core/regex'], ['core']]
/** Rooms whose tests share a process, the slowest first. A file belongs to the first group that names a folder of it. */
const ALL = [
  ['detections'],
  ['tests/contributing'],
  ['tests/end-to-end'],
  ['tests'],
  ...QUICK,
  ['engine', 'cli', 'web', 'tools'],
]

const isDeep = (file: string): boolean =>
  file.endsWith('.deep.test.ts') || (deep && readFileSync(file, 'utf8').includes('property-runs.ts'))

/** The test files of each process. */
function grouped(): string[][] {
  const found = new Set<string>()
  const groups = (quick ? QUICK : ALL).map((rooms) =>
    rooms
      .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((f) => `${room}/${f}`))
      .filter((f) => f.endsWith('.test.ts') && f.includes(filter) && isDeep(f) === deep)
      .filter((f) => !found.has(f) && found.add(f))
      .sort(),
  )
  return (isolate || deep ? groups.flat().map((f) => [f]) : groups).filter((g) => g.length > 0)
}
const groups = grouped()
const files = groups.flat()
process.env['ASSAY_TEST_TIER'] = deep ? 'deep' : quick ? 'quick' : 'ordinary'

mkdirSync('.tmp', { recursive: true })
const temp = resolve(mkdtempSync('.tmp/test-'))

/** Tests that run the program, or its workers, share one bundle. It is laid out as the package is: NOTICE beside dist. */
async function build(): Promise<void> {
  const dist = join(temp, 'dist')
  await bundle('cli/assay.ts', dist)
  compileScripts(dist)
  copyFileSync('NOTICE', join(temp, 'NOTICE'))
  process.env['ASSAY_TEST_BUILD'] = dist
}

/** A bundled file keeps the path of its source, so that tests and workers find the files beside it. */
const places: Plugin = {
  name: 'places',
  setup: (build) => {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      // bundle.ts has the words in a text.
      if (path.includes('/node_modules/') || path.endsWith('/tools/bundle.ts')) return undefined
      const contents = readFileSync(path, 'utf8')
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
      return { contents, loader: 'ts' }
    })
  },
}

/** The bundled test files of each group. */
async function bundleTests(): Promise<string[]> {
  await esbuild({
    entryPoints: groups.map(entry),
    outdir: join(temp, 'tests'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    sourcemap: true,
    plugins: [places],
    logLevel: 'warning',
  })
  return groups.map((_, i) => join(temp, 'tests', `process-${i + 1}.mjs`))
}

/** A file that imports the test files of a group. */
function entry(group: readonly string[], i: number): string {
  const path = join(temp, `process-${i + 1}.ts`)
  const from = (file: string): string => relative(temp, file)
  const suites = group.map((f) => `suite('${f}', () => import('${from(f)}'))\n`)
  writeFileSync(path, `import { suite } from '${from('tools/test-suite.ts')}'\n${suites.join('')}`)
  return path
}

let passed = 0
let failed = 0
let skipped = 0
/** Files without a result yet. They are left over when a process ends early, whatever its status is. */
const unfinished = new Set(files)

async function tests(): Promise<void> {
  const entries = await bundleTests()
  // Bundles need no loader. Node hands ours on, and a worker of a test in another folder would not find it.
  process.execArgv = []
  process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --enable-source-maps`
  const stream = run({ files: entries, concurrency: 2 })
  stream.on('test:pass', (t) => {
    if (t.nesting === 0) unfinished.delete(t.name)
    if (t.details.type === 'suite' || entries.includes(t.name)) return
    if (t.skip !== undefined) skipped++
    else passed++
  })
  stream.on('test:fail', (t) => {
    if (t.nesting === 0) unfinished.delete(t.name)
    // A suite fails if one of its tests does, which is counted already, or if its file cannot be loaded or a hook fails.
    const cause = t.details.error as { readonly failureType?: string }
    if (t.details.type !== 'suite' || cause.failureType !== 'subtestsFailed') failed++
  })
  await new Promise((done) => {
    stream.compose(new spec()).on('end', done).pipe(process.stdout)
  })
}

/** Names the file in which a process ended too early; later files did not run. */
function reportUnfinished(): void {
  failed += unfinished.size
  for (const group of groups) {
    const [first, ...rest] = group.filter((f) => unfinished.has(f))
    const more = rest.length > 0 ? `; ${rest.length} files after it did not run` : ''
    if (first !== undefined) console.log(`✖ ${first}: its process ended before it did${more}`)
  }
}

/** Runs a check, which prints only problems. */
function check(name: string): Promise<void> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--import', 'tsx', `tools/${name}.ts`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (d: Buffer) => {
        text += d.toString()
      })
    child.on('close', (status) => {
      if (status === 0) passed++
      else failed++
      process.stdout.write(status === 0 ? `✔ ${name}\n` : `✖ ${name}: npm run ${name}\n${text}`)
      done()
    })
  })
}

const checks = filter === '' && !deep ? ['typecheck', 'lint'].map(check) : []
if (files.length > 0) {
  if (!quick) await build()
  await tests()
}
await Promise.all(checks)
rmSync(temp, { recursive: true })
reportUnfinished()
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
