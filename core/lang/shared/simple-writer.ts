// For small written languages: the tree of a condition from the text of each test, with lists of values where the language has them.
import type { Tree } from './layout.ts'
import { leaf } from './layout.ts'
import type { Condition, Test } from './portable.ts'

export interface Words {
  readonly always: string
  readonly never: string
  readonly not: string
  /** `negated`: inside a `not`, where it must not be null. */
  test(t: Test, negated: boolean): string
  /** Tests of one field with the same beginning are one list: `beginning("a", "b")`. */
  list?(t: Test): { readonly beginning: string; readonly item: string } | undefined
}

export function conditionTree(c: Condition, words: Words, negated = false): Tree {
  switch (c.kind) {
    case 'all':
      return { kind: 'all', of: c.of.map((x) => conditionTree(x, words, negated)) }
    case 'any':
      return anyOf(c.of, words, negated)
    case 'always':
      return leaf(words.always)
    case 'not':
      if (c.of.kind === 'always') return leaf(words.never)
      return {
        kind: 'around',
        open: `${words.not} (`,
        of: conditionTree(c.of, words, true),
        close: ')',
        bracketed: false,
      }
    default:
      return leaf(words.test(c, negated))
  }
}

function anyOf(of: readonly Condition[], words: Words, negated: boolean): Tree {
  const lists = new Map<string, string[]>()
  const trees: (string | Tree)[] = []
  const first = new Map<string, Condition>()
  for (const c of of) {
    const item = !negated && 'field' in c ? words.list?.(c) : undefined
    if (!item) {
      trees.push(conditionTree(c, words, negated))
      continue
    }
    const list = lists.get(item.beginning)
    if (list) list.push(item.item)
    else {
      lists.set(item.beginning, [item.item])
      first.set(item.beginning, c)
      trees.push(item.beginning)
    }
  }
  const made = trees.map((t): Tree => {
    if (typeof t !== 'string') return t
    const items = [...new Set(lists.get(t) ?? [])]
    return items.length === 1
      ? conditionTree(first.get(t) as Condition, words, negated)
      : { kind: 'list', head: `${t}(`, items, tail: ')' }
  })
  return made.length === 1 ? (made[0] as Tree) : { kind: 'any', of: made }
}
