// Runs the Sumo query of T1071.002 over the flows of a lab run, and compares its findings with truth.json. Usage: tsx lab/check.ts OUT
// Exit status 1: a finding or a link of the network view is missing, superfluous or, for a finding, of another severity. A volume that the
// sensor did not count is reported, but it is no difference.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runQuery } from '../engine/query/run-query.ts'
import type { Transfer } from './transfers.ts'

const QUERY = join(import.meta.dirname, '../detections/T1071.002-file-transfer-protocols/sumo.sumo')
/** Files of a run, and the views under which the query must find the transfers. */
const RUNS = [
  { file: 'eve.ndjson', view: 'vendor' },
  { file: 'nfdump.json', view: 'vendor' },
  { file: 'eve.ndjson', view: 'network' },
  { file: 'nfdump.json', view: 'network' },
  { file: 'nfdump.csv', view: 'network' },
  { file: 'argus.csv', view: 'network' },
]
/** The query's threshold for one upload. */
const LARGE = 10 * 1024 * 1024

const out = process.argv[2] ?? '.'
const { transfers } = JSON.parse(readFileSync(join(out, 'truth.json'), 'utf8')) as { transfers: readonly Transfer[] }
let differences = 0
for (const { file, view } of RUNS) {
  const path = join(out, file)
  if (!existsSync(path)) continue
  const query = { name: QUERY, text: readFileSync(QUERY, 'utf8') }
  const { table, ok } = await runQuery({ query, language: 'sumo', logs: [path], view })
  const at = (name: string): number => table.columns.indexOf(name)
  const sent = await counted(path)
  const found = ok ? transfers.flatMap((t) => difference(t, sent)) : ['the query did not run']
  const wrong = view === 'network' ? [...found, ...(await links(path))] : found
  differences += wrong.length
  process.stdout.write(
    `${file}, view ${view}: ${wrong.length === 0 ? 'as in truth.json' : `\n  ${wrong.join('\n  ')}`}\n`,
  )

  function difference({ way, host, server, expected }: Transfer, largest: ReadonlyMap<string, number>): string[] {
    const row = table.rows.find((r) => r[at('source')] === host && r[at('destination')] === server)
    const severity = row?.[at('severity')]
    const isLost = expected === 'volume' && (largest.get(`${host} ${server}`) ?? 0) <= LARGE
    if (isLost) process.stdout.write(`  ${way} to ${server}: the sensor did not count the volume\n`)
    const isRight = expected === null ? !row : isLost || (row && (expected === 'count' || severity === 'high'))
    return isRight ? [] : [`${way} to ${server}: expected ${expected ?? 'no finding'}, found ${severity ?? 'none'}`]
  }
}
process.exitCode = differences > 0 ? 1 : 0

/** Differences of the links: each FTP session and TFTP request has its data connections, and sessions of other services have none. */
async function links(path: string): Promise<readonly string[]> {
  const text = '* | where !isBlank(link) | fields dest_ip, dest_port, link_port'
  const { table } = await runQuery({ query: { name: 'links', text }, language: 'sumo', logs: [path], view: 'network' })
  const rows = table.rows.map(([server, port, control]) => ({ server, port: String(port), control: String(control) }))
  const others = rows.filter(({ port }) => ['22', '443', '445', '8443'].includes(port))
  const few = transfers.filter(
    (t) => ['21', '69', '990'].includes(String(t.port)) && t.direction !== 'none' && count(t) < t.times,
  )
  return [
    ...others.map(({ server, port }) => `port ${port} of ${server} is linked`),
    ...few.map((t) => `${t.way} to ${t.server}: ${count(t)} links, ${t.times} files`),
  ]

  function count({ server, port }: Transfer): number {
    return rows.filter((r) => r.server === server && r.control === String(port)).length
  }
}

/** The most bytes that one connection of a pair sent to the server, by the network view. */
async function counted(path: string): Promise<ReadonlyMap<string, number>> {
  const text = '* | where !isBlank(src_ip) | fields src_ip, dest_ip, bytes_out, bytes_in'
  const { table } = await runQuery({ query: { name: 'volume', text }, language: 'sumo', logs: [path], view: 'network' })
  const [from, to, forth, back] = ['src_ip', 'dest_ip', 'bytes_out', 'bytes_in'].map((c) => table.columns.indexOf(c))
  const most = new Map<string, number>()
  for (const row of table.rows)
    for (const [a, b, bytes] of [
      [from, to, forth],
      [to, from, back],
    ] as [number, number, number][]) {
      const key = `${row[a]} ${row[b]}`
      most.set(key, Math.max(most.get(key) ?? 0, Number(row[bytes] ?? 0)))
    }
  return most
}
