// Entropy: a measure of how random a text looks.
import { inEngines } from '../forms/engines.ts'
import { entropyOf } from '../forms/lists.ts'
import { scalar } from '../prim.ts'

export const entropy = scalar({
  id: 'str.entropy',
  doc: 'Shannon entropy of the code points in bits; 0 for an empty text.',
  params: [['text', 'str']],
  consts: {},
  returns: 'num',
  nulls: 'propagate',
  js: () => (text: string) => {
    const counts = new Map<string, number>()
    let n = 0
    for (const c of text) {
      counts.set(c, (counts.get(c) ?? 0) + 1)
      n++
    }
    let bits = 0
    for (const k of counts.values()) bits -= (k / n) * Math.log2(k / n)
    return bits
  },
  sql: inEngines(entropyOf),
  laws: [
    { args: ['aabb'], gives: 1 },
    { args: ['abcd'], gives: 2 },
    { args: ['\u{1F600}\u{1F600}a\n'], gives: 1.5 },
    { args: [''], gives: 0 },
    { args: [null], gives: null },
  ],
})
