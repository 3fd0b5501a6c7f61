// The files of the engine and the command line that may read or write texts in the file system. Only open-inside.ts opens a name from a
// page, query, detection or configuration, so that links are checked. Only write-whole.ts writes a file, so that signals leave no half file.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const READS = ['readFileSync', 'readFile', 'openSync', 'open', 'createReadStream', 'readSync', 'promises']
const WRITES = [
  'writeFileSync',
  'writeFile',
  'appendFileSync',
  'createWriteStream',
  'copyFileSync',
  'cpSync',
  'promises',
]

/** File → the names that it opens. All come from the command line, or from a walk that follows no links. */
const READERS: Readonly<Record<string, string>> = {
  'cli/mcp/pages.ts': 'guides of the package',
  'engine/files/first-bytes.ts': 'telemetry, named on the command line',
  'engine/files/open-inside.ts': 'files that a text names',
  'engine/files/read-small.ts': 'files that are read whole; its callers are below',
  'engine/files/write-whole.ts': 'the part that it writes',
  'engine/store/store.ts': 'telemetry, named on the command line',
  'engine/store/store-lock.ts': 'the lock of a store, a name of ours in its folder',
  'engine/store/write-parts.ts': 'a part of a store, a name of ours in its folder',
  'engine/tables/store-manifest.ts': 'the list of a store, a name of ours in its folder',
  'engine/inputs/probe.ts': 'telemetry, named on the command line',
  'engine/inputs/unzstd.ts': 'a file that unpack.ts found to be of zstd',
  'engine/inputs/years.ts': 'telemetry, named on the command line',
  'engine/scan/read-bytes.ts': 'telemetry, named on the command line',
  'engine/scan/small-packed.ts': 'telemetry, named on the command line',
  'engine/scan/block-writer.ts': 'rows and events, a name of ours in a private folder',
  'engine/query/view-shortcut.ts': 'telemetry, named on the command line',
  'engine/site/catalogue.ts': 'NOTICE of the package',
  'engine/workers/load-code.ts': 'code of the package',
  'engine/workers/thread-time.ts': 'what the system tells of this thread, a fixed name',
}
/** File → the files that it reads whole, with a bound. */
const SMALL: Readonly<Record<string, string>> = {
  'engine/hunt/hunt-rules.ts': 'lists of rules to leave out (`--exclude`), named on the command line',
  'engine/inputs/parser-file.ts':
    'a parser script, named on the command line, or by assay.yml and opened there inside the project',
  'engine/project/detection-folders.ts': 'files of a detection, found below its folder',
  'engine/project/lint-baseline.ts': 'the diagnostics that are accepted (`--baseline`), named on the command line',
  'engine/project/list-files.ts': 'pages, named on the command line or found below a folder',
  'engine/project/query-files.ts': 'queries, named on the command line or found below a folder',
  'engine/project/plain-query.ts': 'a query, named on the command line',
  'engine/query/resolve-references.ts': 'a file of settings (`--pipeline`), named on the command line',
  'engine/query/verify-queries.ts': 'the list of allowed differences (`--allow`), named on the command line',
  'engine/tables/address.ts': 'the file with the password, named by the environment',
  'engine/tables/store-manifest.ts': 'the list of a store, a name of ours in its folder',
}
const WRITERS: Readonly<Record<string, string>> = {
  'engine/files/write-whole.ts': 'every single file',
  'engine/store/store-lock.ts': 'the lock of a store',
  'engine/tables/store-manifest.ts': 'the list of a store, beside its place',
  'engine/inputs/stdin.ts': 'standard input, into a private folder',
  'engine/inputs/unpack.ts': 'the files of an archive, into a private folder',
  'engine/project/new-detection.ts': 'a new folder, prepared beside its place',
  'engine/site/publish.ts': 'a site, prepared beside its place',
}

const sources = ['engine', 'cli'].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .map((f) => `${room}/${f}`.replaceAll('\\', '/'))
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts')),
)

/** Files that import one of the functions, or the whole module. */
function importers(functions: readonly string[]): string[] {
  return sources.filter((file) => {
    const text = readFileSync(file, 'utf8')
    const imports = [...text.matchAll(/import\s+([^'"]*?)\s+from\s+['"](?:node:)?fs(\/promises)?['"]/g)]
    const dynamic = /(?:import|require)\(\s*['"](?:node:)?fs/.test(text)
    return (
      dynamic ||
      imports.some(([, names = '', promises]) => {
        const own = names.match(/[\w*]+/g) ?? []
        return promises !== undefined || !names.startsWith('{') || own.some((n) => functions.includes(n))
      })
    )
  })
}

test('files are read only where it is known who named them', () => {
  assert.deepEqual(importers(READS).sort(), Object.keys(READERS).sort())
})

test('small files are read with a bound, and it is known who named them', () => {
  const users = sources.filter((f) => f !== 'engine/files/read-small.ts' && /\breadSmall/.test(readFileSync(f, 'utf8')))
  assert.deepEqual(users.sort(), Object.keys(SMALL).sort())
})

test('files are written whole', () => {
  assert.deepEqual(importers(WRITES).sort(), Object.keys(WRITERS).sort())
})

/** The only files of the command line that write to a stream: they make texts from outside harmless. */
const PRINTERS = ['assay.ts', 'print.ts', 'progress.ts', 'say.ts'].map((f) => `cli/${f}`)

test('a command prints through print.ts and say.ts', () => {
  const writers = sources.filter((f) => f.startsWith('cli/') && /\.write\(|\bconsole\./.test(readFileSync(f, 'utf8')))
  assert.deepEqual(writers.sort(), PRINTERS)
})
