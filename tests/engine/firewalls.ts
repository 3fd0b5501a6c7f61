// Compares the published Sumo query over generated firewall logs with the generator's truth.
import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cell } from '../../core/workbench/present.ts'
import { type QueryOptions, type QueryResult, runQuery } from '../../engine/query/run-query.ts'
import {
  type FirewallFormat,
  type FirewallGroup,
  type FirewallTruth,
  generateFirewall,
  askFor,
} from '../../tools/gen/firewall.ts'

/** Does the format have bytes by direction? */
export const HAS_BYTES = { panos: true, asa: false, fortigate: true } as const
export type Vendor = keyof typeof HAS_BYTES
export const VENDORS = Object.keys(HAS_BYTES) as Vendor[]

/** The published query with a vendor's own field names and word for "allowed". */
export function mended(vendor: Vendor): { name: string; text: string } {
  const text = readFileSync(QUERY, 'utf8')
  const named = (names: string): string => text.replace('\n', `\n${names}\n`)
  const made: Record<Vendor, string> = {
    panos: named('| bytes_sent as bytes_out\n| bytes_recv as bytes_in'),
    asa: text.replace('"built"', '"Built"'),
    fortigate: named(
      '| srcip as src_ip\n| dstip as dest_ip\n| dstport as dest_port\n| sentbyte as bytes_out\n| rcvdbyte as bytes_in',
    ),
  }
  return { name: `mended-for-${vendor}.sumo`, text: made[vendor] }
}

export const QUERY = 'examples/t1071.002/sumo-logic.sumo'

export interface Made {
  readonly folder: string
  readonly truth: FirewallTruth
}

export async function make(format: FirewallFormat, mb: number, seed = 11): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-firewall-'))
  const fd = openSync(join(folder, `${format}.log`), 'w')
  const options = { format, mb, seed, start: Date.parse('2026-03-02T00:00:00Z'), hours: 24 }
  const truth = generateFirewall({ ...options, mb: askFor(options) }, (text) => writeSync(fd, text))
  closeSync(fd)
  return { folder, truth }
}
export const remove = ({ folder }: Made): void => rmSync(folder, { recursive: true, force: true })

export const query = (made: Pick<Made, 'folder'>, more: Partial<QueryOptions> = {}): Promise<QueryResult> =>
  runQuery({
    query: { name: QUERY, text: readFileSync(QUERY, 'utf8') },
    language: 'sumo',
    logs: [made.folder],
    ...more,
  })

export type { FirewallGroup } from '../../tools/gen/firewall.ts'

export interface FoundGroup {
  readonly src: unknown
  readonly dst: unknown
  readonly dport: number
  readonly connections: unknown
  readonly sent: unknown
  readonly received: unknown
  readonly first: unknown
  readonly last: unknown
}

export function foundGroups({ table, ok, diagnostics }: QueryResult): FoundGroup[] {
  assert.ok(ok, diagnostics.map((d) => `${d.code} ${d.message}`).join('\n'))
  const at = (row: readonly Cell[], name: string): unknown => {
    const cell = row[table.columns.indexOf(name)] ?? null
    return typeof cell === 'object' && cell !== null && 'number' in cell ? Number(cell.number) : cell
  }
  return table.rows.map((r) => ({
    src: at(r, 'src_ip'),
    dst: at(r, 'dest_ip'),
    dport: Number(at(r, 'dest_port')),
    connections: at(r, 'ConnectionCount'),
    sent: at(r, 'TotalBytesSent'),
    received: at(r, 'TotalBytesReceived'),
    first: at(r, 'FirstSeen'),
    last: at(r, 'LastSeen'),
  }))
}

const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
/** The groups in the form of the query's rows. `bytes`: false if the format has no bytes by direction. */
export const asPrinted = (groups: readonly FirewallGroup[], bytes: boolean): FoundGroup[] =>
  groups.map(({ why: _, ...g }) => ({
    ...g,
    sent: bytes ? g.sent : 0,
    received: bytes ? g.received : 0,
    first: stamp(g.first),
    last: stamp(g.last),
  }))

export const sameGroups = (found: readonly FoundGroup[], wanted: readonly FoundGroup[]): void => {
  const sorted = (all: readonly FoundGroup[]) => all.map((g) => JSON.stringify(g, Object.keys(g).sort())).sort()
  assert.deepEqual(sorted(found), sorted(wanted))
}
