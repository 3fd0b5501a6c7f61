// Base64 and percent encoding.
import { byName } from '../../text/by-name.ts'
import { base64Bytes, base64Text, utf8Bytes, utf8Text } from '../bytes.ts'
import { flagConst, textConst, textMap } from '../kit.ts'
import { inEngines } from '../forms/engines.ts'
import { base64Decoded, base64Encoded, urlDecoded, urlEncoded } from '../forms/text-bytes.ts'
import { type Law, type Prim, scalar, tail } from '../prim.ts'

const text1 = [['text', 'str']] as const

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
        utf8Text(Uint8Array.from(run.slice(1).split('%'), (h) => Number.parseInt(h, 16))),
      )
  },
  sql: inEngines((sql, dialect, x, c) => {
    const text = flagConst(c, 'plus') ? sql`replace(${x}, '+', ' ')` : x
    return urlDecoded(sql, dialect, text)
  }),
  laws: [
    {
      args: ['%C3é%e2%82a%F0%9F%98%80%f0%9f%98%ED%A0%80%00%'],
      consts: {},
      gives: '\ufffdé\ufffda\u{1F600}\ufffd\ufffd\ufffd\ufffd\0%',
    },
    { args: ['a%20b%C3%A9'], consts: {}, gives: 'a bé' },
    { args: ['100%'], consts: {}, gives: '100%' },
    { args: ['%ff%41'], consts: {}, gives: '\ufffdA' },
    { args: ['a+b'], consts: { plus: true }, gives: 'a b' },
    { args: [null], consts: {}, gives: null },
  ],
})

const BAD = '\ufffd'

const utf16 = (bytes: Uint8Array, little: boolean): string => {
  let out = ''
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let i = 0; i + 1 < bytes.length; i += 2) out += String.fromCharCode(view.getUint16(i, little))
  return out.replace(/\p{Surrogate}/gu, BAD)
}
const utf32 = (bytes: Uint8Array, little: boolean): string => {
  let out = ''
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let i = 0; i + 3 < bytes.length; i += 4) {
    const code = view.getUint32(i, little)
    out += code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? BAD : String.fromCodePoint(code)
  }
  return out
}
const startsWith = (bytes: Uint8Array, ...mark: number[]): boolean => mark.every((b, i) => bytes[i] === b)

/** Without an order of bytes in its name a charset has it in a mark, or the high byte first, as Java decodes it. */
const decoders: Readonly<Record<string, (bytes: Uint8Array) => string>> = byName({
  'UTF-8': utf8Text,
  'US-ASCII': (bytes) => Array.from(bytes, (b) => (b < 128 ? String.fromCharCode(b) : BAD)).join(''),
  'UTF-16': (bytes) => {
    const marked = startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)
    return utf16(marked ? bytes.subarray(2) : bytes, startsWith(bytes, 0xff, 0xfe))
  },
  'UTF-16BE': (bytes) => utf16(bytes, false),
  'UTF-16LE': (bytes) => utf16(bytes, true),
  'UTF-32': (bytes) => {
    const marked = startsWith(bytes, 0xff, 0xfe, 0, 0) || startsWith(bytes, 0, 0, 0xfe, 0xff)
    return utf32(marked ? bytes.subarray(4) : bytes, startsWith(bytes, 0xff, 0xfe, 0, 0))
  },
  'UTF-32BE': (bytes) => utf32(bytes, false),
  'UTF-32LE': (bytes) => utf32(bytes, true),
  'ISO-8859-1': (bytes) => Array.from(bytes, (b) => String.fromCharCode(b)).join(''),
})
const base64Decode = scalar({
  id: 'str.base64Decode',
  doc: 'Base64 (either alphabet, padding optional) decoded with a charset; absent if it is not base64.',
  params: text1,
  consts: { charset: 'UTF-8 (default), US-ASCII, UTF-16 or UTF-32 (also with BE or LE), ISO-8859-1.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const decode = decoders[textConst(c, 'charset', 'UTF-8').toUpperCase()] ?? utf8Text
    return (text: string) => {
      const bytes = base64Bytes(text)
      return bytes && decode(bytes)
    }
  },
  sql: inEngines((sql, dialect, x, c) => {
    const charset = textConst(c, 'charset', 'UTF-8').toUpperCase()
    const known = charset === 'UTF-8' || charset === 'UTF-16LE' || charset === 'ISO-8859-1'
    return known ? base64Decoded(sql, dialect, x, charset) : tail('engines have no words for this charset')
  }),
  laws: [
    { args: ['aMOp'], consts: {}, gives: 'hé' },
    { args: ['aGk='], consts: {}, gives: 'hi' },
    { args: ['aGk'], consts: {}, gives: 'hi' },
    { args: ['aABpAA=='], consts: { charset: 'UTF-16LE' }, gives: 'hi' },
    { args: ['AGgAaQ=='], consts: { charset: 'UTF-16BE' }, gives: 'hi' },
    { args: ['AGgAaQ=='], consts: { charset: 'UTF-16' }, gives: 'hi' },
    { args: ['//5oAGkA'], consts: { charset: 'UTF-16' }, gives: 'hi' },
    { args: ['AAAAaAAB9gA='], consts: { charset: 'UTF-32' }, gives: 'h\u{1f600}' },
    { args: ['//4AAGgAAAA='], consts: { charset: 'UTF-32' }, gives: 'h' },
    { args: ['aAAAAA=='], consts: { charset: 'UTF-32LE' }, gives: 'h' },
    { args: ['AAAAaA=='], consts: { charset: 'UTF-32BE' }, gives: 'h' },
    { args: ['aOk='], consts: { charset: 'US-ASCII' }, gives: 'h\ufffd' },
    { args: ['6Q=='], consts: { charset: 'ISO-8859-1' }, gives: 'é' },
    { args: ['PdgA3j3YPQ'], consts: { charset: 'UTF-16LE' }, gives: '\u{1F600}\ufffd' },
    { args: [' aG-_\nYWI= '], consts: {}, gives: 'ho\ufffdab' },
    { args: ['aGl'], consts: {}, gives: 'hi' },
    { args: ['a'], consts: {}, gives: null },
    { args: ['a==='], consts: {}, gives: null },
    { args: ['a!b'], consts: {}, gives: null },
    { args: [''], consts: {}, gives: '' },
    { args: [null], consts: {}, gives: null },
  ] satisfies Law[] as unknown as readonly [Law, ...Law[]],
})

export const encodings: readonly Prim[] = [
  urlDecode,
  base64Decode,
  textMap(
    'str.urlEncode',
    'Form encoding as UTF-8: space becomes `+`; letters, digits and `.-*_` stay.',
    (t) =>
      encodeURIComponent(t.toWellFormed())
        .replace(/%20/g, '+')
        .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    [
      ['a b/c', 'a+b%2Fc'],
      ['é~', '%C3%A9%7E'],
    ],
    inEngines(urlEncoded),
  ),
  textMap(
    'str.base64Encode',
    'Base64 of the UTF-8 bytes, padded.',
    (t) => base64Text(utf8Bytes(t)),
    [
      ['abc', 'YWJj'],
      ['ab', 'YWI='],
      ['a', 'YQ=='],
      ['', ''],
    ],
    inEngines(base64Encoded),
  ),
]
