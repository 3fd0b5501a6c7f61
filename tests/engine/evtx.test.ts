// Windows event logs, read from their files, against what another reader prints.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { assay } from '../end-to-end/assay.ts'

const FOLDER = 'tests/engine/evtx'
const dir = mkdtempSync(join(tmpdir(), 'assay-evtx-'))
after(() => rmSync(dir, { recursive: true }))
const packed = (name: string): string => `${FOLDER}/${name}.evtx.gz`

type Fields = Readonly<Record<string, string>>
const expected = JSON.parse(readFileSync(`${FOLDER}/expected.json`, 'utf8')) as Readonly<
  Record<string, readonly Fields[]>
>

/** The records of a log by their number, with these fields. */
async function records(log: string, names: readonly string[]): Promise<ReadonlyMap<string, Fields>> {
  const query = `* | fields ${names.map((n) => `%"${n}"`).join(', ')}`
  const { out, err, status } = await assay('run', query, log, '--lang', 'sumo', '--format', 'ndjson')
  assert.equal(status, 0, err)
  const rows = out.split('\n').filter((l) => l !== '')
  return new Map(rows.map((l) => JSON.parse(l) as Fields).map((r) => [String(r['EventRecordID']), r]))
}

for (const [name, wanted] of Object.entries(expected))
  test(`${name}: ${wanted.length} records`, async () => {
    const names = [...new Set(wanted.flatMap((r) => Object.keys(r)))].filter((n) => n !== 'TimeCreated')
    if (wanted.length === 0) return
    const found = await records(packed(name), names)
    for (const fields of wanted) {
      const row = found.get(fields['EventRecordID'] ?? '')
      assert.ok(row, fields['EventRecordID'])
      for (const n of names)
        assert.equal(String(row[n] ?? '').trim(), (fields[n] ?? '').trim(), `${fields['EventRecordID']}: ${n}`)
    }
  })

test('a forwarded log, whose records have no templates', async () => {
  const found = await records(packed('MSExchange_Management_wec'), ['EventRecordID', 'EventID', 'Computer', 'Data[0]'])
  assert.deepEqual(
    [...found.values()],
    [{ EventRecordID: '3229', EventID: '1', Computer: 'WEC.ave.local', 'Data[0]': 'Set-Mailbox' }],
  )
})

test('unpacked, packed, cut: the same records, and what is missing is counted', async () => {
  const bytes = gunzipSync(readFileSync(packed('new-user-security')))
  const [whole, cut] = [join(dir, 'whole.evtx'), join(dir, 'cut.evtx')]
  writeFileSync(whole, bytes)
  writeFileSync(cut, bytes.subarray(0, 4096 + 5000))
  const names = ['EventRecordID', 'EventID', 'PrivilegeList']
  const all = await records(whole, names)
  assert.deepEqual(all, await records(packed('new-user-security'), names))
  assert.match(all.get('112')?.['PrivilegeList'] ?? '-', /^(?:-|%%)/)
  const { out, err } = await assay('run', '* | count', cut, '--lang', 'sumo', '--format', 'ndjson')
  assert.ok(Number((JSON.parse(out) as { _count: number })._count) < all.size)
  assert.match(err, /the last chunk ends early|could not be read/)
})

test('an empty log has no events and is no unknown format', async () => {
  const bytes = gunzipSync(readFileSync(packed('new-user-security')))
  const empty = join(dir, 'empty.evtx')
  writeFileSync(empty, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(65_536)]))
  const { out, status } = await assay('run', '* | count', empty, '--lang', 'sumo', '--format', 'ndjson')
  assert.deepEqual([out, status], ['', 0])
})
