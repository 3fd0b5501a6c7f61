// Runs tsc over the files that git knows, with the options of tsconfig.json.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { knownFiles } from './known-files.ts'

mkdirSync('.tmp', { recursive: true })
const config = '.tmp/tsconfig.json'
const files = knownFiles('*.ts').map((f) => join('..', f))
writeFileSync(config, JSON.stringify({ extends: '../tsconfig.json', include: [], files }))
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', config], { stdio: 'inherit' })
process.exitCode = status ?? 1
