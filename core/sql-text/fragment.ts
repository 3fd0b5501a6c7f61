// SQL is built from fragments that carry their precedence, never concatenated: a bare string is not assignable to Sql.
declare const made: unique symbol

export interface Sql {
  readonly text: string
  readonly prec: number
  readonly [made]: true
}

/** Looser binds lower. An argument looser than the fragment it goes into is parenthesised. */
export const Prec = { or: 1, and: 2, not: 3, compare: 4, add: 6, multiply: 7, unary: 8, atom: 10 } as const

/** sql`f(${a})` gives an atom; sql.at(Prec.compare)`${a} = ${b}` parenthesises operands that bind no tighter than it. */
export interface SqlTag {
  (strings: TemplateStringsArray, ...args: readonly Sql[]): Sql
  at(prec: number): (strings: TemplateStringsArray, ...args: readonly Sql[]) => Sql
  /** A string literal of the dialect. */
  str(value: string): Sql
  /** An integer or double literal. */
  num(value: number | bigint): Sql
  /** An identifier, quoted. */
  id(name: string): Sql
  /** Fragments joined by a separator that is trusted text, e.g. ', ' or ' or '. */
  join(parts: readonly Sql[], separator: string, prec?: number): Sql
  /** The compiler's own fixed words (types, keywords). Never data. */
  raw(trusted: string): Sql
}

const make = (text: string, prec: number): Sql => ({ text, prec }) as Sql
const wrap = (part: Sql, inside: number): string => (part.prec > inside ? part.text : `(${part.text})`)

function template(prec: number) {
  return (strings: TemplateStringsArray, ...args: readonly Sql[]): Sql => {
    // Inside an atom (a call, parentheses) delimiters enclose every argument, so it needs no parentheses.
    const inside = prec === Prec.atom ? 0 : prec
    let out = strings[0] ?? ''
    args.forEach((arg, i) => {
      out += wrap(arg, inside) + (strings[i + 1] ?? '')
    })
    return make(out, prec)
  }
}

export function sqlTag(quoteString: (value: string) => string, quoteName: (name: string) => string): SqlTag {
  const tag = template(Prec.atom) as SqlTag
  tag.at = template
  tag.str = (value) => make(quoteString(value), Prec.atom)
  tag.num = (value) => {
    const text = String(value)
    return make(text, text.startsWith('-') ? Prec.unary : Prec.atom)
  }
  tag.id = (name) => make(quoteName(name), Prec.atom)
  tag.join = (parts, separator, prec = Prec.atom) =>
    make(
      parts.map((p) => (prec === Prec.atom ? p.text : wrap(p, prec))).join(separator),
      parts.length === 1 && parts[0] ? parts[0].prec : prec,
    )
  tag.raw = (trusted) => make(trusted, Prec.atom)
  return tag
}
