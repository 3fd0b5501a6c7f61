// The built program starts from bytecode, and without it does the same.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { Script } from 'node:vm'
import { asFunction, optimiseLater } from '../engine/workers/load-code.ts'
import { builtProgram } from '../tests/end-to-end/built.ts'
import { keepBytecode } from './bytecode.ts'

test('bytecode is kept for the program and its threads, V8 takes it, and damaged bytecode changes no row', async () => {
  const folder = mkdtempSync('.tmp/bytecode-')
  try {
    const dist = join(folder, 'dist')
    cpSync(dirname(await builtProgram()), dist, { recursive: true, filter: (f) => !f.endsWith('.v8') })
    const run = (): string => {
      const args = [
        'run',
        'examples/t1071.002/logscale.cql',
        'examples/t1071.002/enriched',
        '--format',
        'json',
        '--quiet',
      ]
      return execFileSync(process.execPath, [join(dist, 'assay.js'), ...args], { encoding: 'utf8' })
    }
    const rows = run()
    assert.notEqual(rows, '[]\n')
    keepBytecode(dist)
    const kept = readdirSync(dist).filter((f) => f.endsWith('.v8'))
    for (const name of ['assay.cjs.v8', 'worker-scan.cjs.v8']) assert.ok(kept.includes(name), name)
    // V8 takes bytecode of the same flags only.
    optimiseLater()
    for (const name of kept) {
      const text = readFileSync(join(dist, name.slice(0, -'.v8'.length)), 'utf8')
      const script = new Script(asFunction(text), { cachedData: readFileSync(join(dist, name)) })
      assert.equal(script.cachedDataRejected, false, name)
    }
    assert.equal(run(), rows)
    for (const name of kept) writeFileSync(join(dist, name), readFileSync(join(dist, name)).subarray(0, 100))
    assert.equal(run(), rows)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
