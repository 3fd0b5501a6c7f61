// Runs every *.test.ts below the rooms with node:test, two files at a time, and ends with one plain line.
import { existsSync, readdirSync } from 'node:fs'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

const [filter] = process.argv.slice(2)
const rooms = ['core', 'engine', 'cli', 'web', 'conformance', 'tests', 'tools', 'detections'].filter((r) =>
  existsSync(r),
)
const files = rooms
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((f) => `${room}/${f}`))
  .filter((f) => f.endsWith('.test.ts') && (filter === undefined || f.includes(filter)))
  .sort()
let passed = 0
let failed = 0
let skipped = 0
const stream = run({ files, concurrency: 2 })
stream.on('test:pass', (t) => {
  if (t.details.type === 'suite') return
  if (t.skip !== undefined) skipped++
  else passed++
})
stream.on('test:fail', (t) => {
  if (t.details.type !== 'suite') failed++
})
stream.compose(new spec()).pipe(process.stdout)
stream.on('close', () => {})
process.on('exit', () => {
  console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
})
