// The published Sumo query over raw firewall logs, beside the work of an analyst without a tool: counting lines, and an awk one-liner that
// knows only the layout of this log.
import type { FirewallFormat } from '../tools/gen/firewall.ts'
import type { Side } from './measure.ts'

export const FIREWALLS = ['panos', 'asa', 'fortigate'] as const
type Firewall = Extract<FirewallFormat, (typeof FIREWALLS)[number]>

const PORTS = '^(20|21|69|139|445|990)$'
const PRIVATE = '^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)'
/** Counts lines by the key `k`. Prints the groups of more than three: source, destination, port and count. */
const COUNT = 'n[k]++ } END { for (k in n) if (n[k] > 3) print k, n[k] }'
const AWK: Readonly<Record<Firewall, readonly [separator: string, program: string]>> = {
  panos: [
    ',',
    `$4 == "TRAFFIC" && $5 == "end" && $31 == "allow" && $26 ~ /${PORTS}/ && $9 !~ /${PRIVATE}/ { k = $8 " " $9 " " $26; ${COUNT}`,
  ],
  // The first end of an outbound connection is the destination.
  asa: [
    ' ',
    `/ Built outbound / { split($14, d, /[:\\/]/); split($17, s, /[:\\/]/); if (d[3] !~ /${PORTS}/ || d[2] ~ /${PRIVATE}/) next; k = s[2] " " d[2] " " d[3]; ${COUNT}`,
  ],
  fortigate: [
    ' ',
    `/type="traffic"/ && !/action="deny"/ && !/logid="0000000020"/ && / dstport=(20|21|69|139|445|990) / { split("", f); for (i = 1; i <= NF; i++) { e = index($i, "="); f[substr($i, 1, e - 1)] = substr($i, e + 1) } if (f["dstip"] ~ /${PRIVATE}/) next; k = f["srcip"] " " f["dstip"] " " f["dstport"]; ${COUNT}`,
  ],
}

export const othersOn = (format: Firewall, path: string): readonly Side[] => {
  const [separator, program] = AWK[format]
  return [
    { name: 'awk', command: ['awk', '-F', separator, program, path] },
    { name: 'wc -l', command: ['wc', '-l', path] },
  ]
}

/** The number of events by destination port: every line matters. */
const COUNTS = {
  panos: [',', '{ n[$26]++ } END { for (k in n) print k, n[k] }'],
  fortigate: [
    ' ',
    '{ if (match($0, / dstport=[0-9]+/)) n[substr($0, RSTART + 9, RLENGTH - 9)]++ } END { for (k in n) print k, n[k] }',
  ],
} as const
export const COUNTED = ['panos', 'fortigate'] as const
export const PORT_FIELD = { panos: 'dest_port', fortigate: 'dstport' } as const

export function countsOn(format: (typeof COUNTED)[number], path: string): Side {
  const [separator, program] = COUNTS[format]
  return { name: 'awk', command: ['awk', '-F', separator, program, path] }
}

/** The output of awk as rows of a query. */
export const awkRows = (out: string): readonly (readonly string[])[] =>
  out
    .trim()
    .split('\n')
    .filter((l) => l !== '')
    .map((l) => l.split(' '))
