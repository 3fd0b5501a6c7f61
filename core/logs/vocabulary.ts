// One fact, many names. Here are the names of common schemas (Sumo Logic, ECS, CIM, OCSF); formats add their own (`FormatRecord.facts`).
import type { Fact } from './format.ts'
import { formats } from './registry.ts'

/** A name stands for one fact only. */
const COMMON: Readonly<Record<Fact, readonly string[]>> = {
  'source address': ['src_ip', 'source.ip', 'src_endpoint.ip', 'SourceIP', 'src_host'],
  'source port': ['src_port', 'source.port', 'src_endpoint.port', 'sport'],
  'destination address': ['dest_ip', 'dst_ip', 'destination.ip', 'dst_endpoint.ip', 'DestinationIP', 'dest_host'],
  'destination port': ['dest_port', 'dst_port', 'destination.port', 'dst_endpoint.port', 'dport'],
  protocol: ['protocol', 'proto', 'network.transport', 'connection_info.protocol_name'],
  action: ['action', 'event.action', 'Action'],
  'bytes sent': ['bytes_out', 'source.bytes', 'traffic.bytes_out', 'BytesSent'],
  'bytes received': ['bytes_in', 'bytes_received', 'destination.bytes', 'traffic.bytes_in', 'BytesReceived'],
  user: ['user', 'user.name', 'actor.user.name'],
  process: ['process_name', 'process.executable'],
  host: ['host', 'host.name', 'device', 'device_name'],
  session: ['session_id'],
}

export const vocabulary: ReadonlyMap<Fact, readonly string[]> = new Map(
  (Object.keys(COMMON) as Fact[]).map((fact) => [
    fact,
    [...new Set([...COMMON[fact], ...formats.flatMap((f) => f.facts?.[fact] ?? [])])],
  ]),
)

/** Other names of the same fact, among the names of the telemetry; spellings in another case come first. */
export function otherNames(name: string, available: readonly string[]): string[] {
  const isSame = (n: string): boolean => n.toLowerCase() === name.toLowerCase()
  const names = [...vocabulary.values()].filter((of) => of.some(isSame)).flat()
  return [...new Set([...available.filter(isSame), ...names.filter((n) => available.includes(n))])].filter(
    (n) => n !== name,
  )
}
