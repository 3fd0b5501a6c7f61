import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oddRecords } from '../core/diag/catalogue/log.ts'
import { diagnostic, inLog } from '../core/diag/diagnostic.ts'
import { spoken } from './words.ts'

const odd = (path: string, note: string) => diagnostic(oddRecords, inLog(path, 7), { path, note, count: 3, line: 7 })

test('names that records have twice are one message for all files, and --verbose has each', () => {
  const all = [
    ...['Action', 'Header', 'Usage', 'Size'].map((n) => odd('a.evtx', `duplicate data ${n}`)),
    odd('b.evtx', 'duplicate data Header'),
    odd('b.evtx', 'cut off; Assay uses the fields before the cut'),
  ]
  assert.deepEqual(
    spoken(all, {}, true).map((d) => d.message),
    [
      '2 files with duplicate data: Action, Header, Usage and 1 more, first in a.evtx, line 7',
      'b.evtx: 3 records: cut off; Assay uses the fields before the cut, first in line 7',
    ],
  )
  assert.equal(spoken(all, { verbose: true }, true).length, 6)
})
