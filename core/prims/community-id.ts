// Community ID, version 1 (github.com/corelight/community-id-spec): one name for both directions of a flow.
import { byName } from '../text/by-name.ts'
import { sha1 } from '@noble/hashes/legacy.js'
import { base64Text } from './bytes.ts'
import { type Address, parseAddress } from './ip.ts'

const PROTOCOLS: Readonly<Record<string, number>> = byName({
  icmp: 1,
  tcp: 6,
  udp: 17,
  icmp6: 58,
  'ipv6-icmp': 58,
  sctp: 132,
})
const ICMP = 1
const ICMP6 = 58
const WITH_PORTS = new Set([6, 17, 132])
/** Pairs of request and reply types, by protocol. Other types have one direction and are never reversed. */
const PAIRS: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  [ICMP]: [
    [8, 0],
    [13, 14],
    [15, 16],
    [10, 9],
    [17, 18],
  ],
  [ICMP6]: [
    [128, 129],
    [133, 134],
    [135, 136],
    [130, 131],
    [144, 145],
    [139, 140],
  ],
}

/** For ICMP the ports are type and code. Null: an argument is not an address, protocol or port. */
export function communityId(
  proto: string,
  source: string,
  target: string,
  sourcePort: string | null,
  targetPort: string | null,
  seed: number,
): string | null {
  const protocol = PROTOCOLS[proto.toLowerCase()] ?? numberIn(proto, 255)
  const [a, b] = [parseAddress(source), parseAddress(target)]
  if (protocol === null || !a || !b || a.bits !== b.bits) return null
  const ports = portsOf(protocol, sourcePort, targetPort)
  if (ports === null) return null
  let [from, to] = [
    { address: a, port: ports.from },
    { address: b, port: ports.to },
  ]
  const turned = from.address.value === to.address.value ? (from.port ?? 0) > (to.port ?? 0) : a.value > b.value
  if (turned && !ports.oneWay) [from, to] = [to, from]
  const bytes = [...pair(seed), ...bytesOf(from.address), ...bytesOf(to.address), protocol, 0]
  if (from.port !== null && to.port !== null) bytes.push(...pair(from.port), ...pair(to.port))
  return `1:${base64Text(sha1(Uint8Array.from(bytes)))}`
}

interface Ports {
  readonly from: number | null
  readonly to: number | null
  readonly oneWay: boolean
}
function portsOf(protocol: number, source: string | null, target: string | null): Ports | null {
  const [from, to] = [numberIn(source, 65_535), numberIn(target, 65_535)]
  if (WITH_PORTS.has(protocol)) return from === null || to === null ? null : { from, to, oneWay: false }
  const pairs = PAIRS[protocol]
  if (!pairs) return { from: null, to: null, oneWay: false }
  if (from === null) return null
  for (const [x, y] of pairs) {
    if (from === x) return { from, to: y, oneWay: false }
    if (from === y) return { from, to: x, oneWay: false }
  }
  return to === null ? null : { from, to, oneWay: true }
}

function numberIn(text: string | null, most: number): number | null {
  if (text === null || !/^[0-9]{1,5}$/.test(text)) return null
  const n = Number(text)
  return n <= most ? n : null
}
const pair = (n: number): number[] => [(n >> 8) & 255, n & 255]
const bytesOf = ({ bits, value }: Address): number[] =>
  Array.from({ length: bits / 8 }, (_, i) => Number((value >> BigInt(bits - 8 - 8 * i)) & 255n))
