// Types of correlation: each counts something in a group's findings, from one timespan before a finding up to this finding.
import { call } from '../../../plan/build.ts'
import type { Lower, SigmaBuiltin } from '../builtin.ts'

const SPEC = 'specification/sigma-correlation-rules-specification.md of the Sigma specification'

const base = (name: string, selection: string): string =>
  `title: ${name}\nname: ${name}\nlogsource:\n    category: network_connection\ndetection:\n    selection:\n        ${selection}\n    condition: selection\n---\n`

const counting = (type: string, rules: readonly string[], condition: readonly string[]): string =>
  [
    'title: Correlated',
    'correlation:',
    `    type: ${type}`,
    '    rules:',
    ...rules.map((r) => `        - ${r}`),
    '    group-by:',
    '        - SourceIp',
    '    timespan: 10m',
    ...(condition.length > 0 ? ['    condition:', ...condition.map((c) => `        ${c}`)] : []),
    '',
  ].join('\n')

const event = (minute: number, source: string, port: string, size = '0') => ({
  '@timestamp': `2026-06-21T09:${String(minute).padStart(2, '0')}:00Z`,
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  EventID: '3',
  SourceIp: source,
  DestinationPort: port,
  Size: size,
})

const bounds = [
  {
    name: 'gt, gte, lt, lte, eq, neq',
    takes: 'number',
    doc: 'The bound; two of them make a range.',
    required: true as const,
  },
]
const fieldParam = {
  name: 'field',
  takes: 'field',
  doc: 'The field whose values are counted.',
  required: true as const,
}

function correlation(
  name: string,
  doc: string,
  counts: NonNullable<Lower['counts']>,
  examples: SigmaBuiltin['examples'],
  params: SigmaBuiltin['params'],
): SigmaBuiltin {
  return {
    name,
    category: 'correlations',
    kind: 'aggregate',
    doc,
    notes: [
      'The window slides: it ends at each finding and reaches back by the timespan.',
      'One row for each group: the greatest count of any window, and the first and last time of the windows that fulfil the condition.',
    ],
    params,
    output: name,
    fidelity: 'exact',
    evidence: { vendorDoc: SPEC },
    examples,
    lower: { counts },
  }
}

const row = (name: string, count: number, first: number, last: number) => ({
  sigma_rule: 'Correlated',
  SourceIp: '10.0.0.1',
  [name]: count,
  first_seen: `2026-06-21T09:${String(first).padStart(2, '0')}:00Z`,
  last_seen: `2026-06-21T09:${String(last).padStart(2, '0')}:00Z`,
})

export const eventCount = correlation(
  'event_count',
  'How many findings there are.',
  () => ({ prim: 'agg.count', args: [], consts: {}, ty: 'int' }),
  [
    {
      title: 'Three in ten minutes, across the full hour or not',
      given: [
        event(5, '10.0.0.1', '21'),
        event(9, '10.0.0.1', '21'),
        event(14, '10.0.0.1', '21'),
        event(40, '10.0.0.1', '21'),
      ],
      query: base('ftp', "DestinationPort: '21'") + counting('event_count', ['ftp'], ['gte: 3']),
      gives: [row('event_count', 3, 5, 14)],
      from: { vendorDoc: SPEC },
    },
  ],
  bounds,
)

export const valueCount = correlation(
  'value_count',
  'How many different values of a field there are.',
  ({ field }) => ({ prim: 'agg.countDistinct', args: [field], consts: {}, ty: 'int' }),
  [
    {
      title: 'More than two ports',
      given: [
        event(1, '10.0.0.1', '21'),
        event(2, '10.0.0.1', '22'),
        event(3, '10.0.0.1', '22'),
        event(4, '10.0.0.1', '23'),
      ],
      query:
        base('any', 'Channel|exists: true') + counting('value_count', ['any'], ['field: DestinationPort', 'gt: 2']),
      gives: [row('value_count', 3, 1, 4)],
      from: { vendorDoc: SPEC },
    },
  ],
  [fieldParam, ...bounds],
)

export const temporal = correlation(
  'temporal',
  'How many of the rules found something; without a condition, all must have.',
  ({ rule }) => ({ prim: 'agg.countDistinct', args: [rule], consts: {}, ty: 'int' }),
  [
    {
      title: 'Both within ten minutes',
      given: [
        event(1, '10.0.0.1', '21'),
        event(8, '10.0.0.1', '445'),
        event(1, '10.0.0.2', '21'),
        event(12, '10.0.0.2', '445'),
      ],
      query:
        base('ftp', "DestinationPort: '21'") +
        base('smb', "DestinationPort: '445'") +
        counting('temporal', ['ftp', 'smb'], []),
      gives: [row('temporal', 2, 1, 8)],
      from: { vendorDoc: SPEC },
    },
  ],
  [],
)

