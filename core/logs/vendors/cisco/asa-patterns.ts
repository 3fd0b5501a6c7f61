// Messages of Cisco ASA, FTD and PIX about connections: one pattern each, and which of its groups is what.
// Interface names may have blanks but no colon, except behind the name of a context (`v1:outside:10.8.1.9`); a name may stand for an
// address; IPv6 addresses are written bare, `/port` behind them.

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

/** In parentheses; old releases write the name bare. */
const USER = '(?:\\s?\\(?((?<=\\()[^)]*|(?<= )(?!to |duration |\\()[^\\s()]+)\\)?)?'
/** Behind the last end: without a blank it is that of the end, with one that of the session. */
const LAST_USER = '(?:\\(([^)]*)\\))?(?: ?\\(([^)]*)\\))?'
const INTERFACE = '[^:]+(?::[^:\\s/]+(?=:\\d{1,3}(?:\\.\\d{1,3}){3}\\b))?'
const SIDE = `(${INTERFACE}):([^/]+)\\/(\\d+)`
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
    `Built (inbound|outbound) (?:Probe )?(\\S+) (?:state-bypass )?connection (\\d+) (?:for|from) ${SIDE}${MAPPED}${USER} to ${SIDE}${MAPPED}${LAST_USER}`,
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
    `Teardown (?:Probe )?(\\S+) (?:state-bypass )?connection (\\d+) (?:for|from) ${SIDE}${USER} to ${SIDE}${USER} duration (\\d+:\\d\\d:\\d\\d) bytes (\\d+)(?: (?!\\()([^(]*?))?(?: ?\\(([^)]*)\\))?\\s*$`,
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
  // A Teardown has no direction, but the side that began has the id of the echo in the place of a port, and the other one zero.
  layout: (m) =>
    m[2] === 'inbound' || (m[2] === undefined && m[5] !== '0' && m[10] === '0')
      ? { action: 1, direction: 2, protocol: 3, src_ip: 4, user: 6, dest_ip: 9, dest_nat_ip: 7, dest_user: 11 }
      : { action: 1, direction: 2, protocol: 3, src_ip: 9, user: 11, dest_ip: 4, src_nat_ip: 7, dest_user: 6 },
}

const accessGroup: AsaPattern = {
  ids: ['106023'],
  regex: new RegExp(
    `(Deny) (?:protocol )?(\\S+) src (${INTERFACE}):(\\S+?)(?:\\/(\\d+))?(?:\\(([^)]*)\\))? dst (${INTERFACE}):(\\S+?)(?:\\/(\\d+))?(?:\\(([^)]*)\\))? (?:\\(?type (\\d+), code (\\d+)\\)?,? )?by access-group "([^"]*)"(?: \\[([^\\]]*)\\])?`,
    'y',
  ),
  layout: () => ACCESS_GROUP,
}
/** Made once: of most firewalls' messages most are of this kind. */
const ACCESS_GROUP: Layout = {
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
}

/** One line stands for `hit_cnt` connections. */
const accessList: AsaPattern = {
  ids: ['106100', '106102', '106103'],
  regex:
    /access-list (\S+) (permitted|denied|est-allowed) (\S+)(?: for user '?((?<=')[^']*|[^\s']+)'?)? ([^/]+)\/([^( ]+)\((\d+)\)(?:\(([^)]*)\))? ?-> ?([^/]+)\/([^( ]+)\((\d+)\)(?:\(([^)]*)\))? hit-cnt (\d+) (first hit|\d+-second interval) \[/y,
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

/** 419001 and 419002 tell about packets of connections that have lines of their own. */
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
    /No matching connection for (ICMP) error message: \S+ src ([^:]+):([^\s(]+)(?:\(([^)]*)\))? dst ([^:]+):([^\s(]+)(?:\(([^)]*)\))? \(type (\d+), code (\d+)\)/y,
  layout: () => ({
    protocol: 1,
    src_interface: 2,
    src_ip: 3,
    user: 4,
    dest_interface: 5,
    dest_ip: 6,
    dest_user: 7,
    icmp_type: 8,
    icmp_code: 9,
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
  ids: ['304001'],
  soft: true,
  regex: /(?:([^\s@(]+)@)?([^\s(]+)(?:\(([^)]*)\))? (Accessed(?: JAVA)? URL) (?:[^\s@]+@)?([^\s:]+):(.*)$/y,
  layout: (m) => ({ src_ip: 2, user: m[3] === undefined ? 1 : 3, action: 4, dest_ip: 5, url: 6 }),
}

const urlDenied: AsaPattern = {
  ids: ['304002'],
  soft: true,
  regex: /(Access denied) URL (\S+) SRC ([^\s(]+)(?:\(([^)]*)\))? DEST (\S+)(?: on interface (\S+))?/y,
  layout: () => ({ action: 1, url: 2, src_ip: 3, user: 4, dest_ip: 5, src_interface: 6 }),
}

const spoofed: AsaPattern = {
  ids: ['106016', '106017'],
  soft: true,
  regex: /(Deny) (IP) (?:spoof|due to Land Attack) from \(?([^\s()]+)\)? to (\S+)(?: on interface (\S+))?/y,
  layout: () => ({ action: 1, protocol: 2, src_ip: 3, dest_ip: 4, interface: 5 }),
}

/** What was done over a connection for file transfer, which has lines of its own. */
const ftp: AsaPattern = {
  ids: ['303002'],
  soft: true,
  regex: new RegExp(`FTP connection from ${SIDE}${USER} to ${SIDE}${USER}, user (\\S+) (\\S+) file (.*)$`, 'y'),
  layout: () => ({
    protocol: is('TCP'),
    src_interface: 1,
    src_ip: 2,
    src_port: 3,
    dest_interface: 5,
    dest_ip: 6,
    dest_port: 7,
    user: 9,
    action: 10,
    file: 11,
  }),
}

/** Addresses that the device has on a list. */
const blacklisted: AsaPattern = {
  ids: ['338001', '338002', '338003', '338004', '338005', '338006', '338007', '338008'],
  soft: true,
  regex: new RegExp(
    `Dynamic [Ff]ilter (\\S+) (?:black ?listed|grey ?listed|white ?listed) (\\S+) traffic from ${SIDE}${MAPPED}${USER} to ${SIDE}${MAPPED}`,
    'y',
  ),
  layout: () => ({
    action: 1,
    protocol: 2,
    src_interface: 3,
    src_ip: 4,
    src_port: 5,
    src_nat_ip: 6,
    src_nat_port: 7,
    user: 8,
    dest_interface: 9,
    dest_ip: 10,
    dest_port: 11,
    dest_nat_ip: 12,
    dest_nat_port: 13,
  }),
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
    urlDenied,
    spoofed,
    ftp,
    blacklisted,
    vpn,
  ].flatMap((p) => p.ids.map((id) => [id, p] as const)),
)

/** Names of fields that any of the messages has: a layout may leave out what its message does not show. */
export const LAYOUT_NAMES: ReadonlySet<string> = new Set(
  [...BY_ID.values()].flatMap((p) => Object.keys(p.layout(Array(20).fill('') as unknown as RegExpExecArray))),
)
