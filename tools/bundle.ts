// Bundles the program: a small entry, parts that it loads when needed, and the engine's workers.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { libraryTypes } from './library-types.ts'
import { bundledPackages, noticesText } from './licences.ts'

/** Bundles the program at `entry`, the workers, and the licences of their packages into the folder `out`, which it empties first. */
export async function bundle(entry: string, out: string): Promise<void> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  rmSync(out, { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: [
      entry,
      'engine/library/library.ts',
      'engine/scan/worker-scan.ts',
      'engine/duckdb/process-duckdb.ts',
      'engine/cases/worker-cases.ts',
      'engine/cases/worker-mutation.ts',
      'engine/backtest/worker-backtest.ts',
    ],
    outdir: out,
    entryNames: '[name]',
    chunkNames: 'chunk-[hash]',
    bundle: true,
    metafile: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['@duckdb/node-api'],
    define: { ASSAY_VERSION: JSON.stringify(version) },
    // commander is CommonJS and loads modules of Node by `require`.
    banner: {
      js: "import { createRequire as assayRequire } from 'node:module'; const require = assayRequire(import.meta.url);",
    },
    // Less text to parse at every start. Names stay, for readable stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  await bundleCore(join(out, 'core.js'))
  for (const [name, text] of Object.entries(libraryTypes())) writeFileSync(join(out, name), text)
  writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), noticesText(bundledPackages(metafile)))
}

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
