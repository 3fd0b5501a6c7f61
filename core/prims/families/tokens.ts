// Words and phrases of a message.
import { noSql } from '../kit.ts'
import { testPrim } from '../prim.ts'

const WORD = /[\p{L}\p{N}_]/u

const BETWEEN = '\u0001'
const hasPhrases = (text: string, phrases: string): boolean => {
  const all = phrases.split(BETWEEN).filter((p) => p.trim() !== '')
  return all.length > 0 && all.every((p) => hasPhrase(text, p))
}

/** The message contains the phrase as whole tokens, in any case; white space in it matches any white space. */
function hasPhrase(text: string, phrase: string): boolean {
  const wanted = phrase.trim().toLowerCase().replace(/\s+/g, ' ')
  if (wanted === '') return false
  const in_ = text.toLowerCase().replace(/\s+/g, ' ')
  for (let at = in_.indexOf(wanted); at >= 0; at = in_.indexOf(wanted, at + 1)) {
    const before = in_[at - 1] ?? ''
    const after = in_[at + wanted.length] ?? ''
    const opens = WORD.test(wanted[0] as string) && WORD.test(before)
    const closes = WORD.test(wanted[wanted.length - 1] as string) && WORD.test(after)
    if (!opens && !closes) return true
  }
  return false
}

export const phrase = testPrim({
  id: 'str.hasPhrase',
  doc: 'Does the second text stand in the first as whole tokens, case aside? Letters, digits and `_` make tokens. Several phrases, with U+0001 between them, must all; an empty one does not count.',
  params: [
    ['text', 'str'],
    ['phrase', 'str'],
  ],
  consts: {},
  nulls: 'propagate',
  js: () => hasPhrases,
  sql: noSql,
  laws: [
    { args: ['GET /a user=Bob', 'bob'], gives: true },
    { args: ['user=bobby', 'bob'], gives: false },
    { args: ['bobby and bob', 'bob'], gives: true },
    { args: ['a\n b', 'A B'], gives: true },
    { args: ['x(1)', '(1)'], gives: true },
    { args: ['x', ''], gives: false },
    { args: ['a b', 'b\u0001a'], gives: true },
    { args: ['a b', 'b\u0001c'], gives: false },
    { args: [null, 'x'], gives: false },
    { args: ['x', null], gives: false },
  ],
})
