// dist/: what `npx assay` runs.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { bundle } from './bundle.ts'

await bundle('cli/assay.ts', 'dist')
// Put in afterwards: the banner of the bundle stands first, and a hash-bang must.
const text = readFileSync('dist/assay.js', 'utf8')
writeFileSync('dist/assay.js', `#!/usr/bin/env node\n${text}`)
chmodSync('dist/assay.js', 0o755)
