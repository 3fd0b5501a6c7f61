// Writes core/detect/attack/data/attack.json from a compact index of ATT&CK® Enterprise: `tsx tools/attack-index.ts INDEX.json [EARLIER.json]`.
// EARLIER.json: techniques of earlier versions that MITRE revoked or deprecated in favour of others, with their current successors.
// One line per technique, so that the next version of ATT&CK is a readable diff.
import { readFileSync, writeFileSync } from 'node:fs'

interface Index {
  readonly version: string
  readonly previous: string
  readonly modified: string
  readonly notice: string
  readonly tactics: readonly { readonly id: string; readonly shortname: string; readonly name: string }[]
  readonly techniques: readonly {
    readonly id: string
    readonly name: string
    readonly tactics: readonly string[]
    readonly revokedBy?: string
  }[]
  readonly crosswalk: { readonly added: readonly string[] }
}

const [path, earlier] = process.argv.slice(2)
if (path === undefined) throw new Error('tsx tools/attack-index.ts INDEX.json [EARLIER.json]')
const index = JSON.parse(readFileSync(path, 'utf8')) as Index
const before = earlier === undefined ? [] : (JSON.parse(readFileSync(earlier, 'utf8')) as Index).techniques
const techniques = [
  ...index.techniques,
  ...before.filter((t) => !index.techniques.some((n) => n.id === t.id)),
].toSorted((a, b) => (a.id < b.id ? -1 : 1))
const lines = (rows: readonly unknown[]): string =>
  rows.map((r) => `    ${JSON.stringify(r).replaceAll('","', '", "')}`).join(',\n')
const head = { notice: index.notice, licence: 'attack.LICENSE.txt', domain: 'enterprise-attack' }
const fields = Object.entries({ ...head, version: index.version, previous: index.previous, modified: index.modified })
writeFileSync(
  'core/detect/attack/data/attack.json',
  [
    '{',
    ...fields.map(([k, v]) => `  ${JSON.stringify(k)}: ${JSON.stringify(v)},`),
    `  "tactics": [\n${lines(index.tactics.map((t) => [t.id, t.shortname, t.name]))}\n  ],`,
    `  "added": ${JSON.stringify(index.crosswalk.added).replaceAll(',', ', ')},`,
    `  "techniques": [\n${lines(techniques.map((t) => [t.id, t.name, t.tactics.join(' '), ...(t.revokedBy ? [t.revokedBy] : [])]))}\n  ]`,
    '}',
    '',
  ].join('\n'),
)
