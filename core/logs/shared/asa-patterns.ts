// Messages of Cisco ASA, FTD and PIX about connections: one pattern each, and which of its groups is what.
// Interface names may have blanks but no colon; a name may stand for an address; IPv6 addresses are written bare, `/port` behind them.

/** A group of the pattern, or a constant text. */
export type Place = number | { readonly is: string }
export type Layout = Readonly<Record<string, Place>>

export interface AsaPattern {
  readonly ids: readonly string[]
  readonly regex: RegExp
  layout(m: RegExpExecArray): Layout
  /** Written in several ways: a line of another shape is known by id and text only, and not bad. */
  readonly soft?: true
}

const USER = '(?:\\s?\\(([^)]*)\\))?'
const SIDE = '([^:]+):([^/]+)\\/(\\d+)'
const MAPPED = ' ?\\(([^/)]+)\\/(\\d+)\\)'
const FROM = '(?:([^:\\s]+):(?=[^\\s:]+\\/|[\\d.]))?([^\\s/]+?)(?:\\/(\\d+))?'

const is = (text: string): Place => ({ is: text })

/**
 * `Built inbound … for A to B`: A is the initiator. `Built outbound … for A to B`: B is. The vendor's document 116149 has the table; many
 * published parsers take A for the source in both. Sumo Logic's app names the initiator `src_ip` too as far as its queries show
 * (they count `dest_port` by service), and a query on the port of the service has no other way to mean anything.
 */
const built: AsaPattern = {
  ids: ['302013', '302015', '302303'],
  regex: new RegExp(
    `Built (inbound|outbound) (\\S+) (?:state-bypass )?connection (\\d+) for ${SIDE}${MAPPED}${USER} to ${SIDE}${MAPPED}${USER}${USER}`,
    'y',
  ),
  layout: (m) => (m[1] === 'outbound' ? BUILT_OUT : BUILT_IN),
}
const BUILT = { action: is('Built'), protocol: 2, connection_id: 3, direction: 1 }
const BUILT_IN: Layout = {
  ...BUILT,
  src_interface: 4,
  src_ip: 5,
  src_port: 6,
  src_nat_ip: 7,
  src_nat_port: 8,
  user: 9,
  dest_interface: 10,
  dest_ip: 11,
  dest_port: 12,
  dest_nat_ip: 13,
  dest_nat_port: 14,
  dest_user: 15,
  session_user: 16,
}
const BUILT_OUT: Layout = {
  ...BUILT,
  src_interface: 10,
  src_ip: 11,
  src_port: 12,
  src_nat_ip: 13,
  src_nat_port: 14,
  user: 15,
  dest_interface: 4,
  dest_ip: 5,
  dest_port: 6,
  dest_nat_ip: 7,
  dest_nat_port: 8,
  dest_user: 9,
  session_user: 16,
}

/** Carries no direction: which side is the destination is told by the ports (see `asa.ts`). `bytes_in` is the total of both directions. */
const teardown: AsaPattern = {
  ids: ['302014', '302016', '302304'],
  regex: new RegExp(
    `Teardown (\\S+) (?:state-bypass )?connection (\\d+) for ${SIDE}${USER} to ${SIDE}${USER} duration (\\d+:\\d\\d:\\d\\d) bytes (\\d+)(?: (?!\\()([^(]*?))?(?: ?\\(([^)]*)\\))?\\s*$`,
    'y',
  ),
  layout: () => TEARDOWN_FIRST_IS_DEST,
}
const TEARDOWN = { action: is('Teardown'), protocol: 1, connection_id: 2, duration: 11, bytes_in: 12, reason: 13 }
export const TEARDOWN_FIRST_IS_DEST: Layout = {
  ...TEARDOWN,
  src_interface: 7,
  src_ip: 8,
  src_port: 9,
  user: 10,
  dest_interface: 3,
  dest_ip: 4,
  dest_port: 5,
  dest_user: 6,
  session_user: 14,
}
export const TEARDOWN_FIRST_IS_SOURCE: Layout = {
  ...TEARDOWN,
  src_interface: 3,
  src_ip: 4,
  src_port: 5,
  user: 6,
  dest_interface: 7,
  dest_ip: 8,
  dest_port: 9,
  dest_user: 10,
  session_user: 14,
}
/** Groups of `teardown` that hold the ports of the first and of the second side. */
export const TEARDOWN_PORTS = [5, 9] as const

