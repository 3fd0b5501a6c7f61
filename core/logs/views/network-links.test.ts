// FTP data connections and TFTP transfers belong to their control connection or request.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compile } from '../../workbench/compile.ts'
import type { Plan } from '../../plan/plan.ts'
import type { LogFormat } from '../format.ts'
import { formatNamed } from '../registry.ts'
import { rows, view } from './network-fixtures.ts'
import { networkView } from './network.ts'

type Line = readonly [LogFormat, string]
const named = (name: string): LogFormat => formatNamed(name) as LogFormat

interface Flow {
  readonly from: string
  readonly to: string
  /** Seconds of the hour. */
  readonly at: readonly [number, number]
  readonly bytes?: readonly [number, number]
  readonly app?: string
  readonly parent?: number
  readonly proto?: string
}

const MINUTES = Date.UTC(2026, 10, 29, 23) / 1000
const clock = (seconds: number): string => new Date((MINUTES + seconds) * 1000).toISOString().replace('Z', '+0000')
const ends = (end: string): [string, number] => {
  const at = end.lastIndexOf(':')
  return [end.slice(0, at), Number(end.slice(at + 1))]
}

function suricata({ from, to, at, bytes = [100, 100], app, parent, proto = 'TCP' }: Flow): Line {
  const [src_ip, src_port] = ends(from)
  const [dest_ip, dest_port] = ends(to)
  const flow = {
    bytes_toserver: bytes[0],
    bytes_toclient: bytes[1],
    start: clock(at[0]),
    end: clock(at[1]),
    state: 'closed',
  }
  const record = {
    timestamp: clock(at[1] + 3),
    flow_id: 1,
    parent_id: parent,
    event_type: 'flow',
    src_ip,
    src_port,
    dest_ip,
    dest_port,
    proto,
    app_proto: app,
    flow,
  }
  return [named('suricata'), JSON.stringify(record)]
}

function nfdump({ from, to, at, bytes = [100, 100], proto = 'TCP' }: Flow): Line[] {
  const one = (source: string, destination: string, count: number, flags: string): Line => {
    const [src4_addr, src_port] = ends(source)
    const [dst4_addr, dst_port] = ends(destination)
    const [first, last] = at.map((s) => clock(s).slice(0, 23))
    return [
      named('nfdump-json'),
      JSON.stringify({
        type: 'FLOW',
        first,
        last,
        in_packets: 9,
        in_bytes: count,
        proto: proto === 'TCP' ? 6 : 17,
        tcp_flags: flags,
        src_port,
        dst_port,
        src4_addr,
        dst4_addr,
      }),
    ]
  }
  return [one(from, to, bytes[0], '...AP.SF'), one(to, from, bytes[1], '...AP.SF')]
}

// From the lab, seed 9: an upload with sessions of other services meanwhile, an active upload, an upload over TFTP.
const BESIDE: readonly Flow[] = [
  { from: '10.44.0.174:51808', to: '203.0.113.33:21', at: [58.016, 60.807], app: 'ftp', bytes: [934, 1119] },
  {
    from: '10.44.0.174:40768',
    to: '203.0.113.33:41192',
    at: [58.104, 60.804],
    app: 'failed',
    bytes: [15361284, 26630],
  },
  { from: '10.44.0.174:36692', to: '203.0.113.33:443', at: [58.724, 59.451], app: 'tls', bytes: [15379481, 33553] },
  { from: '10.44.0.174:57344', to: '203.0.113.33:22', at: [59.479, 59.586], bytes: [344, 346] },
  { from: '10.44.0.174:49724', to: '203.0.113.33:445', at: [59.657, 59.76], bytes: [344, 346] },
  { from: '10.44.0.174:45672', to: '203.0.113.33:8443', at: [59.916, 60.029], bytes: [344, 346] },
]
const ACTIVE: readonly Flow[] = [
  { from: '10.44.2.147:51784', to: '203.0.113.31:21', at: [48.768, 49.009], app: 'ftp', bytes: [958, 1122] },
  {
    from: '203.0.113.31:20',
    to: '10.44.2.147:47697',
    at: [48.787, 49.002],
    app: 'ftp-data',
    parent: 2,
    bytes: [47156, 13160800],
  },
]
const TFTP: readonly Flow[] = [
  {
    from: '10.44.0.180:38715',
    to: '203.0.113.30:69',
    at: [43.037, 43.037],
    app: 'tftp',
    bytes: [101, 0],
    proto: 'UDP',
  },
  {
    from: '203.0.113.30:58802',
    to: '10.44.0.180:38715',
    at: [43.039, 44.71],
    app: 'failed',
    bytes: [506772, 16235330],
    proto: 'UDP',
  },
]
const RECORDED = [...BESIDE, ...ACTIVE, ...TFTP]

