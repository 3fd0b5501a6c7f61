// Addresses in texts.
import { Prec, type Sql, type SqlTag } from '../../sql-text/fragment.ts'
import {
  type Address,
  inSubnet,
  inSubnets,
  parseAddress,
  parseZoned,
  parseSubnet,
  parseV6,
  type Subnet,
  v4Number,
  v4Text,
  v6Text,
} from '../ip.ts'
import { OCTET, v4Pattern, v6Pattern } from '../subnet-pattern.ts'
import { argument, numConst, textsConst, textMap } from '../kit.ts'
import {
  type Consts,
  type Dialect,
  type Law,
  type Prim,
  type SqlForm,
  scalar,
  type Tail,
  tail,
  testPrim,
} from '../prim.ts'

/** The engines' own checks differ from Assay's. `\z` instead of `$`, which also matches before a final newline outside of RE2. */
const V4 = `\\A${OCTET}(?:\\.${OCTET}){3}\\z`
const isV4Sql = (dialect: Dialect) => (sql: SqlTag, x: Sql) =>
  sql`${sql.raw(dialect === 'duckdb' ? 'regexp_matches' : 'match')}(${x}, ${sql.str(V4)})`
/** ClickHouse accepts `::ffff:1.2.3.4` and refuses zones, as Assay does. It also accepts a bare IPv4 text, which is no IPv6 text here. */
const isV6Text = (sql: SqlTag, x: Sql): Sql =>
  sql.at(Prec.and)`position(${x}, ':') > 0 and match(${x}, '^[0-9A-Fa-f:.]{2,45}$')`
const isV6Click = (sql: SqlTag, x: Sql): Sql => sql`(isIPv6String(${x}) and ${isV6Text(sql, x)})`
const noV6: Tail = tail('DuckDB without its inet extension has no IPv6 addresses')

const subnets = (c: Consts): readonly Subnet[] =>
  textsConst(c, 'subnets')
    .map(parseSubnet)
    .filter((s) => s !== null)

const inCidrDuck: SqlForm = (sql, args, c) => {
  const nets = subnets(c)
  if (nets.some((s) => s.bits === 128)) return noV6
  return nets.length === 0 ? sql.raw('false') : sql`regexp_matches(${argument(args, 0)}, ${sql.str(v4Pattern(nets))})`
}
const inCidrClick: SqlForm = (sql, args, c) => {
  const nets = subnets(c)
  const [v4, v6] = [32, 128].map((bits) => nets.filter((s) => s.bits === bits)) as [Subnet[], Subnet[]]
  const x = argument(args, 0)
  const zoned = sql`replaceRegexpOne(${x}, '^([0-9A-Fa-f:]+)%.+$', '\\\\1')`
  const tests = [
    ...(v4.length === 0 ? [] : [sql`match(${x}, ${sql.str(v4Pattern(v4))})`]),
    // Null where the text is no address.
    ...(v6.length === 0
      ? []
      : [
          sql.at(
            Prec.and,
          )`match(hex(IPv6StringToNumOrNull(${zoned})), ${sql.str(v6Pattern(v6))}) and ${isV6Text(sql, zoned)}`,
        ]),
  ]
  return tests.length === 0 ? sql.raw('false') : sql.join(tests, ' or ', Prec.or)
}

const check = (
  id: Prim['id'],
  doc: string,
  js: (t: string) => boolean,
  duckdb: SqlForm | Tail,
  clickhouse: SqlForm,
  laws: Law[],
): Prim =>
  testPrim({
    id,
    doc,
    params: [['text', 'str']],
    consts: {},
    nulls: 'propagate',
    js: () => js,
    sql: { duckdb, clickhouse },
    laws: [{ args: [null], gives: false }, ...laws],
  })
const yes = (...texts: string[]): Law[] => texts.map((t) => ({ args: [t], gives: true }))
const no = (...texts: string[]): Law[] => texts.map((t) => ({ args: [t], gives: false }))

const BAD = [
  '',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '010.1.1.1',
  ' 1.2.3.4',
  '1.2.3.4\n',
  '1.2.3.4:80',
  '::1%eth0',
  ':',
  '1::2::3',
  '12345::',
  'x',
]
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']
const isPrivate = inSubnets(PRIVATE.map(parseSubnet).filter((s) => s !== null))

