// Functions of texts.
import { absent, and, call, iff, lit, present, test, text } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { sumoRegex, sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import { formatParts, javaFormat } from '../../../prims/java-format.ts'
import { parseRegex } from '../../../regex/regex.ts'
import type { Expr as Ast } from '../2-parse/ast.ts'
import { ex, fn, param, prefixLength } from '../3-lower/builtin-kit.ts'
import type { FnContext } from '../3-lower/builtin.ts'

const C = 'texts'
const s = param('s', 'expression', 'The text.')
const str1 = (prim: string) => (c: FnContext) => call(prim, 'str', [c.str(0)])
const all = (c: FnContext): Expr[] => c.args.map((_, i) => c.str(i))

/** A text that is put together, if each value is a text as it is or does not depend on the event: every engine can do that. */
function formatted(c: FnContext): Expr {
  const [format, ...values] = all(c)
  const general = call('str.javaFormat', 'str', all(c))
  if (format?.kind !== 'lit' || typeof format.value !== 'string') return general
  const parts: Expr[] = []
  for (const part of formatParts(format.value)) {
    const value = typeof part === 'string' ? undefined : values[part.value]
    if (typeof part === 'string') parts.push(text(part))
    else if (value && /^%(?:\d+\$)?s$/.test(part.directive)) parts.push(value)
    else if (value?.kind === 'lit' && typeof value.value === 'string') {
      const made = javaFormat(part.directive.replace(/^%\d+\$/, '%'), [value.value])
      if (made === null) return absent('str')
      parts.push(text(made))
    } else return general
  }
  return iff(and(...values.map(present)), call('str.concat', 'str', parts), absent('str'))
}

// The primitive's way to write the whole match, as Java's `$0`.
const WHOLE = '$' + '{0}'

function replace(c: FnContext): Expr {
  const pattern = c.ast[1]
  const to = c.literal(2)
  if (pattern?.kind === 'regex' && to !== undefined) {
    const flags = pattern.flags.includes('i') ? 'i' : ''
    const parsed = parseRegex(pattern.pattern, flags)
    if (parsed.ok)
      return call('re.replace', 'str', [c.str(0)], {
        pattern: pattern.pattern,
        flags,
        with: to.replace(/\$0/g, WHOLE),
      })
    c.flow.lowering.report(sumoRegex, pattern.span, { reason: parsed.error.reason, pattern: pattern.pattern })
    return absent('str')
  }
  const find = c.literal(1)
  if (find !== undefined && to !== undefined)
    return call('str.replace', 'str', [c.str(0)], { find, with: to, all: true })
  return call('str.replaceOf', 'str', [c.str(0), c.str(1), c.str(2)])
}

/** A negative bound, or an end before the start, gives no value; written in the search it is an error. */
function substring(c: FnContext): Expr {
  const [start, end] = [numeral(c.ast[1]), numeral(c.ast[2])]
  const what =
    (start ?? 0) < 0
      ? 'substring cannot start before the text'
      : (end ?? start ?? 0) < (start ?? 0)
        ? 'substring cannot end before it starts'
        : undefined
  if (what)
    c.flow.lowering.report(sumoRuledOut, c.at, {
      what,
      remedy: 'count from 0; to read from the end, compute the start with length()',
    })
  return call('str.substring', 'str', [c.str(0), c.int(1), c.args.length > 2 ? c.int(2) : absent('int')])
}

/** The label between its prefix and its suffix. */
function link(c: FnContext): Expr {
  if (c.args.length === 3)
    c.flow.lowering.report(sumoRuledOut, c.at, {
      what: 'tourl takes a prefix only with a suffix',
      remedy: 'add `""` as the suffix',
    })
  const [label, ...around] = c.args.length > 1 ? all(c).slice(1) : [c.str(0)]
  if (!label || around.length === 0) return label ?? absent('str')
  const [prefix, suffix = text('')] = around as [Expr, Expr?]
  return call('str.concat', 'str', [prefix, label, suffix])
}

function numeral(e: Ast | undefined): number | undefined {
  if (e?.kind === 'number') return e.value
  return e?.kind === 'unary' && e.op === '-' && e.of.kind === 'number' ? -e.of.value : undefined
}

const CHARSETS = 'UTF-8 US-ASCII UTF-16 UTF-16BE UTF-16LE UTF-32 UTF-32BE UTF-32LE'.split(' ')
function base64Decode(c: FnContext): Expr {
  const charset = (c.literal(1) ?? 'UTF-8').toUpperCase()
  if (!CHARSETS.includes(charset))
    c.flow.lowering.report(sumoRuledOut, c.at, {
      what: `base64Decode has no charset ${charset}`,
      remedy: `write one of ${CHARSETS.join(', ')}`,
    })
  const decoded = call('str.base64Decode', 'str', [c.str(0)], { charset })
  return iff(present(decoded), decoded, c.str(0))
}

export const texts = [
  fn(
    C,
    'concat',
    'The values one after the other; a missing one adds nothing.',
    [s, param('more', 'expression', 'Others, up to 16 in all.')],
    (c) => call('str.concat', 'str', all(c)),
    [ex('concat("time", 4, "logs")', 'time4logs'), ex('concat(a, b, "z")', '1z')],
    { arity: [2, 16] },
  ),
  fn(
    C,
    'length',
    'Number of characters; 0 for a missing value.',
    [s],
    (c) => {
      const n = call('str.length', 'int', [c.str(0)])
      return iff(present(n), n, lit(0n, 'int'))
    },
    [ex('length("abc")', 3), ex('length(b)', 0)],
  ),
  fn(
    C,
    'substring',
    'Characters from a 0-based start to before an end.',
    [s, param('start', 'number', '0-based.'), param('end', 'number', 'Not included; left out: to the end.', false)],
    substring,
    [
      ex('substring("Hello world!", 6)', 'world!'),
      ex('substring("Sumo Logic", 0, 4)', 'Sumo'),
      ex('substring("Sumo Logic", 0, 100)', 'Sumo Logic'),
    ],
  ),
  fn(C, 'toLowerCase', 'In small letters.', [s], str1('str.lower'), [ex('toLowerCase("AbC")', 'abc')], {
    aliases: ['tolower'],
  }),
  fn(C, 'toUpperCase', 'In capitals.', [s], str1('str.upper'), [ex('toUpperCase("AbC")', 'ABC')], {
    aliases: ['toupper'],
  }),
  fn(C, 'trim', 'Without white space at both ends.', [s], str1('str.trim'), [
    ex('trim(" Hello World  ")', 'Hello World'),
  ]),
  fn(
    C,
    'replace',
    'Every occurrence of a text or /regex/ replaced; $1 and named groups insert groups.',
    [
      s,
      param('find', 'expression', 'Literal text or /regex/.'),
      param('with', 'expression', 'What comes in its place.'),
    ],
    replace,
    [
      ex(
        'replace("http://somewebsite.com/flight/12345678/certification", /[0-9]{5,}/, "")',
        'http://somewebsite.com/flight//certification',
      ),
      ex('replace("flight/12345678/x", /(flight)\\/([0-9]{5,})/, "new-$2-url")', 'new-12345678-url/x'),
      ex('replace("a.b", ".", "-")', 'a-b'),
    ],
  ),
  fn(
    C,
    'urldecode',
    'Percent escapes and `+` decoded.',
    [s],
    (c) => call('str.urlDecode', 'str', [c.str(0)], { plus: true }),
    [ex('urldecode("a%2Fb+c")', 'a/b c')],
  ),
  fn(C, 'urlencode', 'Escaped for a URL’s query.', [s], str1('str.urlEncode'), [ex('urlencode("a b/c")', 'a+b%2Fc')]),
  fn(
    C,
    'base64Decode',
    'Base64 decoded; a text that is none stays as it is.',
    [s, param('charset', 'text', 'UTF-8 if left out.', false)],
    base64Decode,
    [
      ex('base64Decode("aHR0cDovL2NvZGVjLmFwYWNoZS5vcmcvY29tbW1vbnM=")', 'http://codec.apache.org/commmons'),
      ex('base64Decode("!")', '!'),
    ],
  ),
  fn(C, 'base64Encode', 'Base64 of the UTF-8 bytes.', [s], str1('str.base64Encode'), [
    ex('base64Encode("abc")', 'YWJj'),
  ]),
  fn(
    C,
    'format',
    'Values in a pattern of Java’s Formatter.',
    [param('format', 'text', 'Such as "%s: %.2f".'), param('values', 'expression', 'Up to 15.', false)],
    formatted,
    [
      ex('format("%s-%05d", a, 42)', '1-00042'),
      ex('format("%,.2f", 1234.5)', '1,234.50'),
      ex('format("%2$s %1$s%%", a, "x")', 'x 1%'),
    ],
    { arity: [1, 16] },
  ),
  fn(
    C,
    'tourl',
    'A link, of which only the address or label is text here: the label.',
    [
      s,
      param('label', 'expression', 'What is shown.', false),
      param('prefix', 'text', 'Before.', false),
      param('suffix', 'text', 'After.', false),
    ],
    link,
    [ex('tourl("https://x.example", "x")', 'x'), ex('tourl("https://x.example", "x", "see ", "!")', 'see x!')],
    { differs: 'the vendor shows a link' },
  ),
  fn(C, 'toString', 'As text.', [s], (c) => c.str(0), [ex('toString(5)', '5')]),
  fn(C, 'hexToAscii', 'The characters whose codes are pairs of hexadecimal digits.', [s], str1('str.fromHex'), [
    ex('hexToAscii("68656c6c6f20776f726c640a")', 'hello world\n'),
  ]),
  fn(C, 'decToHex', 'Hexadecimal digits of a whole number.', [s], str1('str.decToHex'), [
    ex('decToHex("4919")', '1337'),
    ex('decToHex("70")', '46'),
  ]),
  fn(
    C,
    'hexToDec',
    'The number that hexadecimal digits are, 16 of them signed.',
    [s],
    (c) => call('int.parse', 'int', [call('str.hexToDec', 'str', [c.str(0)])]),
    [ex('hexToDec("0000000000001337")', 4919)],
  ),
  fn(
    C,
    'parseHex',
    'The number that up to 16 hexadecimal digits are.',
    [s],
    (c) => call('int.parse', 'int', [call('str.parseHex', 'str', [c.str(0)])]),
    [ex('parseHex("12D230")', 1233456), ex('parseHex("0x1F")', 31)],
  ),
  fn(
    C,
    'ipv4ToNumber',
    'An IPv4 address as a number.',
    [s],
    (c) => call('int.parse', 'int', [call('ip.toNumber', 'str', [c.str(0)])]),
    [ex('ipv4ToNumber("10.0.0.1")', 167772161)],
  ),
  fn(
    C,
    'getCIDRPrefix',
    'The network address of an address for a prefix length.',
    [s, param('bits', 'text', 'Prefix length.')],
    (c) => {
      const network = call('ip.network', 'str', [c.str(0)], { bits: prefixLength(c, 1) })
      const address = call('re.group', 'str', [network], { pattern: '^([^/]+)', flags: '', group: 1 })
      return iff(test('ip.isV4', [c.str(0)]), address, absent('str'))
    },
    [ex('getCIDRPrefix("10.10.1.35", "24")', '10.10.1.0'), ex('getCIDRPrefix("10.10.1.35", "27")', '10.10.1.32')],
  ),
  fn(
    C,
    'maskFromCIDR',
    'The net mask of a prefix length.',
    [param('bits', 'text', 'Prefix length.')],
    (c) => text(mask(prefixLength(c, 0))),
    [ex('maskFromCIDR("27")', '255.255.255.224'), ex('maskFromCIDR("32")', '255.255.255.255')],
  ),
  fn(
    C,
    'jsonArraySize',
    'Number of elements of a JSON array; -1 for a missing value.',
    [s],
    (c) => {
      const ofText = call('json.size', 'int', [c.str(0)])
      const missing = iff(present(c.str(0)), absent('int'), lit(-1n, 'int'))
      const array = c.list(0)
      if (!array) return iff(present(ofText), ofText, missing)
      const size = call('list.length', 'int', [array])
      return iff(present(ofText), ofText, iff(test('int.gt', [size, lit(0n, 'int')]), size, missing))
    },
    [
      ex('jsonArraySize(b)', -1),
      ex('jsonArraySize(a)', 2, { a: '["w","x,y"]' }),
      ex('jsonArraySize(a)', 2, { a: '[{"b":[1,2]},[]]' }),
    ],
  ),
]

function mask(bits: number): string {
  return [0, 8, 16, 24].map((from) => 256 - 2 ** (8 - Math.max(0, Math.min(8, bits - from)))).join('.')
}
