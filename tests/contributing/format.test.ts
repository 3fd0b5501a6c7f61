// By CONTRIBUTING.md a log format is one file. This test removes FortiGate's file from a copy of the core and restores it. A script in the
// copy prints the parts of Assay in which the format works.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { houseCopy } from './house-copy.ts'

const copy = houseCopy()
after(() => copy.remove('try-format.ts'))

/** The output of `tests/contributing/templates/try-format.txt` for a format. */
interface Part {
  readonly recognised: boolean
  /** The port of the connection, read from the message in a row of an export. */
  readonly inExport: string | null
  /** Like `inExport`, for a line between those of another format. */
  readonly inMixedFile: string | null
  readonly takesPart: boolean
  /** Rows of a query, or the codes of its errors. */
  readonly view: number | string
  readonly firewall: number | string
  readonly service: number | string
  readonly suggestion: readonly string[]
}
type Parts = Readonly<Record<'fortigate' | 'zeek', Part>>

function parts(): Parts {
  copy.generate()
  return JSON.parse(copy.node('try-format.ts')) as Parts
}

test('an existing format is its file alone: without it all else compiles and works, with it it takes part everywhere', () => {
  copy.write('try-format.ts', readFileSync('tests/contributing/templates/try-format.txt', 'utf8'))
  const part = {
    recognised: true,
    inExport: '21',
    inMixedFile: '21',
    takesPart: true,
    view: 1,
    firewall: 1,
    service: 1,
  }
  const zeek: Part = { ...part, suggestion: ['id.orig_h'] }
  const whole: Parts = { fortigate: { ...part, suggestion: ['srcip'] }, zeek }
  assert.deepEqual(parts(), whole)

  const file = 'core/logs/formats/fortigate.ts'
  copy.remove(file)
  const absent = { recognised: false, inExport: null, inMixedFile: null, takesPart: false, view: 0, firewall: 0 }
  // The log source is still known: Next-Gen SIEM's parser names such events too.
  const without: Parts = { fortigate: { ...absent, service: 0, suggestion: [] }, zeek }
  assert.deepEqual(parts(), without)
  assert.deepEqual(copy.complaints(), [])

  copy.restore(file)
  assert.deepEqual(parts(), whole)
})
