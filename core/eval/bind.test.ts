// Bindings that read many fields of an event.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TRUE } from '../plan/build.ts'
import type { SourceColumn, SourceNode } from '../plan/plan.ts'
import { bindEvent } from './bind.ts'

const bound = (fields: Readonly<Record<string, string>>, column: SourceColumn, rest = false, aliases = {}) => {
  const source: SourceNode = { kind: 'source', name: 'events', columns: [column], rest, interval: 'query', where: TRUE }
  const event = { fields: new Map(Object.entries(fields)), time: undefined }
  return bindEvent(event, { file: 'f', raw: 'raw', seq: 0n }, source, aliases)
}
const elements: SourceColumn = { id: 'e', ty: 'list', from: { kind: 'elements', name: 'a' } }

test('elements: members of objects, values, up to the first index without a field', () => {
  const fields = {
    'a[1].x': '2',
    'a[0]': 'v',
    'a[1].y.z': '3',
    'a[1].n[0]': '4',
    'a[3]': 'beyond',
    ab: '-',
    'a[x]': '-',
  }
  assert.deepEqual(bound(fields, elements)['e'], ['{"":"v"}', '{"x":"2","y.z":"3","n[0]":"4"}'])
  assert.deepEqual(bound({ 'a[1]': 'v' }, elements)['e'], [])
})

test('elements: fields of the array are taken out of the rest', () => {
  const row = bound({ 'a[0].x': '1', b: '2' }, elements, true)
  assert.equal(row['$:rest'], '{"b":"2"}')
})

test('elements: the first alias that has any', () => {
  assert.deepEqual(bound({ 'old[0]': '1' }, elements, false, { a: ['old'] })['e'], ['{"":"1"}'])
})

test('search: neither fields nor prefixes that are left out', () => {
  const at = (name: string) => {
    const from = {
      kind: 'search',
      test: { prim: 'str.glob', consts: { pattern: '*evil*', ignoreCase: false } },
      except: ['@id'],
      exceptPrefixes: ['#'],
    } as const
    return bound({ [name]: 'evil' }, { id: 's', ty: 'bool', from })['s']
  }
  assert.deepEqual(['a', '@id', '#any', 'x#any'].map(at), [true, false, false, true])
})
