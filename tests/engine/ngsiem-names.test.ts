// Names of Next-Gen SIEM over files of raw logs: the byte search must not skip matching lines, and no message mentions an unknown tenant.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runQuery } from '../../engine/query/run-query.ts'

const LOGS = 'examples/t1071.002'
const run = (text: string, format: string) =>
  runQuery({
    query: { name: 'q.cql', text },
    language: 'cql',
    logs: [`${LOGS}/${format}`],
    tz: 'UTC',
    sourceTz: 'UTC',
    fullCheck: 0,
  })
const rowsOf = async (text: string, format: string): Promise<string> => {
  const { ok, table } = await run(text, format)
  assert.ok(ok, text)
  return JSON.stringify(table.rows, (_, v) => (typeof v === 'bigint' ? String(v) : v))
}

test('a filter on a parsed name finds what a filter on the name of the log finds', async () => {
  const pairs: readonly (readonly [format: string, vendor: string, ip: string, port: string])[] = [
    ['panos', 'paloalto', 'src_ip', 'dest_port'],
    ['asa', 'cisco', 'src_ip', 'dest_port'],
    ['fortigate', 'fortinet', 'srcip', 'dstport'],
    ['zeek', 'corelight', 'id.orig_h', 'id.resp_p'],
    ['suricata', 'corelight', 'src_ip', 'dest_port'],
  ]
  for (const [format, vendor, ip, port] of pairs) {
    const counted = (filter: string): string => `${filter} | groupBy([n], function=count(as=c)) | select(c)`
    const own = await rowsOf(counted(`${ip}="10.20.0.14" ${port}=990 | n:="x"`), format)
    assert.notEqual(own, '[]', format)
    assert.equal(
      await rowsOf(counted(`#Vendor=${vendor} source.ip="10.20.0.14" destination.port=990 | n:="x"`), format),
      own,
      format,
    )
    assert.equal(await rowsOf(counted(`Vendor.${ip}="10.20.0.14" Vendor.${port}=990 | n:="x"`), format), own, format)
    assert.equal(await rowsOf(counted(`#Vendor!=${vendor} | n:="x"`), format), '[]', format)
  }
})

test('a computed value need not be in the line', async () => {
  const tcp = await rowsOf('network.transport=tcp source.ip="10.20.0.14" | count()', 'fortigate')
  assert.equal(tcp, await rowsOf('proto=6 srcip="10.20.0.14" | count()', 'fortigate'))
  assert.notEqual(tcp, '[["0"]]')
})

test('a list is read by its elements, also where the query reads no other name', async () => {
  for (const format of ['zeek', 'suricata']) {
    const listed = await rowsOf('array:contains("event.category[]", value="network") | count()', format)
    assert.equal(listed, await rowsOf('event.category[0]="network" | count()', format), format)
    assert.notEqual(listed, '[["0"]]')
  }
})

test('a name that no evidence gives is absent in these logs; nothing is said of a tenant', async () => {
  const { diagnostics } = await run('#Vendor=cisco | groupBy(source.ip, function=sum(source.bytes, as=b))', 'asa')
  const bytes = diagnostics.find((d) => d.code === 'LNT102')
  assert.match(bytes?.message ?? '', /^`source\.bytes` is absent in these logs/)
  assert.match(bytes?.remedy ?? '', /the tenant's parser gives it is not known/)
  assert.ok(diagnostics.every((d) => !/in the tenant/.test(`${d.message} ${d.why} ${d.remedy}`)))
  const plain = await run('#Vendor=paloalto | event.outcome=success', 'panos')
  const absent = plain.diagnostics.find((d) => d.code === 'LNT102')
  assert.match(absent?.remedy ?? '', /`#event\.outcome`/)
  const raw = await run('dest_ip=* | count()', 'fortigate')
  assert.match(raw.diagnostics.find((d) => d.code === 'LNT102')?.remedy ?? '', /`destination\.ip`/)
})

test('a parser script reads the files; its errors stop the run', async () => {
  const logs = ['conformance/cql/parsers/acme-gate.log']
  const over = (parser: string) =>
    runQuery({
      query: {
        name: 'q.cql',
        text: '#Vendor=acme | groupBy(#event.outcome, function=[]) | sort(#event.outcome, type=string, order=asc)',
      },
      language: 'cql',
      logs,
      parser,
      tz: 'UTC',
      sourceTz: 'UTC',
    })
  const { ok, table, files } = await over('conformance/cql/parsers/acme-gate.cql')
  assert.ok(ok)
  assert.equal(files[0]?.format, 'parser')
  assert.deepEqual(table.rows, [['failure'], ['success']])
})
