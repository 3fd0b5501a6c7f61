import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compileKernel } from '../../../tools/build-kernel.ts'

test('the kernel that is checked in is the one that its source compiles to, byte for byte', async () => {
  assert.equal(readFileSync('engine/scan/kernel/scan-wasm.ts', 'utf8'), await compileKernel())
})