const network = scalar({
  id: 'ip.network',
  doc: 'The network of an address with so many prefix bits, as `10.1.0.0/16`; absent if the text is no address or too short for them.',
  params: [['text', 'str']],
  consts: { bits: 'Length of the prefix.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const bits = numConst(c, 'bits', 24)
    return (text: string) => {
      const a = parseAddress(text)
      if (!a || bits > a.bits || bits < 0) return null
      const host = BigInt(a.bits - bits)
      const value = (a.value >> host) << host
      return `${a.bits === 32 ? v4Text(value) : v6Text(value)}/${bits}`
    }
  },
  sql: { duckdb: noV6, clickhouse: tail('ClickHouse writes IPv6 texts in another form') },
  laws: [
    { args: ['10.1.2.3'], consts: { bits: 16 }, gives: '10.1.0.0/16' },
    { args: ['2001:DB8:0:0:1::1'], consts: { bits: 64 }, gives: '2001:db8::/64' },
    { args: ['10.1.2.3'], consts: { bits: 64 }, gives: null },
    { args: ['x'], consts: { bits: 8 }, gives: null },
  ],
})

/** All networks that contain an address, from the address itself to /0. */
const networksOf = (a: Address): string[] => Array.from({ length: a.bits + 1 }, (_, i) => networkKey(a, a.bits - i))
const networkKey = (a: Address, prefix: number): string =>
  `${a.bits}/${prefix}/${(a.value >> BigInt(a.bits - prefix)).toString(36)}`

const inCidrOf = testPrim({
  id: 'ip.inCidrOf',
  doc: 'Is the text an address in the subnet, which is a value?',
  params: [
    ['text', 'str'],
    ['subnet', 'str'],
  ],
  consts: {},
  nulls: 'propagate',
  js: () => (text: string, subnet: string) => {
    const [a, s] = [parseZoned(text), parseSubnet(subnet)]
    return a !== null && s !== null && inSubnet(a, s)
  },
  lookup: {
    left: (text) => {
      const a = typeof text === 'string' ? parseZoned(text) : null
      return a === null ? [] : networksOf(a)
    },
    right: (subnet) => {
      const s = typeof subnet === 'string' ? parseSubnet(subnet) : null
      return s && networkKey(s, s.prefix)
    },
  },
  sql: {
    duckdb: tail('subnets of data are looked up by their prefixes'),
    clickhouse: tail('subnets of data are looked up by their prefixes'),
  },
  laws: [
    { args: ['10.1.2.3', '10.0.0.0/8'], gives: true },
    { args: ['10.1.2.3', '10.1.2.3'], gives: true },
    { args: ['fe80::1%12', 'fe80::/10'], gives: true },
    { args: ['11.1.2.3', '10.0.0.0/8'], gives: false },
    { args: ['fe80::1', 'fe80::/10'], gives: true },
    { args: ['fe80::1', '0.0.0.0/0'], gives: false },
    { args: ['x', '0.0.0.0/0'], gives: false },
    { args: ['10.1.2.3', null], gives: false },
  ],
})

const prefixOf = scalar({
  id: 'ip.prefixOf',
  doc: 'How many bits the prefix of a subnet has; all of them for a single address; absent if the text is none.',
  params: [['subnet', 'str']],
  consts: {},
  returns: 'int',
  nulls: 'propagate',
  js: () => (text: string) => {
    const s = parseSubnet(text)
    return s && BigInt(s.prefix)
  },
  sql: { duckdb: noV6, clickhouse: tail('subnets of data are looked up by their prefixes') },
  laws: [
    { args: ['10.0.0.0/8'], gives: 8n },
    { args: ['::1'], gives: 128n },
    { args: ['x'], gives: null },
    { args: [null], gives: null },
  ],
})

