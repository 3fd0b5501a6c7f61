import assert from 'node:assert/strict'
import { test } from 'node:test'
import { REST, type Row } from '../plan/plan.ts'
import { present, toCell } from './present.ts'

const columns = [
  { id: 'b', ty: 'int' },
  { id: '$:h', ty: 'str' },
  { id: 'a', ty: 'str' },
] as const
const row = (b: bigint | null, a: string | null, rest: Record<string, string> = {}): Row => ({
  b,
  '$:h': 'hidden',
  a,
  [REST]: JSON.stringify(rest),
})
const n = (number: string) => ({ number })

test('hidden columns go, the rest follows by name and never twice, wanted columns come first', () => {
  const rows = [row(1n, 'x', { z: '1', c: '2', a: 'not this' }), row(2n, 'y', { c: '3' })]
  const { columns: names, rows: cells } = present(columns, rows, { ordered: true, columns: ['c', 'nowhere', 'a'] })
  assert.deepEqual(names, ['c', 'a', 'b', 'z'])
  assert.deepEqual(cells, [
    ['2', 'x', n('1'), '1'],
    ['3', 'y', n('2'), null],
  ])
})

test('without an order rows are sorted: numbers as numbers, absent last', () => {
  const rows = [row(null, 'd'), row(10n, 'c'), row(9n, 'b'), row(10n, 'a'), row(-1n, 'e')]
  const { rows: cells } = present(columns, rows, { ordered: false })
  assert.deepEqual(
    cells.map((c) => c[1]),
    ['e', 'b', 'a', 'c', 'd'],
  )
  assert.deepEqual(
    present(columns, rows, { ordered: true }).rows.map((c) => c[1]),
    ['d', 'c', 'b', 'a', 'e'],
  )
})

test('cells keep the digits of numbers', () => {
  assert.deepEqual(toCell(2n ** 100n, 'int'), n('1267650600228229401496703205376'))
  assert.deepEqual(toCell('12345678901234567890.5', 'dec'), n('12345678901234567890.5'))
  assert.deepEqual(toCell(0.1, 'num'), n('0.1'))
  assert.deepEqual([toCell('1', 'str'), toCell(true, 'bool'), toCell(null, 'int')], ['1', true, null])
  assert.deepEqual(toCell(['a', 'b'], 'list'), ['a', 'b'])
})
