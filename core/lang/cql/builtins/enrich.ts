// What LogScale knows from data of its own: places and owners of addresses, indicators. Here the reader brings the tables.
import { and, call, lit, not, or, present, test } from '../../../plan/build.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import { builtin, type CallContext, type CqlBuiltin } from '../4-lower/builtin.ts'
import type { Expr as AstExpr } from '../3-parse/ast.ts'
import { FIELD, as, first, page, param } from '../4-lower/params.ts'
import type { Flow } from '../4-lower/flow.ts'
import { lookUp, mostSpecific, namedTable } from '../4-lower/join/join.ts'
import { lowerText } from '../4-lower/ordering.ts'
import { toNum, toStr } from '../../shared/convert.ts'
import { choose, orElse } from '../4-lower/values.ts'

const COUNTRY = 'geolite2-country'
const ASN = 'geolite2-asn'
const IOC = 'ioc'
const MAKE = 'convert the vendor’s CSV files, or write the few networks you care about'

interface Row {
  readonly found: Pred
  readonly value: (name: string) => Expr
}
/** The row of the most specific network that holds the address. */
function networkOf(flow: Flow, address: Expr, table: string, columns: readonly string[], c: CallContext): Row {
  const right = namedTable(flow, table, ['network', ...columns], c.args.call.nameSpan).right()
  const within = { prim: 'ip.inCidrOf', left: toStr(address), right: 'network' }
  return lookUp(flow, right, { on: [], within, include: columns, order: mostSpecific(flow, right, 'network') })
}
const nonEmpty = (e: Expr): Expr =>
  choose(and(present(e), not(test('str.eq', [toStr(e), lit('', 'str')]))), e, lit(null, 'str'))

function networkFields(s: {
  readonly name: string
  readonly doc: string
  readonly table: string
  readonly columns: readonly string[]
  readonly example: { readonly row: Readonly<Record<string, string>>; readonly gives: Readonly<Record<string, string>> }
}): CqlBuiltin {
  const columns = Object.keys(s.example.row)
  return builtin({
    name: s.name,
    category: 'enrich',
    kind: 'transform',
    doc: s.doc,
    notes: [
      `Needs a lookup file \`${s.table}\` with the columns network (such as 10.0.0.0/8), ${s.columns.join(', ')}: ${MAKE}.`,
      'An address that no network holds gets no fields. An ad-hoc table of that name does as well.',
    ],
    params: [FIELD, param('as', 'field', 'Prefix of the output fields; the name of the field.')],
    fidelity: { differs: 'LogScale has the data built in; here it is a file.' },
    evidence: page(s.name),
    examples: [
      {
        title: 'With a table of one network',
        given: [
          { t: 'net', network: '203.0.113.0/24', ...s.example.row },
          { t: 'ev', ip: '203.0.113.9' },
          { t: 'ev', ip: '10.0.0.1' },
        ],
        query: `defineTable(name="${s.table}", query={t=net}, include=[network, ${columns.join(', ')}]) | t=ev | ${s.name}(ip) | sort(ip, type=string) | select([ip, ${columns.map((n) => `ip.${n}`).join(', ')}])`,
        gives: [{ ip: '203.0.113.9', ...s.example.gives }, { ip: '10.0.0.1' }],
        from: page(s.name),
      },
    ],
    lower: {
      kind: 'step',
      step: (c) => {
        const name = c.args.field('field')
        const row = networkOf(c.flow, c.flow.read(name), s.table, s.columns, c)
        const target = c.as ?? name
        c.flow.assignAll(s.columns.map((n) => ({ name: `${target}.${n}`, expr: nonEmpty(row.value(n)) })))
      },
    },
  })
}

