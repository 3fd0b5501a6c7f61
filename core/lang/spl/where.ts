// Conditions of `where` and `eval`: strings keep case, names in single quotes, null where a field is missing. Under NOT, a missing field
// becomes an empty text first, so that the test is false and not null. https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Where
import { nullable, parseRegex } from '../../regex/regex.ts'
import { isCased, normal, searchPattern, shapeOf, type TextTest } from '../shared/condition.ts'
import { type Layout, leaf, render, type Tree } from '../shared/layout.ts'
import type { Condition, Part, Test } from '../shared/portable.ts'
import { Refused } from '../shared/target.ts'
import { evalName, evalText, regexLiteral } from './text.ts'

const LAYOUT: Layout = { all: ' AND ', any: ' OR ', width: 110 }

export const whereText = (c: Condition, indent = 4): string => render(tree(c, false), LAYOUT, indent)

function tree(c: Condition, negated: boolean): Tree {
  switch (c.kind) {
    case 'all':
      return { kind: 'all', of: c.of.map((x) => tree(x, negated)) }
    case 'any':
      return anyOf(c.of, negated)
    case 'always':
      return leaf('true()')
    case 'not':
      if (c.of.kind === 'always') return leaf('false()')
      if (c.of.kind === 'exists') return leaf(`isnull(${evalName(c.of.field)})`)
      return { kind: 'around', open: 'NOT ', of: tree(c.of, true), close: '', bracketed: true }
    default:
      return testTree(c, negated)
  }
}

/** Whole values of one field are one `in`. */
function anyOf(of: readonly Condition[], negated: boolean): Tree {
  const lists = new Map<string, string[]>()
  const parts: (string | Tree)[] = []
  for (const c of of) {
    const plain = c.kind === 'text' ? shapeOf(c.parts) : undefined
    if (c.kind !== 'text' || plain?.kind !== 'is' || plain.text === '') {
      parts.push(tree(c, negated))
      continue
    }
    const subject =
      c.cased || !isCased(plain.text) ? fieldText(c.field, negated) : `lower(${fieldText(c.field, negated)})`
    const item = evalText(subject.startsWith('lower(') ? plain.text.toLowerCase() : plain.text)
    const list = lists.get(subject)
    if (list) list.push(item)
    else {
      lists.set(subject, [item])
      parts.push(subject)
    }
  }
  const trees = parts.map((p): Tree => {
    if (typeof p !== 'string') return p
    const items = [...new Set(lists.get(p) ?? [])]
    if (items.length === 1) return leaf(`${p}=${items[0]}`)
    return { kind: 'list', head: `in(${p}, `, items, tail: ')' }
  })
  return trees.length === 1 ? (trees[0] as Tree) : { kind: 'any', of: trees }
}

const fieldText = (name: string, negated: boolean): string =>
  negated ? `coalesce(${evalName(name)}, "")` : evalName(name)

/** The test holds for no empty text, so a missing field may become one. */
const guarded = (field: string, negated: boolean, emptyFits: boolean, test: (name: string) => string): Tree =>
  negated && emptyFits
    ? { kind: 'all', of: [leaf(`isnotnull(${evalName(field)})`), leaf(test(fieldText(field, true)))] }
    : leaf(test(fieldText(field, negated)))

function testTree(t: Test, negated: boolean): Tree {
  switch (t.kind) {
    case 'exists':
      return leaf(`isnotnull(${evalName(t.field)})`)
    case 'number': {
      const name = `tonumber(${evalName(t.field)})`
      const test = leaf(`${name}${t.op}${t.value}`)
      return negated ? { kind: 'all', of: [leaf(`isnotnull(${name})`), test] } : test
    }
    case 'network': {
      const test = leaf(`cidrmatch("${t.network}", ${evalName(t.field)})`)
      return negated ? { kind: 'all', of: [leaf(`isnotnull(${evalName(t.field)})`), test] } : test
    }
    case 'regex': {
      const parsed = parseRegex(t.pattern, t.flags)
      if (!parsed.ok) throw new Refused(`the pattern does not parse: ${parsed.error.reason}`, t.at)
      const pattern = regexLiteral(withFlags(t.pattern, t.flags))
      return guarded(t.field, negated, nullable(parsed.regex.root), (name) => `match(${name}, ${pattern})`)
    }
    case 'text':
      return textTree(t, negated)
    case 'keyword-regex':
      return leaf(`match(_raw, ${regexLiteral(withFlags(t.pattern, t.flags))})`)
    case 'keyword': {
      const pattern = searchPattern(t.parts, escapeRegex)
      return leaf(`match(_raw, ${regexLiteral(`(?${t.cased ? '' : 'i'}s)${pattern}`)})`)
    }
    case 'fields':
      return fieldsTree(t, negated)
  }
}

