import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { binder } from '../../../core/eval/bind.ts'
import { compilePred, tupleScope } from '../../../core/eval/compile.ts'
import { formatNamed, isEvent } from '../../../core/logs/registry.ts'
import { generateFirewall } from '../../../tools/gen/firewall.ts'
import { absent, and, col, iff, NO_ENV, not, or, present, test as testPred, text } from '../../../core/plan/build.ts'
import type { Pred, SourceNode } from '../../../core/plan/plan.ts'
import { textPrefilter } from './text-prefilter.ts'
import { runs } from '../../../tools/property-runs.ts'

const FIELDS = {
  asa: ['dest_port', 'src_port'],
  fortigate: ['dstport', 'srcport', 'destination.port', 'source.port'],
  panos: ['dest_port', 'src_port'],
} as const

const ENV = NO_ENV
const MORE = {
  asa: ['action', 'protocol', 'message_id', 'user', 'SrcIP', 'AccessControlRuleAction'],
  fortigate: ['action', 'type', 'devname', 'user', 'event.action', 'destination.ip', 'source.ip'],
  panos: ['action', 'subtype', 'app', 'src_user'],
} as const
const HEAD = 'Mar  2 00:00:01 fw '
/** Lines with values in unusual places. */
const ODD = {
  asa: [
    `${HEAD}%ASA-2-106001: Inbound TCP connection denied from 10.1.1.1/4000 to 10.2.2.2/445 flags SYN on interface inside`,
    `${HEAD}%ASA-6-303002: FTP connection from inside:10.1.1.1/4000 to outside:45.1.1.1/21, user joe Retrieved file x`,
    `${HEAD}%ASA-6-106100: access-list a permitted tcp inside/10.1.1.1(4000) -> outside/45.1.1.1(445) hit-cnt 1 first hit [0x1, 0x0]`,
    `${HEAD}%FTD-1-430003: SrcIP: 10.1.1.1, DstIP: 45.1.1.1, SrcPort: 4000, DstPort: 445, Protocol: tcp, AccessControlRuleAction: Allow, NoSuchField: 21`,
    `${HEAD}%FTD-1-430003: event_simpleName: NetworkConnectIP4, SrcIP: 10.1.1.1, DstIP: 45.1.1.1, AccessControlRuleAction: Block`,
  ],
  fortigate: [
    'date=2026-03-02 time=00:00:01 devid="F" logid="0000000013" type="traffic" srcip=10.1.1.1 srcport=4000 dstip=45.1.1.1 dstport=445 sessionid=7 rcvdpkt=1',
    'date=2026-03-02 time=00:00:01 devid="F" logid="0000000013" type="traffic" action=deny srcip=10.1.1.1 dstip=45.1.1.1 dstport="445" sessionid=7 rcvdpkt=1',
    'date=2026-03-02 time=00:00:01 devid="F" logid="0000000013" type="traffic" action=deny-all dstip=45.1.1.1 dstport=445 sessionid=7 rcvdpkt=1',
    'date=2026-03-02 time=00:00:01 devid="F" logid="0000000013" type="traffic" msg="then action=deny" action="accept" dstport=445 sessionid=7 rcvdpkt=1',
    'date=2026-03-02,time=00:00:01,devid=F,logid=0000000013,type=traffic,action=deny,dstip=45.1.1.1,dstport=445,sessionid=7,rcvdpkt=1',
  ],
  panos: [
    'Mar  2 00:00:01 PA 1,2026/03/02 00:00:01,001,TRAFFIC,"end",2561,2026/03/02 00:00:01,10.1.1.1,45.1.1.1,,,"rule, one",,,smb,vsys1,a,b,c,d,e,,77,1,4000,"445",0,0,0x0,tcp,"allow",10,5,5,2,2026/03/02 00:00:00,1,any,,1,0x0,a,b,,1,1,aged-out',
  ],
} as const
const TEXTS = [
  'allow',
  'allowed',
  'Built',
  'Teardown',
  'Deny',
  'deny',
  'built',
  'accept',
  'close',
  'permitted',
  'TCP',
  'tcp',
  'start',
  'end',
  '',
]

function filterOver(ids: readonly string[]): fc.Arbitrary<Pred> {
  const column = fc.constantFrom(...ids).map((id) => col(id, 'str'))
  const texts = fc.uniqueArray(fc.constantFrom(...TEXTS, '445', '21', 'NetworkConnectIP4'), {
    minLength: 1,
    maxLength: 3,
  })
  const condition = (depth: number): fc.Arbitrary<Pred> => {
    const value =
      depth === 0
        ? column
        : fc.oneof(
            column,
            fc
              .tuple(condition(0), column, fc.oneof(column, fc.constant(text('allow')), fc.constant(absent('str'))))
              .map(([c, a, b]) => iff(c, a, b)),
          )
    const leaf = fc.oneof(
      fc.tuple(value, texts).map(([v, values]) => testPred('str.in', [v], { values, ignoreCase: false })),
      fc.tuple(value, fc.constantFrom(...TEXTS)).map(([v, t]) => testPred('str.eq', [v, text(t)])),
      value.map(present),
      column.map((c) => and(present(c), not(testPred('str.eq', [c, text('')])))),
      column.map((c) => not(or(not(present(c)), testPred('str.eq', [c, text('')])))),
    )
    if (depth === 0) return leaf
    const inner = condition(depth - 1)
    return fc.oneof(
      leaf,
      fc.array(inner, { minLength: 1, maxLength: 3 }).map((of) => and(...of)),
      fc.array(inner, { minLength: 1, maxLength: 3 }).map((of) => or(...of)),
      inner.map(not),
    )
  }
  return condition(2)
}

