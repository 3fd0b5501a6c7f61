// Columns of the vendor's own tables: places of addresses, threat intelligence.
import type { Name } from '../2-parse/ast.ts'
import { type Cursor, isName, name } from '../2-parse/cursor.ts'
import { FIELD, operator, search } from '../3-lower/builtin-kit.ts'
import { type Lookup, lookup } from '../3-lower/lookup-table.ts'
import type { Example } from '../../shared/builtin.ts'

/** Columns that the operator adds, as its page lists them, and the table of the vendor that it reads. */
interface Enrichment {
  readonly path: string
  readonly key: string
  readonly prefix: string
  readonly columns: readonly string[]
  /** Further fields are further columns; else the vendor tries them one by one, and here only the first is read. */
  readonly more?: true
}

function parseEnrichment(c: Cursor, { path, key, prefix, columns, more }: Enrichment): Lookup | undefined {
  c.eatWord('singleindicator')
  if (c.isWord('source') && c.isPunct('=', 1)) c.at += 3
  const field = name(c)
  if (!field) return undefined
  const others: Name[] = []
  while (c.eat(',') || isName(c.peek())) {
    const n = name(c)
    if (!n) break
    others.push(n)
  }
  const named = (n: string): Name => ({ name: n, quoted: false, span: field.span })
  const added = [...columns.map(named), ...(more ? others : [])]
  return {
    columns: added.map((column) => ({ from: column, as: named(prefix + column.name) })),
    path,
    on: [{ event: named(key), column: field }],
  }
}

function enrichment(
  operatorName: string,
  doc: string,
  table: Enrichment,
  examples: readonly [Example, ...Example[]],
  differs: string,
) {
  return operator<Lookup>({
    name: operatorName,
    kind: 'join',
    doc,
    params: [FIELD],
    examples,
    notes: [`The table is a file that the reader brings, ${table.path}. Columns that it lacks are missing values.`],
    differs,
    parse: (c) => parseEnrichment(c, table),
    lower: (f, node, { span }) => lookup(f, node, span),
  })
}

const addresses = [{ ip: '203.0.113.9' }]

export const geoip = enrichment(
  'geoip',
  'Adds place and country of an IP address.',
  {
    path: 'geo://location',
    key: 'ip',
    prefix: '',
    columns: ['latitude', 'longitude', 'country_code', 'country_name', 'city', 'state'],
    more: true,
  },
  [search('geoip ip | fields country_code, city', [{ ip: '8.8.8.8' }], [{ country_code: 'US', city: 'Ashburn' }])],
  'the vendor’s table is not public',
)

export const threatip = enrichment(
  'threatip',
  'Adds what threat intelligence says of an IP address.',
  {
    path: 'sumo://threat/cs',
    key: 'threat',
    prefix: '',
    columns: ['actor', 'malicious_confidence', 'raw_threat', 'type'],
  },
  [search('threatip ip | fields ip, actor', addresses, [{ ip: '203.0.113.9', actor: 'Panda' }])],
  'the vendor’s table is not public',
)

export const threatlookup = enrichment(
  'threatlookup',
  'Adds what threat intelligence says of an indicator, under names that begin with `_threatlookup.`',
  {
    path: 'sumo://threat/i471',
    key: 'indicator',
    prefix: '_threatlookup.',
    columns: [
      'actors',
      'confidence',
      'fields',
      'id',
      'imported',
      'indicator',
      'kill_chain',
      'num_matches',
      'source',
      'threat_type',
      'type',
      'updated',
      'valid_from',
      'valid_until',
    ],
  },
  [
    search('threatlookup ip | fields ip, _threatlookup.confidence', addresses, [
      { ip: '203.0.113.9', '_threatlookup.confidence': '90' },
    ]),
  ],
  'only the first field is looked up; the vendor’s table is not public',
)
