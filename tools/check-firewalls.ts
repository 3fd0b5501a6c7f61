// Runs the published firewall query on the evaluator over generated logs, with and without the network view, and compares its rows with the
// truth file. Usage: tsx tools/check-firewalls.ts FOLDER… (each with FORMAT.log or FORMAT.ndjson, and FORMAT.truth.json)
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { binder } from '../core/eval/bind.ts'
import { evaluate } from '../core/eval/evaluate.ts'
import { formatNamed, isEvent, recognise } from '../core/logs/registry.ts'
import { rewriteNetwork } from '../core/logs/view-plans/network-view.ts'
import { call, col, test, and, not, text, TRUE, lit } from '../core/plan/build.ts'
import type { AggCall, Expr, Plan, Row, SourceNode, Ty } from '../core/plan/plan.ts'
import { verify } from '../core/passes/0-verify.ts'

interface Group {
  readonly src: string
  readonly dst: string
  readonly dport: number
  readonly user?: string | null
  readonly connections: number
  readonly bytes_out: number | null
  readonly bytes_in: number | null
  readonly bytes: number | null
  readonly first: string
  readonly last: string
  readonly established?: number
  readonly inferred?: number
  readonly ended?: string
}

interface Names {
  readonly src: string
  readonly dst: string
  readonly dport: string
  readonly action: readonly string[]
  readonly out: string
  readonly in: string
  readonly total: string
}
const VENDOR: Readonly<Record<string, Names>> = {
  panos: {
    src: 'src_ip',
    dst: 'dest_ip',
    dport: 'dest_port',
    action: ['allow'],
    out: 'bytes_sent',
    in: 'bytes_recv',
    total: 'bytes',
  },
  asa: { src: 'src_ip', dst: 'dest_ip', dport: 'dest_port', action: ['Built'], out: 'none', in: 'none', total: 'none' },
  fortigate: {
    src: 'srcip',
    dst: 'dstip',
    dport: 'dstport',
    action: ['accept'],
    out: 'sentbyte',
    in: 'rcvdbyte',
    total: 'none',
  },
}
const VIEW: Names = {
  src: 'src_ip',
  dst: 'dest_ip',
  dport: 'dest_port',
  action: ['allow'],
  out: 'bytes_out',
  in: 'bytes_in',
  total: 'bytes',
}
const PORTS = ['20', '21', '69', '139', '445', '990']

const str = (id: string): Expr => col(id, 'str')
const agg = (id: string, prim: string, args: readonly Expr[], ty: Ty): AggCall => ({
  id,
  prim,
  args,
  consts: {},
  where: TRUE,
  ty,
})

function query(n: Names, threshold: number): Plan {
  const fields = [
    ...new Set([n.src, n.dst, n.dport, 'action', n.out, n.in, n.total, 'established', 'inferred', 'end_time']),
  ]
  const source: SourceNode = {
    kind: 'source',
    name: 'events',
    columns: [
      ...fields.map((name) => ({ id: name, ty: 'str' as const, from: { kind: 'field' as const, name } })),
      { id: '$:time', ty: 'time', from: { kind: 'meta', name: 'time' } },
    ],
    rest: false,
    interval: 'query',
    where: TRUE,
  }
  const isTrue = (id: string): Expr => call('str.concat', 'str', [str(id)])
  return {
    lets: [],
    out: {
      from: source,
      stages: [
        { kind: 'filter', where: test('str.in', [str(n.dport)], { values: PORTS, ignoreCase: false }) },
        { kind: 'filter', where: test('str.in', [str('action')], { values: [...n.action], ignoreCase: false }) },
        { kind: 'filter', where: and(test('ip.isV4', [str(n.dst)]), not(test('ip.isPrivateV4', [str(n.dst)]))) },
        {
          kind: 'aggregate',
          keys: [n.src, n.dst, n.dport].map((id) => ({ id, expr: str(id) })),
          nullKeys: 'keep',
          aggs: [
            agg('connections', 'agg.count', [], 'int'),
            agg('out', 'agg.sum', [str(n.out)], 'dec'),
            agg('in', 'agg.sum', [str(n.in)], 'dec'),
            agg('total', 'agg.sum', [str(n.total)], 'dec'),
            agg('first', 'agg.minTime', [col('$:time', 'time')], 'time'),
            agg('last', 'agg.maxTime', [col('$:time', 'time')], 'time'),
            {
              ...agg('established', 'agg.count', [], 'int'),
              where: test('str.eq', [isTrue('established'), text('true')]),
            },
            { ...agg('inferred', 'agg.count', [], 'int'), where: test('str.eq', [isTrue('inferred'), text('true')]) },
            agg('ended', 'agg.maxInt', [call('int.parse', 'int', [str('end_time')])], 'int'),
          ],
          limit: null,
        },
        { kind: 'filter', where: test('int.gt', [col('connections', 'int'), lit(BigInt(threshold), 'int')]) },
      ],
    },
  }
}

