// Texts that hide texts, and how random a text looks.
import { flagConst, textConst } from '../kit.ts'
import { type Law, type Prim, scalar, type Tail, tail } from '../prim.ts'

const only: Tail = tail('engines decode bad input differently')
const text1 = [['text', 'str']] as const

const entropy = scalar({
  id: 'str.entropy',
  doc: 'Shannon entropy of the code points in bits; 0 for an empty text.',
  params: text1,
  consts: {},
  returns: 'num',
  nulls: 'propagate',
  js: () => (text: string) => {
    const counts = new Map<string, number>()
    let n = 0
    for (const c of text) {
      counts.set(c, (counts.get(c) ?? 0) + 1)
      n++
    }
    let bits = 0
    for (const k of counts.values()) bits -= (k / n) * Math.log2(k / n)
    return bits
  },
  sql: {
    duckdb: tail('entropy needs counts per character of each text'),
    clickhouse: tail('entropy needs counts per character of each text'),
  },
  laws: [
    { args: ['aabb'], gives: 1 },
    { args: ['abcd'], gives: 2 },
    { args: [''], gives: 0 },
    { args: [null], gives: null },
  ],
})

/** Shorter encodings exist below these. */
const LEAST = [0, 0x80, 0x800, 0x10000]
/** UTF-8 bytes → text; bad bytes become U+FFFD. Written out because core has neither Buffer nor TextDecoder in its types. */
function utf8Text(bytes: readonly number[]): string {
  let out = ''
  for (let i = 0; i < bytes.length; ) {
    const b = bytes[i] as number
    const more = b < 0x80 ? 0 : b >= 0xc2 && b < 0xe0 ? 1 : b >= 0xe0 && b < 0xf0 ? 2 : b >= 0xf0 && b < 0xf5 ? 3 : -1
    const rest = bytes.slice(i + 1, i + 1 + Math.max(more, 0))
    const value = rest.reduce((v, x) => (v << 6) | (x & 63), more <= 0 ? b : b & (0x3f >> more))
    const good =
      more >= 0 &&
      rest.length === more &&
      rest.every((x) => (x & 0xc0) === 0x80) &&
      value >= (LEAST[more] as number) &&
      (value < 0xd800 || value > 0xdfff) &&
      value <= 0x10ffff
    out += good ? String.fromCodePoint(value) : '\ufffd'
    i += good ? 1 + more : 1
  }
  return out
}

const urlDecode = scalar({
  id: 'str.urlDecode',
  doc: 'Percent escapes decoded as UTF-8 (bad bytes: U+FFFD; an escape that is none stays); `plus`: `+` is a space.',
  params: text1,
  consts: { plus: 'Take `+` as a space (default false).' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const plus = flagConst(c, 'plus')
    return (text: string) =>
      (plus ? text.replaceAll('+', ' ') : text).replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
        utf8Text(
          run
            .slice(1)
            .split('%')
            .map((h) => Number.parseInt(h, 16)),
        ),
      )
  },
  sql: { duckdb: only, clickhouse: only },
  laws: [
    { args: ['a%20b%C3%A9'], consts: {}, gives: 'a bé' },
    { args: ['100%'], consts: {}, gives: '100%' },
    { args: ['%ff%41'], consts: {}, gives: '\ufffdA' },
    { args: ['a+b'], consts: { plus: true }, gives: 'a b' },
    { args: [null], consts: {}, gives: null },
  ],
})

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** Standard or URL alphabet, padding optional, white space ignored; null if it is not base64. */
function base64Bytes(text: string): number[] | null {
  const clean = text
    .replace(/[\t-\r ]/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '')
  if (clean.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(clean)) return null
  const out: number[] = []
  let bits = 0
  let held = 0
  for (const c of clean) {
    bits = ((bits << 6) | ALPHABET.indexOf(c)) & 0xfff
    held += 6
    if (held >= 8) {
      held -= 8
      out.push((bits >> held) & 255)
    }
  }
  return out
}
const utf16le = (bytes: readonly number[]): string => {
  let out = ''
  for (let i = 0; i + 1 < bytes.length; i += 2)
    out += String.fromCharCode((bytes[i] as number) | ((bytes[i + 1] as number) << 8))
  return out.replace(/\p{Surrogate}/gu, '\ufffd')
}
const decoders: Readonly<Record<string, (bytes: readonly number[]) => string>> = {
  'UTF-8': utf8Text,
  'UTF-16LE': utf16le,
  'ISO-8859-1': (bytes) => bytes.map((b) => String.fromCharCode(b)).join(''),
}
const base64Decode = scalar({
  id: 'str.base64Decode',
  doc: 'Base64 (either alphabet, padding optional) decoded with a charset; absent if it is not base64.',
  params: text1,
  consts: { charset: 'UTF-8 (default), UTF-16LE or ISO-8859-1.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const decode = decoders[textConst(c, 'charset', 'UTF-8').toUpperCase()] ?? utf8Text
    return (text: string) => {
      const bytes = base64Bytes(text)
      return bytes && decode(bytes)
    }
  },
  sql: { duckdb: only, clickhouse: only },
  laws: [
    { args: ['aMOp'], consts: {}, gives: 'hé' },
    { args: ['aGk='], consts: {}, gives: 'hi' },
    { args: ['aGk'], consts: {}, gives: 'hi' },
    { args: ['aABpAA=='], consts: { charset: 'UTF-16LE' }, gives: 'hi' },
    { args: ['6Q=='], consts: { charset: 'ISO-8859-1' }, gives: 'é' },
    { args: ['a!b'], consts: {}, gives: null },
    { args: [''], consts: {}, gives: '' },
    { args: [null], consts: {}, gives: null },
  ] satisfies Law[] as unknown as readonly [Law, ...Law[]],
})

export const decodes: readonly Prim[] = [entropy, urlDecode, base64Decode]