export const networks: readonly CqlBuiltin[] = [
  networkFields({
    name: 'ipLocation',
    doc: 'Country, city and coordinates of an address, as fields behind its name.',
    table: COUNTRY,
    columns: ['country', 'city', 'lat', 'lon'],
    example: {
      row: { country: 'CH', city: 'Bern', lat: '46.9', lon: '7.4' },
      gives: { 'ip.country': 'CH', 'ip.city': 'Bern', 'ip.lat': '46.9', 'ip.lon': '7.4' },
    },
  }),
  networkFields({
    name: 'asn',
    doc: 'Number and name of the network operator of an address, as fields behind its name.',
    table: ASN,
    columns: ['asn', 'org'],
    example: { row: { asn: '64500', org: 'Example' }, gives: { 'ip.asn': '64500', 'ip.org': 'Example' } },
  }),
]

const CONFIDENCE = ['high', 'medium', 'low', 'unverified']
const INDICATOR = ['indicator', 'type', 'labels', 'malicious_confidence', 'published_date', 'last_updated']

export const iocLookup = builtin({
  name: 'ioc:lookup',
  category: 'enrich',
  kind: 'join',
  doc: 'Looks fields up among indicators of compromise.',
  notes: [
    `Needs a lookup file \`${IOC}\` with the columns ${INDICATOR.join(', ')}; rows without a confidence or type always count.`,
    'Events are kept unless `strict=true`.',
  ],
  params: [
    first('field', 'fields', 'The fields.', { required: true }),
    param('type', 'text', 'What they hold.', {
      required: true,
      oneOf: { domain: 'A domain.', ip_address: 'An address.', url: 'A URL.' },
    }),
    param('confidenceThreshold', 'text', 'The least confidence.', {
      default: 'high',
      oneOf: { unverified: 'Any.', low: 'Low.', medium: 'Medium.', high: 'High.' },
    }),
    param('include', 'texts', 'Columns to take over; all.'),
    param('prefix', 'text', 'Prefix of the output fields.', { default: 'ioc' }),
    param('strict', 'bool', 'Drops events without an indicator.', { default: 'false' }),
  ],
  fidelity: {
    differs:
      'LogScale has CrowdStrike’s indicators; here they are a file. Of more than two fields that match, the first is shown.',
  },
  evidence: page('ioc:lookup'),
  examples: [
    {
      title: 'With a table of one indicator',
      given: [
        { t: 'bad', indicator: '203.0.113.9', type: 'ip_address', malicious_confidence: 'low', labels: 'c2' },
        { t: 'ev', s: '10.0.0.1', d: '203.0.113.9' },
        { t: 'ev', s: '10.0.0.1', d: '10.0.0.2' },
      ],
      query:
        'defineTable(name="ioc", query={t=bad}, include=[indicator, type, malicious_confidence, labels]) | t=ev | ioc:lookup([s, d], type=ip_address, confidenceThreshold=low, include=[indicator, labels], strict=true) | select([d, ioc.detected, ioc[0].labels])',
      gives: [{ d: '203.0.113.9', 'ioc.detected': 'true', 'ioc[0].labels': 'c2' }],
      from: page('ioc:lookup'),
    },
  ],
  lower: {
    kind: 'step',
    negatable: true,
    step: indicators,
  },
})

