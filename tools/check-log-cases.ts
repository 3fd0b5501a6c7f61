// Reads published parsing cases with Assay's formats and counts agreements. Usage: tsx tools/check-log-cases.ts FOLDER
// (files zeek, logstash-firewalls, sc4s-headers, uci-firewall and logscale-parsers .ndjson: {id, input, expected?, notes?, parser?} a line)
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Event, LogFormat } from '../core/logs/format.ts'
import { formatNamed, recognise } from '../core/logs/registry.ts'
import { syslogHead } from '../core/logs/readers/syslog.ts'

interface Case {
  readonly id: string
  readonly input: string
  readonly expected?: unknown
  readonly notes?: string
  readonly parser?: string
}
const folder = process.argv[2] as string
const verbose = process.argv.includes('-v')
const cases = (name: string): Case[] =>
  readFileSync(join(folder, `${name}.ndjson`), 'utf8')
    .split('\n')
    .filter((l) => l !== '')
    .map((l) => JSON.parse(l))

function events(format: LogFormat, text: string): (Event | { bad: string })[] {
  const lines = text.replace(/\n$/, '').split('\n')
  const reader = format.reader({ zone: 'UTC', year: 2026 }, lines.slice(0, 20))
  const records = format.split ? [...format.split(text)].map((d) => d.record) : lines
  return records.map((r) => reader.read(r)).filter((r): r is Event | { bad: string } => !('skip' in r))
}

const best = (text: string): LogFormat | undefined => recognise(text.split('\n').slice(0, 50))[0]?.format
const say = (...what: unknown[]): void => {
  if (verbose) console.log('  ', ...what)
}
const same = (is: string | undefined, should: unknown): boolean => {
  if (should === null) return is === undefined
  if (typeof should === 'boolean') return is === (should ? 'T' : 'F') || is === String(should)
  if (typeof should === 'number') return is !== undefined && Number(is) === should
  if (Array.isArray(should))
    return (
      is !== undefined && (is === '' ? should.length === 0 || should[0] === '' : is.split(',').length === should.length)
    )
  return is === String(should)
}

function zeek(): void {
  let [rows, right, values, rightValues, files] = [0, 0, 0, 0, 0]
  for (const c of cases('zeek')) {
    if (!Array.isArray(c.expected)) continue
    files++
    const format = best(c.input)
    const read = format ? events(format, c.input) : []
    const expected = c.expected as Record<string, unknown>[]
    if (read.length !== expected.length) say(c.id, format?.name, `${read.length} rows of ${expected.length}`)
    expected.forEach((row, i) => {
      rows++
      const e = read[i]
      const wrong =
        e && 'fields' in e
          ? Object.entries(row)
              .filter(([_k, v]) => typeof v !== 'object' || v === null || Array.isArray(v))
              .filter(([k, v]) => {
                values++
                const ok =
                  Array.isArray(v) && !e.fields.has(k)
                    ? v.length === 0 || e.fields.has(`${k}[0]`)
                    : same(e.fields.get(k), v)
                if (ok) rightValues++
                return !ok
              })
          : [['row', e]]
      if (wrong.length === 0) right++
      else
        say(
          c.id,
          format?.name,
          i,
          JSON.stringify(wrong.slice(0, 3)),
          JSON.stringify(wrong.slice(0, 3).map(([k]) => (e as Event | undefined)?.fields?.get(k as string))),
        )
    })
  }
  console.log(`zeek: ${files} logs, ${right} of ${rows} rows, ${rightValues} of ${values} values as expected`)
}

