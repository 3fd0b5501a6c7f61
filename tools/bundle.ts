// How we bundle: one small entry whose parts load when they are needed, and the engine's workers beside it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { bundledPackages, noticesText } from './licences.ts'

/** Bundles the program at `entry` and the workers into the folder `out`, which is emptied first, with the licences of what is in it. */
export async function bundle(entry: string, out: string): Promise<void> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  rmSync(out, { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: [
      entry,
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
    // commander is CommonJS and asks for modules of Node by `require`.
    banner: {
      js: "import { createRequire as assayRequire } from 'node:module'; const require = assayRequire(import.meta.url);",
    },
    // Less text to read at every start; names stay, for stacks that people can read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), noticesText(bundledPackages(metafile)))
}
