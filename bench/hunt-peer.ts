// A hunt beside Zircolite, a peer in Python: the same Sigma rules over the same events, events found by rule, and CPU seconds of child processes.
// Usage: node --import tsx bench/hunt-peer.ts RULES LOG PEER RULESET [PYTHON]
// RULES: a folder of Sigma rules. LOG: JSON lines as evtx_dump writes them. PEER: zircolite.py. RULESET: the same rules as the peer's SQL.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { inTurns, type Side, table } from './measure.ts'

const [python = 'python3'] = process.argv.slice(6)
const [rules = '', log = '', peer = '', ruleset = ''] = process.argv.slice(2, 6).map((path) => resolve(path))
const folder = mkdtempSync(join(tmpdir(), 'assay-peer-'))
const [own, other] = [join(folder, 'own.json'), join(folder, 'other.json')]
const options = ['-e', log, '-j', '-r', ruleset, '-o', other, '--no-event-filter']
const sides: readonly Side[] = [
  {
    name: 'assay hunt',
    command: [
      process.execPath,
      'dist/assay.js',
      'hunt',
      rules,
      '--logs',
      log,
      '--report',
      own,
      '--format',
      'ndjson',
      '--max-per-rule',
      '1',
    ],
  },
  {
    name: 'Zircolite',
    once: true,
    // It reads its configuration below the folder in which it is started.
    command: ['sh', '-c', 'cd "$1"; shift; exec "$@"', 'sh', dirname(peer), python, peer, ...options],
  },
]
try {
  const lines = await inTurns(sides, 3)
  console.log(table('rules of both over the same events', lines))
  const ids = new Set((JSON.parse(readFileSync(ruleset, 'utf8')) as { readonly id: string }[]).map((r) => r.id))
  const found = (of: Iterable<readonly [string, number]>): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const [id, count] of of) if (ids.has(id) && count > 0) counts.set(id, (counts.get(id) ?? 0) + count)
    return counts
  }
  const report = JSON.parse(readFileSync(own, 'utf8')) as {
    readonly rules: readonly { readonly id: string; readonly title: string; readonly findings: number }[]
  }
  const results = JSON.parse(readFileSync(other, 'utf8')) as readonly { readonly id: string; readonly count: number }[]
  const ours = found(report.rules.map((r) => [r.id, r.findings]))
  const theirs = found(results.map((r) => [r.id, r.count]))
  const all = [...new Set([...ours.keys(), ...theirs.keys()])]
  const differing = all.filter((id) => ours.get(id) !== theirs.get(id))
  console.log(`${ids.size} rules, ${all.length} with findings, ${differing.length} with other counts`)
  const titles = new Map(report.rules.map((r) => [r.id, r.title]))
  for (const id of differing)
    console.log(`  ${titles.get(id) ?? id}: assay ${ours.get(id) ?? 0}, Zircolite ${theirs.get(id) ?? 0}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