/** Field of Assay → names of the cases. */
const ECS: Readonly<Record<string, readonly string[]>> = {
  'source.ip': ['src_ip', 'SRC', 'source-address'],
  'source.address': ['src_ip', 'SRC', 'src'],
  'source.port': ['src_port', 'SPT', 'source-port'],
  'destination.ip': ['dest_ip', 'DST', 'destination-address'],
  'destination.address': ['dest_ip', 'dst'],
  'destination.port': ['dest_port', 'DPT', 'dst_port', 'destination-port'],
  'source.user.name': ['user'],
  'observer.ingress.interface.name': ['src_interface', 'IN'],
  'observer.egress.interface.name': ['dest_interface', 'interface', 'OUT'],
  'cisco.asa.network.transport': ['protocol'],
  'cisco.asa.connection_id': ['connection_id'],
  'cisco.asa.rule_name': ['access_group'],
  'cisco.asa.tcp_flags': ['tcp_flags'],
  'cisco.asa.icmp_type': ['icmp_type'],
  'cisco.asa.icmp_code': ['icmp_code'],
  'cisco.asa.network.direction': ['direction'],
  'iptables.id': ['ID'],
  'iptables.ttl': ['TTL'],
  'iptables.length': ['LEN'],
  'network.transport': ['PROTO'],
  'network.iana_number': ['protocol-id'],
  'source.bytes': ['bytes-from-client', 'sent'],
  'destination.bytes': ['bytes-from-server', 'rcvd'],
  'juniper.srx.session_id': ['session-id-32'],
  'juniper.srx.service_name': ['service-name'],
  'rule.name': ['policy-name'],
  'netscreen.session.duration': ['duration'],
  'netscreen.policy_id': ['policy_id'],
  'netscreen.protocol_number': ['proto'],
  'netscreen.device_id': ['device_id'],
  'event.action': ['action'],
  'host.hostname': ['host'],
  'source.nat.ip': ['src_nat_ip', 'nat-source-address'],
  'source.nat.port': ['src_nat_port', 'nat-source-port'],
  'destination.nat.ip': ['dest_nat_ip', 'nat-destination-address'],
  'destination.nat.port': ['dest_nat_port', 'nat-destination-port'],
}

function* leaves(o: unknown, path = ''): Iterable<[string, unknown]> {
  if (typeof o === 'object' && o !== null && !Array.isArray(o))
    for (const [k, v] of Object.entries(o)) yield* leaves(v, path === '' ? k : `${path}.${k}`)
  else yield [path, o]
}

/** The grok patterns read parts of messages. The note of a case has the tag that a device would write. */
function logstash(): void {
  let [lines, read, values, right, swapped] = [0, 0, 0, 0, 0]
  for (const c of cases('logstash-firewalls')) {
    if (c.notes?.includes('CAUTION') || c.expected === undefined) continue
    lines++
    const id = /CISCOFW(\d{6})/.exec(c.notes ?? '')?.[1]
    const input =
      id !== undefined && !/(?:ASA|PIX)-\d-/.test(c.input)
        ? `%ASA-6-${/^.*?(\d{6}): /.exec(c.input)?.[1] ?? id}: ${c.input.replace(/^.*?\d{6}: /, '')}`
        : c.input
    const format = best(input)
    const e = format ? events(format, input)[0] : undefined
    if (!e || !('fields' in e)) {
      say(c.id, format?.name, e, input)
      continue
    }
    read++
    // ICMP: in an inbound message the far side is the opener, but the patterns always choose the near side.
    const outbound = /Built outbound|Built inbound ICMP|Teardown ICMP/.test(input)
    for (const [path, should] of leaves((c.expected as { ecs?: unknown } | null)?.ecs)) {
      const names = ECS[path]
      if (!names) continue
      values++
      const value = names.map((n) => e.fields.get(n)).find((v) => v !== undefined)
      const ok = same(value, should) || (typeof should === 'string' && value?.toLowerCase() === should.toLowerCase())
      if (ok) right++
      else if (outbound && /source|destination|ingress|egress/.test(path)) swapped++
      else say(c.id, format?.name, path, should, value)
    }
  }
  console.log(
    `logstash-firewalls: ${read} of ${lines} lines read, ${right} of ${values} values as expected, ${swapped} more are the unswapped ends of connections`,
  )
}

const KIND: readonly (readonly [RegExp, RegExp])[] = [
  [/^cisco:/, /^asa$/],
  [/^fgt_/, /^fortigate$/],
  [/^pan:/, /^panos$/],
  [/^juniper|^netscreen|^cp_log|^pfsense|^sonicwall|^nix|^dell/, /^syslog|^cef/],
]
function sc4s(): void {
  let [rows, kind, hosts, host, read] = [0, 0, 0, 0, 0]
  for (const c of cases('sc4s-headers')) {
    const expected = c.expected as { host?: string; sourcetype?: string }
    rows++
    const format = best(c.input)
    const rule = KIND.find(([st]) => st.test(expected.sourcetype ?? ''))
    if (format && rule?.[1].test(format.name)) kind++
    else say(c.id, expected.sourcetype, format?.name, c.input.slice(0, 100))
    const e = format ? events(format, c.input)[0] : undefined
    if (e && 'fields' in e) read++
    else say(c.id, 'not read', e, c.input.slice(0, 150))
    if (expected.host !== undefined) {
      hosts++
      const found = [
        syslogHead(c.input).host,
        ...(e && 'fields' in e
          ? ['host', 'hostname', 'devname', 'DeviceName', 'network:device'].map((n) => e.fields.get(n))
          : []),
      ]
      if (found.includes(expected.host)) host++
      else say(c.id, 'host', expected.host, found, c.input.slice(0, 120))
    }
  }
  console.log(
    `sc4s-headers: ${read} of ${rows} read, ${kind} of ${rows} of the vendor's format, ${host} of ${hosts} hosts`,
  )
}

