// Conditions in ES|QL. A test of a missing field is null, and `NOT null` is null: negation makes null false first.
// https://www.elastic.co/docs/reference/query-languages/esql/esql-null-values
import { type Layout, leaf, render, type Tree } from '../shared/layout.ts'
import type { Condition } from '../shared/portable.ts'
import { listable, type Scope, testText } from './tests.ts'
import { nameText, plainLiteral } from './text.ts'

const LAYOUT: Layout = { all: ' AND ', any: ' OR ', width: 110 }

export const conditionText = (c: Condition, scope: Scope, indent = 4): string => render(tree(c, scope), LAYOUT, indent)

function tree(c: Condition, scope: Scope): Tree {
  switch (c.kind) {
    case 'all':
      return { kind: 'all', of: c.of.map((x) => tree(x, scope)) }
    case 'any':
      return anyOf(c.of, scope)
    case 'always':
      return leaf('TRUE')
    case 'not':
      if (c.of.kind === 'always') return leaf('FALSE')
      if (c.of.kind === 'exists') return leaf(`${nameText(c.of.field)} IS NULL`)
      return { kind: 'around', open: 'NOT COALESCE(', of: tree(c.of, scope), close: ', FALSE)', bracketed: false }
    default:
      return leaf(testText(c, scope))
  }
}

interface List {
  readonly value: string
  readonly items: { readonly plain: string | undefined; readonly like: string }[]
  readonly first: Condition
}

/** Tests of one field are one list: `IN` of whole values, `LIKE` (from 9.1) of values with wildcards, one CIDR_MATCH of networks. */
function anyOf(of: readonly Condition[], scope: Scope): Tree {
  const lists = new Map<string, List>()
  const networks = new Map<string, string[]>()
  const parts: (() => Tree)[] = []
  for (const c of of) {
    if (c.kind === 'network') {
      const head = testText(c, scope).replace(/, "[^"]*"\)$/, '')
      const known = networks.get(head)
      if (known) known.push(plainLiteral(c.network))
      else {
        const items = [plainLiteral(c.network)]
        networks.set(head, items)
        parts.push(() => ({ kind: 'list', head: `${head}, `, items, tail: ')' }))
      }
      continue
    }
    const item = c.kind === 'text' ? listable(c, scope) : undefined
    if (!item) {
      parts.push(() => tree(c, scope))
      continue
    }
    const key = `${item.value} ${item.plain === undefined ? 'LIKE' : 'IN'}`
    const list = lists.get(key)
    if (list) list.items.push(item)
    else {
      const made: List = { value: item.value, items: [item], first: c }
      lists.set(key, made)
      parts.push(() => (made.items.length === 1 ? tree(made.first, scope) : listText(made)))
    }
  }
  const trees = parts.map((p) => p())
  return trees.length === 1 ? (trees[0] as Tree) : { kind: 'any', of: trees }
}

function listText({ value, items }: List): Tree {
  const isPlain = items.every((i) => i.plain !== undefined)
  const texts = [...new Set(items.map((i) => (isPlain ? (i.plain as string) : i.like)))]
  return { kind: 'list', head: `${value} ${isPlain ? 'IN' : 'LIKE'} (`, items: texts, tail: ')' }
}
