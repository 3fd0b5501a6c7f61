// Networks as patterns of their addresses, for Sumo Logic: its compareCIDRPrefix takes IPv4 only, and in a search drops every event with another value.
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'

/** A pattern of the whole address, without anchors. Undefined: the network cannot be told from the text of an address. */
export function addressPattern(network: string): string | undefined {
  const [address = '', length = ''] = network.split('/')
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1]
  if (mapped !== undefined) return Number(length) < 96 ? undefined : `::ffff:${version4(mapped, Number(length) - 96)}`
  return address.includes(':') ? version6(address, Number(length)) : version4(address, Number(length))
}

function version4(address: string, bits: number): string {
  const octets = address.split('.').map(Number)
  return octets
    .map((o, i) => {
      const known = Math.max(0, Math.min(8, bits - i * 8))
      if (known === 0) return OCTET
      const size = 2 ** (8 - known)
      const from = Math.floor(o / size) * size
      return numbers(from, from + size - 1)
    })
    .join('\\.')
}

/** The decimal numbers from a to b. */
function numbers(a: number, b: number): string {
  if (a === b) return String(a)
  const parts: string[] = []
  let from = a
  while (from <= b) {
    // As many numbers as share all digits but the last ones.
    const step = [100, 10].find((s) => from % s === 0 && from + s - 1 <= b && from >= s) ?? 0
    if (step > 0) {
      const head = String(from / step)
      parts.push(head + '[0-9]'.repeat(step === 100 ? 2 : 1))
      from += step
    } else {
      const end = Math.min(b, Math.floor(from / 10) * 10 + 9)
      const head = from < 10 ? '' : String(Math.floor(from / 10))
      parts.push(from === end ? String(from) : `${head}[${from % 10}-${end % 10}]`)
      from = end + 1
    }
  }
  return parts.length === 1 ? (parts[0] as string) : `(?:${parts.join('|')})`
}

/** Of the short form of RFC 5952. A network whose known groups are zero is known by what follows them. */
function version6(address: string, bits: number): string | undefined {
  const groups = expanded(address)
  if (!groups) return undefined
  if (bits === 128) return short(groups)
  const full = Math.floor(bits / 16)
  const known = groups.slice(0, full)
  const rest = bits % 16
  if (known.some((g) => g === 0) || (full === 0 && rest === 0)) {
    return known.every((g) => g === 0) && bits >= 112 ? `::[0-9a-f]{0,4}` : undefined
  }
  const partial = rest === 0 ? '' : group(groups[full] ?? 0, rest)
  if (partial === undefined) return undefined
  return `${known.map((g) => `${g.toString(16)}:`).join('')}${partial}${rest === 0 ? '' : ':'}[0-9a-f:.]*`
}

/** A group whose first `bits` bits are known. Its first digit must be, or the short form has another length. */
function group(value: number, bits: number): string | undefined {
  if (value >> 12 === 0) return undefined
  const digits = value.toString(16)
  return [...digits]
    .map((d, i) => {
      const known = Math.max(0, Math.min(4, bits - i * 4))
      if (known === 4) return d
      if (known === 0) return '[0-9a-f]'
      const size = 2 ** (4 - known)
      const from = Math.floor(Number.parseInt(d, 16) / size) * size
      const all = [...Array(size).keys()].map((k) => (from + k).toString(16)).join('')
      return `[${all}]`
    })
    .join('')
}

function expanded(address: string): number[] | undefined {
  const [head = '', tail] = address.split('::')
  const parse = (t: string): number[] => (t === '' ? [] : t.split(':').map((g) => Number.parseInt(g, 16)))
  const [a, b] = [parse(head), tail === undefined ? [] : parse(tail)]
  const zeros = tail === undefined ? [] : new Array<number>(Math.max(0, 8 - a.length - b.length)).fill(0)
  const all = [...a, ...zeros, ...b]
  return all.length === 8 && all.every((g) => g >= 0 && g <= 0xffff) ? all : undefined
}

function short(groups: readonly number[]): string {
  const text = groups.map((g) => g.toString(16)).join(':')
  const runs = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)
  const [longest] = runs
  if (!longest) return text
  const out = `${text.slice(0, longest.index)}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`
  return out.replace(/:{3,}/g, '::')
}