const iso = (micros: unknown): string => new Date(Number((micros as bigint) / 1000n)).toISOString()

function compare(
  what: string,
  plan: Plan,
  n: Names,
  groups: readonly Group[],
  tables: (s: SourceNode) => Iterable<Row>,
  view: boolean,
  allowed: ReadonlySet<string>,
): number {
  const problems = verify(plan)
  if (problems.length > 0) console.log(what, problems)
  const env = { now: 0n, start: 0n, end: 1n << 62n, zone: 'UTC' }
  const began = Date.now()
  const { rows } = evaluate(plan, tables, env)
  const found = new Map(rows.map((r) => [`${r[n.src]} ${r[n.dst]} ${r[n.dport]}`, r]))
  const wrong: string[] = []
  for (const g of groups) {
    const key = `${g.src} ${g.dst} ${g.dport}`
    const r = found.get(key)
    found.delete(key)
    if (!r) {
      wrong.push(`missing ${key}`)
      continue
    }
    const is: Record<string, unknown> = {
      connections: Number(r['connections']),
      first: iso(r['first']),
      last: iso(r['last']),
    }
    const should: Record<string, unknown> = { connections: g.connections, first: g.first, last: g.last }
    if (g.bytes_out !== null) Object.assign(is, { out: Number(r['out']), in: Number(r['in']) })
    if (g.bytes_out !== null) Object.assign(should, { out: g.bytes_out, in: g.bytes_in })
    if (g.bytes !== null && n.total !== 'none') {
      is['bytes'] = Number(r['total'])
      should['bytes'] = g.bytes
    }
    if (view) {
      for (const name of ['established', 'inferred', 'ended'] as const) {
        if (g[name] === undefined) continue
        is[name] = name === 'ended' ? new Date(Number(r['ended'])).toISOString() : Number(r[name])
        should[name] = g[name]
      }
    }
    if (JSON.stringify(is) !== JSON.stringify({ ...is, ...should }))
      wrong.push(`${key}: ${JSON.stringify(is)} should be ${JSON.stringify(should)}`)
  }
  for (const key of [...found.keys()].filter((k) => !allowed.has(k)))
    wrong.push(`extra ${key} ${JSON.stringify(found.get(key), (_, v) => (typeof v === 'bigint' ? String(v) : v))}`)
  console.log(`${what}: ${groups.length} groups, ${wrong.length} wrong, ${Date.now() - began} ms`)
  for (const w of wrong.slice(0, 10)) console.log(`  ${w}`)
  return wrong.length
}

let wrong = 0
for (const folder of process.argv.slice(2)) {
  const truthFile = readdirSync(folder).find((f) => f.endsWith('.truth.json')) as string
  const truth = JSON.parse(readFileSync(join(folder, truthFile), 'utf8'))
  const log = ['log', 'ndjson'].map((e) => join(folder, `${truth.format}.${e}`)).find((f) => existsSync(f)) as string
  const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1)
  const best = recognise(lines.slice(0, 100))[0]
  if (!best) throw new Error(`${log}: not recognised`)
  console.log(`${log}: ${best.format.name}, ${best.why}`)
  const format = formatNamed(best.format.name) as typeof best.format
  const tables = function* (source: SourceNode): Iterable<Row> {
    const reader = format.reader({ zone: 'UTC', year: 2026 }, lines.slice(0, 20))
    const bind = binder(source, format.aliases)
    let seq = 0n
    for (const line of lines) {
      const read = reader.read(line)
      if (isEvent(read)) yield bind.row(read, { file: log, raw: line, seq: seq++ })
      else if ('bad' in read) console.log('bad', read.bad, line.slice(0, 200))
    }
  }
  // The truth of Zeek and Falcon counts fewer addresses as public. Falcon's also omits connections without a process record.
  const stricter = truth.tenant ? [] : [...truth.nearMisses, ...(truth.unresolved ?? [])]
  const allowed = new Set<string>(stricter.map((g: Group) => `${g.src} ${g.dst} ${g.dport}`))
  const vendor = VENDOR[truth.format]
  if (vendor && truth.tenant)
    wrong += compare(
      `${truth.format} tenant`,
      query(vendor, truth.threshold),
      vendor,
      truth.tenant,
      tables,
      false,
      allowed,
    )
  wrong += compare(
    `${truth.format} sessions`,
    rewriteNetwork(query(VIEW, truth.threshold)).plan,
    VIEW,
    truth.sessions ?? truth.expected,
    tables,
    true,
    allowed,
  )
}
process.exitCode = wrong === 0 ? 0 : 1
