// Every room says at its door what it is for, in a page that is short and names files that exist.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const SUMO_ROOMS = ['1-lex', '2-parse', '3-lower', 'builtins', 'foreign', 'near-misses'].map(
  (r) => `core/lang/sumo/${r}`,
)
const ENGINE_ROOMS = readdirSync('engine', { recursive: true, withFileTypes: true }).flatMap((d) =>
  d.isDirectory() ? [join(d.parentPath, d.name)] : [],
)
const rooms = [
  ...readdirSync('core', { withFileTypes: true }).flatMap((d) => (d.isDirectory() ? [`core/${d.name}`] : [])),
  ...[
    'core/lang/cql',
    'core/lang/sumo',
    ...SUMO_ROOMS,
    'core/lang/sigma',
    'engine',
    ...ENGINE_ROOMS,
    'cli',
    'web',
    'bench',
  ],
]

for (const room of rooms) {
  test(`${room} has a README of at most 20 lines that is true`, () => {
    const page = readFileSync(join(room, 'README.md'), 'utf8')
    assert.ok(page.trim().split('\n').length <= 20)
    for (const part of ['**Read first:**', '**Invariants**', '**To ']) assert.ok(page.includes(part), part)
    const names = [...page.matchAll(/`([\w./-]+\.(?:ts|md|txt|json)|[\w./-]+\/)`/g)].map((m) => m[1] as string)
    assert.ok(names.length >= 2)
    const missing = names.filter((n) => ![join(room, n), n, join(dirname(room), n)].some(existsSync))
    assert.deepEqual(missing, [])
  })
}
