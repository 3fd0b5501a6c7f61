// Edits between texts.
import { editDistance } from '../../text/edit-distance.ts'
import { flagConst, noSql, numConst } from '../kit.ts'
import { scalar } from '../prim.ts'

export const distance = scalar({
  id: 'str.editDistance',
  doc: 'How many edits (insertion, deletion, substitution, swap of neighbours) turn one text into the other, at most `max`.',
  params: [
    ['a', 'str'],
    ['b', 'str'],
  ],
  consts: { max: 'The greatest answer.', swaps: 'Swaps of neighbours are one edit.' },
  returns: 'int',
  nulls: 'propagate',
  js: (c) => {
    const [max, swaps] = [numConst(c, 'max', 100), flagConst(c, 'swaps', true)]
    return (a: string, b: string) => BigInt(Math.min(max, editDistance([...a], [...b], swaps)))
  },
  sql: noSql,
  laws: [
    { args: ['kitten', 'sitting'], consts: { max: 10 }, gives: 3n },
    { args: ['ab', 'ba'], consts: { max: 10, swaps: true }, gives: 1n },
    { args: ['ab', 'ba'], consts: { max: 10, swaps: false }, gives: 2n },
    { args: ['abcdef', ''], consts: { max: 4 }, gives: 4n },
    { args: ['', null], consts: { max: 4 }, gives: null },
  ],
})
