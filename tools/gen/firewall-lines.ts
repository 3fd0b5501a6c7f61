import type { Flow } from './flow.ts'

// One connection in the log format of each vendor, by the vendors' documented log fields. All values are invented.
export const FIREWALL_FORMATS = ['panos', 'asa', 'fortigate', 'zeek', 'suricata'] as const
export type FirewallFormat = (typeof FIREWALL_FORMATS)[number]

/** A line with its log time (ms) and its place among lines of the same time. */
export interface Logged {
  readonly at: number
  readonly order: number
  readonly text: string
  /** Bytes sent and received in the line, if the line has the vendor's word for an allowed connection. */
  readonly allows?: readonly [sent: number, received: number]
}

type Render = (flows: readonly Flow[]) => Logged[]

const two = (n: number): string => String(n).padStart(2, '0')
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19)
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const month = (ms: number): string => MONTHS[new Date(ms).getUTCMonth()] as string
const end = (f: Flow): number => f.at + f.seconds * 1000
const NAT = '198.51.100.7'

function panos(): Render {
  const row = (
    f: Flow,
    at: number,
    subtype: string,
    action: string,
    bytes: readonly [number, number],
    elapsed: number,
  ): string => {
    const stamp = (ms: number) => `${day(ms).replaceAll('-', '/')} ${clock(ms)}`
    const [sent, received] = bytes
    const app = { 20: 'ftp', 21: 'ftp', 69: 'tftp', 139: 'netbios-ss', 445: 'ms-ds-smbv3' }[f.dport] ?? 'ssl'
    const columns = [
      1,
      stamp(at),
      '013201099999',
      'TRAFFIC',
      subtype,
      2561,
      stamp(at),
      f.src,
      f.dst,
      NAT,
      f.dst,
      'outbound',
      f.user,
      '',
      app,
      'vsys1',
      'trust',
      'untrust',
      'ethernet1/2',
      'ethernet1/1',
      'to-siem',
      stamp(at),
      100_000 + f.id,
      1,
      f.sport,
      f.dport,
      f.sport,
      f.dport,
      '0x19',
      f.proto,
      action,
      sent + received,
      sent,
      received,
      2,
      stamp(f.at),
      elapsed,
      'any',
      '',
      f.id,
      '0x8000000000000000',
      '10.0.0.0-10.255.255.255',
      'Exampleland',
      '',
      1,
      1,
      action === 'allow' ? 'tcp-fin' : 'policy-deny',
      0,
      0,
      0,
      0,
      '',
      'PA-DEMO',
      'from-policy',
      '',
      '',
      0,
      '',
      0,
      '',
      'N/A',
      0,
      0,
      0,
      0,
    ]
    const d = new Date(at)
    return `<14>${month(at)} ${String(d.getUTCDate()).padStart(2)} ${clock(at)} PA-DEMO ${columns.join(',')}`
  }
  return (flows) =>
    flows.flatMap((f): Logged[] => {
      if (!f.allowed) return [{ at: f.at, order: f.id, text: row(f, f.at, 'deny', 'deny', [0, 0], 0) }]
      const logged = (at: number, subtype: string, bytes: readonly [number, number], elapsed: number): Logged => ({
        at,
        order: f.id,
        text: row(f, at, subtype, 'allow', bytes, elapsed),
        allows: bytes,
      })
      const last = logged(end(f), 'end', [f.sent, f.received], f.seconds)
      // The start row has the bytes of the first packets only.
      return f.chatty ? [logged(f.at, 'start', [Math.min(f.sent, 74), 0], 0), last] : [last]
    })
}

