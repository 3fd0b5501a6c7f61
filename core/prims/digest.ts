// MD5 (RFC 1321), SHA-1 (RFC 3174) and SHA-256 (FIPS 180-4) of texts as UTF-8. Core has no crypto of its host.

/** UTF-8; lone surrogates become U+FFFD. */
export function utf8Bytes(text: string): number[] {
  const out: number[] = []
  for (const c of text.toWellFormed()) {
    const p = c.codePointAt(0) as number
    if (p < 0x80) out.push(p)
    else if (p < 0x800) out.push(0xc0 | (p >> 6), 0x80 | (p & 63))
    else if (p < 0x10000) out.push(0xe0 | (p >> 12), 0x80 | ((p >> 6) & 63), 0x80 | (p & 63))
    else out.push(0xf0 | (p >> 18), 0x80 | ((p >> 12) & 63), 0x80 | ((p >> 6) & 63), 0x80 | (p & 63))
  }
  return out
}

/** The message with its padding as 32-bit words, 16 a block. MD5 counts bytes from the low end of a word. */
function words(bytes: readonly number[], littleEndian: boolean): Uint32Array {
  const blocks = Math.floor((bytes.length + 8) / 64) + 1
  const padded = new Uint8Array(blocks * 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  const bits = bytes.length * 8
  view.setUint32(padded.length - (littleEndian ? 8 : 4), bits >>> 0, littleEndian)
  view.setUint32(padded.length - (littleEndian ? 4 : 8), Math.floor(bits / 2 ** 32), littleEndian)
  return Uint32Array.from({ length: blocks * 16 }, (_, i) => view.getUint32(i * 4, littleEndian))
}
const left = (x: number, n: number): number => (x << n) | (x >>> (32 - n))
const right = (x: number, n: number): number => (x >>> n) | (x << (32 - n))
const at = (list: ArrayLike<number>, i: number): number => list[i] as number

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
const MD5_SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) >>> 0)

function md5Step(i: number, b: number, c: number, d: number): readonly [mix: number, word: number] {
  if (i < 16) return [(b & c) | (~b & d), i]
  if (i < 32) return [(d & b) | (~d & c), (5 * i + 1) % 16]
  if (i < 48) return [b ^ c ^ d, (3 * i + 5) % 16]
  return [c ^ (b | ~d), (7 * i) % 16]
}

export function md5(bytes: readonly number[]): number[] {
  const message = words(bytes, true)
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let block = 0; block < message.length; block += 16) {
    let [a, b, c, d] = state as [number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const [mix, word] = md5Step(i, b, c, d)
      const sum = (a + mix + at(MD5_SINES, i) + at(message, block + word)) | 0
      ;[a, d, c, b] = [d, c, b, (b + left(sum, at(MD5_SHIFTS, (i >> 4) * 4 + (i % 4)))) | 0]
    }
    ;[a, b, c, d].forEach((x, i) => {
      state[i] = (at(state, i) + x) | 0
    })
  }
  return bytesOf(state, true)
}

export function sha1(bytes: readonly number[]): number[] {
  const message = words(bytes, false)
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
  const w = new Int32Array(80)
  for (let block = 0; block < message.length; block += 16) {
    for (let i = 0; i < 80; i++)
      w[i] = i < 16 ? at(message, block + i) : left(at(w, i - 3) ^ at(w, i - 8) ^ at(w, i - 14) ^ at(w, i - 16), 1)
    let [a, b, c, d, e] = state as [number, number, number, number, number]
    for (let i = 0; i < 80; i++) {
      const [mix, k] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6]
      ;[e, d, c, b, a] = [d, c, left(b, 30), a, (left(a, 5) + mix + e + k + at(w, i)) | 0]
    }
    ;[a, b, c, d, e].forEach((x, i) => {
      state[i] = (at(state, i) + x) | 0
    })
  }
  return bytesOf(state, false)
}

/** The first `count` primes. */
function primes(count: number): number[] {
  const out: number[] = []
  for (let n = 2; out.length < count; n++) if (out.every((p) => n % p !== 0)) out.push(n)
  return out
}
/** The first 32 bits behind the point. Exact for the roots used: checked against the published vectors by the laws. */
const fraction = (x: number): number => Math.floor((x - Math.floor(x)) * 2 ** 32) >>> 0
const SHA256_K = primes(64).map((p) => fraction(Math.cbrt(p)))
const SHA256_START = primes(8).map((p) => fraction(Math.sqrt(p)))

export function sha256(bytes: readonly number[]): number[] {
  const message = words(bytes, false)
  const state = [...SHA256_START]
  const w = new Int32Array(64)
  for (let block = 0; block < message.length; block += 16) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) {
        w[i] = at(message, block + i)
        continue
      }
      const [x, y] = [at(w, i - 15), at(w, i - 2)]
      const s0 = right(x, 7) ^ right(x, 18) ^ (x >>> 3)
      const s1 = right(y, 17) ^ right(y, 19) ^ (y >>> 10)
      w[i] = (at(w, i - 16) + s0 + at(w, i - 7) + s1) | 0
    }
    const s = [...state]
    for (let i = 0; i < 64; i++) {
      const [a, b, c, d, e, f, g, h] = s as [number, number, number, number, number, number, number, number]
      const big1 = right(e, 6) ^ right(e, 11) ^ right(e, 25)
      const one = (h + big1 + ((e & f) ^ (~e & g)) + at(SHA256_K, i) + at(w, i)) | 0
      const big0 = right(a, 2) ^ right(a, 13) ^ right(a, 22)
      const two = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      s.splice(0, 8, (one + two) | 0, a, b, c, (d + one) | 0, e, f, g)
    }
    s.forEach((x, i) => {
      state[i] = (at(state, i) + x) | 0
    })
  }
  return bytesOf(state, false)
}

function bytesOf(state: readonly number[], littleEndian: boolean): number[] {
  const view = new DataView(new ArrayBuffer(state.length * 4))
  state.forEach((x, i) => {
    view.setInt32(i * 4, x | 0, littleEndian)
  })
  return Array.from(new Uint8Array(view.buffer))
}

export const hexText = (bytes: readonly number[]): string => bytes.map((b) => b.toString(16).padStart(2, '0')).join('')
