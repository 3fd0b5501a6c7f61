// Conditions in KQL. `not` of null is null and `where` drops null, so a test inside `not` is never left null.
// https://learn.microsoft.com/kusto/query/scalar-data-types/null-values
import { conjuncts, plainText } from '../shared/condition.ts'
import { type Layout, leaf, render, type Tree } from '../shared/layout.ts'
import type { Condition } from '../shared/portable.ts'
import { listable, numberText, type Place, type Scope, testText } from './tests.ts'
import { nameText, textLiteral } from './text.ts'

const LAYOUT: Layout = { all: ' and ', any: ' or ', width: 110 }

/** The condition as the argument of `where`, whose next lines begin under it. */
export const conditionText = (c: Condition, scope: Scope, indent = 4): string =>
  render(tree(c, scope, 'conjunct'), LAYOUT, indent)

function tree(c: Condition, scope: Scope, place: Place): Tree {
  switch (c.kind) {
    case 'all':
      return { kind: 'all', of: conjuncts(c).map((x) => tree(x, scope, place)) }
    case 'any':
      return anyOf(c.of, scope, place === 'conjunct' ? 'inner' : place)
    case 'always':
      return leaf('true')
    case 'not':
      return notOf(c.of, scope)
    default:
      return leaf(testText(c, scope, place))
  }
}

const INVERSE = { '<': '>=', '<=': '>', '=': '!=', '>': '<=', '>=': '<' } as const

const isText = (field: string, scope: Scope): boolean => ['address', 'text'].includes(scope.type(field))

function notOf(c: Condition, scope: Scope): Tree {
  if (c.kind === 'always') return leaf('false')
  if (c.kind === 'exists') {
    // The loss is that of `exists`.
    testText(c, scope, 'negated')
    return leaf(`${isText(c.field, scope) ? 'isempty' : 'isnull'}(${nameText(c.field)})`)
  }
  if (c.kind === 'number' && scope.type(c.field) === 'number') {
    const name = nameText(c.field)
    return { kind: 'any', of: [leaf(`isnull(${name})`), leaf(`${name} ${INVERSE[c.op]} ${numberText(c.value)}`)] }
  }
  const plain = c.kind === 'text' && isText(c.field, scope) ? plainText(c) : undefined
  if (c.kind === 'text' && plain) return leaf(`${nameText(c.field)} ${c.cased ? '!=' : '!~'} ${textLiteral(plain)}`)
  return { kind: 'around', open: 'not(', of: tree(c, scope, 'negated'), close: ')', bracketed: false }
}

type Network = Extract<Condition, { kind: 'network' }>
const networkKey = (c: Network): string => `${c.network.includes(':') ? 6 : 4} ${c.field}`

function sameNetworks(of: readonly Condition[]): Map<string, Network[]> {
  const found = new Map<string, Network[]>()
  for (const c of of) if (c.kind === 'network') found.set(networkKey(c), [...(found.get(networkKey(c)) ?? []), c])
  return found
}

/** Null for an address of the other version. */
function networkTree(of: readonly Network[]): Tree {
  const [{ field, network }] = of as [Network]
  const head = `coalesce(ipv${network.includes(':') ? 6 : 4}_is_in_any_range(${nameText(field)}, dynamic([`
  return { kind: 'list', head, items: of.map((c) => textLiteral(c.network)), tail: '])), false)' }
}

/** Comparisons of one field with several values are one list. */
function anyOf(of: readonly Condition[], scope: Scope, place: Place): Tree {
  const lists = new Map<string, string[]>()
  const parts: (Tree | string)[] = []
  const canBeNull = (key: string): boolean => place === 'negated' && key.endsWith(' in (')
  const networks = sameNetworks(of)
  for (const c of of) {
    const beside = c.kind === 'network' ? networks.get(networkKey(c)) : undefined
    if (c.kind === 'network' && beside && beside.length > 1) {
      if (beside[0] === c) parts.push(networkTree(beside))
      continue
    }
    const item = c.kind === 'text' ? listable(c, scope) : undefined
    if (!item) {
      parts.push(tree(c, scope, place))
      continue
    }
    const list = lists.get(item.key)
    if (list) list.push(item.item)
    else {
      lists.set(item.key, [item.item])
      parts.push(item.key)
    }
  }
  const trees = parts.map((p): Tree => {
    if (typeof p !== 'string') return p
    const items = [...new Set(lists.get(p) ?? [])]
    const nulls = canBeNull(p)
    if (items.length > 1)
      return { kind: 'list', head: nulls ? `coalesce(${p}` : p, items, tail: nulls ? '), false)' : ')' }
    const single = p.replace(/ in~ \($/, ' =~ ').replace(/ in \($/, ' == ') + items[0]
    return leaf(nulls ? `coalesce(${single}, false)` : single)
  })
  return trees.length === 1 ? (trees[0] as Tree) : { kind: 'any', of: trees }
}
