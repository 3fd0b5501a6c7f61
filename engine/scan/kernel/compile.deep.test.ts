import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compileKernel, KERNELS, outputOf } from '../../../tools/build-kernel.ts'

for (const kernel of KERNELS)
  test(`the kernel that is checked in is the one that ${kernel.name}.as compiles to, byte for byte`, async () => {
    assert.equal(readFileSync(outputOf(kernel), 'utf8'), await compileKernel(kernel))
  })