const FIELDS = ['src_ip', 'dest_ip', 'dest_port', 'bytes_out', 'bytes_in', 'link', 'link_port']
const linked = (lines: readonly Line[]): string[] => view(lines, FIELDS).filter((row) => !row.endsWith(' - -'))

test('Suricata: uploads are the inside host’s, whoever opened them; other sessions of the same seconds stay apart', () => {
  assert.deepEqual(linked(RECORDED.map(suricata)), [
    '10.44.0.174 203.0.113.33 41192 15361284 26630 inferred 21',
    '10.44.0.180 203.0.113.30 58802 16235330 506772 inferred 69',
    '10.44.2.147 203.0.113.31 20 13160800 47156 expectation 21',
  ])
  assert.equal(view(RECORDED.map(suricata), FIELDS).length, RECORDED.length)
})

test('nfdump: records of one direction each give the same links, with their total', () => {
  assert.deepEqual(
    view(RECORDED.flatMap(nfdump), ['src_ip', 'dest_port', 'bytes', 'link']).filter((r) => !r.endsWith(' -')),
    [
      `10.44.0.174 41192 ${15361284 + 26630} inferred`,
      `10.44.0.180 58802 ${16235330 + 506772} inferred`,
      `10.44.2.147 20 ${47156 + 13160800} inferred`,
    ],
  )
})

const CONTROL: Flow = { from: '10.0.0.5:50000', to: '198.51.100.7:21', at: [100, 200], app: 'ftp' }
const data = (more: Partial<Flow>): Flow => ({
  from: '10.0.0.5:50001',
  to: '198.51.100.7:40000',
  at: [150, 160],
  ...more,
})
const links = (...flows: readonly Flow[]): number => linked(flows.map(suricata)).length

test('a link is inferred within the control session only, between its two hosts, and between ports that no service has', () => {
  assert.equal(links(CONTROL, data({})), 1)
  assert.equal(links(data({})), 0, 'without a control session')
  assert.equal(links(CONTROL, data({ at: [90, 95] })), 0, 'before it')
  assert.equal(links(CONTROL, data({ at: [210, 220] })), 0, 'after it')
  assert.equal(links(CONTROL, data({ at: [200, 400] })), 1, 'longer than it')
  assert.equal(links(CONTROL, data({ from: '10.0.0.6:50001' })), 0, 'another client')
  assert.equal(links(CONTROL, data({ to: '198.51.100.8:40000' })), 0, 'another server')
  assert.equal(links(CONTROL, data({ proto: 'UDP' })), 0, 'another protocol')
  for (const port of [22, 80, 443, 445, 3389, 8080, 8443])
    assert.equal(links(CONTROL, data({ to: `198.51.100.7:${port}` })), 0, `port ${port}`)
  assert.equal(links(CONTROL, data({ from: '198.51.100.7:20', to: '10.0.0.5:50001' })), 1, 'active, from port 20')
  assert.equal(
    links(CONTROL, data({ from: '198.51.100.7:40000', to: '10.0.0.5:50001' })),
    1,
    'active, from another port',
  )
  assert.equal(links(CONTROL, data({ from: '198.51.100.7:443', to: '10.0.0.5:50001' })), 0, 'from a port of a service')
  assert.equal(links(CONTROL, data({ from: '198.51.100.7:20', to: '10.0.0.5:22' })), 0, 'to a port of a service')
  assert.equal(links(CONTROL, data({ to: '198.51.100.7:443', app: 'ftp-data' })), 1, 'the sensor knows')
  assert.equal(links({ ...CONTROL, to: '198.51.100.7:2121' }, data({})), 1, 'FTP on another port')
})

