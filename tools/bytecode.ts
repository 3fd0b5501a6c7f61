// Lets the built program run small queries, and keeps beside its scripts the bytecode that V8 made for them.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'

const PUBLISHED = 'examples/t1071.002'

/** `dist`: a folder of bundle.ts. */
export function keepBytecode(dist: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bytecode-'))
  const plain = (packed: string): string => {
    const path = join(folder, packed.replaceAll('/', '-').replace('.gz', ''))
    writeFileSync(path, gunzipSync(readFileSync(`${PUBLISHED}/${packed}`)))
    return path
  }
  const run = (...args: readonly string[]): void => {
    const preload = pathToFileURL(resolve('tools/keep-bytecode.mjs')).href
    execFileSync(process.execPath, ['--import', preload, join(dist, 'assay.js'), 'run', ...args], { stdio: 'ignore' })
  }
  try {
    // Packed logs are read in a thread.
    run(`${PUBLISHED}/logscale.cql`, `${PUBLISHED}/enriched`)
    run(`${PUBLISHED}/logscale.cql`, plain('enriched/events.ndjson.gz'))
    run(`${PUBLISHED}/sumo-logic.sumo`, `${PUBLISHED}/panos`, '--view', 'network')
    run(`${PUBLISHED}/sumo-logic.sumo`, plain('panos/panos.log.gz'), '--view', 'network')
    run('examples/hunt/rules/certutil-download.yml', 'examples/hunt/sysmon.ndjson')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
