// Runs before packing: writes a bill of materials (CycloneDX) of an installation.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

const bom = JSON.parse(
  execFileSync('npm', ['sbom', '--omit', 'dev', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    encoding: 'utf8',
  }),
) as { serialNumber?: string; metadata: { timestamp?: string } }
// The serial number is random, and the same sources must give the same file.
delete bom.serialNumber
delete bom.metadata.timestamp
writeFileSync('dist/sbom.cdx.json', `${JSON.stringify(bom, null, 2)}\n`)
