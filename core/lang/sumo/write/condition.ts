// Conditions as `where` expressions of a Sumo Logic search. `and` binds closer than `or`; mixed groups are in brackets all the same.
import type { Span } from '../../../text/source.ts'
import type { Condition, Loss, Part, Test } from '../../shared/portable.ts'
import { alternation, hasCase, hasDot, tokensOf, type Tokens, withoutNames } from '../../shared/write-pattern.ts'
import { addressPattern } from '../../shared/address-pattern.ts'

export class NotSumo extends Error {}

/** Longer patterns become one comparison a value. */
const LONGEST_PATTERN = 160

type Kind = 'all' | 'any' | 'test'
interface Text {
  readonly text: string
  readonly kind: Kind
}

export class SumoConditions {
  readonly losses = new Map<string, Loss>()
  readonly #longestPattern: number

  /** `isShort`: lists are one pattern each, however long, which takes the fewest characters. */
  constructor(isShort = false) {
    this.#longestPattern = isShort ? Number.POSITIVE_INFINITY : LONGEST_PATTERN
  }

  /** One `where` a conjunct. */
  filters(c: Condition): string[] {
    if (c.kind === 'always') return []
    const all = c.kind === 'all' ? c.of : [c]
    return all.map((o) => (o.kind === 'network' ? (this.#network(o) ?? this.#write(o).text) : this.#write(o).text))
  }

  #write(c: Condition): Text {
    switch (c.kind) {
      case 'always':
        return { text: 'true', kind: 'test' }
      case 'not':
        return { text: this.#negated(c.of), kind: 'test' }
      case 'all':
        return {
          text: joined(
            c.of.map((o) => this.#inside(this.#write(o), 'all')),
            'and',
          ),
          kind: 'all',
        }
      case 'any': {
        const texts = groups(c.of).map((g): Text => (g.every(isTest) ? this.#test(g) : this.#write(g[0] as Condition)))
        const [one] = texts
        if (one && texts.length === 1) return one
        return {
          text: joined(
            texts.map((t) => this.#inside(t, 'any')),
            'or',
          ),
          kind: 'any',
        }
      }
      default:
        return this.#test([c])
    }
  }

  #inside({ text, kind }: Text, around: Kind): string {
    return kind === 'test' || kind === around ? text : `(${text})`
  }

  #negated(c: Condition): string {
    if (c.kind === 'exists') return `isNull(${name(c.field)})`
    if (c.kind === 'always') return 'false'
    return `!(${this.#write(c).text})`
  }

  /** Any of tests of one sort. */
  #test(tests: readonly Test[]): Text {
    const [t] = tests
    const one = (text: string): Text => ({ text, kind: 'test' })
    if (!t) return one('false')
    switch (t.kind) {
      case 'exists':
        return one(`!isNull(${name(t.field)})`)
      case 'text':
      case 'regex':
        return this.#texts(tests as readonly TextTest[])
      case 'number':
        return one(numbers(tests as readonly Extract<Test, { kind: 'number' }>[]))
      case 'network': {
        const patterns = tests.flatMap((n) => (n.kind === 'network' ? [this.#pattern(n)] : []))
        return one(`${name(t.field)} matches /(?i)^(?:${patterns.join('|')})$/`)
      }
      case 'fields':
        return one(this.#fields(t))
      case 'keyword':
      case 'keyword-regex':
        this.lose('keyword-raw', 'the search looks at the text of the message, not at the values of its fields', t)
        return one(
          t.kind === 'keyword' ? this.#keyword(t.parts, t.cased) : `_raw matches ${literal(t.pattern, t.flags)}`,
        )
    }
  }

  lose(kind: string, message: string, { at }: { readonly at?: Span | undefined } = {}): void {
    if (!this.losses.has(kind)) this.losses.set(kind, { kind, message, ...(at && { at }) })
  }

  /** In front of everything else, an event whose field is no IPv4 address may be dropped. */
  #network({ field, network }: Extract<Test, { kind: 'network' }>): string | undefined {
    const [address = '', bits = ''] = network.split('/')
    return address.includes(':') ? undefined : `compareCIDRPrefix(${quoted(address)}, ${name(field)}, toInt(${bits}))`
  }

  #pattern(t: Extract<Test, { kind: 'network' }>): string {
    if (t.network.includes(':'))
      this.lose('ipv6-text', 'IPv6 addresses are compared as text, so only their usual short form is recognised', t)
    const pattern = addressPattern(t.network)
    if (pattern === undefined) throw new NotSumo(`the network ${t.network} has no pattern`)
    return pattern
  }

  #fields(t: Extract<Test, { kind: 'fields' }>): string {
    const [a, b] = [t.left, t.right].map((f) => (t.cased ? name(f) : `toLowerCase(${name(f)})`))
    if (t.how === 'equals') return `${a} = ${b}`
    if (t.how === 'contains') return `${a} contains ${b}`
    this.lose('wildcard-in-value', `a star in ${t.right} is a wildcard`, t)
    return t.how === 'starts' ? `${a} matches concat(${b}, "*")` : `${a} matches concat("*", ${b})`
  }

  /** JSON doubles backslashes and escapes quotes, so both forms are looked for. A quote tells which one a record has. */
  #keyword(parts: readonly Part[], cased: boolean): string {
    const either = (c: string): string => (c === '\\' ? '\\\\{1,2}' : escapeCharacter(c))
    const inJson = (c: string): string => (c === '\\' ? '\\\\\\\\' : c === '"' ? '\\\\"' : escapeCharacter(c))
    const hasQuote = parts.some((p) => 'text' in p && p.text.includes('"'))
    const bare = parts.length > 1 ? parts : [{ wild: '*' } as const, ...parts, { wild: '*' } as const]
    const forms = (hasQuote ? [escapeCharacter, inJson] : [either]).map((form) => tokensOf(bare, form))
    return `_raw matches ${pattern(forms, !cased && hasCase(parts), hasDot(bare))}`
  }

  #texts(tests: readonly TextTest[]): Text {
    const [t] = tests
    const one = (text: string): Text => ({ text, kind: 'test' })
    if (!t) return one('false')
    const texts = tests.filter((o) => o.kind === 'text')
    const folded = texts.some((o) => !o.cased && hasCase(o.parts))
    const value = folded ? `toLowerCase(${name(t.field)})` : name(t.field)
    const shown = (v: string): string => quoted(folded ? v.toLowerCase() : v)
    if (texts.length === tests.length) {
      if (texts.every((o) => o.parts.every((p) => 'text' in p))) {
        const values = texts.map((o) => shown(o.parts.map((p) => ('text' in p ? p.text : '')).join('')))
        return one(values.length === 1 ? `${value} = ${values[0]}` : `${value} in (${values.join(', ')})`)
      }
      const globs = texts.map((o) => wildcards(o.parts))
      const regex = pattern(
        texts.map((o) => tokensOf(o.parts, escapeCharacter)),
        folded,
        texts.some((o) => hasDot(o.parts)),
      )
      const isGlob = globs.every((g) => g !== undefined)
      if (isGlob && ((tests.length === 1 && !folded) || regex.length > this.#longestPattern)) {
        const all = globs.map((g) => `${value} matches ${shown(g ?? '')}`)
        return all.length === 1 ? one(all[0] as string) : { text: joined(all, 'or'), kind: 'any' }
      }
      return one(`${name(t.field)} matches ${regex}`)
    }
    if (t.kind === 'regex' && tests.length === 1) return one(`${name(t.field)} matches ${literal(t.pattern, t.flags)}`)
    const tokens = tests.map(
      (o): Tokens => (o.kind === 'text' ? tokensOf(o.parts, escapeCharacter) : [slashed(withoutNames(o.pattern))]),
    )
    const isFolded = folded || tests.some((o) => o.kind === 'regex' && o.flags.includes('i'))
    const dotted = texts.some((o) => hasDot(o.parts)) || tests.some((o) => o.kind === 'regex' && o.flags.includes('s'))
    return one(`${name(t.field)} matches ${pattern(tokens, isFolded, dotted)}`)
  }
}

type TextTest = Extract<Test, { kind: 'regex' | 'text' }>
const isTest = (c: Condition): c is Test =>
  c.kind !== 'all' && c.kind !== 'any' && c.kind !== 'not' && c.kind !== 'always'

/** Tests that one comparison can say. */
function groups(of: readonly Condition[]): (readonly Condition[])[] {
  const out = new Map<string, Condition[]>()
  for (const [i, c] of of.entries()) {
    const key = isTest(c) ? (keyOf(c) ?? String(i)) : String(i)
    out.set(key, [...(out.get(key) ?? []), c])
  }
  return [...out.values()]
}

function keyOf(t: Test): string | undefined {
  switch (t.kind) {
    case 'text':
      return `text ${t.field} ${t.cased || !hasCase(t.parts) ? '' : 'i'} ${t.parts.every((p) => 'text' in p)}`
    case 'network':
      return `network ${t.field}`
    case 'number':
      return t.op === '=' ? `number ${t.field}` : undefined
    default:
      return undefined
  }
}

/** A list of numbers does not match a parsed field, which is a text, so the field is cast. */
function numbers(tests: readonly Extract<Test, { kind: 'number' }>[]): string {
  const [t] = tests
  if (!t) return 'false'
  if (tests.length > 1) return `num(${name(t.field)}) in (${tests.map((o) => o.value).join(', ')})`
  return `${name(t.field)} ${t.op} ${t.value}`
}

/** On one line where it fits. */
const joined = (texts: readonly string[], word: string): string => {
  const line = texts.join(` ${word} `)
  return line.length <= 100 && !line.includes('\n') ? line : texts.join(`\n${word} `)
}

const escapeCharacter = (c: string): string =>
  c === '\n' ? '\\n' : c === '\r' ? '\\r' : c === '\t' ? '\\t' : /[.*+?^${}()|[\]\\/]/.test(c) ? `\\${c}` : c
const slashed = (text: string): string =>
  text.replace(/\\[\s\S]|\/|\n|\r/g, (m) => (m === '/' ? '\\/' : m === '\n' ? '\\n' : m === '\r' ? '\\r' : m))

const flagged = (text: string, flags: string): string => `/${flags === '' ? '' : `(?${flags})`}${text}/`
const pattern = (all: readonly Tokens[], folded: boolean, dotted: boolean): string =>
  flagged(alternation(all) || '(?:)', `${folded ? 'i' : ''}${dotted ? 's' : ''}`)
const literal = (text: string, flags: string): string =>
  flagged(slashed(withoutNames(text)) || '(?:)', [...flags].filter((f) => 'ims'.includes(f)).join(''))

function wildcards(parts: readonly Part[]): string | undefined {
  if (parts.some((p) => ('text' in p ? p.text.includes('*') : p.wild === '?'))) return undefined
  return parts.map((p) => ('text' in p ? p.text : '*')).join('')
}

const RESERVED = /^(?:and|or|not|in|matches|contains|as|by|true|false|null|if)$/i
const OWN: ReadonlyMap<string, string> = new Map([
  ['@rawstring', '_raw'],
  ['@timestamp', '_messageTime'],
])
export const name = (field: string): string => OWN.get(field) ?? plainName(field)
const plainName = (field: string): string =>
  /^[A-Za-z_][\w]*(?:\.\w+)*$/.test(field) && !RESERVED.test(field) ? field : `%"${field.replaceAll('"', '\\"')}"`
export const quoted = (value: string): string =>
  `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')}"`
