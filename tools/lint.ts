// Runs Biome over the files that git knows, but not again over those that passed as they are: a rule reads one file. Arguments (`--write`) are
// passed on, and then all files are read.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { knownFiles } from './known-files.ts'

/** The files that passed, by a hash of their text. */
const PASSED = '.tmp/lint.json'

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('base64')
const options = process.argv.slice(2)
const rules = `${hashOf('biome.json')} ${hashOf('package-lock.json')}`
const hashes = knownFiles('*.ts', '*.json').map((path) => [path, `${hashOf(path)} ${rules}`] as const)
const passed = existsSync(PASSED) ? (JSON.parse(readFileSync(PASSED, 'utf8')) as Record<string, string>) : {}
const files = hashes.filter(([path, hash]) => options.length > 0 || passed[path] !== hash).map(([path]) => path)

if (files.length > 0) {
  const args = ['node_modules/@biomejs/biome/bin/biome', 'check', '--colors=off', '--no-errors-on-unmatched']
  const { status } = spawnSync(process.execPath, [...args, ...options, ...files], { stdio: 'inherit' })
  process.exitCode = status ?? 1
}
if (process.exitCode === undefined || process.exitCode === 0) {
  mkdirSync('.tmp', { recursive: true })
  if (options.length === 0) writeFileSync(PASSED, JSON.stringify(Object.fromEntries(hashes)))
}