function indicators(c: CallContext): void {
  const { flow, args } = c
  const include = args.has('include') && !args.texts('include').includes('*') ? args.texts('include') : INDICATOR
  const type = args.text('type').toLowerCase()
  const level = args.text('confidenceThreshold', 'high').toLowerCase()
  // A parameter whose value is not known yet takes any.
  const enough = CONFIDENCE.includes(level) ? CONFIDENCE.slice(0, CONFIDENCE.indexOf(level) + 1) : CONFIDENCE
  const table = namedTable(flow, IOC, INDICATOR, args.call.nameSpan)
  const rows = args.fields('field').map((name) => {
    const right = table.right()
    const has = (n: string): boolean => table.columns.includes(n)
    const values = {
      type: [type, 'ip', 'url', 'domain'].filter((t) => t === type || (t === 'ip' && type === 'ip_address')),
    }
    const guards = [
      ...(has('type') ? [oneOf(column(right, 'type'), values.type)] : []),
      ...(has('malicious_confidence') ? [oneOf(column(right, 'malicious_confidence'), enough)] : []),
    ]
    const rel = { ...right.rel, stages: [...right.rel.stages, { kind: 'filter' as const, where: and(...guards) }] }
    return lookUp(
      flow,
      { ...right, rel },
      {
        on: [{ left: flow.read(name), right: 'indicator' }],
        include: include.filter(has),
        ignoreCase: true,
      },
    )
  })
  const found = or(...rows.map((r) => r.found))
  if (c.negated) {
    flow.filter(not(found))
    return
  }
  if (args.flag('strict')) flow.filter(found)
  const prefix = args.text('prefix', 'ioc')
  const none = lit(null, 'str')
  const [a, b] = rows
  flow.assignAll([
    { name: `${prefix}.detected`, expr: choose(found, lit('true', 'str'), none) },
    ...include.map((n) => ({
      name: `${prefix}[0].${n}`,
      expr: rows.reduceRight<Expr>((rest, r) => choose(r.found, toStr(r.value(n)), rest), none),
    })),
    ...(a && b
      ? include.map((n) => ({
          name: `${prefix}[1].${n}`,
          expr: choose(and(a.found, b.found), toStr(b.value(n)), none),
        }))
      : []),
  ])
}
const column = (
  right: { readonly column: (n: string) => { readonly id: string; readonly ty: Expr['ty'] } },
  name: string,
): Expr => {
  const c = right.column(name)
  return toStr({ kind: 'col', id: c.id, ty: c.ty })
}
const oneOf = (value: Expr, values: readonly string[]): Pred =>
  or(
    not(present(value)),
    test('str.eq', [value, lit('', 'str')]),
    test('str.in', [lowerText(value)], { values, ignoreCase: true }),
  )

