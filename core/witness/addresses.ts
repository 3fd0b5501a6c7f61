// Addresses inside and outside networks, and those that look alike.
import { parseAddress } from '../prims/ip.ts'

interface Net {
  readonly bits: 32 | 128
  readonly first: bigint
  readonly last: bigint
}

export function netOf(text: string): Net | undefined {
  const [address = '', prefix] = text.split('/')
  const parsed = parseAddress(address)
  if (!parsed) return undefined
  const length = prefix === undefined ? parsed.bits : Number(prefix)
  if (!Number.isInteger(length) || length < 0 || length > parsed.bits) return undefined
  const host = BigInt(parsed.bits - length)
  const first = (parsed.value >> host) << host
  return { bits: parsed.bits, first, last: first + (1n << host) - 1n }
}

export function addressText(value: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((s) => String((value >> s) & 0xffn)).join('.')
  return Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':')
}

/** The first, the second and the last address of a network. */
export function insideOf(net: Net): string[] {
  const all = net.last - net.first > 2n ? [net.first + 1n, net.first + 5n, net.last, net.first] : [net.first, net.last]
  return all.filter((v) => v <= net.last).map((v) => addressText(v, net.bits))
}

/** The neighbours of a network, and a text that contains an address of it. */
export function besideOf(net: Net): string[] {
  const most = (1n << BigInt(net.bits)) - 1n
  const out = [net.last + 1n, net.first - 1n].filter((v) => v >= 0n && v <= most).map((v) => addressText(v, net.bits))
  return net.bits === 32 ? [...out, `1${addressText(net.first, 32)}`] : out
}

const OUTSIDE = ['198.51.100.7', '8.8.8.8', '203.0.113.9', '2001:db8::7', '10.0.0.1', '192.168.1.1', '172.16.0.1']

export function addressesFor(
  hints: readonly { readonly nets: readonly string[]; readonly inside: boolean }[],
  variant: number,
): string[] {
  if (hints.length === 0) return []
  const each = hints.map((h) => ({ inside: h.inside, nets: h.nets.flatMap((n) => netOf(n) ?? []) }))
  const sized = (inside: boolean): Net[] =>
    each
      .flatMap((h) => (h.inside === inside ? h.nets : []))
      .filter((n) => n.last - n.first < 1n << BigInt(n.bits - 1))
      .sort((x, y) => Number(x.last - x.first - (y.last - y.first)))
  const inside = sized(true)
  const turned = inside.length > 0 ? [...inside.slice(variant % inside.length), ...inside] : []
  const all = [...turned.slice(0, 12).flatMap(insideOf), ...OUTSIDE, ...sized(false).slice(0, 6).flatMap(besideOf)]
  const fits = all.filter((t) => each.every((h) => isWithin(t, h.nets) === h.inside))
  return fits.length > 0 ? fits : all
}

function isWithin(text: string, nets: readonly Net[]): boolean {
  const parsed = parseAddress(text)
  return (
    parsed !== null && nets.some((n) => n.bits === parsed.bits && parsed.value >= n.first && parsed.value <= n.last)
  )
}
