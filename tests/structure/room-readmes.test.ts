// Every room has a short README that explains its purpose and names files that exist.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const SUMO_ROOMS = ['1-lex', '2-parse', '3-lower', 'builtins', 'foreign', 'near-misses'].map(
  (r) => `core/lang/sumo/${r}`,
)
const CQL_ROOMS = ['1-lex', '2-repair', '3-parse', '4-lower', 'builtins', 'near-misses'].map(
  (r) => `core/lang/cql/${r}`,
)
const ENGINE_ROOMS = readdirSync('engine', { recursive: true, withFileTypes: true }).flatMap((d) =>
  d.isDirectory() ? [join(d.parentPath, d.name)] : [],
)
const rooms = [
  ...readdirSync('core', { withFileTypes: true }).flatMap((d) => (d.isDirectory() ? [`core/${d.name}`] : [])),
  ...[
    'core/lang/shared',
    'core/lang/cql',
    ...CQL_ROOMS,
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

/** Rooms inside a room: a few lines are enough. */
const inner = [
  'readers',
  'readers/json',
  'network',
  'vendors',
  'mixed',
  'formats',
  'catalogues',
  'view-plans',
  'views',
].map((r) => `core/logs/${r}`)

const named = (page: string): string[] =>
  [...page.matchAll(/`([\w./-]+\.(?:ts|md|txt|json)|[\w./-]+\/)`/g)].map((m) => m[1] as string)
const missing = (room: string, page: string): string[] =>
  named(page).filter((n) => ![join(room, n), n, join(dirname(room), n)].some(existsSync))

for (const room of inner) {
  test(`${room} has a README of a few lines that is true`, () => {
    const page = readFileSync(join(room, 'README.md'), 'utf8')
    assert.ok(page.trim().split('\n').length <= 10)
    assert.ok(named(page).length >= 1)
    assert.deepEqual(missing(room, page), [])
  })
}

for (const room of rooms) {
  test(`${room} has a README of at most 20 lines that is true`, () => {
    const page = readFileSync(join(room, 'README.md'), 'utf8')
    assert.ok(page.trim().split('\n').length <= 20)
    for (const part of ['**Read first:**', '**Invariants**', '**To ']) assert.ok(page.includes(part), part)
    assert.ok(named(page).length >= 2)
    assert.deepEqual(missing(room, page), [])
  })
}
