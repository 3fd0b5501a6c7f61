// Runs Biome over the files that git knows. Arguments (`--write`) are passed on.
import { spawnSync } from 'node:child_process'
import { knownFiles } from './known-files.ts'

const files = knownFiles('*.ts', '*.json')
const args = ['node_modules/@biomejs/biome/bin/biome', 'check', '--colors=off', ...process.argv.slice(2), ...files]
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
process.exitCode = status ?? 1
