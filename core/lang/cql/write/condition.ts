// Conditions as CQL filters. `not` binds closer than `or`, and `or` closer than `and`, so every mixed group is in brackets.
import type { Span } from '../../../text/source.ts'
import type { Condition, Loss, Part, Test } from '../../shared/portable.ts'
import { alternation, hasCase, hasDot, tokensOf, type Tokens, withoutNames } from '../../shared/write-pattern.ts'

export class NotCql extends Error {}

/** Longer patterns become a list of values, which takes one line each. */
const LONGEST_PATTERN = 160

type Kind = 'all' | 'any' | 'test'
interface Text {
  readonly text: string
  readonly kind: Kind
}

export class CqlConditions {
  readonly losses = new Map<string, Loss>()

  /** One filter a conjunct. */
  filters(c: Condition): string[] {
    if (c.kind === 'always') return []
    return c.kind === 'all' ? c.of.map((o) => this.#filter(o)) : [this.#filter(c)]
  }

  #filter(c: Condition): string {
    return this.#write(c).text
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
            c.of.map((o) => this.#inside(o, 'all')),
            'and',
          ),
          kind: 'all',
        }
      case 'any': {
        const texts = this.#alternatives(c.of)
        const [one] = texts
        if (one && texts.length === 1) return one
        return {
          text: joined(
            texts.map((t) => (t.kind === 'test' ? t.text : `(${t.text})`)),
            'or',
          ),
          kind: 'any',
        }
      }
      default:
        return { text: this.#test([c], false), kind: 'test' }
    }
  }

  #inside(c: Condition, kind: Kind): string {
    const { text, kind: own } = this.#write(c)
    return own === 'test' || own === kind ? text : `(${text})`
  }

  #negated(c: Condition): string {
    if (c.kind === 'always') return 'false'
    if (c.kind === 'any') {
      const texts = this.#groups(c.of)
      const [one] = texts
      if (texts.length === 1 && one && one.every(isTest)) return this.#test(one, true)
    }
    if (isTest(c)) return this.#test([c], true)
    const { text, kind } = this.#write(c)
    return kind === 'test' && !text.startsWith('not ') ? `not ${text}` : `not (${text})`
  }

  #alternatives(of: readonly Condition[]): Text[] {
    return this.#groups(of).map((g) =>
      g.every(isTest) ? { text: this.#test(g, false), kind: 'test' } : this.#write(g[0] as Condition),
    )
  }

  /** Tests that one filter can say: of the same field and sort. */
  #groups(of: readonly Condition[]): (readonly Condition[])[] {
    const out = new Map<string, Condition[]>()
    for (const [i, c] of of.entries()) {
      const key = isTest(c) ? (keyOf(c) ?? String(i)) : String(i)
      out.set(key, [...(out.get(key) ?? []), c])
    }
    return [...out.values()]
  }

  /** Any of tests of one sort. */
  #test(tests: readonly Test[], negated: boolean): string {
    const [t] = tests
    if (!t) return negated ? 'true' : 'false'
    const prefix = negated ? 'not ' : ''
    const is = negated ? '!=' : '='
    switch (t.kind) {
      case 'exists':
        return `${name(t.field)}${is}*`
      case 'text':
      case 'regex':
        return this.#texts(tests as readonly TextTest[], negated)
      case 'number':
        return this.#numbers(tests as readonly Extract<Test, { kind: 'number' }>[], negated)
      case 'network': {
        const list = tests.flatMap((n) => (n.kind === 'network' ? [quoted(n.network)] : []))
        return `${prefix}cidr(${argument(t.field)}, subnet=${list.length === 1 ? list[0] : `[${list.join(', ')}]`})`
      }
      case 'fields':
        return `${prefix}${fieldsTest(t)}`
      case 'keyword':
        this.lose('keyword-tags', 'the search leaves out tags and times', t)
        return `${prefix}${this.#keyword(t.parts, t.cased)}`
      case 'keyword-regex':
        this.lose('keyword-tags', 'the search leaves out tags and times', t)
        return `${prefix}${literal(t.pattern, t.flags)}`
    }
  }

  lose(kind: string, message: string, { at }: { readonly at?: Span | undefined }): void {
    if (!this.losses.has(kind)) this.losses.set(kind, { kind, message, ...(at && { at }) })
  }

  #keyword(parts: readonly Part[], cased: boolean): string {
    const inner = inside(parts)
    if (cased && inner !== undefined && !inner.includes('*') && inner !== '') return quoted(inner)
    return regex([tokensOf(parts, escapeCharacter)], !cased && hasCase(parts), hasDot(parts))
  }

  #numbers(tests: readonly Extract<Test, { kind: 'number' }>[], negated: boolean): string {
    const [t] = tests
    if (!t) return 'false'
    if (tests.length > 1 && tests.every((o) => o.op === '='))
      return `${negated ? 'not ' : ''}in(${argument(t.field)}, values=[${tests.map((o) => o.value).join(', ')}])`
    if (t.op === '=') return `${name(t.field)}${negated ? '!=' : '='}${t.value}`
    return `${negated ? 'not ' : ''}${name(t.field)} ${t.op} ${t.value}`
  }

  #texts(tests: readonly TextTest[], negated: boolean): string {
    const [t] = tests
    if (!t) return 'false'
    const is = negated ? '!=' : '='
    const texts = tests.filter((o) => o.kind === 'text')
    const isFolded = texts.some((o) => !o.cased && hasCase(o.parts))
    if (texts.length === tests.length) {
      const listed = texts.map((o) => wildcards(o.parts))
      const isList = listed.every((v) => v !== undefined)
      const isPlain = texts.every((o) => o.parts.every((p) => 'text' in p))
      if (isList && tests.length === 1 && !isFolded && !isNumber(listed[0] ?? ''))
        return `${name(t.field)}${is}${bareOr(listed[0] ?? '')}`
      const pattern = regex(
        texts.map((o) => tokensOf(o.parts, escapeCharacter)),
        isFolded,
        texts.some((o) => hasDot(o.parts)),
      )
      if (isList && (isPlain ? tests.length > 1 || !isFolded : pattern.length > LONGEST_PATTERN)) {
        const values = listed.map((v) => quoted(v ?? ''))
        const list =
          values.join(', ').length > 80 ? `\n${values.map((v) => `  ${v}`).join(',\n')}\n` : values.join(', ')
        return `${negated ? 'not ' : ''}in(${argument(t.field)}, values=[${list}]${isFolded ? ', ignoreCase=true' : ''})`
      }
      return `${name(t.field)}${is}${pattern}`
    }
    const tokens = tests.map((o): Tokens => (o.kind === 'text' ? tokensOf(o.parts, escapeCharacter) : regexTokens(o)))
    const dotted = texts.some((o) => hasDot(o.parts)) || tests.some((o) => o.kind === 'regex' && o.flags.includes('s'))
    const folded = isFolded || tests.some((o) => o.kind === 'regex' && o.flags.includes('i'))
    const one = tests.length === 1 ? tests[0] : undefined
    if (one?.kind === 'regex') return `${name(t.field)}${is}${literal(one.pattern, one.flags)}`
    return `${name(t.field)}${is}${regex(tokens, folded, dotted)}`
  }
}