for (const name of ['asa', 'fortigate', 'panos'] as const) {
  const format = formatNamed(name)
  assert.ok(format)
  const bundled = gunzipSync(readFileSync(`examples/t1071.002/${name}/${name}.log.gz`))
    .toString()
    .split('\n')
    .filter(Boolean)
  const fields = [...FIELDS[name], 'network:dest_port', 'network:src_port']

  test(`${name}: a line that is passed over matches nothing`, () => {
    const reader = format.reader({ zone: 'UTC', year: 2026 }, [])
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.constantFrom('20', '21', '69', '139', '445', '990', '443', '53', '6', '17', '1024', '40000'),
          { minLength: 1, maxLength: 5 },
        ),
        fc.constantFrom(...fields),
        fc.constantFrom(...fields),
        (values, one, two) => {
          const columns = [one, two].map((f, i) => ({
            id: `c${i}`,
            ty: 'str' as const,
            from: { kind: 'field' as const, name: f },
          }))
          const where = or(...columns.map((c) => testPred('str.in', [col(c.id, 'str')], { values, ignoreCase: false })))
          const source: SourceNode = { kind: 'source', name: 'events', columns, rest: false, interval: 'query', where }
          const filter = textPrefilter([source], { format, tags: format.tags })
          assert.ok(filter)
          const bind = binder(source, format.aliases)
          const holds = compilePred(
            where,
            tupleScope(
              new Map([
                ['c0', 0],
                ['c1', 1],
              ]),
            ),
            ENV,
          )
          const block = `${bundled.join('\n')}\n`
          const search = filter.search(block)
          let from = 0
          let passedOver = 0
          for (const line of bundled) {
            const to = from + line.length
            if (search.isRecord(from, to) && !search.mayMatch(from, to)) {
              passedOver++
              const event = reader.read(line)
              if (isEvent(event)) assert.ok(!holds(bind.tuple(event, { file: '', raw: line, seq: 0n })), line)
            }
            from = to + 1
          }
          return passedOver >= 0
        },
      ),
      { numRuns: runs(25) },
    )
  })

  test(`${name}: a line that is passed over matches no filter over actions, keys and texts either`, () => {
    const reader = format.reader({ zone: 'UTC', year: 2026 }, [])
    const events = [...bundled, ...ODD[name]].map((line) => {
      const read = reader.read(line)
      return { line, event: isEvent(read) ? read : undefined }
    })
    const text = `${events.map((e) => e.line).join('\n')}\n`
    const names = [...fields, ...MORE[name], 'network:action', 'network:key', 'event_simpleName', 'NoSuchField']
    const columns = names.map((f, i) => ({
      id: `c${i}`,
      ty: 'str' as const,
      from: { kind: 'field' as const, name: f },
    }))
    let passedOver = 0
    fc.assert(
      fc.property(filterOver(columns.map((c) => c.id)), (where) => {
        const source: SourceNode = { kind: 'source', name: 'events', columns, rest: false, interval: 'query', where }
        const search = textPrefilter([source], { format, tags: format.tags, sample: bundled.slice(0, 50) })?.search(
          text,
        )
        if (!search) return
        const bind = binder(source, format.aliases)
        const holds = compilePred(where, tupleScope(new Map(columns.map((c, i) => [c.id, i]))), ENV)
        let from = 0
        for (const { line, event } of events) {
          const to = from + line.length
          if (search.isRecord(from, to) && !search.mayMatch(from, to)) {
            passedOver++
            if (event) assert.ok(!holds(bind.tuple(event, { file: '', raw: line, seq: 0n })), line)
          }
          from = to + 1
        }
      }),
      { numRuns: runs(120) },
    )
    assert.ok(passedOver > runs(1000))
  })

  test(`${name}: a field that some event has is seen in its line`, () => {
    const reader = format.reader({ zone: 'UTC', year: 2026 }, [])
    for (const field of [
      ...fields,
      ...MORE[name],
      'NoSuchField',
      'user',
      'process_name',
      'dest_ip',
      'dstip',
      'SrcIP',
    ]) {
      const filter = textPrefilter([], { format, tags: {} }, [field])
      if (!filter) continue
      for (const line of [...bundled, ...ODD[name]]) {
        const read = reader.read(line)
        if (!isEvent(read) || !read.fields.has(field)) continue
        assert.ok(filter.search(line).mayMatch(0, line.length), `${field}: ${line}`)
      }
    }
  })

  test(`${name}: most lines of an ordinary log are passed over`, () => {
    let block = ''
    generateFirewall({ format: name, seed: 3, mb: 0.2, start: Date.UTC(2026, 0, 15), hours: 24 }, (t) => (block += t))
    const columns = [{ id: 'p', ty: 'str' as const, from: { kind: 'field' as const, name: FIELDS[name][0] } }]
    const where = testPred('str.in', [col('p', 'str')], { values: ['69', '139', '445', '990'], ignoreCase: false })
    const filter = textPrefilter([{ kind: 'source', name: 'events', columns, rest: false, interval: 'query', where }], {
      format,
      tags: format.tags,
    })
    const search = filter?.search(block)
    assert.ok(search)
    let from = 0
    let read = 0
    const lines = block.split('\n').filter(Boolean)
    for (const line of lines) {
      if (search.mayMatch(from, from + line.length)) read++
      from += line.length + 1
    }
    assert.ok(read > 0 && read < lines.length / 2, `${read} of ${lines.length}`)
  })
}
