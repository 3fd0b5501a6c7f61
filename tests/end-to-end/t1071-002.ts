// Compares the published LogScale query over generated Falcon telemetry with the generator's truth.
import assert from 'node:assert/strict'
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cell } from '../../core/workbench/present.ts'
import { type QueryOptions, type QueryResult, runQuery } from '../../engine/query/run-query.ts'
import type { Feed, Shape } from '../../tools/gen/records.ts'
import { generate, type Truth, type TruthGroup } from '../../tools/gen/telemetry.ts'

export const QUERY = 'examples/t1071.002/logscale.cql'
export const START = Date.parse('2026-03-02T00:00:00Z')

export interface Made {
  readonly folder: string
  readonly truth: Truth
}

/** Writes telemetry into a folder of its own; the caller removes it. */
export async function make(feed: Feed, mb: number, more: { shape?: Shape; seed?: number } = {}): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-mission-'))
  mkdirSync(folder, { recursive: true })
  const streams = new Map<string, ReturnType<typeof createWriteStream>>()
  const truth = generate(
    { feed, mb, start: START, hours: 24, seed: more.seed ?? 7, ...(more.shape ? { shape: more.shape } : {}) },
    (name, text) => {
      const stream = streams.get(name) ?? createWriteStream(join(folder, name))
      streams.set(name, stream)
      stream.write(text)
    },
  )
  for (const stream of streams.values()) stream.end()
  await Promise.all([...streams.values()].map((s) => finished(s)))
  return { folder, truth }
}
export const remove = ({ folder }: Made): void => rmSync(folder, { recursive: true, force: true })

export const query = (made: Made, more: Partial<QueryOptions> = {}): Promise<QueryResult> =>
  runQuery({ query: { name: QUERY, text: readFileSync(QUERY, 'utf8') }, language: 'cql', logs: [made.folder], ...more })

/** Fails unless the rows are exactly the planted groups, in order of their count. */
export function holdsTruth({ table, ok, diagnostics }: QueryResult, expected: readonly TruthGroup[]): void {
  assert.ok(ok, diagnostics.map((d) => `${d.code} ${d.message}`).join('\n'))
  const at = (row: readonly Cell[], name: string): unknown => {
    const cell = row[table.columns.indexOf(name)] ?? null
    return typeof cell === 'object' && cell !== null && 'number' in cell ? Number(cell.number) : cell
  }
  const found = table.rows.map((r) => ({
    host: at(r, 'ComputerName'),
    image: at(r, 'ImageFileName'),
    user: at(r, 'UserName'),
    remote: at(r, 'RemoteAddressIP4'),
    port: Number(at(r, 'RemotePort')),
    connections: at(r, 'ConnectionCount'),
    sent: at(r, 'TotalBytesSent'),
    received: at(r, 'TotalBytesReceived'),
    first: at(r, 'FirstSeen'),
    last: at(r, 'LastSeen'),
    risk: at(r, 'ExfilRisk'),
  }))
  const want = expected.map(({ why: _, ...g }) => ({
    ...g,
    sent: g.sent ?? 0,
    received: g.received ?? 0,
    risk: g.sent === null ? 'LOW' : g.risk,
  }))
  const sorted = (all: readonly object[]) => all.map((g) => JSON.stringify(g, Object.keys(g).sort())).sort()
  assert.deepEqual(sorted(found), sorted(want))
  const counts = found.map((f) => f.connections as number)
  assert.deepEqual(
    counts,
    [...counts].sort((a, b) => b - a),
  )
}

export const codesOf = ({ diagnostics }: QueryResult): string[] => diagnostics.map((d) => d.code)
