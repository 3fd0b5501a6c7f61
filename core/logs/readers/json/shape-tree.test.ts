import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { runs } from '../../../../tools/property-runs.ts'
import { ShapedFields } from '../shaped.ts'
import { ShapeTree } from './shape-tree.ts'
import { readSlowly } from './strict-reader.ts'

const scalar = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', 'é', '{', ':', ',', '1', 'n'), maxLength: 5 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
const { object } = fc.letrec((tie) => ({
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c"', 'd.e'), tie('value'), { maxKeys: 3 }),
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
}))
const record = object.map((o) => JSON.stringify(o))
const edit = fc.tuple(fc.nat(), fc.constantFrom('', '"', '{', '}', ',', '\\', '0', '\n', 'e', 'null', ' ', ':', ']'))

function readsAsStrict(tree: ShapeTree, text: string): boolean {
  const shaped = tree.read(text)
  if (!shaped) return false
  const strict = readSlowly(text)
  assert.ok('fields' in strict && strict.notes === undefined, text)
  const fields = new ShapedFields(shaped, shaped.shape.index)
  assert.deepEqual([...fields], [...strict.fields], text)
  for (const [name, value] of strict.fields) assert.equal(fields.get(name), value, text)
  return true
}

test('a record of a known shape has the fields that the strict reader gives, and a damaged one is not read', () => {
  let [known, damaged] = [0, 0]
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), fc.array(edit, { maxLength: 4 }), (texts, edits) => {
      const tree = new ShapeTree()
      for (const text of texts) {
        const strict = readSlowly(text)
        if ('fields' in strict && strict.notes === undefined) tree.learn(text, strict)
      }
      for (const text of texts) {
        if (readsAsStrict(tree, text)) known++
        for (const [place, piece] of edits) {
          const at = place % (text.length + 1)
          if (readsAsStrict(tree, text.slice(0, at) + piece + text.slice(at + 1))) damaged++
        }
      }
    }),
    { numRuns: runs(500) },
  )
  assert.ok(known > 50 && damaged > 0, `${known}, ${damaged}`)
})
