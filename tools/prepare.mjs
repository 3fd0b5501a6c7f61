// Builds the program after `npm ci`. The first `npx assay` in this folder runs this script again, because npm 11 links the folder into its
// cache. It would build for twenty seconds without a word, so the program of `npm ci` stays.
import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const isBuilt = process.env.npm_command === 'exec' && existsSync('dist/assay.js')
if (!isBuilt) execSync('npm run build', { stdio: 'inherit' })
