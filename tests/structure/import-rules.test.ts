// The imports that each room may have, and the size of files.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { knownFiles } from '../../tools/known-files.ts'

/** Room → the only other rooms that it may import. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'core/text': [],
  'core/diag': ['core/text'],
  'core/plan': ['core/text'],
  'core/regex': [],
  'core/sql-text': [],
  'core/prims': ['core/text', 'core/plan', 'core/sql-text', 'core/regex'],
  'core/sql': ['core/plan', 'core/sql-text', 'core/prims', 'core/tables'],
  'core/tables': ['core/eval', 'core/logs/format.ts', 'core/logs/readers', 'core/plan', 'core/prims'],
  'core/tables/mappings': ['core/tables'],
  'core/eval': ['core/plan', 'core/prims', 'core/logs/format.ts', 'core/text'],
  'core/hunt': ['core/text', 'core/plan', 'core/prims', 'core/regex', 'core/eval', 'core/logs/format.ts'],
  'core/passes': ['core/plan', 'core/prims', 'core/text', 'core/diag'],
  'core/logs': ['core/plan', 'core/logs/cps', 'core/logs/formats', 'core/logs/readers'],
  'core/logs/readers': ['core/text', 'core/logs/format.ts'],
  'core/logs/readers/json': ['core/text', 'core/logs/format.ts', 'core/logs/readers'],
  'core/logs/network': ['core/logs/format.ts', 'core/logs/readers'],
  'core/logs/cps': ['core/logs/format.ts', 'core/logs/network', 'core/logs/readers'],
  'core/logs/vendors': ['core/logs/format.ts', 'core/logs/network', 'core/logs/readers'],
  'core/logs/mixed': ['core/logs/format.ts', 'core/logs/network', 'core/logs/readers'],
  'core/logs/formats': [
    'core/logs/cps',
    'core/logs/format.ts',
    'core/logs/mixed',
    'core/logs/network',
    'core/logs/readers',
    'core/logs/vendors',
  ],
  'core/logs/catalogues': ['core/logs/catalogue.ts'],
  'core/logs/view-plans': ['core/plan', 'core/logs/network', 'core/logs/view.ts'],
  'core/logs/views': ['core/logs/view.ts', 'core/logs/view-plans'],
  'core/lang/shared': ['core/text', 'core/diag', 'core/plan', 'core/prims', 'core/regex'],
  'core/translate': ['core/text', 'core/plan', 'core/prims', 'core/regex', 'core/eval', 'core/lang/shared'],
  'core/lang/cql/1-lex': ['core/text'],
  'core/lang/cql/near-misses': ['core/lang/cql/1-lex', 'core/lang/cql/2-repair'],
  'core/lang/cql/2-repair': [
    'core/text',
    'core/diag',
    'core/lang/shared',
    'core/lang/cql/1-lex',
    'core/lang/cql/near-misses',
  ],
  'core/lang/cql/3-parse': ['core/text', 'core/diag', 'core/lang/cql/1-lex', 'core/lang/cql/2-repair'],
  'core/lang/cql/4-lower': [
    'core/text',
    'core/diag',
    'core/plan',
    'core/regex',
    'core/lang/shared',
    'core/lang/cql/3-parse',
    'core/lang/cql/known-names.ts',
    'core/lang/cql/semantics.ts',
  ],
  'core/lang/cql/4-lower/group': [
    'core/text',
    'core/diag',
    'core/plan',
    'core/lang/shared',
    'core/lang/cql/3-parse',
    'core/lang/cql/4-lower',
  ],
  'core/lang/cql/4-lower/join': ['core/text', 'core/diag', 'core/plan', 'core/lang/shared', 'core/lang/cql/4-lower'],
  'core/lang/cql/4-lower/functions': [
    'core/diag',
    'core/plan',
    'core/lang/shared',
    'core/lang/cql/3-parse',
    'core/lang/cql/4-lower',
  ],
  'core/lang/cql/builtins': [
    'core/diag',
    'core/plan',
    'core/lang/shared',
    'core/lang/cql/3-parse',
    'core/lang/cql/4-lower',
  ],
  'core/lang/cql': ['core/text', 'core/diag', 'core/plan', 'core/lang/shared', 'core/lang/cql'],
  'core/lang/sigma': [
    'core/text',
    'core/diag',
    'core/yaml',
    'core/plan',
    'core/prims',
    'core/regex',
    'core/lang/shared',
    'core/logs/format.ts',
    'core/translate',
  ],
  'core/lang/sumo/1-lex': ['core/text'],
  'core/lang/sumo/near-misses': ['core/lang/shared'],
  'core/lang/sumo/2-parse': [
    'core/text',
    'core/diag',
    'core/lang/shared',
    'core/lang/sumo/1-lex',
    'core/lang/sumo/near-misses',
  ],
  'core/lang/sumo/3-lower': [
    'core/text',
    'core/diag',
    'core/plan',
    'core/regex',
    'core/lang/shared',
    'core/lang/sumo/2-parse',
    'core/lang/sumo/semantics.ts',
  ],
  'core/lang/sumo/builtins': [
    'core/text',
    'core/diag',
    'core/plan',
    'core/prims',
    'core/regex',
    'core/lang/shared',
    'core/lang/sumo/1-lex',
    'core/lang/sumo/2-parse',
    'core/lang/sumo/3-lower',
    'core/lang/sumo/near-misses',
  ],
  'core/lang/sumo/foreign': [
    'core/diag',
    'core/lang/shared',
    'core/lang/sumo/1-lex',
    'core/lang/sumo/2-parse',
    'core/lang/sumo/builtins',
    'core/lang/sumo/near-misses',
  ],
  'core/lang/sumo': ['core/text', 'core/diag', 'core/plan', 'core/lang/shared', 'core/lang/sumo'],
  'core/lang/esql': ['core/text', 'core/regex', 'core/lang/shared', 'core/lang/esql'],
  'core/lang/kql': ['core/text', 'core/regex', 'core/lang/shared', 'core/lang/kql'],
  'core/lang/kql/vocabularies': ['core/lang/shared'],
  'core/lang/spl': ['core/text', 'core/regex', 'core/lang/shared', 'core/lang/spl'],
  'core/lang/spl/vocabularies': ['core/lang/shared'],
  'core/lang/aql': ['core/lang/shared', 'core/lang/aql'],
  'core/lang/cloudsiem': ['core/lang/shared', 'core/lang/cloudsiem'],
  'core/lang/eql': ['core/text', 'core/regex', 'core/lang/shared', 'core/lang/eql'],
  'core/lang/yaral': ['core/text', 'core/regex', 'core/lang/shared', 'core/lang/yaral'],
  'core/lint': ['core/text', 'core/diag', 'core/plan', 'core/prims', 'core/regex', 'core/lang', 'core/logs'],
  'core/yaml': ['core/text', 'core/diag'],
  'core/config': ['core/text', 'core/diag', 'core/yaml'],
  'core/detect': [
    'core/text',
    'core/diag',
    'core/yaml',
    'core/plan',
    'core/lang',
    'core/logs',
    'core/eval',
    'core/passes',
    'core/witness',
    'core/workbench',
  ],
  'core/workbench': ['core'],
  'core/services': ['core'],
  'core/library': ['core'],
  'core/witness': [
    'core/text',
    'core/plan',
    'core/prims',
    'core/regex',
    'core/eval',
    'core/passes',
    'core/logs/format.ts',
    'core/logs/readers',
    'core/workbench/present.ts',
  ],
  'engine/files': ['core'],
  'engine/languages': ['core'],
  'engine/inputs': ['core', 'engine/files'],
  'engine/workers': ['core'],
  'engine/scan/prefilter': ['core', 'engine/inputs'],
  'engine/scan': ['core', 'engine/files', 'engine/inputs', 'engine/workers', 'engine/scan/prefilter'],
  'engine/duckdb': ['core', 'engine/scan', 'engine/workers'],
  'engine/tables': ['core', 'engine/duckdb', 'engine/files', 'engine/inputs', 'engine/workers'],
  'engine/execute': [
    'core',
    'engine/files',
    'engine/duckdb',
    'engine/inputs',
    'engine/scan',
    'engine/tables',
    'engine/workers',
  ],
  'engine/query': [
    'core',
    'engine/execute',
    'engine/files',
    'engine/inputs',
    'engine/languages',
    'engine/scan',
    'engine/tables',
    'engine/workers',
  ],
  'engine/store': [
    'core',
    'engine/duckdb',
    'engine/execute',
    'engine/files',
    'engine/inputs',
    'engine/query',
    'engine/scan',
    'engine/tables',
    'engine/workers',
  ],
  'engine/project': ['core', 'engine/files', 'engine/inputs', 'engine/languages'],
  'engine/hunt': [
    'core',
    'engine/execute',
    'engine/files',
    'engine/inputs',
    'engine/project',
    'engine/query',
    'engine/scan',
    'engine/workers',
  ],
  'engine/cases': ['core', 'engine/duckdb', 'engine/files', 'engine/project', 'engine/workers'],
  'engine/backtest': [
    'core',
    'engine/execute',
    'engine/files',
    'engine/inputs',
    'engine/project',
    'engine/query',
    'engine/scan',
    'engine/workers',
  ],
  'engine/library': ['core', 'engine/cases', 'engine/query'],
  'engine/site': ['core', 'engine/files', 'engine/inputs', 'engine/project', 'engine/cases'],
  web: ['core/detect', 'core/diag', 'core/text', 'core/workbench'],
  cli: [
    'core/workbench',
    'core/config',
    'core/diag',
    'core/text',
    'core/detect',
    'core/witness',
    'core/logs/readers',
    'core/services',
    'engine',
    'web',
  ],
}
/** JavaScript has no such table, so every room may use it. */
const EVERYWHERE = 'core/text/by-name.ts'
const CORE_PACKAGES = [
  'yaml',
  'zod',
  're2js',
  '@noble/hashes/legacy.js',
  '@noble/hashes/sha2.js',
  '@noble/hashes/utils.js',
]
/** Files that may be longer than 400 lines, with the reason. An entry goes when its file is short. */
const LARGE: Record<string, string> = {}

