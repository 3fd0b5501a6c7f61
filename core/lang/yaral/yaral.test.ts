// YARA-L: the losses that come with the data model.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { events, is } from '../shared/traps-fixtures.ts'
import { write } from './write.ts'

test('a rule of one product reads the events of all, and says so', () => {
  const losses = (product?: string): string[] => {
    const source = { category: 'process_creation', ...(product === undefined ? {} : { product }) }
    const found = write(events(is('Image', '*\\a.exe'), source))
    return 'losses' in found ? found.losses.map((l) => l.message) : [found.reason]
  }
  assert.deepEqual(losses('windows'), ['PROCESS_LAUNCH has the events of all products, not of windows alone'])
  assert.deepEqual(losses(), [])
})
