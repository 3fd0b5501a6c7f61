// Builds dist/, the program that `npx assay` runs.
import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { bundle } from './bundle.ts'
import { keepBytecode } from './bytecode.ts'

await bundle('cli/assay.ts', 'dist')
// The hash-bang is added after bundling, because it must be the first line and the bundler's banner comes first.
const text = readFileSync('dist/assay.js', 'utf8')
writeFileSync('dist/assay.js', `#!/usr/bin/env node\n${text}`)
chmodSync('dist/assay.js', 0o755)

// The manual page, which npm links where the package is installed for all.
const page = execFileSync(process.execPath, ['dist/assay.js', 'completion', 'man'], { encoding: 'utf8' })
writeFileSync('dist/assay.1', page)

keepBytecode('dist')
