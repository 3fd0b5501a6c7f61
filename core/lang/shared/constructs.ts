// The constructs of a detection: one row each of docs/reference/conversions.md, with a Sigma rule as its example. A language that is written
// names the row of its platform's documentation that gives the meaning of its text.
import type { Evidence } from './target.ts'

/** Detections and conditions of the examples; the log source is that of new processes on Windows, if none is given. */
export const constructs = {
  equals: { title: 'A whole value, in any case', sigma: "Image: 'C:\\x.exe'" },
  contains: { title: 'A part of a value', sigma: "CommandLine|contains: '-enc'" },
  starts: { title: 'The beginning of a value', sigma: "Image|startswith: 'C:\\Temp\\'" },
  ends: { title: 'The end of a value', sigma: "Image|endswith: '\\cmd.exe'" },
  wildcards: { title: 'A star inside a value', sigma: "CommandLine: 'a*b'" },
  character: { title: 'One character of any kind', sigma: "Image|endswith: '\\agent-v?.exe'" },
  star: { title: 'A literal star', sigma: "CommandLine|contains: '/tn \\*'" },
  cased: { title: 'In its own case', sigma: "CommandLine|contains|cased: 'IEX'" },
  list: { title: 'One of several values', sigma: "Image: ['a.exe', 'b.exe']" },
  all: { title: 'All of several values', sigma: "CommandLine|contains|all: ['a', 'b']" },
  regex: { title: 'A regular expression', sigma: "CommandLine|re: '^cmd\\s+/c '" },
  lookaround: { title: 'A regular expression with look-around', sigma: "CommandLine|re: '^cmd (?!echo)'" },
  number: { title: 'A comparison of numbers', sigma: 'ProcessId|gte: 100' },
  network: {
    title: 'Networks',
    sigma: "DestinationIp|cidr: ['10.0.0.0/8', 'fe80::/10']",
    category: 'network_connection',
  },
  exists: { title: 'A field that is there', sigma: 'CommandLine|exists: true' },
  absent: { title: 'A field that is absent', sigma: 'CommandLine: null' },
  empty: { title: 'An empty value', sigma: "CommandLine: ''" },
  not: {
    title: 'Negation, also of a field that is absent',
    sigma: "ParentImage|endswith: '\\a.exe'",
    condition: 'not sel',
  },
  fields: { title: 'Two fields compared', sigma: 'Image|fieldref: ParentImage' },
  keyword: { title: 'A text anywhere in the record', sigma: undefined, keywords: 'drop table' },
  event_count: { title: 'Events counted in a window', sigma: undefined, correlation: 'event_count' },
  value_count: { title: 'Different values counted in a window', sigma: undefined, correlation: 'value_count' },
  temporal: { title: 'Several rules in a window, in any order', sigma: undefined, correlation: 'temporal' },
  temporal_ordered: { title: 'Several rules in a window, in order', sigma: undefined, correlation: 'temporal_ordered' },
} as const satisfies Readonly<Record<string, Example>>

interface Example {
  readonly title: string
  /** One item of a selection named `sel`. */
  readonly sigma: string | undefined
  readonly category?: string
  /** Left out: `sel`. */
  readonly condition?: string
  readonly keywords?: string
  readonly correlation?: string
}

export type Construct = keyof typeof constructs
export type Documentation = Readonly<Record<Construct, Evidence>>

/** The example of a construct as a Sigma file. */
export function exampleOf(construct: Construct): string {
  const {
    title,
    sigma,
    category = 'process_creation',
    condition = 'sel',
    keywords,
    correlation,
  }: Example = constructs[construct]
  const rule = (name: string, item: string): string => `title: ${title}
name: ${name}
logsource:
    category: ${category}
    product: windows
detection:
    sel:
        ${item}
    condition: ${condition}
`
  if (keywords !== undefined)
    return `title: ${title}\nlogsource:\n    product: linux\n    service: syslog\ndetection:\n    sel:\n        - ${keywords}\n    condition: sel\n`
  if (correlation === undefined) return rule('example', sigma ?? '')
  const needsField = correlation === 'value_count'
  const bound = correlation.startsWith('temporal')
    ? ''
    : `    condition:\n        gte: 5\n${needsField ? '        field: CommandLine\n' : ''}`
  const rules = correlation.startsWith('temporal') ? ['first', 'second'] : ['first']
  return `${rules.map((n, i) => rule(n, `Image|endswith: '\\${'ab'[i]}.exe'`)).join('---\n')}---
title: ${title}
correlation:
    type: ${correlation}
    rules:
${rules.map((r) => `        - ${r}\n`).join('')}    group-by:
        - User
    timespan: 10m
${bound}`
}
