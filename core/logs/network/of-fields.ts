// The connection of a record whose fields hold it under the vendor's names: most firewalls' logs of pairs or columns.
import { before, type NETWORK_FIELDS, plus, protocolName, yes } from './network.ts'

export type Get = (field: string) => string | undefined
type Name = (typeof NETWORK_FIELDS)[number]

export interface Connection {
  /** Is the record about a connection? It needs both addresses anyway. */
  readonly is?: (get: Get) => boolean
  /** Field of the connection → the log's fields; the first with a value counts. */
  readonly fields: Readonly<Partial<Record<Name, readonly string[]>>>
  /** Values that no single field has. They count in place of `fields`: an ICMP message has no port, whatever lies in that field. */
  readonly values?: Readonly<Partial<Record<Name | 'key' | 'rank', (get: Get) => string | undefined>>>
  /** The decision of a policy; left out: the words of `vendor_action` tell it. */
  readonly decision?: (get: Get) => Decision
}

export type Decision = 'allow' | 'deny' | undefined

const DENY = /^(?:deny|denied|drop\w*|discard\w*|block\w*|reject\w*|reset\w*|prevent\w*|fail\w*)\b/i
const ALLOW = /^(?:allow\w*|permit\w*|accept\w*|pass\w*|forward\w*|open\w*|close\w*|built|teardown)\b/i

/** The decision that a vendor's word means. */
export const decisionOf = (word: string | undefined): Decision =>
  word === undefined ? undefined : DENY.test(word) ? 'deny' : ALLOW.test(word) ? 'allow' : undefined

/** A field of the connection (`network.ts`), by its name without the prefix. `get` reads the record, `time` is that of the record, microseconds. */
export function networkOf(
  connection: Connection,
  name: string,
  get: Get,
  time: () => bigint | undefined,
): string | undefined {
  const field = (of: Name): string | undefined => {
    const value = own(connection.values, of)
    return value ? value(get) : first(own(connection.fields, of), get)
  }
  if (field('src_ip') === undefined || field('dest_ip') === undefined || connection.is?.(get) === false)
    return undefined
  switch (name) {
    case 'key':
    case 'rank':
      return connection.values?.[name]?.(get) ?? (name === 'key' ? '' : '0')
    case 'start':
      return before(time(), field('duration'))
    case 'end':
      return before(time(), '0')
    case 'action':
    case 'policy':
      return connection.decision ? connection.decision(get) : decisionOf(field('vendor_action'))
    case 'established': {
      const known = field('established')
      const back = field('bytes_in')
      if (known !== undefined) return known
      if (networkOf(connection, 'action', get, time) === 'deny') return 'false'
      return back !== undefined && /^\d+$/.test(back) ? yes(Number(back) > 0) : undefined
    }
    case 'bytes':
      return field('bytes') ?? plus(field('bytes_out'), field('bytes_in'))
    case 'protocol':
      return protocolName(field('protocol'))
    default:
      return field(name as Name)
  }
}

/** A query may ask for any name. */
const own = <T>(table: Readonly<Partial<Record<string, T>>> | undefined, name: string): T | undefined =>
  table && Object.hasOwn(table, name) ? table[name] : undefined

/** Logs write nothing, or one of these, where there is no value. */
const NOTHING = new Set(['', '-', 'N/A', 'n/a'])

function first(names: readonly string[] | undefined, get: Get): string | undefined {
  for (const name of names ?? []) {
    const value = get(name)
    if (value !== undefined && !NOTHING.has(value)) return value
  }
  return undefined
}