test('sessions of the same hosts: one that ended does not hide one that is open', () => {
  const short: Flow = { ...CONTROL, from: '10.0.0.5:50009', to: '198.51.100.7:990', at: [110, 120] }
  assert.deepEqual(linked([CONTROL, short, data({})].map(suricata)), [
    '10.0.0.5 198.51.100.7 40000 100 100 inferred 21',
  ])
})

test('a transfer of TFTP keeps the port of the request, and begins soon after it', () => {
  const request: Flow = { from: '10.0.0.5:50000', to: '198.51.100.7:69', at: [10, 10], proto: 'UDP', bytes: [60, 0] }
  const answer = (more: Partial<Flow>): Flow => ({
    from: '198.51.100.7:40000',
    to: '10.0.0.5:50000',
    at: [10.1, 12],
    proto: 'UDP',
    ...more,
  })
  assert.equal(links(request, answer({})), 1)
  assert.equal(links(request, answer({ to: '10.0.0.5:50001' })), 0, 'another port')
  assert.equal(links(request, answer({ at: [60, 70] })), 0, 'much later')
  assert.equal(links(request, answer({ from: '198.51.100.7:443' })), 0, 'from a port of a service')
  assert.deepEqual(
    view([suricata(request)], ['dest_port', 'established', 'action']),
    ['69 - -'],
    'no answer on port 69 is normal',
  )
})

test('queries that no link can concern go without', () => {
  const isLinking = (text: string): boolean => {
    const { plan } = compile({ name: 'q', text } as never, 'sumo', {
      context: { fields: ['dest_port', 'src_ip', 'action'] },
    })
    return JSON.stringify(networkView.rewrite(plan as Plan, []).plan, (_, v) =>
      typeof v === 'bigint' ? `${v}` : v,
    ).includes('link.')
  }
  assert.equal(isLinking('* | count by action'), false)
  assert.equal(isLinking('* | where dest_port in ("443", "445") | count by src_ip'), false)
  assert.equal(isLinking('* | where dest_port = "3389" | count by src_ip'), false)
  assert.equal(isLinking('* | where dest_port in ("20", "443") | count by src_ip'), true)
  assert.equal(isLinking('* | count by src_ip'), true)
})

const FILTERS = [
  'dest_port = "20"',
  'dest_port in ("20", "21", "990")',
  'src_ip = "10.44.2.147"',
  'dest_ip = "203.0.113.30" and num(bytes_out) > 1000000',
  'link = "inferred"',
  'link_port = "21" and bytes_in = "26630"',
  'dest_port = "443"',
  'isNull(link) and src_ip != "10.44.0.174"',
]

test('what a query asks for is asked of linked rows, in whatever order the records come', () => {
  const shown = ['src_ip', 'dest_ip', 'dest_port', 'bytes_out', 'bytes_in', 'link', 'link_port']
  const planOf = (text: string): Plan => {
    const { plan } = compile({ name: 'q', text } as never, 'sumo', { context: { fields: shown } })
    return networkView.rewrite(plan as Plan, shown).plan
  }
  const all = RECORDED.map(suricata)
  fc.assert(
    fc.property(fc.constantFrom(...FILTERS), fc.shuffledSubarray(all, { minLength: all.length }), (where, lines) => {
      const texts = (text: string): string[] =>
        rows(planOf(text), lines)
          .map((r) => shown.map((f) => r[f] ?? '-').join(' '))
          .sort()
      const columns = shown.join(', ')
      // The condition after the fields is no condition on events.
      const behind = `* | fields ${columns} | ${shown.map((f) => `${f} as ${f}`).join(' | ')} | where ${where}`
      assert.deepEqual(texts(`* | where ${where} | fields ${columns}`), texts(behind))
    }),
    { numRuns: 30 },
  )
})
