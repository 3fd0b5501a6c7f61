// Writes docs/reference/ from the records in core/, and deletes pages that have no records any more.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { documented } from './documented.ts'

const pages = documented()
let written = 0
for (const [path, text] of pages) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  written++
}
let removed = 0
if (existsSync('docs/reference')) {
  for (const name of readdirSync('docs/reference', { recursive: true, encoding: 'utf8' })) {
    const path = join('docs/reference', name)
    if (!path.endsWith('.md') || pages.has(path)) continue
    rmSync(path)
    removed++
  }
}
console.log(`${pages.size} pages, ${written} written, ${removed} removed`)
