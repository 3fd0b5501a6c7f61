// dist/: the command as one small entry whose parts load when they are needed, and the workers beside it.
import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: ['cli/assay.ts', 'engine/worker-scan.ts', 'engine/worker-duckdb.ts'],
  outdir: 'dist',
  entryNames: '[name]',
  chunkNames: 'chunk-[hash]',
  bundle: true,
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
  legalComments: 'none',
  logLevel: 'warning',
})
// esbuild keeps a hash-bang only in front of a file, and the banner stands there.
const { writeFileSync } = await import('node:fs')
const text = readFileSync('dist/assay.js', 'utf8')
writeFileSync('dist/assay.js', text.startsWith('#!') ? text : `#!/usr/bin/env node\n${text}`)
chmodSync('dist/assay.js', 0o755)