export const geohash = builtin({
  name: 'geohash',
  category: 'enrich',
  kind: 'transform',
  doc: 'The geohash of coordinates.',
  notes: [],
  params: [
    param('lat', 'field', 'Latitude in degrees.', { default: 'ip.lat' }),
    param('lon', 'field', 'Longitude in degrees.', { default: 'ip.lon' }),
    param('precision', 'number', 'Number of letters.', { default: '12' }),
    as('_geohash'),
  ],
  output: '_geohash',
  fidelity: 'exact',
  evidence: page('geohash'),
  examples: [
    {
      title: 'Of a place',
      given: [{ a: '57.64911', b: '10.40744' }],
      query: 'geohash(lat=a, lon=b, precision=5) | select(_geohash)',
      gives: [{ _geohash: 'u4pru' }],
      from: page('geohash'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) =>
      call(
        'geo.hash',
        'str',
        [toNum(flow.read(args.field('lat', 'ip.lat'))), toNum(flow.read(args.field('lon', 'ip.lon')))],
        { precision: args.number('precision', 12) },
      ),
  },
})

export const distance = builtin({
  name: 'geography:distance',
  category: 'enrich',
  kind: 'transform',
  doc: 'Metres between two places.',
  notes: [],
  params: [
    ...['lat1', 'lon1', 'lat2', 'lon2'].map((n) => param(n, 'field', 'Degrees.', { required: true })),
    as('_distance'),
  ],
  output: '_distance',
  fidelity: { differs: 'On a sphere of the earth’s mean radius; LogScale’s radius is not documented.' },
  evidence: page('geography:distance'),
  examples: [
    {
      title: 'The same place',
      given: [{ a: '47', b: '8' }],
      query: 'geography:distance(lat1=a, lon1=b, lat2=a, lon2=b, as=d) | select(d)',
      gives: [{ d: '0' }],
      from: page('geography:distance'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) =>
      call(
        'geo.distance',
        'num',
        ['lat1', 'lon1', 'lat2', 'lon2'].map((n) => toNum(flow.read(args.field(n)))),
      ),
  },
})

export const worldMap = builtin({
  name: 'worldMap',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'A magnitude per cell of the map.',
  notes: [`With \`ip\` it needs the lookup file \`${COUNTRY}\` that ipLocation() describes.`],
  params: [
    first('ip', 'field', 'An address.'),
    param('lat', 'field', 'Latitude in degrees.'),
    param('lon', 'field', 'Longitude in degrees.'),
    param('magnitude', 'aggregates', 'What is shown.', { default: 'count(as=_count)' }),
    param('precision', 'number', 'Letters of the geohash.', { default: '4' }),
  ],
  fidelity: {
    differs: 'The cell is named by its geohash in a column `geohash`; the widget’s own columns are not documented.',
  },
  evidence: page('worldMap'),
  examples: [
    {
      title: 'Two events in one cell',
      given: [
        { a: '47.1', b: '8.1', u: 'x' },
        { a: '47.1', b: '8.1', u: 'y' },
      ],
      query: 'worldMap(lat=a, lon=b, magnitude=count(u, as=n), precision=3)',
      gives: [{ geohash: 'u0m', n: 2 }],
      from: { assumed: 'the name of the column' },
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const row = args.has('ip') ? networkOf(flow, flow.read(args.field('ip')), COUNTRY, ['lat', 'lon'], c) : undefined
      const place = ['lat', 'lon'].map((n) => {
        const own = args.has(n) ? toStr(flow.read(args.field(n))) : lit(null, 'str')
        return toNum(row ? orElse(own, row.value(n)) : own)
      })
      const cell = call('geo.hash', 'str', place, { precision: args.number('precision', 4) })
      const { call: self } = args
      const count: AstExpr = {
        kind: 'call',
        call: { name: 'count', nameSpan: self.nameSpan, args: [], span: self.span },
        span: self.span,
      }
      const items = args.has('magnitude') ? args.items('magnitude') : [count]
      flow.parts.group(flow, [{ name: 'geohash', expr: cell }], items, { limit: null })
    },
  },
})

export const communityId = builtin({
  name: 'communityId',
  category: 'enrich',
  kind: 'transform',
  doc: 'The Community ID of a network flow: the same name for both directions.',
  notes: ['Where something is missing or wrong the result is an empty text.'],
  params: [
    param('proto', 'field', 'The protocol: a name or number.', { required: true }),
    param('sourceip', 'field', 'The source.', { required: true }),
    param('destinationip', 'field', 'The destination.', { required: true }),
    param('sourceport', 'field', 'Port of the source.'),
    param('destinationport', 'field', 'Port of the destination.'),
    param('icmptype', 'field', 'Type of an ICMP message.'),
    param('icmpcode', 'field', 'Code of an ICMP message.'),
    param('seed', 'number', 'Seed of 16 bits.', { default: '0' }),
    as('_community_id'),
  ],
  output: '_community_id',
  fidelity: 'exact',
  evidence: page('communityId'),
  examples: [
    {
      title: 'Of a connection, and of none',
      given: [
        { p: 'tcp', s: '128.232.110.120', d: '66.35.250.204', sp: '34855', dp: '80' },
        { p: 'tcp', s: 'x', d: 'y' },
      ],
      query:
        'communityId(proto=p, sourceip=s, destinationip=d, sourceport=sp, destinationport=dp, as=id) | groupBy(id, function=[])',
      gives: [{ id: '' }, { id: '1:LQU9qZlK+B5F3KDmev6m5PMibrg=' }],
      from: { vendorDoc: 'https://github.com/corelight/community-id-spec' },
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const read = (name: string): Expr => (args.has(name) ? toStr(flow.read(args.field(name))) : lit(null, 'str'))
      const flowId = call(
        'net.communityId',
        'str',
        [
          read('proto'),
          read('sourceip'),
          read('destinationip'),
          orElse(read('icmptype'), read('sourceport')),
          orElse(read('icmpcode'), read('destinationport')),
        ],
        { seed: args.number('seed', 0) },
      )
      return orElse(flowId, lit('', 'str'))
    },
  },
})
