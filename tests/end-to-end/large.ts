// `npm run test:large -- [MB] [FOLDER…]`: compares findings with the truth at a gigabyte. It takes a few minutes and as much disk. A folder
// has firewall logs of another generator, FORMAT.log with FORMAT.truth.json, which are used instead.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { QueryResult } from '../../engine/query/run-query.ts'
import * as firewalls from '../engine/firewalls.ts'
import * as mission from './t1071-002.ts'

let passed = 0
let failed = 0

async function check(what: string, run: () => Promise<QueryResult>, holds: (result: QueryResult) => void) {
  try {
    const began = performance.now()
    const result = await run()
    const seconds = (performance.now() - began) / 1000
    holds(result)
    const bytes = result.run?.files.reduce((n, f) => n + f.stats.bytes, 0) ?? 0
    console.log(
      `${what}: ${result.table.rows.length} groups in ${seconds.toFixed(1)} s, ${(bytes / 1e6 / seconds).toFixed(0)} MB/s (${[...new Set(mission.codesOf(result))].join(' ')})`,
    )
    passed++
  } catch (e) {
    console.error(`${what}:`, e)
    failed++
  }
}

async function falcon(mb: number): Promise<void> {
  for (const feed of ['enriched', 'raw'] as const) {
    const made = await mission.make(feed, mb)
    for (const engine of ['auto', 'duckdb'] as const)
      await check(
        `${feed}, ${mb} MB, ${engine}`,
        () => mission.query(made, { engine }),
        (result) => mission.holdsTruth(result, made.truth.expected),
      )
    mission.remove(made)
  }
}

interface Groups {
  readonly sessions: readonly firewalls.FirewallGroup[]
  readonly tenant: readonly firewalls.FirewallGroup[]
}

async function firewall(vendor: firewalls.Vendor, what: string, folder: string, truth: Groups): Promise<void> {
  const made = { folder: join(folder, `${vendor}.log`) }
  const holds =
    (groups: readonly firewalls.FirewallGroup[]) =>
    (result: QueryResult): void =>
      firewalls.sameGroups(firewalls.foundGroups(result), firewalls.asPrinted(groups, firewalls.HAS_BYTES[vendor]))
  const as = (query: { name: string; text: string }) => () => firewalls.query(made, { query })
  await check(`${what}, network view`, () => firewalls.query(made, { view: 'network' }), holds(truth.sessions))
  await check(
    `${what}, as a tenant sees it`,
    () => firewalls.query(made),
    (result) => {
      // Without a view the published text finds other groups than it should, so only its success is checked.
      if (!result.ok) throw new Error(mission.codesOf(result).join(' '))
    },
  )
  await check(`${what}, as a tenant counts it`, as(firewalls.mended(vendor)), holds(truth.tenant))
}

/** The truth file of another generator: times are texts, and bytes are null if the format has none. */
interface Foreign {
  readonly src: string
  readonly dst: string
  readonly dport: number
  readonly connections: number
  readonly bytes_out: number | null
  readonly bytes_in: number | null
  readonly first: string
  readonly last: string
}

const fromForeign = (list: readonly Foreign[]): firewalls.FirewallGroup[] =>
  list.map(({ src, dst, dport, connections, bytes_out, bytes_in, first, last }) => ({
    src,
    dst,
    dport,
    connections,
    sent: bytes_out ?? 0,
    received: bytes_in ?? 0,
    first: Date.parse(first),
    last: Date.parse(last),
    why: '',
  }))

async function foreign(folder: string): Promise<void> {
  const file = readdirSync(folder).find((f) => f.endsWith('.truth.json'))
  if (file === undefined) throw new Error(`${folder}: no truth file`)
  const { format, tenant, sessions } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    format: firewalls.Vendor
    tenant: readonly Foreign[]
    sessions: readonly Foreign[]
  }
  await firewall(format, `${folder}`, folder, { tenant: fromForeign(tenant), sessions: fromForeign(sessions) })
}

const folders = process.argv.slice(2).filter((a) => !/^\d+$/.test(a))
const mb = Number(process.argv.slice(2).find((a) => /^\d+$/.test(a)) ?? 1000)
if (folders.length > 0) for (const folder of folders) await foreign(folder)
else {
  for (const vendor of firewalls.VENDORS) {
    const made = await firewalls.make(vendor, mb)
    await firewall(vendor, `${vendor}, ${mb} MB`, made.folder, made.truth)
    firewalls.remove(made)
  }
  await falcon(mb)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
