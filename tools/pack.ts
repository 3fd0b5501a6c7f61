// Runs before the package is packed: a bill of materials (CycloneDX) of what an installation brings.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

const bom = JSON.parse(
  execFileSync('npm', ['sbom', '--omit', 'dev', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    encoding: 'utf8',
  }),
) as { serialNumber?: string; metadata: { timestamp?: string } }
// The same sources give the same file.
delete bom.serialNumber
delete bom.metadata.timestamp
writeFileSync('dist/sbom.cdx.json', `${JSON.stringify(bom, null, 2)}\n`)
