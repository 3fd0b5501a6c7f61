// The bundled program, for tests that need a process.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { bundle } from '../../tools/bundle.ts'

/** The bundle's entry. `npm test` makes one bundle for all tests; a file that runs alone makes its own. */
export async function builtProgram(): Promise<string> {
  let dist = process.env['ASSAY_TEST_BUILD']
  if (dist === undefined) {
    // Inside the repository, so that the bundle finds the packages that it does not contain. NOTICE is beside dist, as in the package.
    mkdirSync('.tmp', { recursive: true })
    const folder = mkdtempSync('.tmp/built-')
    after(() => rmSync(folder, { recursive: true }))
    dist = join(folder, 'dist')
    await bundle('cli/assay.ts', dist)
    copyFileSync('NOTICE', join(folder, 'NOTICE'))
  }
  return join(dist, 'assay.js')
}
