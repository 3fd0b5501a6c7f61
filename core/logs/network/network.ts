// Fields that the network view (views/network.ts) reads from an event, under names that no query language can spell. A format whose events
// have these fields declares `views: ['network']`.
import { byName } from '../../text/by-name.ts'

export const NETWORK = 'network:'

/**
 * - `key`: records of one connection have the same key, and starts within two seconds. Empty: the record is a connection of its own. Absent:
 *   it is no connection.
 * - `start`, `end`: microseconds since 1970 UTC as digits. `duration`: seconds.
 * - `rank`: a number; a field of the connection comes from the record with the highest rank that has the field.
 * - `action`: `allow` or `deny`; `vendor_action` as logged; `policy`: `allow` or `deny` where a policy decided.
 * - `established`: `true` if the other side answered, `false` if not, absent if unknown.
 * - `inferred`: `true` if the direction or start was concluded and not logged.
 * - `role`: `control` for a session of FTP or a request of TFTP, `data` for a connection that the source itself ties to one. Absent where the
 *   source does not tell.
 * - `hit_count`: number of connections that the record reports. Not `count`: languages give that name to their aggregates.
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

/** All fields of a connection. */
export const CONNECTION: readonly string[] = [...NETWORK_FIELDS, 'key', 'rank', 'start', 'end', 'role'].map(
  (name) => NETWORK + name,
)

const PROTOCOLS: Readonly<Record<string, string>> = byName({
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '47': 'gre',
  '50': 'esp',
  '58': 'icmp6',
  '132': 'sctp',
})

/** The protocol's name in lower case, also for the usual numbers. */
export const protocolName = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : (PROTOCOLS[text] ?? text.toLowerCase())

/** Sum of two byte counts; absent if both are. */
export function plus(a: string | undefined, b: string | undefined): string | undefined {
  if (!isCount(a)) return isCount(b) ? b : undefined
  return isCount(b) ? String(BigInt(a) + BigInt(b)) : a
}

export const isCount = (text: string | undefined): text is string => text !== undefined && /^\d{1,30}$/.test(text)
export const yes = (is: boolean | undefined): string | undefined =>
  is === undefined ? undefined : is ? 'true' : 'false'

/** Microseconds since 1970, that many seconds before the time, as digits. */
export const before = (time: bigint | undefined, seconds: string | undefined): string | undefined =>
  time === undefined ? undefined : String(isCount(seconds) ? time - BigInt(seconds) * 1_000_000n : time)

/** Ports of services above the reserved ones. Ephemeral ports begin at 32768 (Linux) or 49152. */
export const SERVICE_PORTS: readonly string[] = [
  1080, 1194, 1433, 1521, 1701, 1723, 1812, 1813, 1883, 1935, 2049, 2083, 2222, 3000, 3128, 3268, 3269, 3306, 3389,
  3478, 3690, 4433, 4443, 4500, 5000, 5044, 5060, 5061, 5222, 5353, 5432, 5671, 5672, 5900, 5938, 5985, 5986, 6379,
  6443, 6514, 6667, 8000, 8001, 8008, 8080, 8081, 8088, 8089, 8443, 8883, 8888, 9000, 9001, 9090, 9092, 9200, 9418,
  9443, 9997, 10000, 11211, 27017,
].map(String)
const SERVICES = new Set(SERVICE_PORTS.map(Number))

/** The port of the service: a reserved one before a known one, before the lower one. */
export function serviceSide(first: string, second: string): 'first' | 'second' {
  const [a, b] = [weight(Number(first)), weight(Number(second))]
  if (a !== b) return a < b ? 'first' : 'second'
  return Number(first) <= Number(second) ? 'first' : 'second'
}

const weight = (port: number): number => (port < 1024 ? 0 : SERVICES.has(port) ? 1 : port < 32768 ? 2 : 3)