function textTree(t: TextTest, negated: boolean): Tree {
  const shape = shapeOf(t.parts)
  if (shape.kind === 'present') return leaf(`isnotnull(${evalName(t.field)})`)
  const emptyFits = normal(t.parts).every((p) => 'wild' in p && p.wild === '*')
  if (shape.kind === 'is') {
    const folded = !t.cased && isCased(shape.text)
    const value = evalText(folded ? shape.text.toLowerCase() : shape.text)
    return guarded(t.field, negated, shape.text === '', (name) => `${folded ? `lower(${name})` : name}=${value}`)
  }
  const like = likeText(t)
  return guarded(t.field, negated, emptyFits, (name) =>
    like === undefined
      ? `match(${name}, ${patternLiteral(t.parts, t.cased)})`
      : `like(${like.folded ? `lower(${name})` : name}, ${like.pattern})`,
  )
}

/** `like` for texts without `%`, `_` and backslash, whose escapes are not documented. */
function likeText(t: TextTest): { readonly pattern: string; readonly folded: boolean } | undefined {
  if (t.cased || t.parts.some((p) => ('text' in p ? /[%_\\\x00-\x1f]/.test(p.text) : p.wild === '?'))) return undefined
  const text = normal(t.parts)
    .map((p) => ('text' in p ? p.text : '%'))
    .join('')
  const folded = isCased(text)
  return { pattern: evalText(folded ? text.toLowerCase() : text), folded }
}

/** Characters of control have an escape in the pattern. */
const escapeRegex = (text: string): string =>
  text
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/[\x00-\x1f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** `$` of PCRE is also in front of a last line break; `\z` is the end. Without a line break in the value both are the same, and `$` is usual. */
export function patternLiteral(parts: readonly Part[], cased: boolean): string {
  const pattern = searchPattern(parts, escapeRegex)
  const dots = /(?<!\\)(?:\\\\)*\./.test(pattern)
  const flags = `${cased ? '' : 'i'}${dots ? 's' : ''}`
  return regexLiteral(`${flags === '' ? '' : `(?${flags})`}${pattern.replace(/\$$/, '\\z')}`)
}

export const withFlags = (pattern: string, flags: string): string => (flags === '' ? pattern : `(?${flags})${pattern}`)

function fieldsTree(t: Extract<Test, { kind: 'fields' }>, negated: boolean): Tree {
  const of = (name: string): string => (t.cased ? fieldText(name, negated) : `lower(${fieldText(name, negated)})`)
  const [a, b] = [of(t.left), of(t.right)]
  const long = (name: string): string => `len(${fieldText(name, negated)})`
  const fits = leaf(`${long(t.right)}<=${long(t.left)}`)
  const tests: Readonly<Record<typeof t.how, readonly Tree[]>> = {
    equals: [leaf(`${a}=${b}`)],
    starts: [leaf(`substr(${a}, 1, ${long(t.right)})=${b}`)],
    ends: [fits, leaf(`substr(${a}, ${long(t.left)}-${long(t.right)}+1)=${b}`)],
    contains: [leaf(`mvcount(split(${a}, ${b}))>1`)],
  }
  const present = negated ? [t.left, t.right].map((n) => leaf(`isnotnull(${evalName(n)})`)) : []
  const [one, ...others] = [...present, ...tests[t.how]]
  return others.length === 0 ? (one as Tree) : { kind: 'all', of: [one as Tree, ...others] }
}