export const ips: readonly Prim[] = [
  network,
  inCidrOf,
  prefixOf,
  testPrim({
    id: 'ip.inCidr',
    doc: 'Is the text an address in one of the subnets? IPv4 addresses are never in IPv6 subnets, mapped ones included.',
    params: [['text', 'str']],
    consts: { subnets: 'List such as `10.0.0.0/8`, `fe80::/10`; one that cannot be read holds nothing.' },
    nulls: 'propagate',
    js: (c) => inSubnets(subnets(c)),
    sql: { duckdb: inCidrDuck, clickhouse: inCidrClick },
    laws: [
      { args: ['10.1.2.3'], consts: { subnets: ['192.168.0.0/16', '10.0.0.0/8'] }, gives: true },
      { args: ['11.1.2.3'], consts: { subnets: ['10.0.0.0/8'] }, gives: false },
      { args: ['255.255.255.255'], consts: { subnets: ['0.0.0.0/0'] }, gives: true },
      { args: ['1.2.3.4'], consts: { subnets: ['1.2.3.4'] }, gives: true },
      { args: ['172.31.0.1'], consts: { subnets: ['172.16.9.9/12'] }, gives: true },
      { args: ['fe80::1'], consts: { subnets: ['fe80::/10'] }, gives: true },
      { args: ['fe80::1%12'], consts: { subnets: ['fe80::/10'] }, gives: true },
      { args: ['fe80::1%eth0'], consts: { subnets: ['10.0.0.0/8', 'fe80::/10'] }, gives: true },
      { args: ['fe80::1%'], consts: { subnets: ['fe80::/10'] }, gives: false },
      { args: ['10.1.2.3%1'], consts: { subnets: ['10.0.0.0/8', '::/0'] }, gives: false },
      { args: ['::ffff:10.1.2.3'], consts: { subnets: ['10.0.0.0/8'] }, gives: false },
      { args: ['x'], consts: { subnets: ['0.0.0.0/0', '::/0'] }, gives: false },
      ...BAD.map((t): Law => ({ args: [t], consts: { subnets: ['0.0.0.0/0'] }, gives: false })),
      { args: [null], consts: { subnets: ['0.0.0.0/0'] }, gives: false },
      { args: ['1.2.3.4'], consts: { subnets: [] }, gives: false },
    ],
  }),
  check(
    'ip.isValid',
    'Is the text an IPv4 or IPv6 address?',
    (t) => parseAddress(t) !== null,
    noV6,
    (sql, [x]) => sql.at(Prec.or)`${isV4Sql('clickhouse')(sql, x as Sql)} or ${isV6Click(sql, x as Sql)}`,
    [...yes('1.2.3.4', '::', '2001:db8::1', '::ffff:1.2.3.4'), ...no(...BAD)],
  ),
  check(
    'ip.isV4',
    'Is the text an IPv4 address?',
    (t) => v4Number(t) >= 0,
    (sql, [x]) => isV4Sql('duckdb')(sql, x as Sql),
    (sql, [x]) => isV4Sql('clickhouse')(sql, x as Sql),
    [...yes('1.2.3.4', '0.0.0.0', '255.255.255.255'), ...no(...BAD, '::1')],
  ),
  check(
    'ip.isV6',
    'Is the text an IPv6 address?',
    (t) => t.includes(':') && parseV6(t) !== null,
    noV6,
    (sql, [x]) => isV6Click(sql, x as Sql),
    [...yes('::', '::1', '1::', '2001:DB8:0:0:0:0:0:1', '::ffff:1.2.3.4'), ...no(...BAD, '1.2.3.4')],
  ),
  check(
    'ip.isPrivateV4',
    'Is the text an IPv4 address of RFC 1918?',
    isPrivate,
    (sql, args) => inCidrDuck(sql, args, { subnets: PRIVATE }),
    (sql, args) => inCidrClick(sql, args, { subnets: PRIVATE }),
    [
      ...yes('10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'),
      ...no('172.32.0.1', '8.8.8.8', '127.0.0.1', 'x'),
    ],
  ),
  textMap(
    'ip.toNumber',
    'An IPv4 address as a whole number, in digits.',
    (t) =>
      /^(?:\d{1,3}\.){3}\d{1,3}$/.test(t) && t.split('.').every((p) => Number(p) < 256)
        ? String(t.split('.').reduce((n, p) => n * 256 + Number(p), 0))
        : null,
    [
      ['10.0.0.1', '167772161'],
      ['1.2.3.256', null],
    ],
  ),
]