function asa(): Render {
  const head = (at: number, severity: number): string => {
    const d = new Date(at)
    return `<${160 + severity}>${month(at)} ${two(d.getUTCDate())} ${d.getUTCFullYear()} ${clock(at)} asa-demo : %ASA-${severity}-`
  }
  return (flows) =>
    flows.flatMap((f): Logged[] => {
      const proto = f.proto.toUpperCase()
      if (!f.allowed) {
        const text = `${head(f.at, 4)}106023: Deny ${f.proto} src inside:${f.src}/${f.sport} dst outside:${f.dst}/${f.dport} by access-group "inside_in" [0x0, 0x0]`
        return [{ at: f.at, order: f.id, text }]
      }
      // Outbound: the far side comes first although it is the destination.
      const id = 500_000 + f.id
      const built = `${head(f.at, 6)}${f.proto === 'tcp' ? 302013 : 302015}: Built outbound ${proto} connection ${id} for outside:${f.dst}/${f.dport} (${f.dst}/${f.dport}) to inside:${f.src}/${f.sport} (${NAT}/${f.sport})`
      const s = f.seconds
      const length = `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
      const bytes = f.received > 0 ? f.sent + f.received : 0
      const why = f.proto === 'udp' ? '' : f.received > 0 ? ' TCP FINs' : ' SYN Timeout'
      const down = `${head(end(f), 6)}${f.proto === 'tcp' ? 302014 : 302016}: Teardown ${proto} connection ${id} for outside:${f.dst}/${f.dport} to inside:${f.src}/${f.sport} duration ${length} bytes ${bytes}${why}`
      return [
        { at: f.at, order: 2 * f.id, text: built, allows: [0, 0] },
        { at: end(f), order: 2 * f.id + 1, text: down },
      ]
    })
}

const INTERIM = 120

function fortigate(): Render {
  const row = (
    f: Flow,
    at: number,
    more: string,
    action: string,
    logid: string,
    bytes: readonly [number, number],
    seconds: number,
  ): string =>
    `<189>date=${day(at)} time=${clock(at)} devname="FGT-DEMO" devid="FGT0DEMO" eventtime=${at}000000 tz="+0000" logid="${logid}" type="traffic" ` +
    `subtype="forward" level="notice" vd="root" srcip=${f.src} srcport=${f.sport} srcintf="lan1" srcintfrole="lan" dstip=${f.dst} dstport=${f.dport} ` +
    `dstintf="wan1" dstintfrole="wan" sessionid=${700_000 + f.id} proto=${f.proto === 'tcp' ? 6 : 17} action="${action}" policyid=${action === 'deny' ? 0 : 7} ` +
    `service="${f.proto}/${f.dport}" user="${f.user.replace('corp\\', '')}" duration=${seconds} sentbyte=${bytes[0]} rcvdbyte=${bytes[1]} sentpkt=3 rcvdpkt=2${more}`
  return (flows) =>
    flows.flatMap((f): Logged[] => {
      if (!f.allowed) return [{ at: f.at, order: f.id, text: row(f, f.at, '', 'deny', '0000000013', [0, 0], 0) }]
      const out: Logged[] = []
      // Bytes count from the start of the session, in every record.
      for (let s = INTERIM; f.chatty && s < f.seconds; s += INTERIM) {
        const now: [number, number] = [Math.floor((f.sent * s) / f.seconds), Math.floor((f.received * s) / f.seconds)]
        out.push({
          at: f.at + s * 1000,
          order: f.id,
          text: row(f, f.at + s * 1000, '', 'accept', '0000000020', now, s),
          allows: now,
        })
      }
      const action = f.proto === 'udp' ? 'accept' : f.received > 0 ? 'close' : 'timeout'
      out.push({
        at: end(f),
        order: f.id,
        text: row(f, end(f), '', action, '0000000013', [f.sent, f.received], f.seconds),
        ...(action === 'accept' ? { allows: [f.sent, f.received] as const } : {}),
      })
      return out
    })
}

function zeek(): Render {
  return (flows) =>
    flows.map(
      (f): Logged => ({
        at: f.at,
        order: f.id,
        text: JSON.stringify({
          ts: f.at / 1000,
          uid: `C${f.id}demo`,
          'id.orig_h': f.src,
          'id.orig_p': f.sport,
          'id.resp_h': f.dst,
          'id.resp_p': f.dport,
          proto: f.proto,
          duration: f.seconds,
          orig_bytes: f.sent,
          resp_bytes: f.received,
          conn_state: f.received > 0 ? 'SF' : 'S0',
          missed_bytes: 0,
        }),
      }),
    )
}

function suricata(): Render {
  const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}000+0000`
  return (flows) =>
    flows.map(
      (f): Logged => ({
        at: end(f),
        order: f.id,
        text: JSON.stringify({
          timestamp: stamp(end(f)),
          flow_id: 1_000_000 + f.id,
          event_type: 'flow',
          src_ip: f.src,
          src_port: f.sport,
          dest_ip: f.dst,
          dest_port: f.dport,
          proto: f.proto.toUpperCase(),
          flow: {
            pkts_toserver: 3,
            pkts_toclient: f.received > 0 ? 2 : 0,
            bytes_toserver: f.sent,
            bytes_toclient: f.received,
            start: stamp(f.at),
            end: stamp(end(f)),
            age: f.seconds,
            state: f.received > 0 ? 'closed' : 'new',
            reason: 'timeout',
          },
        }),
      }),
    )
}

export const RENDERERS: Readonly<Record<FirewallFormat, () => Render>> = { asa, fortigate, panos, suricata, zeek }
