// How names of Next-Gen SIEM follow from the fields of a log: the few forms that parsers use.
import { byName } from '../../text/by-name.ts'
import type { Answer, Answers, ComputedAnswer } from '../format.ts'
import { isCount } from '../network/network.ts'

type Get = (field: string) => string | undefined

/** Always this text. */
export const is =
  (text: string): Answer =>
  () =>
    text

/** No event has it, though it has the prefix of a name that events have. */
export const absent: Answer = () => undefined

/** The first of the fields that has a value. */
export const first = (...fields: readonly string[]): Answer => firstOr(fields)

/** As `first`; where none has a value, another answer. */
export function firstOr(fields: readonly string[], otherwise?: ComputedAnswer): Answer {
  const found: ComputedAnswer = (get) => {
    for (const field of fields) {
      const value = get(field)
      if (value !== undefined && value !== '') return value
    }
    return otherwise?.(get)
  }
  return Object.assign(found, { fields, isOpen: otherwise !== undefined })
}

export const answer = (of: Answer, get: Get): string | undefined => (typeof of === 'string' ? get(of) : of(get))

export const lower =
  (of: Answer): Answer =>
  (get) =>
    answer(of, get)?.toLowerCase()

/** `prefix` before the text of a field, in lower case. */
export const dataset =
  (prefix: string, of: Answer): Answer =>
  (get) => {
    const text = answer(of, get)
    return text === undefined || text === '' ? undefined : `${prefix}.${text.toLowerCase()}`
  }

/** The sum of two counts; absent if one of them is, as a sum in a parser. */
export const sum =
  (a: Answer, b: Answer): Answer =>
  (get) => {
    const [x, y] = [answer(a, get), answer(b, get)]
    return isCount(x) && isCount(y) ? String(BigInt(x) + BigInt(y)) : undefined
  }

/** Another text for each value, case ignored; `*` for all others. */
export const mapped =
  (of: Answer, to: Readonly<Record<string, string>>): Answer =>
  (get) => {
    const text = answer(of, get)?.toLowerCase()
    if (text === undefined) return undefined
    return Object.hasOwn(to, text) ? to[text] : to['*']
  }

/** The answer, where the condition holds. */
export const when =
  (holds: (get: Get) => boolean, of: Answer): Answer =>
  (get) =>
    holds(get) ? answer(of, get) : undefined

/** Elements of an array: `name[0]`, `name[1]`, … up to `most`. */
export function array(name: string, most: number, of: (get: Get) => readonly string[]): Answers {
  const at =
    (i: number): Answer =>
    (get) =>
      of(get)[i]
  return Object.fromEntries(Array.from({ length: most }, (_, i) => [`${name}[${i}]`, at(i)]))
}

/** https://www.iana.org/assignments/protocol-numbers */
const NUMBERS: Readonly<Record<string, string>> = byName({
  '1': 'icmp',
  '2': 'igmp',
  '6': 'tcp',
  '17': 'udp',
  '41': 'ipv6',
  '47': 'gre',
  '50': 'esp',
  '51': 'ah',
  '58': 'ipv6-icmp',
  '89': 'ospf',
  '132': 'sctp',
})
const NAMES: Readonly<Record<string, string>> = byName({
  ...Object.fromEntries(Object.entries(NUMBERS).map(([number, name]) => [name, number])),
  icmp6: '58',
})

/** `network.transport` from a protocol's name or number, and `network.iana_number` from either. */
export const transport = (of: Answer): Answers => ({
  'network.transport': (get) => {
    const text = answer(of, get)?.toLowerCase()
    return text === undefined ? undefined : (NUMBERS[text] ?? text)
  },
  'network.iana_number': (get) => {
    const text = answer(of, get)?.toLowerCase()
    return text === undefined ? undefined : text in NUMBERS ? text : NAMES[text]
  },
})

/** Fields of one end of a connection: the parts that the log has. `address` is the address again, in lower case. */
export function end(
  side: 'client' | 'destination' | 'server' | 'source',
  parts: Readonly<Partial<Record<'bytes' | 'ip' | 'packets' | 'port', Answer>>>,
): Answers {
  const own = Object.entries(parts).map(([part, of]) => [`${side}.${part}`, of as Answer] as const)
  const address = parts.ip === undefined ? [] : [[`${side}.address`, lower(parts.ip)] as const]
  return Object.fromEntries([...own, ...address])
}
