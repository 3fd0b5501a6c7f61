// For tests: a reader of expressions as the written languages have them. Each language's test gives the values their meaning.

export type Node =
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'list'; readonly of: readonly Node[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'op'; readonly op: string; readonly left: Node; readonly right: Node }
  | { readonly kind: 'not'; readonly of: Node }
  | { readonly kind: 'text'; readonly value: string; readonly raw: boolean }

export interface Grammar {
  /** Escapes inside `"…"`; undefined: the character is kept with its backslash. */
  unescape(c: string): string | undefined
  /** `@"…"` or three quotes. */
  readonly raw?: 'at' | 'triple'
  /** Names in quotes of this kind. */
  readonly nameQuote?: '`' | "'"
  readonly operators: readonly string[]
}

interface Token {
  readonly kind: 'name' | 'number' | 'quoted' | 'sign' | 'text'
  readonly text: string
  readonly raw?: boolean
}

function tokens(text: string, g: Grammar): Token[] {
  const out: Token[] = []
  let rest = text
  const take = (n: number): string => {
    const found = rest.slice(0, n)
    rest = rest.slice(n)
    return found
  }
  while (rest !== '') {
    const blank = /^\s+/.exec(rest)
    if (blank) {
      take(blank[0].length)
      continue
    }
    if (g.raw === 'triple' && rest.startsWith('"""')) {
      const end = rest.indexOf('"""', 3)
      if (end < 0) throw new Error(`open text: ${rest}`)
      out.push({ kind: 'text', text: take(end + 3).slice(3, -3), raw: true })
      continue
    }
    const at = g.raw === 'at' ? /^@"((?:[^"]|"")*)"/.exec(rest) : null
    if (at) {
      take(at[0].length)
      out.push({ kind: 'text', text: (at[1] as string).replaceAll('""', '"'), raw: true })
      continue
    }
    const plain = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(rest)
    if (plain) {
      take(plain[0].length)
      const value = (plain[1] as string).replace(/\\(u[0-9a-f]{4}|[\s\S])/g, (m, c: string) => g.unescape(c) ?? m)
      out.push({ kind: 'text', text: value, raw: false })
      continue
    }
    if (g.nameQuote !== undefined && rest.startsWith(g.nameQuote)) {
      const end = rest.indexOf(g.nameQuote, 1)
      out.push({ kind: 'quoted', text: take(end + 1).slice(1, -1) })
      continue
    }
    const number = /^-?\d+(?:\.\d+)?/.exec(rest)
    if (number) {
      out.push({ kind: 'number', text: take(number[0].length) })
      continue
    }
    const name = /^[!]?[A-Za-z_@][\w.]*~?|^\*/.exec(rest)
    if (name) {
      out.push({ kind: 'name', text: take(name[0].length) })
      continue
    }
    const sign = /^(?:==|=~|!~|!=|<=|>=|[(),=<>+:-])/.exec(rest)
    if (!sign) throw new Error(`no token: ${rest}`)
    out.push({ kind: 'sign', text: take(sign[0].length) })
  }
  return out
}

export function parseExpression(text: string, g: Grammar): Node {
  const all = tokens(text, g)
  let i = 0
  const peek = (): string | undefined => (all[i]?.kind === 'text' ? undefined : all[i]?.text.toUpperCase())
  const word = (w: string): boolean => all[i]?.kind === 'name' && peek() === w
  const expect = (w: string): void => {
    if (peek() !== w) throw new Error(`expected ${w} at ${JSON.stringify(all[i])} in ${text}`)
    i++
  }
  const or = (): Node => {
    let left = and()
    while (word('OR')) {
      i++
      left = { kind: 'op', op: 'OR', left, right: and() }
    }
    return left
  }
  const and = (): Node => {
    let left = not()
    while (word('AND')) {
      i++
      left = { kind: 'op', op: 'AND', left, right: not() }
    }
    return left
  }
  const not = (): Node => {
    if (word('NOT')) {
      i++
      return { kind: 'not', of: not() }
    }
    return comparison()
  }
  const comparison = (): Node => {
    const left = sum()
    const t = all[i]
    if (t?.kind === 'name' && peek() === 'IS') {
      i++
      const negated = word('NOT')
      if (negated) i++
      expect('NULL')
      return { kind: 'call', name: negated ? 'isnotnull' : 'isnull', args: [left] }
    }
    if (t?.kind === 'name' && peek() === 'MATCHES') {
      i++
      expect('REGEX')
      return { kind: 'op', op: 'REGEX', left, right: sum() }
    }
    const op = t && t.kind !== 'text' ? g.operators.find((o) => o.toUpperCase() === peek()) : undefined
    if (op === undefined) return left
    i++
    return { kind: 'op', op: op.toUpperCase(), left, right: peek() === '(' ? { kind: 'list', of: args() } : sum() }
  }
  const sum = (): Node => {
    let left = primary()
    while (peek() === '+' || peek() === '-') {
      const op = peek() as string
      i++
      left = { kind: 'op', op, left, right: primary() }
    }
    return left
  }
  const args = (): Node[] => {
    expect('(')
    const out: Node[] = []
    while (peek() !== ')') {
      out.push(or())
      if (peek() === ',') i++
    }
    expect(')')
    return out
  }
  const primary = (): Node => {
    const t = all[i]
    if (!t) throw new Error(`the text ends early: ${text}`)
    if (t.kind === 'sign' && t.text === '(') {
      i++
      const inner = or()
      expect(')')
      return inner
    }
    i++
    if (t.kind === 'text') return { kind: 'text', value: t.text, raw: t.raw ?? false }
    if (t.kind === 'number') return { kind: 'number', value: Number(t.text) }
    if (t.kind === 'quoted') return { kind: 'name', name: t.text }
    if (t.kind === 'name')
      return peek() === '(' ? { kind: 'call', name: t.text, args: args() } : { kind: 'name', name: t.text }
    throw new Error(`unexpected ${t.text} in ${text}`)
  }
  const tree = or()
  if (i < all.length) throw new Error(`${JSON.stringify(all[i])} is left of ${text}`)
  return tree
}

/** Truth with a third value. */
export type Truth = boolean | null
export const and3 = (a: Truth, b: Truth): Truth =>
  a === false || b === false ? false : a === null || b === null ? null : true
export const or3 = (a: Truth, b: Truth): Truth =>
  a === true || b === true ? true : a === null || b === null ? null : false
export const not3 = (a: Truth): Truth => (a === null ? null : !a)
