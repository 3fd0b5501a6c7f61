// Functions that give a condition.
import { absent, and, call, iff, not, or, present, test, text, truth } from '../../../plan/build.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import { sumoIpDrops } from '../../../diag/catalogue/sumo-lower.ts'
import { containsText } from '../3-lower/contains.ts'
import { ex, fn, param, condition, prefixLength } from '../3-lower/builtin-kit.ts'
import type { FnContext } from '../3-lower/builtin.ts'

const s = param('s', 'expression', 'The value.')
const C = 'conditions'
const infinite = (e: Expr): Pred => test('re.test', [e], { pattern: '^[+-]?Infinity$', flags: '' })
const blank = (e: Expr): Pred => or(not(present(e)), test('re.test', [e], { pattern: '^\\s*$', flags: '' }))
/** The page says that a missing, empty or blank text has no result. */
const ofNumeral = (c: FnContext, answer: Pred): Expr => iff(blank(c.str(0)), absent('bool'), truth(answer))
const empty = (e: Expr): Pred => or(not(present(e)), test('str.eq', [e, text('')]))

/** Drops rows whose value is no IPv4 address, wherever in the expression the call is. */
function ipv4(c: FnContext): Expr {
  const of = c.str(0)
  const at = c.ast[0]
  const arg = at ? c.flow.lowering.source.text.slice(at.span.start, at.span.end) : 'the argument'
  c.flow.lowering.choice('invalid-ip')
  c.flow.lowering.report(sumoIpDrops, c.at, {
    fn: c.flow.lowering.source.text.slice(c.at.start, c.at.end).replace(/\(.*$/s, ''),
    arg,
  })
  c.flow.filter(test('ip.isV4', [of]))
  return of
}

const RESERVED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

export const conditions = [
  fn(C, 'isNull', 'Is the value missing?', [s], (c) => not(present(c.str(0))), [
    ex('if(isNull(a), "y", "n")', 'n'),
    ex('if(isNull(b), "y", "n")', 'y'),
    ex('if(isNull(a), "y", "n")', 'n', { a: '' }),
  ]),
  fn(C, 'isEmpty', 'Is the value missing or the empty text?', [s], (c) => empty(c.str(0)), [
    ex('if(isEmpty(a), "y", "n")', 'y', { a: '' }),
    ex('if(isEmpty(a), "y", "n")', 'n', { a: ' ' }),
    ex('if(isEmpty(b), "y", "n")', 'y'),
  ]),
  fn(C, 'isBlank', 'Is the value missing, empty or nothing but white space?', [s], (c) => blank(c.str(0)), [
    ex('if(isBlank(a), "y", "n")', 'y', { a: ' ' }),
    ex('if(isBlank(a), "y", "n")', 'n', { a: ' bob ' }),
    ex('if(isBlank(b), "y", "n")', 'y'),
  ]),
  fn(
    C,
    'isNumeric',
    'Is the text a number in Java’s syntax? A leading zero makes it octal, so "09" is none.',
    [s],
    (c) =>
      test('re.test', [c.str(0)], {
        pattern:
          '^[+-]?(?:0[xX][0-9A-Fa-f]+|0[0-7]*[lL]?|[1-9][0-9]*[lL]?|(?:[0-9]+\\.[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fFdD]?|[0-9]+[eE][+-]?[0-9]+[fFdD]?|[0-9]+[fFdD])$',
        flags: '',
      }),
    [
      ex('if(isNumeric("1.56"), "y", "n")', 'y'),
      ex('if(isNumeric("1e5"), "y", "n")', 'y'),
      ex('if(isNumeric("09"), "y", "n")', 'n'),
      ex('if(isNumeric(b), "y", "n")', 'n'),
    ],
  ),
  fn(
    C,
    'isNaN',
    'Is the value no number?',
    [s],
    (c) => {
      const x = c.expr(0)
      return x.ty === 'num'
        ? test('double.isNaN', [x])
        : ofNumeral(c, and(not(present(c.num(0))), not(infinite(c.str(0)))))
    },
    [
      ex('if(isNaN(a), "y", "n")', 'n'),
      ex('if(isNaN(a), "y", "n")', 'y', { a: 'x' }),
      ex('if(isNaN(0/0), "y", "n")', 'y'),
      ex('if(isNaN(1/0), "y", "n")', 'n'),
      ex('isNaN(a)', null, { a: ' ' }),
    ],
  ),
  fn(
    C,
    'isInfinity',
    'Is the value infinite?',
    [s],
    (c) => (c.expr(0).ty === 'num' ? test('double.isInfinite', [c.expr(0)]) : ofNumeral(c, infinite(c.str(0)))),
    [
      ex('if(isInfinity(a), "y", "n")', 'n'),
      ex('if(isInfinity(5/0), "y", "n")', 'y'),
      ex('if(isInfinity(0/0), "y", "n")', 'n'),
      ex('if(isInfinity(a), "y", "n")', 'y', { a: '-Infinity' }),
    ],
  ),
  fn(
    C,
    'contains',
    'Is the second text part of the first? Case counts.',
    [s, param('part', 'expression', 'The part.')],
    (c) => containsText(c.str(0), c.str(1)),
    [condition('contains(a, "b")', ['abc', 'xyz', 'ABC'], ['abc'])],
  ),
  fn(C, 'isValidIP', 'Is the text an IPv4 or IPv6 address?', [s], (c) => test('ip.isValid', [c.str(0)]), [
    condition('isValidIP(a)', ['10.0.0.1', '127.0.500.1', '::1'], ['10.0.0.1', '::1']),
  ]),
  fn(C, 'isValidIPv4', 'Is the text an IPv4 address?', [s], (c) => test('ip.isV4', [c.str(0)]), [
    condition('isValidIPv4(a)', ['10.0.0.1', '::1'], ['10.0.0.1']),
  ]),
  fn(C, 'isValidIPv6', 'Is the text an IPv6 address?', [s], (c) => test('ip.isV6', [c.str(0)]), [
    condition('isValidIPv6(a)', ['10.0.0.1', '::1'], ['::1']),
  ]),
  fn(
    C,
    'isPrivateIP',
    'Is the IPv4 address private (10/8, 172.16/12, 192.168/16)? Rows without an IPv4 address are dropped.',
    [s],
    (c) => test('ip.isPrivateV4', [ipv4(c)]),
    [
      condition(
        'isPrivateIP(a)',
        ['10.255.255.255', '192.168.0.1', '127.0.0.1', '8.8.8.8', '::1'],
        ['10.255.255.255', '192.168.0.1'],
      ),
      condition('!isPrivateIP(a)', ['10.0.0.1', '127.0.0.1', '::1', 'host'], ['127.0.0.1']),
    ],
    { notes: ['Negated or not, rows with IPv6 addresses, host names or nothing vanish.'] },
  ),
  fn(
    C,
    'isPublicIP',
    'Is the IPv4 address neither private nor reserved? Rows without an IPv4 address are dropped.',
    [s],
    (c) => not(test('ip.inCidr', [ipv4(c)], { subnets: RESERVED })),
    [condition('isPublicIP(a)', ['10.255.255.255', '8.8.8.8', '::1'], ['8.8.8.8'])],
  ),
  fn(
    C,
    'isReservedIP',
    'Is the IPv4 address reserved by RFC 5735? Rows without an IPv4 address are dropped.',
    [s],
    (c) => test('ip.inCidr', [ipv4(c)], { subnets: RESERVED }),
    [
      condition(
        'isReservedIP(a)',
        ['127.0.0.0', '169.254.0.0', '192.0.0.0', '8.8.8.8'],
        ['127.0.0.0', '169.254.0.0', '192.0.0.0'],
      ),
    ],
  ),
  fn(
    C,
    'compareCIDRPrefix',
    'Are two IPv4 addresses in one network of this prefix length?',
    [
      s,
      param('ip2', 'expression', 'The other address.'),
      param('bits', 'text', 'Prefix length, as a text or toInt(n).'),
    ],
    (c) => {
      const bits = prefixLength(c, 2)
      const same = test('str.eq', [
        call('ip.network', 'str', [c.str(0)], { bits }),
        call('ip.network', 'str', [c.str(1)], { bits }),
      ])
      return and(test('ip.isV4', [c.str(0)]), test('ip.isV4', [c.str(1)]), same)
    },
    [condition('compareCIDRPrefix(a, "10.10.1.32", "27")', ['10.10.1.35', '10.10.1.65'], ['10.10.1.35'])],
  ),
  fn(C, 'luhn', 'Do the digits pass the check of credit card numbers?', [s], (c) => test('str.luhn', [c.str(0)]), [
    condition('luhn(a)', ['6666-7777-6666-8888', '6666-7777-6666-8889', 'x'], ['6666-7777-6666-8888']),
  ]),
  fn(
    C,
    'jsonArrayContains',
    'Has the JSON array this element?',
    [s, param('element', 'expression', 'The element.')],
    (c) => {
      const literal = c.literal(1)
      // json.elements puts an element that is no object under the empty key.
      const wanted =
        literal === undefined
          ? call('str.concat', 'str', [text('{"":"'), c.str(1), text('"}')])
          : text(JSON.stringify({ '': literal }))
      const inText = test('list.contains', [call('json.elements', 'list', [c.str(0)], { path: [] }), wanted])
      const array = c.list(0)
      return array ? or(test('list.contains', [array, c.str(1)]), inText) : inText
    },
    [
      ex('if(jsonArrayContains(a, "x"), "y", "n")', 'y', { a: '["w","x"]' }),
      ex('if(jsonArrayContains(a, "w,x"), "y", "n")', 'n', { a: '["w","x"]' }),
    ],
  ),
]
