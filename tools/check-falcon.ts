// Compares the output of `assay run --format json` with a truth file: node tools/check-falcon.ts TRUTH ROWS.json
import { readFileSync } from 'node:fs'

interface Group {
  readonly host: string | null
  readonly user: string | null
  readonly image: string | null
  readonly dst: string
  readonly dport: number
  readonly connections: number
  readonly bytes_out: number | null
  readonly bytes_in: number | null
  readonly first: string
  readonly last: string
}
const [truthFile = '', rowsFile = ''] = process.argv.slice(2)
const truth = JSON.parse(readFileSync(truthFile, 'utf8')) as { expected: Group[] }
const rows = JSON.parse(readFileSync(rowsFile, 'utf8')) as Record<string, string | number>[]
const key = (...parts: unknown[]) => parts.map(String).join(' | ')
const tier = (n: number) => (n > 10485760 ? 'HIGH' : n > 1048576 ? 'MEDIUM' : 'LOW')
const want = truth.expected.map((g) =>
  key(
    g.host,
    g.image,
    g.user,
    g.dst,
    g.dport,
    g.connections,
    g.bytes_out ?? 0,
    g.bytes_in ?? 0,
    Date.parse(g.first),
    Date.parse(g.last),
    tier(g.bytes_out ?? 0),
  ),
)
const got = rows.map((r) =>
  key(
    r['ComputerName'],
    r['ImageFileName'],
    r['UserName'],
    r['RemoteAddressIP4'],
    r['RemotePort'],
    r['ConnectionCount'],
    r['TotalBytesSent'],
    r['TotalBytesReceived'],
    r['FirstSeen'],
    r['LastSeen'],
    r['ExfilRisk'],
  ),
)
const missing = want.filter((w) => !got.includes(w))
const extra = got.filter((g) => !want.includes(g))
console.log(`${want.length} groups expected, ${got.length} found, ${missing.length} missing, ${extra.length} extra`)
for (const m of missing) console.log(`- ${m}`)
for (const e of extra) console.log(`+ ${e}`)
process.exitCode = missing.length + extra.length > 0 ? 1 : 0