function uci(): void {
  const header =
    'src_port,dst_port,nat_src_port,nat_dst_port,action,bytes,bytes_sent,bytes_received,packets,elapsed_s,pkts_sent,pkts_received'
  const rows = cases('uci-firewall')
  const csv = events(formatNamed('csv') as LogFormat, [header, ...rows.map((r) => r.input)].join('\n'))
  const pan = events(formatNamed('panos') as LogFormat, rows.map((r) => panRow(r.input)).join('\n'))
  const NAMES: Readonly<Record<string, string>> = {
    src_port: 'src_port',
    dst_port: 'dest_port',
    nat_src_port: 'NAT_src_port',
    nat_dst_port: 'NAT_dest_port',
    action: 'action',
    bytes: 'bytes',
    bytes_sent: 'bytes_sent',
    bytes_received: 'bytes_recv',
    packets: 'Packets',
    elapsed_s: 'ElapsedTime',
    pkts_sent: 'pkts_sent',
    pkts_received: 'pkts_received',
  }
  let [asCsv, asPan] = [0, 0]
  rows.forEach((r, i) => {
    const expected = Object.entries(r.expected as object)
    const [a, b] = [csv[i], pan[i]]
    if (a && 'fields' in a && expected.every(([k, v]) => same(a.fields.get(k), v))) asCsv++
    if (b && 'fields' in b && expected.every(([k, v]) => same(b.fields.get(NAMES[k] as string), v))) asPan++
  })
  console.log(`uci-firewall: ${asCsv} of ${rows.length} as CSV, ${asPan} of ${rows.length} put into PAN-OS rows`)
}

function panRow(input: string): string {
  const [sport, dport, nsport, ndport, action, bytes, sent, received, packets, elapsed, psent, preceived] =
    input.split(',')
  return `1,2026/03/02 00:00:04,0132,TRAFFIC,end,2049,2026/03/02 00:00:04,10.0.0.1,203.0.113.9,0.0.0.0,0.0.0.0,rule,,,ssl,vsys1,trust,untrust,e1,e2,fwd,2026/03/02 00:00:04,1,1,${sport},${dport},${nsport},${ndport},0x0,tcp,${action},${bytes},${sent},${received},${packets},2026/03/02 00:00:04,${elapsed},any,0,1,0x0,a,b,0,${psent},${preceived}`
}

function logscale(): void {
  const WANT: Readonly<Record<string, string>> = {
    ASA_syslog: 'asa',
    PaloAltoFirewall: 'panos',
    'fortinet-fortigate': 'fortigate',
    Imperva_ApplicationSecurity_CloudWebApplicationFirewall_cef: 'cef',
    sonicwall: 'syslog',
    'corelight-sensor': 'zeek',
  }
  const tally = new Map<string, { cases: number; recognised: number; read: number }>()
  for (const c of cases('logscale-parsers')) {
    const want = WANT[c.parser ?? '']
    const t = tally.get(c.parser ?? '') ?? { cases: 0, recognised: 0, read: 0 }
    tally.set(c.parser ?? '', t)
    t.cases++
    // The page wraps its lines, and some have line numbers.
    const input =
      want === 'asa' ? c.input.replace(/\s*\n\s*(?:\d+\s{2,})?/g, ' ') : want === 'zeek' ? flat(c.input) : c.input
    const format = best(input)
    if (want === undefined ? format !== undefined : format?.name === want || format?.name === 'zeek-tsv') t.recognised++
    else say(c.id, format?.name, input.slice(0, 160))
    const read = format ? events(format, input) : []
    if (read.length > 0 && read.every((e) => 'fields' in e)) t.read++
    else say(c.id, format?.name, JSON.stringify(read).slice(0, 200), input.slice(0, 160))
  }
  console.log(
    `logscale-parsers: ${[...tally].map(([p, t]) => `${p} ${t.read}/${t.recognised}/${t.cases}`).join(' · ')} (read/recognised/cases)`,
  )
}

function flat(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}

zeek()
logstash()
sc4s()
uci()
logscale()