/** On one line where it fits. */
const joined = (texts: readonly string[], word: string): string => {
  const line = texts.join(` ${word} `)
  return line.length <= 100 && !line.includes('\n') ? line : texts.join(`\n${word} `)
}

type TextTest = Extract<Test, { kind: 'regex' | 'text' }>
const isTest = (c: Condition): c is Test =>
  c.kind !== 'all' && c.kind !== 'any' && c.kind !== 'not' && c.kind !== 'always'

/** Tests with the same key are one filter. */
function keyOf(t: Test): string | undefined {
  switch (t.kind) {
    case 'text':
      return `text ${t.field} ${t.cased || !hasCase(t.parts) ? '' : 'i'}`
    case 'network':
      return `network ${t.field}`
    case 'number':
      return t.op === '=' ? `number ${t.field}` : undefined
    case 'regex':
      // Such a pattern can be one alternative among texts.
      return isSimple(t) ? `text ${t.field} ${t.flags.includes('i') ? 'i' : ''}` : undefined
    default:
      return undefined
  }
}

/** A pattern that can be a part of a longer one without brackets, with the flags that texts have. */
const isSimple = ({ pattern, flags }: Extract<Test, { kind: 'regex' }>): boolean =>
  !/[|]|\(\?[a-zA-Z]/.test(pattern.replace(/\\./g, '').replace(/\((?:\?:)?[^()]*\)/g, '')) &&
  /^[is]*$/.test(flags) &&
  (flags.includes('s') || !/\./.test(pattern.replace(/\\./g, '')))

/** The characters of a simple pattern, with their quantifiers; groups, classes and escapes are one piece. */
function regexTokens({ pattern }: Extract<Test, { kind: 'regex' }>): Tokens {
  const whole = slashed(withoutNames(pattern))
  const tokens = [...whole.matchAll(PIECE)].map(([piece]) => piece)
  // A bracket on its own belongs to a group in a group: such a pattern is not taken apart.
  return tokens.some((t) => /^[()[\]{}]/.test(t) && t.length === 1) ? [whole] : tokens
}
const PIECE =
  /(?:\\[\s\S]|\((?:\\[\s\S]|[^()\\])*\)|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|[\s\S])(?:(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?)?/gu

export const escapeCharacter = (c: string): string =>
  c === '\n' ? '\\n' : c === '\r' ? '\\r' : c === '\t' ? '\\t' : /[.*+?^${}()|[\]\\/]/.test(c) ? `\\${c}` : c

/** A slash ends a literal, and a literal has one line. */
const slashed = (pattern: string): string =>
  pattern.replace(/\\[\s\S]|\/|\n|\r/g, (m) => (m === '/' ? '\\/' : m === '\n' ? '\\n' : m === '\r' ? '\\r' : m))

const regex = (all: readonly Tokens[], folded: boolean, dotted: boolean): string =>
  `/${alternation(all) || '(?:)'}/${folded ? 'i' : ''}${dotted ? 'd' : ''}`

function literal(pattern: string, flags: string): string {
  const text = slashed(withoutNames(pattern))
  return `/${text === '' ? '(?:)' : text}/${flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 'm' : ''}${flags.includes('s') ? 'd' : ''}`
}

/** The text with `*` for wildcards; undefined: it has a star of its own, or a wildcard for one character. */
function wildcards(parts: readonly Part[]): string | undefined {
  if (parts.some((p) => ('text' in p ? p.text.includes('*') : p.wild === '?'))) return undefined
  return parts.map((p) => ('text' in p ? p.text : '*')).join('')
}

/** The text between two stars. */
function inside(parts: readonly Part[]): string | undefined {
  const [star, text, end] = parts
  return parts.length === 3 && star && 'wild' in star && text && 'text' in text && end && 'wild' in end
    ? text.text
    : undefined
}

function fieldsTest({ left, right, how, cased }: Extract<Test, { kind: 'fields' }>): string {
  const [a, b] = [left, right].map((f) => (cased ? read(f) : `lower(${argument(f)})`))
  if (how === 'equals') return `test(${a} == ${b})`
  const fn = { contains: 'text:contains', starts: 'text:startsWith', ends: 'text:endsWith' }[how]
  const by = { contains: 'substring', starts: 'prefix', ends: 'suffix' }[how]
  return `${fn}(string=${a}, ${by}=${b})`
}

const KEYWORDS = /^(?:and|or|not|like|case|match|true|false)$/i
const isBare = (field: string): boolean =>
  /^[#%&.0-9@A-Z\\^_a-z]+(?:\[\d*\][.\w]*)?$/.test(field) && !KEYWORDS.test(field)
/** Tags of every event, with their sign: CPS 1.1, and the data dictionary of Falcon. */
const TAGS =
  /^(?:event_simpleName|Vendor|repo|type|cid|event\.(?:kind|module|dataset|outcome)|observer\.type|ecs\.version|Cps\.version)$/
export const tagged = (field: string): string => (TAGS.test(field) ? `#${field}` : field)

/** A field in front of an operator. */
export function name(field: string): string {
  const own = tagged(field)
  return isBare(own) ? own : quoted(own)
}
/** A field as an argument of a function. */
export function argument(field: string): string {
  const own = tagged(field)
  return /^[#@A-Za-z_][\w.]*$/.test(own) ? own : `field=${quoted(own)}`
}
/** A field in an expression. */
const read = (field: string): string => (/^[@A-Za-z_][\w.]*$/.test(field) ? field : `getField(${quoted(field)})`)

const isNumber = (value: string): boolean => /^[+-]?[\d.]+(?:e[+-]?\d+)?$/i.test(value)
/** A value that needs no quotes. */
const bareOr = (value: string): string =>
  /^[A-Za-z][\w.]*$/.test(value) && !KEYWORDS.test(value) ? value : quoted(value)

export const quoted = (value: string): string =>
  `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
