// `fmt --write` that is interrupted leaves whole files: each has its old text or its new one, and no part is beside it. A hunt that is
// interrupted while its rules are compiled leaves no copy of its logs.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { builtProgram } from './built.ts'

const program = await builtProgram()
const folder = mkdtempSync(join(tmpdir(), 'interrupted-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const QUERIES = 300
const OLD = 'a=1|count()'

/** Milliseconds after the first file was written, and the exit status. */
async function interrupted(at: string, signal: NodeJS.Signals, delay: number): Promise<number | null> {
  const child = spawn(process.execPath, [program, 'fmt', '--write', at], { stdio: 'ignore' })
  const ended = new Promise<number | null>((done) => child.on('exit', (status) => done(status)))
  const first = join(at, 'q0.cql')
  while (child.exitCode === null && readFileSync(first, 'utf8') === OLD) await new Promise((r) => setTimeout(r, 1))
  await new Promise((r) => setTimeout(r, delay))
  child.kill(signal)
  return ended
}

test('every file is whole, whenever the signal comes', async () => {
  for (const [i, signal] of (['SIGTERM', 'SIGINT', 'SIGTERM', 'SIGINT'] as const).entries()) {
    const at = join(folder, String(i))
    mkdirSync(at)
    for (let q = 0; q < QUERIES; q++) writeFileSync(join(at, `q${q}.cql`), OLD)
    const status = await interrupted(at, signal, 7 * i)
    assert.ok([0, null, 130, 143].includes(status), `status ${status}`)
    assert.deepEqual(
      readdirSync(at).filter((f) => !/^q\d+\.cql$/.test(f)),
      [],
    )
    const texts = new Set(readdirSync(at).map((f) => readFileSync(join(at, f), 'utf8')))
    texts.delete(OLD)
    assert.equal(texts.size, 1)
  }
})

test('a hunt whose rules are being compiled ends with the status of the signal, and leaves nothing', async () => {
  const rules = join(folder, 'rules')
  mkdirSync(rules)
  for (let i = 0; i < 2000; i++)
    writeFileSync(
      join(rules, `r${i}.yml`),
      `title: r${i}\nlogsource: {category: process_creation, product: windows}\ndetection:\n  s:\n    Image|endswith: 'x${i}.exe'\n  condition: s\n`,
    )
  for (const [signal, wanted] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    const temp = mkdtempSync(join(folder, 'temp-'))
    const args = [program, 'hunt', rules, '--logs', '-']
    const env = { ...process.env, TMPDIR: temp }
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'ignore'], env })
    const ended = new Promise<number | null>((done) => child.on('exit', (status) => done(status)))
    child.stdin.end('{"Image":"x"}\n')
    while (child.exitCode === null && readdirSync(temp).length === 0) await new Promise((r) => setTimeout(r, 5))
    await new Promise((r) => setTimeout(r, 100))
    assert.equal(child.exitCode, null, 'it was over before the signal came')
    child.kill(signal)
    assert.equal(await ended, wanted)
    assert.deepEqual(readdirSync(temp), [])
  }
})
