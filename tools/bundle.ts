// Bundles the program: a small entry, parts that it loads when needed, and the engine's workers.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { build, type BuildOptions, type Metafile, type OutputFile, type Plugin, transform } from 'esbuild'
import { libraryTypes } from './library-types.ts'
import { bundledPackages, noticesText } from './licences.ts'

const VERSION = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version

const COMMON = {
  bundle: true,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['@duckdb/node-api'],
  define: {
    ASSAY_VERSION: JSON.stringify(VERSION),
    // A parameter of each script (engine/workers/load-code.ts).
    'import.meta.url': 'assayMeta.url',
    'import.meta.dirname': 'assayMeta.dirname',
    'import.meta.resolve': 'assayMeta.resolve',
  },
  outExtension: { '.js': '.cjs' },
  write: false,
  // Less text to parse at every start. Names stay, for readable stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions

/** Each of them shares no chunk with others: a thread starts with every run over a large input, and each file costs about a millisecond. */
const ALONE = ['engine/scan/worker-scan.ts', 'engine/duckdb/process-duckdb.ts']

const RE2 = 're2js.cjs'

/**
 * The engine for patterns that V8 could take exponential time for: a fifth of the code of a thread, and hardly a query has such a pattern. The core
 * is synchronous, so it cannot be an `import()`.
 */
const re2Later: Plugin = {
  name: 're2-later',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^re2js$/ }, () => ({ path: RE2, namespace: 'later' }))
    onResolve({ filter: /^\.\/re2js\.cjs$/ }, ({ path }) => ({ path, external: true }))
    onLoad({ filter: /./, namespace: 'later' }, () => ({
      contents: `export const RE2JS = { compile: (pattern) => require('./${RE2}').RE2JS.compile(pattern) }`,
    }))
  },
}

/** Bundles the program at `entry`, the workers, and the licences of their packages into the folder `out`, which it empties first. */
export async function bundle(entry: string, out: string): Promise<void> {
  rmSync(out, { recursive: true, force: true })
  const parts: BuildOptions & { metafile: true; write: false } = {
    ...COMMON,
    entryPoints: [
      entry,
      'engine/library/library.ts',
      'cli/mcp/process-tools.ts',
      'engine/cases/worker-cases.ts',
      'engine/cases/worker-mutation.ts',
      'engine/backtest/worker-backtest.ts',
    ],
    outdir: out,
    entryNames: '[name]',
    chunkNames: 'chunk-[hash]',
    splitting: true,
  }
  const first = await build(parts)
  const main = await build({ ...parts, plugins: [re2Later, together(loadedLater(first.metafile))] })
  const alone = await Promise.all(
    ALONE.map((file) =>
      build({
        ...COMMON,
        entryPoints: [file],
        outdir: out,
        entryNames: '[name]',
        chunkNames: `${basename(file, '.ts')}-[hash]`,
        splitting: true,
        plugins: [re2Later],
      }),
    ),
  )
  const re2 = await build({
    ...COMMON,
    outExtension: {},
    stdin: { contents: "export { RE2JS } from 're2js'", resolveDir: '.' },
    outfile: join(out, RE2),
  })
  mkdirSync(out, { recursive: true })
  const all = [main, re2, ...alone]
  await Promise.all(all.flatMap((b) => b.outputFiles).map(writeScript))
  const entries = all.flatMap((b) => Object.entries(b.metafile.outputs)).filter(([, o]) => o.entryPoint !== undefined)
  await Promise.all(entries.map(([path, { exports }]) => writeEntry(path, exports)))
  await bundleCore(join(out, 'core.js'))
  for (const [name, text] of Object.entries(libraryTypes())) writeFileSync(join(out, name), text)
  const packages = bundledPackages(all.map((b) => b.metafile))
  writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), noticesText(packages))
}

/** A module of the bundle as a script. */
async function writeScript({ path, text }: OutputFile): Promise<void> {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    charset: 'ascii',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    // `import()` would bypass the loader.
    supported: { 'dynamic-import': false },
  })
  writeFileSync(path, code)
}

/** Processes of ours. The library is in processes of others, whose flags are not ours. */
const PROGRAMS = ['assay.cjs', 'process-tools.cjs']

/** The module that Node runs or imports: it loads the script. */
async function writeEntry(script: string, exports: readonly string[]): Promise<void> {
  const name = basename(script)
  const before = PROGRAMS.includes(name) ? 'optimiseLater()\n' : ''
  const after = exports.length > 0 ? `export const { ${exports.join(', ')} } = ` : ''
  await build({
    stdin: {
      contents: `import { load, optimiseLater } from './engine/workers/load-code.ts'\n${before}${after}load('./${name}')`,
      resolveDir: '.',
    },
    outfile: script.replace(/\.cjs$/, '.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifyWhitespace: true,
    logLevel: 'warning',
  })
}

/** Every run of a query loads it. */
const RUN = 'engine/query/run-query.ts'
/** They run before anything heavy is loaded. */
const EARLY = ['cli/program.ts', 'cli/lsp/early.ts']

/** Files that are loaded by `import()`. */
const loadedLater = ({ inputs }: Metafile): string[] => [
  ...new Set(
    Object.values(inputs)
      .flatMap((i) => i.imports)
      .filter((i) => i.kind === 'dynamic-import' && !i.external && !EARLY.includes(i.path))
      .map((i) => i.path),
  ),
]

/**
 * The bundler puts files into one chunk if the same files that are loaded later reach them. There are some forty of those, which would cut the code of
 * a run into a hundred chunks. So each of them reaches all of it.
 */
const together = (later: readonly string[]): Plugin => ({
  name: 'together',
  setup({ onLoad }) {
    const paths = new Set(later.map((path) => resolve(path)))
    onLoad({ filter: /\.ts$/ }, ({ path }) =>
      paths.has(path)
        ? { contents: `${readFileSync(path, 'utf8')}\nimport ${JSON.stringify(resolve(RUN))}\n`, loader: 'ts' }
        : undefined,
    )
  },
})

/** The library for browsers, in one file without modules of Node. */
export const bundleCore = (outfile: string): Promise<unknown> =>
  build({
    entryPoints: ['core/library/core.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