export const valueSum = correlation(
  'value_sum',
  'The sum of a field; values that are no numbers add nothing.',
  ({ field }) => ({ prim: 'agg.sum', args: [field], consts: {}, ty: 'dec' }),
  [
    {
      title: 'More than a hundred bytes',
      given: [event(1, '10.0.0.1', '21', '60'), event(2, '10.0.0.1', '21', '50')],
      query: base('any', 'Channel|exists: true') + counting('value_sum', ['any'], ['field: Size', 'gt: 100']),
      gives: [row('value_sum', 110, 1, 2)],
      from: { vendorDoc: SPEC },
    },
  ],
  [fieldParam, ...bounds],
)

export const valueAverage = correlation(
  'value_avg',
  'The mean of a field over the findings where it is a number.',
  ({ field }) => ({ prim: 'agg.avg', args: [call('num.parse', 'num', [field])], consts: {}, ty: 'num' }),
  [
    {
      title: 'More than fifty on average',
      given: [event(1, '10.0.0.1', '21', '60'), event(2, '10.0.0.1', '21', '50')],
      query: base('any', 'Channel|exists: true') + counting('value_avg', ['any'], ['field: Size', 'gt: 50']),
      gives: [row('value_avg', 60, 1, 2)],
      from: { vendorDoc: SPEC },
    },
  ],
  [fieldParam, ...bounds],
)

const sizes = (...all: readonly number[]) => all.map((size, i) => event(i + 1, '10.0.0.1', '21', String(size)))

export const valuePercentile = correlation(
  'value_percentile',
  'A percentile of a field. Without `percentile`: the share that a value of the field has among all values, in percent.',
  ({ field, percentile }) => ({
    prim: 'agg.percentile',
    args: [call('num.parse', 'num', [field])],
    consts: { p: percentile ?? 50, method: 'linear' },
    ty: 'num',
  }),
  [
    {
      title: 'Three in four connections are small, this one is not',
      given: sizes(10, 10, 10, 500),
      query:
        base('any', 'Channel|exists: true') +
        counting('value_percentile', ['any'], ['field: Size', 'percentile: 75', 'gt: 100']),
      gives: [row('value_percentile', 132.5, 1, 4)],
      from: { assumed: 'between neighbours, as most systems compute it' },
    },
    {
      title: 'A rare value',
      given: sizes(10, 10, 10, 500),
      query: base('any', 'Channel|exists: true') + counting('value_percentile', ['any'], ['field: Size', 'lte: 25']),
      gives: [{ ...row('value_percentile', 25, 1, 4), Size: '500' }],
      from: { vendorDoc: SPEC },
    },
  ],
  [fieldParam, { name: 'percentile', takes: 'number', doc: '0 to 100.' }, ...bounds],
)

export const valueMedian = correlation(
  'value_median',
  'The median of a field over the findings where it is a number: a percentile of 50.',
  ({ field }) => ({
    prim: 'agg.percentile',
    args: [call('num.parse', 'num', [field])],
    consts: { p: 50, method: 'linear' },
    ty: 'num',
  }),
  [
    {
      title: 'Half of the connections are large',
      given: sizes(10, 300, 500),
      query: base('any', 'Channel|exists: true') + counting('value_median', ['any'], ['field: Size', 'gt: 200']),
      gives: [row('value_median', 300, 1, 3)],
      from: { vendorDoc: SPEC },
    },
  ],
  [fieldParam, ...bounds],
)

export const temporalOrdered = correlation(
  'temporal_ordered',
  'All rules found something, in the order of the list. Findings of one moment are in order.',
  ({ rule }) => ({ prim: 'agg.countDistinct', args: [rule], consts: {}, ty: 'int' }),
  [
    {
      title: 'First one, then the other',
      given: [
        event(1, '10.0.0.1', '21'),
        event(8, '10.0.0.1', '445'),
        event(1, '10.0.0.2', '445'),
        event(8, '10.0.0.2', '21'),
      ],
      query:
        base('ftp', "DestinationPort: '21'") +
        base('smb', "DestinationPort: '445'") +
        counting('temporal_ordered', ['ftp', 'smb'], []),
      gives: [row('temporal_ordered', 2, 1, 8)],
      from: { vendorDoc: SPEC },
    },
  ],
  [],
)