const icmp: AsaPattern = {
  ids: ['302020', '302021'],
  regex:
    /(Built|Teardown) (?:(inbound|outbound) )?(ICMP) connection for faddr ([^/\s]+)\/(\d+)(?:\(([^)]*)\))? gaddr ([^/\s]+)\/(\d+) laddr ([^/\s]+)\/(\d+)(?:\(([^)]*)\))?/y,
  layout: (m) =>
    m[2] === 'inbound'
      ? { action: 1, direction: 2, protocol: 3, src_ip: 4, user: 6, dest_ip: 9, dest_nat_ip: 7, dest_user: 11 }
      : { action: 1, direction: 2, protocol: 3, src_ip: 9, user: 11, dest_ip: 4, src_nat_ip: 7, dest_user: 6 },
}

const accessGroup: AsaPattern = {
  ids: ['106023'],
  regex:
    /(Deny) (?:protocol )?(\S+) src ([^:]+):(\S+?)(?:\/(\d+))?(?:\(([^)]*)\))? dst ([^:]+):(\S+?)(?:\/(\d+))?(?:\(([^)]*)\))? (?:\(?type (\d+), code (\d+)\)?,? )?by access-group "([^"]*)"(?: \[([^\]]*)\])?/y,
  layout: () => ({
    action: 1,
    protocol: 2,
    src_interface: 3,
    src_ip: 4,
    src_port: 5,
    user: 6,
    dest_interface: 7,
    dest_ip: 8,
    dest_port: 9,
    dest_user: 10,
    icmp_type: 11,
    icmp_code: 12,
    access_group: 13,
  }),
}

/** One line stands for `hit_cnt` connections. */
const accessList: AsaPattern = {
  ids: ['106100', '106102', '106103'],
  regex:
    /access-list (\S+) (permitted|denied|est-allowed) (\S+)(?: for user '([^']*)')? ([^/]+)\/([^( ]+)\((\d+)\)(?:\(([^)]*)\))? ?-> ?([^/]+)\/([^( ]+)\((\d+)\)(?:\(([^)]*)\))? hit-cnt (\d+) (first hit|\d+-second interval) \[/y,
  layout: (m) => ({
    access_group: 1,
    action: 2,
    protocol: 3,
    user: m[4] === undefined ? 8 : 4,
    src_interface: 5,
    src_ip: 6,
    src_port: 7,
    dest_interface: 9,
    dest_ip: 10,
    dest_port: 11,
    dest_user: 12,
    hit_cnt: 13,
    interval: 14,
  }),
}

const denied: AsaPattern = {
  ids: ['106001', '106006', '106007', '106010', '106014', '106015', '106021'],
  regex: new RegExp(
    `(?:(Inbound|Deny)) (?:(inbound) )?(?:protocol )?(\\S+) (?:connection denied |\\(no connection\\) |reverse path check )?(?:from|src) ${FROM} (?:to|dst) ${FROM}(?:\\(?\\s?\\(?type (\\d+), code (\\d+)\\))?(?: due to DNS (?:Query|Response))?(?: flags (.*?))? *(?:on interface (\\S+))?\\s*$`,
    'y',
  ),
  layout: (m) => ({
    action: is('Deny'),
    ...(m[2] !== undefined ? { direction: 2 } : m[1] === 'Inbound' ? { direction: 1 } : {}),
    protocol: 3,
    src_interface: 4,
    src_ip: 5,
    src_port: 6,
    dest_interface: 7,
    dest_ip: 8,
    dest_port: 9,
    icmp_type: 10,
    icmp_code: 11,
    tcp_flags: 12,
    interface: 13,
  }),
}

/** To the device itself. */
const toBox: AsaPattern = {
  ids: ['710001', '710002', '710003', '710005', '710006'],
  regex: new RegExp(
    `(\\S+) (?:access |request )?(requested|permitted|denied|discarded)(?: by ACL)? from ${FROM} to ${FROM}\\s*$`,
    'y',
  ),
  layout: () => ({
    protocol: 1,
    action: 2,
    src_interface: 3,
    src_ip: 4,
    src_port: 5,
    dest_interface: 6,
    dest_ip: 7,
    dest_port: 8,
  }),
}