const files = ['core', 'engine', 'cli', 'web'].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .map((f) => `${room}/${f}`)
    .filter((f) => f.endsWith('.ts') && !f.endsWith('_index.ts')),
)
const roomOf = (file: string): string | undefined =>
  Object.keys(MAY_IMPORT)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0]

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [
    ...text.matchAll(/^(?:import|export)\b[^'"]*?\bfrom\s+'([^']+)'|\bimport\('([^']+)'\)|^import\s+'([^']+)'/gm),
  ].map((m) => (m[1] ?? m[2] ?? m[3]) as string)
}

export function brokenWalls(): string[] {
  const broken: string[] = []
  for (const file of files) {
    const room = roomOf(file)
    // Generators of test data are imported by tests of several rooms, and by nothing else.
    const isTest = /(?:\.test|\/arbitrary(?:-rows)?|-fixtures)\.ts$/.test(file)
    if (room === undefined) {
      broken.push(`${file}: not in a room that the walls know`)
      continue
    }
    for (const target of importsOf(file)) {
      if (!target.startsWith('.')) {
        if (isTest || !file.startsWith('core/')) continue
        if (!CORE_PACKAGES.includes(target)) broken.push(`${file}: core may not know the package ${target}`)
        continue
      }
      const path = normalize(join(dirname(file), target))
      if (path.startsWith(`${room}/`) && roomOf(path) === room) continue
      const allowed =
        path === EVERYWHERE || (MAY_IMPORT[room] ?? []).some((r) => path === r || path.startsWith(`${r}/`))
      if (!allowed && !isTest) broken.push(`${file}: ${room} may not know ${path}`)
    }
  }
  return broken
}

test('the walls of the house stand', () => {
  assert.deepEqual(brokenWalls(), [])
})

test('what is shipped and the tools stand without the tests', () => {
  const tools = knownFiles('tools/*.ts', 'bench/*.ts').filter((f) => !f.endsWith('.test.ts'))
  const guilty = tools.filter((f) => importsOf(f).some((target) => join(dirname(f), target).startsWith('tests/')))
  assert.ok(tools.length > 0)
  assert.deepEqual(guilty, [])
})

test('core touches no clock, process or console', () => {
  const guilty = files
    .filter((f) => f.startsWith('core/') && !f.endsWith('.test.ts'))
    .filter((f) =>
      /\bDate\.now\(|\bnew Date\(\)|(?<![\w.:}'"`…])process\.\w|\bconsole\.|\bMath\.random\(/.test(
        readFileSync(f, 'utf8'),
      ),
    )
  assert.deepEqual(guilty, [])
})

const lengthOf = (f: string): number => readFileSync(f, 'utf8').split('\n').length - 1

test('no source is longer than 400 lines and no test longer than 500', () => {
  const limit = (f: string): number => (f.endsWith('.test.ts') ? 500 : 400)
  assert.deepEqual(
    files.filter((f) => lengthOf(f) > limit(f) && !(f in LARGE)),
    [],
  )
  assert.deepEqual(
    Object.keys(LARGE).filter((f) => !files.includes(f) || lengthOf(f) <= 400),
    [],
    'short enough now: take it off the list',
  )
})

/** Rooms of core whose tables are read only by names that Assay chose. */
const OWN_NAMES = /^core\/(?:config|diag|eval|passes|plan|regex|sql|yaml)\/|(?:\.test|-fixtures)\.ts$/

test('a table that is asked for names from outside has no names of its own, such as `constructor`', () => {
  const bare = /^(?:export )?const \w+: (?:Readonly<)?Record<string, .*> = (?:\{|Object\.fromEntries\()/m
  const guilty = files
    .filter((f) => f.startsWith('core/') && !OWN_NAMES.test(f))
    .filter((f) => bare.test(readFileSync(f, 'utf8')))
  assert.deepEqual(guilty, ['core/prims/families/time.ts'], 'write byName({…}) of core/text/by-name.ts')
})
