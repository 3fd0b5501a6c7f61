// Twelve detections whose public conversions change the meaning. Each written language has a test of its text for each of them.
import { all, any, not } from './condition.ts'
import type { Condition, CorrelationDetection, EventDetection, Logsource, Part, PortableDetection } from './portable.ts'

/** A value as Sigma writes it: `*` and `?` are wildcards, a backslash in front of them makes them literal. */
export function parts(value: string): Part[] {
  const out: Part[] = []
  for (const m of value.matchAll(/\\([*?])|([*?])|(?:\\(?![*?])|[^\\*?])+/g)) {
    if (m[1] !== undefined) out.push({ text: m[1] })
    else if (m[2] !== undefined) out.push({ wild: m[2] as '*' | '?' })
    else out.push({ text: m[0] })
  }
  return out
}
export const is = (field: string, ...values: readonly string[]): Condition =>
  any(...values.map((v): Condition => ({ kind: 'text', field, parts: parts(v), cased: false })))
export const cased = (field: string, value: string): Condition => ({
  kind: 'text',
  field,
  parts: parts(value),
  cased: true,
})
export const keyword = (value: string): Condition => ({ kind: 'keyword', parts: parts(`*${value}*`), cased: false })
export const network = (field: string, net: string): Condition => ({ kind: 'network', field, network: net })
export const regex = (field: string, pattern: string, flags = ''): Condition => ({
  kind: 'regex',
  field,
  pattern,
  flags,
})
export const number = (field: string, op: '<' | '<=' | '=' | '>' | '>=', value: number): Condition => ({
  kind: 'number',
  field,
  op,
  value,
})

export const events = (where: Condition, logsource?: Logsource): EventDetection => ({
  kind: 'events',
  where,
  steps: [],
  ...(logsource ? { logsource } : {}),
})
const process = (where: Condition) => events(where, { category: 'process_creation', product: 'windows' })
const starts = process(is('EventID', '1'))

/** Starts of processes, counted by program. */
export const grouped = (limit?: number): EventDetection => ({
  ...starts,
  steps: [
    {
      kind: 'aggregate',
      by: ['Image'],
      measures: [{ of: 'count', name: 'n' }],
      ...(limit === undefined ? {} : { limit }),
    },
  ],
})

/** Starts of processes, by a text that is read as a number, then by one that is not. */
export const ordered: EventDetection = {
  ...starts,
  steps: [
    {
      kind: 'order',
      by: [
        { field: 'IntegrityLevel', descending: true, as: 'read-number' },
        { field: 'Image', descending: false, as: 'text' },
      ],
    },
  ],
}
const MINUTE = 60_000_000n
const logon = (id: string) => events(is('EventID', id), { product: 'windows', service: 'security' })
const correlation = (c: Partial<CorrelationDetection>): CorrelationDetection => ({
  kind: 'correlation',
  type: 'event_count',
  of: [logon('4625')],
  groupBy: [],
  timespan: 10n * MINUTE,
  bounds: [],
  fields: [],
  ...c,
})
const groupBy = (count: number, ...names: readonly string[]) =>
  names.map((name) => ({ name, fields: Array.from({ length: count }, () => name) }))

export const traps = {
  oneCharacter: process(is('Image', '*\\agent-v?.exe')),
  realStar: process(is('CommandLine', '*/tn \\**')),
  starInside: process(is('CommandLine', '*--url*--out*', '*zz-probe*')),
  absentFilter: process(
    all(
      is('Image', '*\\pwsh.exe'),
      not({ kind: 'text', field: 'ParentImage', parts: [{ text: 'C:\\Tools\\' }, { wild: '*' }], cased: false }),
    ),
  ),
  nullAndEmpty: process(all(not({ kind: 'exists', field: 'OriginalFileName' }), is('Company', ''))),
  regex: process(regex('CommandLine', '^cmd\\s+/c ')),
  lookAhead: process(regex('CommandLine', '^cmd\\s+/c (?!echo)')),
  ranges: events(not(any(network('SourceIp', '10.20.0.0/16'), network('SourceIp', 'fe80::/10'))), {
    category: 'network_connection',
    product: 'windows',
  }),
  casedText: process(cased('CommandLine', '*IEX*')),
  keywords: events(all(keyword('drop table'), keyword('x_cmd')), { product: 'linux', service: 'syslog' }),
  direction: events(all(is('Initiated', 'true'), number('DestinationPort', '>=', 49_152)), {
    category: 'network_connection',
    product: 'windows',
  }),
  failures: correlation({ bounds: [{ op: '>=', value: 20 }], groupBy: groupBy(1, 'IpAddress', 'TargetUserName') }),
  ordered: correlation({
    type: 'temporal_ordered',
    of: [logon('4625'), logon('4624')],
    timespan: 5n * MINUTE,
    groupBy: groupBy(2, 'TargetUserName'),
  }),
} as const satisfies Record<string, PortableDetection>
