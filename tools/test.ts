// Runs *.test.ts below the rooms, with the checks of types and lint beside them. CONTRIBUTING tells the tiers.
//   tsx tools/test.ts [--quick | --deep] [--isolate] [part of a path]
// Test files share a process, which saves loading the sources for each. `--isolate` gives each its own again: a test
// that passes only with it, or only without it, leaks.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { parseArgs } from 'node:util'

const { values: flags, positionals } = parseArgs({
  options: { quick: { type: 'boolean' }, deep: { type: 'boolean' }, isolate: { type: 'boolean' } },
  allowPositionals: true,
})
const [filter] = positionals

const QUICK = ['core', 'conformance']
const ROOMS = [...QUICK, 'engine', 'cli', 'web', 'detections', 'tests', 'tools']
const rooms = flags.quick ? QUICK : ROOMS
const files = rooms
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((f) => `${room}/${f}`))
  .filter((f) => f.endsWith('.test.ts') && f.endsWith('.deep.test.ts') === (flags.deep ?? false))
  .filter((f) => filter === undefined || f.includes(filter))
  .sort()

/** Files that one process runs. A deep test may end its process, so it has one of its own. */
const apart = flags.isolate || flags.deep
const groups = apart
  ? files.map((f) => [f])
  : [
      files.filter((f) => QUICK.some((r) => f.startsWith(`${r}/`))),
      files.filter((f) => !QUICK.some((r) => f.startsWith(`${r}/`))),
    ]

mkdirSync('.tmp', { recursive: true })
const temp = mkdtempSync('.tmp/test-')
const entries = groups
  .filter((group) => group.length > 0)
  .map((group, i) => {
    const path = resolve(temp, `process-${i + 1}.ts`)
    const imports = group.map((f) => `describe('${f}', async () => { await import('${relative(temp, f)}') })\n`)
    writeFileSync(path, `import { describe } from 'node:test'\n${imports.join('')}`)
    return path
  })

let passed = 0
let failed = 0
let skipped = 0
const unfinished = new Set(files)

/** A check beside the tests: a tool that says what is wrong and ends with a status. */
function check(name: string, script: string): Promise<void> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'pipe'] })
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

function tests(): Promise<void> {
  const stream = run({ files: entries, concurrency: 2 })
  stream.on('test:pass', (t) => {
    if (t.nesting === 0) unfinished.delete(t.name)
    if (t.details.type === 'suite') return
    if (t.skip !== undefined) skipped++
    else passed++
  })
  stream.on('test:fail', (t) => {
    if (t.nesting === 0) unfinished.delete(t.name)
    if (t.details.type !== 'suite') failed++
  })
  return new Promise((done) => {
    stream.compose(new spec()).on('end', done).pipe(process.stdout)
  })
}

const checks =
  filter === undefined && !flags.deep ? [check('typecheck', 'tools/typecheck.ts'), check('lint', 'tools/lint.ts')] : []
await Promise.all([...checks, tests()])
rmSync(temp, { recursive: true })
for (const f of unfinished) {
  failed++
  console.log(`✖ ${f} did not come to its end; its process died`)
}
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
