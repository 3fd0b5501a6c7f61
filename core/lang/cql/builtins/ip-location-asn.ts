import type { Expr } from '../../../plan/plan.ts'
import { FIELD, param, page } from '../4-lower/params.ts'
import { and, present, not, test, lit } from '../../../plan/build.ts'
import { choose } from '../4-lower/values.ts'
import { networkOf, COUNTRY } from '../4-lower/functions/networks.ts'
import { toStr } from '../../shared/convert.ts'
import { type CqlBuiltin, builtin } from '../4-lower/builtin.ts'

const ASN = 'geolite2-asn'

const MAKE = 'convert the vendor’s CSV files, or write the few networks you care about'

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
    needsFile: s.table,
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