const dropped: AsaPattern = {
  ids: ['419001', '419002', '110002', '110003'],
  regex: new RegExp(
    `(Dropping|Duplicate|Failed|Routing failed)(?: to locate (?:egress interface|next hop) for)? (\\S+)(?: packet| SYN)? from ${FROM} to ${FROM}(?:,? (?:reason: )?(.*))?$`,
    'y',
  ),
  layout: () => ({
    action: 1,
    protocol: 2,
    src_interface: 3,
    src_ip: 4,
    src_port: 5,
    dest_interface: 6,
    dest_ip: 7,
    dest_port: 8,
    reason: 9,
  }),
}

/** A translation is no connection, although it is built too: the mapped end stands where others have the destination. */
const translation: AsaPattern = {
  ids: ['305011', '305012'],
  soft: true,
  regex:
    /(Built|Teardown) \S+ (\S+) translation from ([^:]+):([^/\s(]+)(?:\/(\d+))?(?:\(([^)]*)\))? to ([^:]+):([^/\s]+)(?:\/(\d+))?/y,
  layout: () => ({
    action: 1,
    protocol: 2,
    src_interface: 3,
    src_ip: 4,
    src_port: 5,
    user: 6,
    dest_interface: 7,
    dest_ip: 8,
    dest_port: 9,
  }),
}

const icmpDenied: AsaPattern = {
  ids: ['313001', '313004', '313008'],
  soft: true,
  regex:
    /(Denied) (\S+) type=(\d+), (?:code=(\d+) )?from (?:laddr )?(\S+) on interface (\S+?)(?: to ([^\s:]+))?(?::|\s|$)/y,
  layout: () => ({ action: 1, protocol: 2, icmp_type: 3, icmp_code: 4, src_ip: 5, src_interface: 6, dest_ip: 7 }),
}

const icmpError: AsaPattern = {
  ids: ['313005'],
  soft: true,
  regex:
    /No matching connection for (ICMP) error message: \S+ src ([^:]+):(\S+) dst ([^:]+):(\S+) \(type (\d+), code (\d+)\)/y,
  layout: () => ({
    protocol: 1,
    src_interface: 2,
    src_ip: 3,
    dest_interface: 4,
    dest_ip: 5,
    icmp_type: 6,
    icmp_code: 7,
  }),
}

const ipsec: AsaPattern = {
  ids: ['402117', '402119', '602303', '602304'],
  soft: true,
  regex:
    /IPSEC: (?:Received an? .*?packet \((?:protocol= ?(\S+?)|.*?)\)|An (inbound|outbound) .*? SA \(.*?\)) (?:from|between) ([^\s(]+)(?: \(user= ?([^)]*)\))? (?:to|and) ([^\s(]+?)\.?(?: \(user= ?([^)]*)\))?(?:\s|$)/y,
  layout: (m) => ({ protocol: 1, direction: 2, src_ip: 3, user: m[4] === undefined ? 6 : 4, dest_ip: 5 }),
}

const url: AsaPattern = {
  ids: ['304001', '304002'],
  soft: true,
  regex: /(?:user@)?([^\s(]+)(?:\(([^)]*)\))? (Accessed(?: JAVA)? URL|.*?denied URL) ([^\s:]+):(.*)$/y,
  layout: () => ({ src_ip: 1, user: 2, action: 3, dest_ip: 4, url: 5 }),
}

const vpn: AsaPattern = {
  ids: ['713172', '713119', '713120', '713049', '113019', '722051'],
  soft: true,
  regex: /Group[ =]+<?([^,>]+?)>?,? (?:User(?:name)?[ =]+<?([^,>]+?)>?,? )?IP[ =]+<?([^,>\s]+)>?/y,
  layout: () => ({ group: 1, user: 2, src_ip: 3 }),
}

export const BUILT_PATTERN = built
export const TEARDOWN_PATTERN = teardown
export const ACCESS_LIST_PATTERN = accessList

export const BY_ID: ReadonlyMap<string, AsaPattern> = new Map(
  [
    built,
    teardown,
    icmp,
    accessGroup,
    accessList,
    denied,
    toBox,
    dropped,
    translation,
    icmpDenied,
    icmpError,
    ipsec,
    url,
    vpn,
  ].flatMap((p) => p.ids.map((id) => [id, p] as const)),
)
