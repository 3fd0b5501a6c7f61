// For tests: the meaning of a condition on one event, and random conditions and events that meet each other.
import fc from 'fast-check'
import { inSubnet, parseAddress, parseSubnet } from '../../prims/ip.ts'
import { isCased } from './condition.ts'
import type { Condition, Part } from './portable.ts'

export type Event = Readonly<Record<string, string>>

const quoteText = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
export const patternOf = (parts: readonly Part[]): string =>
  parts.map((p) => ('text' in p ? quoteText(p.text) : p.wild === '*' ? '[^]*' : '[^]')).join('')

export function holds(c: Condition, e: Event): boolean {
  const value = (f: string): string | undefined => (Object.hasOwn(e, f) ? e[f] : undefined)
  switch (c.kind) {
    case 'all':
      return c.of.every((x) => holds(x, e))
    case 'any':
      return c.of.some((x) => holds(x, e))
    case 'not':
      return !holds(c.of, e)
    case 'always':
      return true
    case 'exists':
      return value(c.field) !== undefined
    case 'text': {
      const v = value(c.field)
      return v !== undefined && new RegExp(`^${patternOf(c.parts)}$`, c.cased ? '' : 'i').test(v)
    }
    case 'regex': {
      const v = value(c.field)
      return v !== undefined && new RegExp(c.pattern, c.flags).test(v)
    }
    case 'number': {
      const v = value(c.field)
      return v !== undefined && v.trim() !== '' && compare(c.op, Number(v), c.value)
    }
    case 'network':
      return inNetwork(value(c.field), c.network)
    case 'fields': {
      const [a, b] = [value(c.left), value(c.right)]
      if (a === undefined || b === undefined) return false
      const [x, y] = c.cased ? [a, b] : [a.toLowerCase(), b.toLowerCase()]
      return c.how === 'equals'
        ? x === y
        : c.how === 'starts'
          ? x.startsWith(y)
          : c.how === 'ends'
            ? x.endsWith(y)
            : x.includes(y)
    }
    default:
      throw new Error(`no meaning for ${c.kind}`)
  }
}

export const inNetwork = (address: string | undefined, network: string): boolean => {
  const [a, n] = [parseAddress(address ?? ''), parseSubnet(network)]
  return a !== null && n !== null && inSubnet(a, n)
}

export const compare = (op: string, a: number, b: number): boolean =>
  op === '<' ? a < b : op === '<=' ? a <= b : op === '>' ? a > b : op === '>=' ? a >= b : a === b

/** Texts that every platform must quote. */
export const TEXTS = [
  'a',
  'Ab',
  'C:\\Dir\\',
  '\\x.exe',
  '"q"',
  "it's",
  '100%',
  'a_b',
  '*',
  '?',
  'x*y',
  '\\',
  'a\nb',
  '',
  'é',
  '[a-z]+',
  '(b|c)',
  '$1',
  '#@&<>~',
  'cmd  /c',
  '{2}',
  '\\*',
  '`',
  '5',
  'TRUE',
]
const FIELDS = ['Image', 'CommandLine', 'User']
const text = fc.constantFrom(...TEXTS.filter((t) => t !== ''))
const part: fc.Arbitrary<Part> = fc.oneof(
  text.map((t): Part => ({ text: t })),
  fc.constantFrom<Part>({ wild: '*' }, { wild: '?' }),
)
const field = fc.constantFrom(...FIELDS)
const PATTERNS = [
  '^cmd\\s+/c',
  'a.*b$',
  '[A-F0-9]{2,4}',
  '\\.exe',
  '(?:x|Ab)+',
  '\\\\x',
  'a|\\d+$',
  '"q"',
  '\\w#',
  '[^a-z]b',
  '#@&<>~',
]

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('text' as const),
      field,
      parts: fc.array(part, { maxLength: 4 }),
      cased: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constant('exists' as const), field }),
  fc.record({
    kind: fc.constant('regex' as const),
    field,
    pattern: fc.constantFrom(...PATTERNS),
    flags: fc.constantFrom('', 'i'),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    field: fc.constant('Port'),
    op: fc.constantFrom('<' as const, '<=' as const, '=' as const, '>' as const, '>=' as const),
    value: fc.constantFrom(0, 21, 443),
  }),
  fc.record({
    kind: fc.constant('network' as const),
    field: fc.constant('Ip'),
    network: fc.constantFrom('10.0.0.0/8', 'fe80::/10', '10.1.2.3/32'),
  }),
  fc.record({
    kind: fc.constant('fields' as const),
    left: field,
    right: field,
    how: fc.constantFrom('contains' as const, 'ends' as const, 'equals' as const, 'starts' as const),
    cased: fc.boolean(),
  }),
  fc.constant<Condition>({ kind: 'always' }),
)

export const condition: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('tree'), { maxLength: 4 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('tree') }),
  ),
})).tree

const value = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.array(fc.constantFrom(...TEXTS), { maxLength: 3 }).map((t) => t.join('')),
  fc.constantFrom('cmd /c echo', 'cmd \t/c', 'AB', 'axb', '7', 'a\n\nb', 'x.EXE', 'C:\\Dir\\x.exe', 'D#', '1b'),
)
export const event: fc.Arbitrary<Event> = fc
  .record(
    {
      Image: value,
      CommandLine: value,
      User: value,
      Port: fc.constantFrom('0', '20', '21', '22', '443', '65535'),
      Ip: fc.constantFrom('10.1.2.3', '11.0.0.1', 'fe80::1', '2001:db8::1'),
    },
    { requiredKeys: [] },
  )
  .map((e) => Object.fromEntries(Object.entries(e).filter(([, v]) => v !== undefined)) as Event)

/** Case folding of platforms is that of Unicode; the texts of these tests have no letter where they differ. */
export const fold = (t: string): string => (isCased(t) ? t.toLowerCase() : t)
