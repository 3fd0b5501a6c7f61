// Conditions as a rule expression. https://help.sumologic.com/docs/cse/rules/cse-rules-syntax/: a comparison with null is false, so its negation is true.
import { normal, plainText, shapeOf, type TextTest } from '../shared/condition.ts'
import { type Layout, render } from '../shared/layout.ts'
import type { Condition, Part, Test } from '../shared/portable.ts'
import { conditionTree, type Words } from '../shared/simple-writer.ts'
import { type Columns, type Losses, Refused } from '../shared/target.ts'
import { addressPattern } from '../shared/address-pattern.ts'
import { hasCase } from '../shared/write-pattern.ts'
import { KEY } from './records.ts'

const LAYOUT: Layout = { all: ' AND ', any: ' OR ', width: 110 }

export const expression = (c: Condition, columns: Columns, losses: Losses): string =>
  render(conditionTree(c, wordsOf(columns, losses)), LAYOUT, 4)

export function nameText(name: string, losses: Losses): string {
  if (!name.startsWith(KEY)) return name
  losses.add(
    'log-keys',
    'a key of the log without an attribute in the schema is read as `fields["…"]`, under the name that the parser gives it',
  )
  return `fields[${textLiteral(name.slice(KEY.length))}]`
}

const LETTERS = { '\n': 'n', '\r': 'r', '\t': 't', '"': '"', '\\': '\\' } as const
const textLiteral = (text: string): string => `"${text.replace(/[\\"\n\r\t]/g, (c) => `\\${LETTERS[c as '\n']}`)}"`

function wordsOf(columns: Columns, losses: Losses): Words {
  const name = (field: string): string => nameText(field, losses)
  const isFolded = (t: TextTest): boolean => !t.cased && hasCase(t.parts)
  const value = (t: TextTest): string => (isFolded(t) ? `lower(${name(t.field)})` : name(t.field))
  const literal = (t: TextTest, text: string): string => textLiteral(isFolded(t) ? text.toLowerCase() : text)

  function text(t: TextTest): string {
    if (shapeOf(t.parts).kind === 'present') return `!isNull(${name(t.field)})`
    const plain = plainText(t)
    if (columns.type(t.field) === 'number') {
      if (plain === undefined || !/^-?\d{1,15}$/.test(plain)) throw new Refused(`${t.field} holds a number`, t.at)
      return `${name(t.field)} = ${Number(plain)}`
    }
    if (plain !== undefined) return `${value(t)} = ${literal(t, plain)}`
    return `${name(t.field)} matches /(?${isFolded(t) ? 'i' : ''}s)${wholePattern(t.parts)}/`
  }

  function test(t: Test): string {
    switch (t.kind) {
      case 'exists':
        return `!isNull(${name(t.field)})`
      case 'number':
        return `${columns.type(t.field) === 'number' ? name(t.field) : `toDouble(${name(t.field)})`} ${t.op} ${t.value}`
      case 'network': {
        const [address = '', bits = ''] = t.network.split('/')
        if (!address.includes(':'))
          return `compareCIDRPrefix(${textLiteral(address)}, ${name(t.field)}, ${textLiteral(bits)})`
        const pattern = addressPattern(t.network)
        if (pattern === undefined) throw new Refused(`the network ${t.network} has no pattern`, t.at)
        losses.add(
          'ipv6-text',
          'IPv6 addresses are compared as text, so only their usual short form is recognised',
          t.at,
        )
        return `${name(t.field)} matches /(?i)^(?:${pattern})$/`
      }
      case 'regex':
        return `${name(t.field)} matches /(?${t.flags.replaceAll('s', '')}s)^.*(?${scope(t.flags)}:${slashed(t.pattern)}).*$/`
      case 'text':
        return text(t)
      case 'fields': {
        if (t.how !== 'equals') throw new Refused('a rule expression compares two fields for equality only', t.at)
        const [a, b] = [t.left, t.right].map((f) => (t.cased ? name(f) : `lower(${name(f)})`))
        return `${a} = ${b}`
      }
      default:
        throw new Refused('a rule expression has no search of the whole record', t.at)
    }
  }

  return {
    always: 'true',
    never: 'false',
    not: '!',
    test,
    list: (t) => {
      if (t.kind !== 'text') return undefined
      const plain = plainText(t)
      if (plain === undefined || columns.type(t.field) === 'number') return undefined
      return { beginning: `${value(t)} in `, item: literal(t, plain) }
    },
  }
}

/** The dot matches line ends around the pattern, and inside it as the pattern says. */
const scope = (flags: string): string => (flags.includes('s') ? '' : '-s')
const slashed = (pattern: string): string => pattern.replace(/\\[\s\S]|\//g, (m) => (m === '/' ? '\\/' : m))
const quoted = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\/\n\r\t]/g, (c) => `\\${c in LETTERS && c !== '\\' ? LETTERS[c as '\n'] : c}`)

/** The documentation's examples of `matches` cover the whole value. With anchors and stars the pattern means the same where a part is enough. */
const wholePattern = (parts: readonly Part[]): string =>
  `^${normal(parts)
    .map((p) => ('text' in p ? quoted(p.text) : p.wild === '*' ? '.*' : '.'))
    .join('')}$`
