// The house is clean: types hold, and layout and lint are as the configuration wants them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const require = createRequire(import.meta.url)

/** The program that a package installs; undefined: the package is not there. */
function program(name: string, command: string): string | undefined {
  try {
    const file = require.resolve(`${name}/package.json`)
    const { bin } = require(file) as { bin: string | Record<string, string> }
    const path = typeof bin === 'string' ? bin : bin[command]
    return path !== undefined && existsSync(join(dirname(file), path)) ? join(dirname(file), path) : undefined
  } catch {
    return undefined
  }
}

function passes(path: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' })
  assert.equal(status, 0, `${stdout}\n${stderr}`.split('\n').slice(0, 60).join('\n'))
}

test('types hold', (t) => {
  const tsc = program('typescript', 'tsc')
  if (!tsc) return t.skip('typescript is not installed')
  passes(tsc, ['-p', 'tsconfig.json'])
})

test('lint and layout', (t) => {
  const biome = program('@biomejs/biome', 'biome')
  if (!biome) return t.skip('biome is not installed')
  passes(biome, ['check', '.', '--max-diagnostics=20', '--colors=off'])
})
