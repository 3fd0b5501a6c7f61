// Lets the built program run small queries, and keeps beside its scripts the bytecode that V8 made for them.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { gunzipSync, gzipSync } from 'node:zlib'
import { asFunction, optimiseLater } from '../engine/workers/load-code.ts'

const PUBLISHED = 'examples/t1071.002'
/** Bytes. */
const LARGE = 12e6

/** `dist`: a folder of bundle.ts. Keeps bytecode without running anything: a start need not parse all scripts. */
export function compileScripts(dist: string): void {
  optimiseLater()
  for (const name of readdirSync(dist)) {
    if (!name.endsWith('.cjs')) continue
    const file = join(dist, name)
    writeFileSync(
      `${file}.v8`,
      new Script(asFunction(readFileSync(file, 'utf8')), { filename: file }).createCachedData(),
    )
  }
}

/** `dist`: a folder of bundle.ts. Keeps the bytecode of all functions that small queries run. */
export function keepBytecode(dist: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bytecode-'))
  const copy = (packed: string, change: (text: Buffer) => Buffer): string => {
    const path = join(folder, `${change.name}-${packed.replaceAll('/', '-')}`)
    writeFileSync(path, change(gunzipSync(readFileSync(`${PUBLISHED}/${packed}`))))
    return path
  }
  const plain = (text: Buffer): Buffer => text
  // Packed logs that are not small are read in threads.
  const large = (text: Buffer): Buffer =>
    gzipSync(Buffer.concat(Array.from({ length: Math.ceil(LARGE / text.length) }, () => text)))
  const run = (...args: readonly string[]): void => {
    const preload = pathToFileURL(resolve('tools/keep-bytecode.mjs')).href
    execFileSync(process.execPath, ['--import', preload, join(dist, 'assay.js'), 'run', ...args], { stdio: 'ignore' })
  }
  try {
    for (const change of [plain, large]) run(`${PUBLISHED}/logscale.cql`, copy('enriched/events.ndjson.gz', change))
    for (const change of [plain, large])
      run(`${PUBLISHED}/sumo-logic.sumo`, copy('panos/panos.log.gz', change), '--view', 'network')
    run('examples/hunt/rules/certutil-download.yml', 'examples/hunt/sysmon.ndjson')
  } finally {
    for (const name of readdirSync(dist)) if (name.endsWith('.part')) rmSync(join(dist, name))
    rmSync(folder, { recursive: true })
  }
}
