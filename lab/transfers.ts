// The transfers of a run: host inside, server outside, protocol and size. A seed chooses hosts, sizes and order, so that a run can be
// repeated exactly.

export type Way =
  | 'ftp-epsv'
  | 'ftp-pasv'
  | 'ftp-active'
  | 'ftp-tls'
  | 'ftps-implicit'
  | 'ftp-proftpd'
  | 'ftp-pureftpd'
  | 'ftp-tnftp'
  | 'tftp'
  | 'smb'
  | 'refused'
  | 'many-small'
  | 'ftp-download'
  | 'https-beside'
  | 'ftp-beside'

export interface Transfer {
  readonly way: Way
  readonly host: string
  readonly server: string
  readonly port: number
  /** Bytes of each file. */
  readonly size: number
  readonly times: number
  /** `out`: files leave the office; `in`: they come; `none`: the server refuses. */
  readonly direction: 'in' | 'none' | 'out'
  /** The reason why T1071.002 must report the pair of host and server. Null: it must stay quiet. */
  readonly expected: 'count' | 'volume' | null
}

const MEGABYTE = 1 << 20
const WAYS: readonly (Pick<Transfer, 'way' | 'port' | 'direction' | 'expected'> & { small?: true; times?: number })[] =
  [
    { way: 'ftp-epsv', port: 21, direction: 'out', expected: 'volume' },
    { way: 'ftp-pasv', port: 21, direction: 'out', expected: 'volume' },
    { way: 'ftp-active', port: 21, direction: 'out', expected: 'volume' },
    { way: 'ftp-tls', port: 21, direction: 'out', expected: 'volume' },
    { way: 'ftps-implicit', port: 990, direction: 'out', expected: 'volume' },
    { way: 'ftp-proftpd', port: 21, direction: 'out', expected: 'volume' },
    { way: 'ftp-pureftpd', port: 21, direction: 'out', expected: 'volume' },
    { way: 'ftp-tnftp', port: 21, direction: 'out', expected: 'volume' },
    { way: 'tftp', port: 69, direction: 'out', expected: 'volume' },
    { way: 'smb', port: 445, direction: 'out', expected: 'volume' },
    { way: 'refused', port: 990, direction: 'none', expected: null, times: 5 },
    { way: 'many-small', port: 21, direction: 'out', expected: 'count', small: true, times: 6 },
    { way: 'ftp-download', port: 21, direction: 'in', expected: null },
    { way: 'https-beside', port: 443, direction: 'out', expected: null },
    { way: 'ftp-beside', port: 21, direction: 'out', expected: 'volume' },
  ]

/** Numbers in [0, 1) from a seed (mulberry32, public domain). */
export function random(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** The office's hosts. */
export function hostsOf(seed: number): readonly string[] {
  const next = random(seed)
  return Array.from({ length: 3 }, () => `10.44.${Math.floor(next() * 4)}.${10 + Math.floor(next() * 200)}`)
}

/** One transfer of each way. The seed decides order, hosts and sizes: `megabytes`, and up to five more. */
export function planTransfers(seed: number, megabytes = 11): readonly Transfer[] {
  const next = random(seed + 2)
  const hosts = hostsOf(seed)
  const shuffled = WAYS.map((way) => ({ way, key: next() })).sort((a, b) => a.key - b.key)
  return shuffled.map(({ way: { small, times = 1, ...way } }, i) => ({
    ...way,
    times,
    // smbclient cannot choose its address and uses the first of the interface.
    host: hosts[way.way === 'smb' ? 0 : Math.floor(next() * hosts.length)] as string,
    server: `203.0.113.${21 + i}`,
    size:
      way.way === 'refused'
        ? 0
        : small
          ? 400 + Math.floor(next() * 400)
          : (megabytes + Math.floor(next() * 6)) * MEGABYTE,
  }))
}
