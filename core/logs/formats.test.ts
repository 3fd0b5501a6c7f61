import assert from 'node:assert/strict'
import { test } from 'node:test'
import { feedOf, whatSupplies } from './catalogue.ts'
import { falconCatalogue } from './catalogues/falcon.ts'
import { isEvent, recognise } from './registry.ts'
import { splitCsv } from './readers/csv.ts'
import { epochBySize, stamp } from './readers/stamp.ts'

const UTC = { zone: 'UTC', year: 2026 }
const iso = (text: string, zone = 'UTC'): string | undefined => {
  const t = stamp(text, { zone, year: 2026 })
  return t === undefined ? undefined : new Date(Number(t / 1000n)).toISOString()
}

test('time stamps', () => {
  assert.equal(iso('2026-03-02T04:05:06.789Z'), '2026-03-02T04:05:06.789Z')
  assert.equal(iso('2026-03-02 04:05:06', 'Europe/Berlin'), '2026-03-02T03:05:06.000Z')
  assert.equal(iso('2026-03-02T04:05:06+0530'), '2026-03-01T22:35:06.000Z')
  assert.equal(iso('03/02/2026 02:05:06.5 PM -0800'), '2026-03-02T22:05:06.500Z')
  assert.equal(iso('Mar  2 04:05:06'), '2026-03-02T04:05:06.000Z')
  assert.equal(iso('2026-02-30T00:00:00Z'), undefined)
  assert.equal(iso(''), undefined)
  for (const t of ['1772366403', '1772366403000', '1772366403000000', '1772366403000000000', '1772366403.000'])
    assert.equal(epochBySize(t), 1772366403000000n)
})

const line = (i: number): string => `{"event_simpleName":"X","aid":"a","timestamp":"177236640${i % 10}000"}`

test('a file with some broken lines is still recognised, and says how many', () => {
  const head = Array.from({ length: 100 }, (_, i) => (i % 50 === 0 ? '{"cut' : line(i)))
  const [best] = recognise(head)
  assert.equal(best?.format.name, 'fdr')
  assert.match(best?.why ?? '', /^98 of 100 lines/)
})

test('each shape has its format, and what is none has none', () => {
  const name = (...head: string[]): string | undefined => recognise(head)[0]?.format.name
  assert.equal(name('{"_time":"1.0","aid":"a","ComputerName":"h"}'), 'fdr')
  assert.equal(name('{"@timestamp":1,"#repo":"r"}'), 'ngsiem')
  assert.equal(name('[{"@timestamp":1,"#repo":"r"}]'), 'ngsiem-json')
  assert.equal(name('@timestamp,#repo,a', '1,r,x'), 'ngsiem-csv')
  assert.equal(name('{"a":1}'), 'json-lines')
  assert.equal(name('[', '{"a":1},', '{"a":2}', ']'), 'json-array')
  assert.equal(name('a,b', '1,2'), 'csv')
  const rows = ['2026-03-02T04:05:06Z,bob,"net user, x"', '2026-03-02T04:05:07Z,eve,y', '2026-03-02T04:05:08Z,eve,']
  assert.equal(name('_time,user,command', ...rows), 'csv')
  assert.equal(name(...rows), 'syslog')
  assert.equal(name('Mar  2 04:05:06 host sshd[1]: hello'), 'syslog')
  assert.equal(name('nothing that a log would say'), undefined)
})

test('an event of the raw feed has its time from the first clock that tells one', () => {
  const reader = recognise([line(1)])[0]?.format.reader(UTC, [])
  const time = (text: string): bigint | undefined => {
    const r = reader?.read(text)
    assert.ok(r && isEvent(r))
    return r.time
  }
  assert.equal(time('{"timestamp":"1772366403308","ContextTimeStamp":"1.5"}'), 1772366403308000n)
  assert.equal(time('{"timestamp":"","ContextTimeStamp":"1772366403.5"}'), 1772366403500000n)
  assert.equal(time('{"_time":"1770681600.000"}'), 1770681600000000n)
  assert.equal(time('{"a":"1"}'), undefined)
})

test('CSV: quotes, records over lines, wrong counts', () => {
  assert.deepEqual(splitCsv('a,"b ""c"", d",,e"f'), ['a', 'b "c", d', '', 'e"f'])
  const head = ['a,b,time']
  const reader = recognise([...head, '1,2,3'])[0]?.format.reader(UTC, head)
  const read = (t: string): unknown => {
    const r = reader?.read(t)
    return r && isEvent(r) ? Object.fromEntries(r.fields) : r
  }
  assert.deepEqual(read('a,b,time'), { skip: 'header' })
  assert.deepEqual(read('1,"x'), { skip: 'continues on the next line' })
  assert.deepEqual(read('y",17'), { a: '1', b: 'x\ny', time: '17' })
  assert.deepEqual(read('1,,2'), { a: '1', time: '2' })
  assert.deepEqual(read('1,2'), { bad: '2 values for 3 columns' })
  read('1,"open')
  assert.deepEqual(reader?.end?.(), { bad: 'cut off' })
})

test('what no feed carries, what one carries, what a look-up supplies', () => {
  const of = (field: string) => whatSupplies(falconCatalogue, 'NetworkConnectIP4', field)
  assert.deepEqual(of('BytesSent'), { inFeeds: [], never: true })
  assert.deepEqual(of('RemotePort'), { inFeeds: ['fdr', 'ngsiem'], never: false })
  assert.deepEqual(of('ComputerName')?.inFeeds, ['ngsiem'])
  assert.match(of('UserName')?.suppliedBy ?? '', /UserIdentity/)
  assert.equal(of('NobodyKnows'), undefined)
  assert.equal(feedOf(falconCatalogue, 'ngsiem-csv'), 'ngsiem')
})
