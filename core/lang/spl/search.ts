// The search command: strings without case, `*` as the only wildcard, which has no escape. It says most conditions, and a wider one of the
// rest; `where` then keeps the exact ones. https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Search
import { all, ALWAYS, any, NEVER, normal, not, shapeOf } from '../shared/condition.ts'
import { type Layout, leaf, type Tree } from '../shared/layout.ts'
import type { Condition, Part, Test } from '../shared/portable.ts'
import { searchName, searchValue } from './text.ts'

export const SEARCH: Layout = { all: ' ', any: ' OR ', width: 110 }

/** Does the search command say just this test? */
export function isExact(t: Test): boolean {
  switch (t.kind) {
    case 'text':
      return !t.cased && t.parts.every(plainPart)
    case 'keyword':
      return !t.cased && t.parts.every(plainPart) && isStar(t.parts[0]) && isStar(t.parts.at(-1))
    case 'exists':
    case 'number':
    case 'network':
      return true
    default:
      return false
  }
}
const isStar = (p: Part | undefined): boolean => p !== undefined && 'wild' in p && p.wild === '*'
const plainPart = (p: Part): boolean => ('text' in p ? !/[*\x00-\x1f]/.test(p.text) : p.wild === '*')

/** A condition of the search command that holds for every event (`wider`), or for no event more (`narrower`). Wider of an exact one: itself. */
export function near(c: Condition, side: 'narrower' | 'wider'): Condition {
  switch (c.kind) {
    case 'all':
      return all(...c.of.map((x) => near(x, side)))
    case 'any':
      return any(...c.of.map((x) => near(x, side)))
    case 'not':
      return not(near(c.of, side === 'wider' ? 'narrower' : 'wider'))
    case 'always':
      return c
    default:
      return isExact(c) ? c : side === 'wider' ? widened(c) : NEVER
  }
}

/** Every character that the command cannot say becomes a star. */
function widened(t: Test): Condition {
  switch (t.kind) {
    case 'text':
    case 'keyword': {
      const parts = t.parts.flatMap((p): Part[] =>
        'wild' in p
          ? [{ wild: '*' }]
          : p.text
              .split(/[*\x00-\x1f]/)
              .flatMap((text, i): Part[] => [...(i > 0 ? [{ wild: '*' } as const] : []), { text }]),
      )
      const kept = normal(parts)
      if (t.kind === 'keyword' && kept.every((p) => 'wild' in p)) return ALWAYS
      return { ...t, parts: kept, cased: false }
    }
    case 'keyword-regex':
      return ALWAYS
    case 'regex':
      return { kind: 'exists', field: t.field }
    case 'fields':
      return all({ kind: 'exists', field: t.left }, { kind: 'exists', field: t.right })
    default:
      return t
  }
}

const value = (parts: readonly Part[]): string =>
  searchValue(
    normal(parts)
      .map((p) => ('text' in p ? p.text : p.wild))
      .join(''),
  )

export function searchTree(c: Condition): Tree {
  switch (c.kind) {
    case 'all':
      return { kind: 'all', of: c.of.map(searchTree) }
    case 'any':
      return anyOf(c.of)
    case 'always':
      return leaf('*')
    case 'not':
      return { kind: 'around', open: 'NOT ', of: searchTree(c.of), close: '', bracketed: true }
    default:
      return leaf(testText(c))
  }
}

function testText(t: Test): string {
  switch (t.kind) {
    case 'text':
      return `${searchName(t.field)}=${shapeOf(t.parts).kind === 'present' ? '*' : value(t.parts)}`
    case 'exists':
      return `${searchName(t.field)}=*`
    case 'number':
      return `${searchName(t.field)}${t.op}${t.value}`
    case 'network':
      return `${searchName(t.field)}="${t.network}"`
    case 'keyword':
      return keywordText(t.parts)
    default:
      throw new Error(`the search command has no ${t.kind}`)
  }
}

/** A plain phrase would match whole segments only; with stars it is a part of the record. */
function keywordText(parts: readonly Part[]): string {
  const text = normal([{ wild: '*' }, ...parts, { wild: '*' }])
    .map((p) => ('text' in p ? p.text : p.wild))
    .join('')
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

/** `IN` takes wildcards. */
function anyOf(of: readonly Condition[]): Tree {
  const lists = new Map<string, string[]>()
  const parts: (string | Tree)[] = []
  for (const c of of) {
    if (c.kind !== 'text' || shapeOf(c.parts).kind === 'present') {
      parts.push(searchTree(c))
      continue
    }
    const list = lists.get(c.field)
    if (list) list.push(value(c.parts))
    else {
      lists.set(c.field, [value(c.parts)])
      parts.push(c.field)
    }
  }
  const trees = parts.map((p): Tree => {
    if (typeof p !== 'string') return p
    const items = [...new Set(lists.get(p) ?? [])]
    if (items.length === 1) return leaf(`${searchName(p)}=${items[0]}`)
    return { kind: 'list', head: `${searchName(p)} IN (`, items, tail: ')' }
  })
  return trees.length === 1 ? (trees[0] as Tree) : { kind: 'any', of: trees }
}
