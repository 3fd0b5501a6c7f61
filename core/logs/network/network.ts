// What the network view (views/network.ts) reads from an event, under names that no query language can spell.
// A format that knows connections answers to them; nothing else is needed to take part in the view.

export const NETWORK = 'network:'

/**
 * - `key`: records of one connection have the same key and starts within two seconds of each other; no key: the record is no connection.
 *   Empty: the record is a connection of its own.
 * - `start`, `end`: microseconds since 1970 UTC as digits. `duration`: seconds.
 * - `rank`: a number; of several records of a connection the value of the highest rank that has one is taken.
 * - `action`: `allow` or `deny`; `vendor_action` as logged; `policy`: `allow` or `deny` where a policy decided.
 * - `established`: `true` if the other side answered, `false` if not, absent if the records do not tell.
 * - `inferred`: `true` where something that no record says was concluded (direction, start).
 * - `hit_count`: how many connections the record stands for, if it says so. Not `count`: that is what languages name their aggregates.
 */
export const NETWORK_FIELDS = [
  'src_ip',
  'src_port',
  'dest_ip',
  'dest_port',
  'protocol',
  'action',
  'vendor_action',
  'policy',
  'established',
  'bytes_out',
  'bytes_in',
  'bytes',
  'duration',
  'user',
  'device',
  'session_id',
  'inferred',
  'rule',
  'app',
  'nat_src_ip',
  'nat_dest_ip',
  'hit_count',
] as const
export type NetworkField = (typeof NETWORK_FIELDS)[number]
export type NetworkName = NetworkField | 'end' | 'key' | 'rank' | 'start'

const PROTOCOLS: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '47': 'gre',
  '50': 'esp',
  '58': 'icmp6',
  '132': 'sctp',
}

/** Protocol names in lower case; the numbers of the usual ones as names. */
export const protocolName = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : (PROTOCOLS[text] ?? text.toLowerCase())

/** Sum of two byte counts, absent if neither is there. */
export function plus(a: string | undefined, b: string | undefined): string | undefined {
  if (!isCount(a)) return isCount(b) ? b : undefined
  return isCount(b) ? String(BigInt(a) + BigInt(b)) : a
}

export const isCount = (text: string | undefined): text is string => text !== undefined && /^\d{1,30}$/.test(text)
export const yes = (is: boolean | undefined): string | undefined =>
  is === undefined ? undefined : is ? 'true' : 'false'

/** Microseconds before a time. */
export const before = (time: bigint | undefined, seconds: string | undefined): string | undefined =>
  time === undefined ? undefined : String(isCount(seconds) ? time - BigInt(seconds) * 1_000_000n : time)

/** Ports of services above the reserved ones that connections are made to; ephemeral ports begin at 32768 (Linux) or 49152. */
const SERVICES = new Set([
  1194, 1433, 1521, 1701, 1723, 1812, 1813, 1883, 2049, 2083, 2222, 3128, 3268, 3269, 3306, 3389, 3478, 4500, 5060,
  5061, 5222, 5353, 5432, 5671, 5672, 5900, 5985, 5986, 6379, 6514, 6667, 8000, 8008, 8080, 8088, 8443, 8883, 8888,
  9000, 9090, 9092, 9200, 9443, 10000, 11211, 27017,
])

/** Which of two ports is the service: the first, the second; by reserved, then known, then lower number. */
export function serviceSide(first: string, second: string): 'first' | 'second' {
  const [a, b] = [weight(Number(first)), weight(Number(second))]
  if (a !== b) return a < b ? 'first' : 'second'
  return Number(first) <= Number(second) ? 'first' : 'second'
}

const weight = (port: number): number => (port < 1024 ? 0 : SERVICES.has(port) ? 1 : port < 32768 ? 2 : 3)
