// Messages of Cisco ASA, FTD and PIX about connections: one pattern each. A named group is the field of that name; `first_…` and `second_…`
// are the two ends in the order of the text; a name that begins with `_` is no field.
// Interface names may have blanks but no colon, except after the name of a context (`v1:outside:10.8.1.9`); a name may stand for an
// address; IPv6 addresses are written bare, `/port` after them.
import { serviceSide } from '../../network/network.ts'

/** The number of a group, or a constant text. */
export type Place = number | { readonly is: string }
export type Layout = Readonly<Record<string, Place>>
type Groups = Readonly<Record<string, number>>

export interface AsaPattern {
  readonly ids: readonly string[]
  /** Sticky, without named groups: V8 makes an object of them for every match. */
  readonly regex: RegExp
  readonly groups: Groups
  layout(m: RegExpExecArray): Layout
  /** Releases write the message in several ways: of a line in another one only id and text are read, and it is not bad. */
  readonly soft?: true
}

interface Options {
  readonly soft?: true
  readonly constants?: Layout
  /** Left out: the named groups are the fields. */
  readonly layout?: (fields: Layout, groups: Groups) => (m: RegExpExecArray) => Layout
}

function pattern(ids: readonly string[], named: RegExp | string, options: Options = {}): AsaPattern {
  const groups: Record<string, number> = {}
  let count = 0
  const source = (typeof named === 'string' ? named : named.source).replace(
    /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?<(\w+)>|(?!\?))/g,
    (part: string, name: string | undefined) => {
      if (!part.startsWith('(')) return part
      count++
      if (name !== undefined) groups[name] = count
      return '('
    },
  )
  const fields: Layout = {
    ...options.constants,
    ...Object.fromEntries(Object.entries(groups).filter(([name]) => !name.startsWith('_'))),
  }
  const layout = options.layout?.(fields, groups) ?? (() => fields)
  return { ids, regex: new RegExp(source, 'y'), groups, layout, ...(options.soft ? { soft: true } : {}) }
}

/** The fields where the first end is the source, and where the second is. */
function bySource(fields: Layout): { readonly first: Layout; readonly second: Layout } {
  const rename = (source: string): Layout =>
    Object.fromEntries(
      Object.entries(fields).map(([name, place]) => {
        const [, end, what] = /^(first|second)_(.*)$/.exec(name) ?? []
        if (end === undefined) return [name, place]
        if (what === 'user') return [end === source ? 'user' : 'dest_user', place]
        return [`${end === source ? 'src' : 'dest'}_${what}`, place]
      }),
    )
  return { first: rename('first'), second: rename('second') }
}

/** Reads the user from another group where the message has none in its own place. */
const userOr =
  (other: string) =>
  (fields: Layout, groups: Groups): ((m: RegExpExecArray) => Layout) => {
    const fallback = { ...fields, user: groups[other] as number }
    return (m) => (m[groups['user'] as number] === undefined ? fallback : fields)
  }

const INTERFACE = '[^:]+(?::[^:\\s/]+(?=:\\d{1,3}(?:\\.\\d{1,3}){3}\\b))?'
const side = (end: string): string => `(?<${end}_interface>${INTERFACE}):(?<${end}_ip>[^/]+)\\/(?<${end}_port>\\d+)`
const mapped = (end: string): string => ` ?\\((?<${end}_nat_ip>[^/)]+)\\/(?<${end}_nat_port>\\d+)\\)`
/** In parentheses; old releases write the name bare. */
const user = (name: string): string => `(?:\\s?\\(?(?<${name}>(?<=\\()[^)]*|(?<= )(?!to |duration |\\()[^\\s()]+)\\)?)?`
/** An end whose interface and port may be missing. */
const from = (end: string): string =>
  `(?:(?<${end}_interface>[^:\\s]+):(?=[^\\s:]+\\/|[\\d.]))?(?<${end}_ip>[^\\s/]+?)(?:\\/(?<${end}_port>\\d+))?`

/**
 * `Built inbound … for A to B`, `Built … from A to B`: A is the initiator. `Built outbound … for A to B`: B is. The vendor's document 116149 has the table; many
 * published parsers take A for the source in both. Sumo Logic's app also names the initiator `src_ip`: its queries count
 * `dest_port` by service. A query on the port of a service needs that too.
 * After the last end: a user without a blank before it belongs to the end, one with a blank to the session.
 */
export const BUILT = pattern(
  ['302013', '302015', '302303'],
  `Built (?:(?<direction>inbound|outbound) )?(?:Probe )?(?<protocol>\\S+) (?:state-bypass )?connection (?<connection_id>\\d+) (?:for|from) ` +
    `${side('first')}${mapped('first')}${user('first_user')} to ${side('second')}${mapped('second')}` +
    '(?:\\((?<second_user>[^)]*)\\))?(?: ?\\((?<session_user>[^)]*)\\))?',
  {
    constants: { action: { is: 'Built' } },
    layout: (fields, groups) => {
      const { first, second } = bySource(fields)
      return (m) => (m[groups['direction'] as number] === 'outbound' ? second : first)
    },
  },
)

/** `for` says no direction: the end with the port of a service is the destination. The initiator follows `from`. `bytes_in` is the total of both directions. */
export const TEARDOWN = pattern(
  ['302014', '302016', '302304'],
  `Teardown (?:Probe )?(?<protocol>\\S+) (?:state-bypass )?connection (?<connection_id>\\d+) (?<_word>for|from) ` +
    `${side('first')}${user('first_user')} to ${side('second')}${user('second_user')} ` +
    'duration (?<duration>\\d+:\\d\\d:\\d\\d) bytes (?<bytes_in>\\d+)(?: (?!\\()(?<reason>[^(]*?))?(?: ?\\((?<session_user>[^)]*)\\))?\\s*$',
  {
    constants: { action: { is: 'Teardown' } },
    layout: (fields, groups) => {
      const { first, second } = bySource(fields)
      const [word, a, b] = ['_word', 'first_port', 'second_port'].map((n) => groups[n] as number) as [
        number,
        number,
        number,
      ]
      return (m) => (m[word] === 'for' && serviceSide(m[a] as string, m[b] as string) === 'first' ? second : first)
    },
  },
)

/** A Teardown has no direction. The initiator has the id of the echo in the place of its port, and the other side has 0. */
const icmp = pattern(
  ['302020', '302021'],
  /(?<action>Built|Teardown) (?:(?<direction>inbound|outbound) )?(?<protocol>ICMP) connection for faddr (?<first_ip>[^/\s]+)\/(?<_first_echo>\d+)(?:\((?<first_user>[^)]*)\))? gaddr (?<second_nat_ip>[^/\s]+)\/(\d+) laddr (?<second_ip>[^/\s]+)\/(?<_second_echo>\d+)(?:\((?<second_user>[^)]*)\))?(?: \((?<session_user>[^)]*)\))?/,
  {
    layout: (fields, groups) => {
      const { first, second } = bySource(fields)
      const [direction, a, b] = ['direction', '_first_echo', '_second_echo'].map((n) => groups[n] as number) as [
        number,
        number,
        number,
      ]
      return (m) =>
        m[direction] === 'inbound' || (m[direction] === undefined && m[a] !== '0' && m[b] === '0') ? first : second
    },
  },
)

const accessGroup = pattern(
  ['106023'],
  `(?<action>Deny) (?:protocol )?(?<protocol>\\S+) src (?<src_interface>${INTERFACE}):(?<src_ip>\\S+?)(?:\\/(?<src_port>\\d+))?(?:\\((?<user>[^)]*)\\))? ` +
    `dst (?<dest_interface>${INTERFACE}):(?<dest_ip>\\S+?)(?:\\/(?<dest_port>\\d+))?(?:\\((?<dest_user>[^)]*)\\))? ` +
    '(?:\\(?type (?<icmp_type>\\d+), code (?<icmp_code>\\d+)\\)?,? )?by access-group "(?<access_group>[^"]*)"(?: \\[([^\\]]*)\\])?',
)

/** One line is `hit_cnt` connections. */
export const ACCESS_LIST = pattern(
  ['106100', '106102', '106103'],
  /access-list (?<access_group>\S+) (?<action>permitted|denied|est-allowed) (?<protocol>\S+)(?: for user '?(?<user>(?<=')[^']*|[^\s']+)'?)? (?<src_interface>[^/]+)\/(?<src_ip>[^( ]+)\((?<src_port>\d+)\)(?:\((?<_src_user>[^)]*)\))? ?-> ?(?<dest_interface>[^/]+)\/(?<dest_ip>[^( ]+)\((?<dest_port>\d+)\)(?:\((?<dest_user>[^)]*)\))? hit-cnt (?<hit_cnt>\d+) (?<interval>first hit|\d+-second interval) \[/,
  { layout: userOr('_src_user') },
)

const denied = pattern(
  ['106001', '106006', '106007', '106010', '106014', '106015', '106021'],
  `(?:(?<_word>Inbound|Deny)) (?:(?<direction>inbound) )?(?:protocol )?(?<protocol>\\S+) (?:connection denied |\\(no connection\\) |reverse path check )?` +
    `(?:from|src) ${from('src')} (?:to|dst) ${from('dest')}(?:\\(?\\s?\\(?type (?<icmp_type>\\d+), code (?<icmp_code>\\d+)\\))?` +
    '(?: due to DNS (?:Query|Response))?(?: flags (?<tcp_flags>.*?))? *(?:on interface (?<interface>\\S+))?\\s*$',
  {
    constants: { action: { is: 'Deny' } },
    // `Inbound TCP connection denied from …`: the first word is the direction.
    layout: (fields, groups) => {
      const word = groups['_word'] as number
      const inbound = { ...fields, direction: word }
      return (m) => (m[word] === 'Inbound' && m[groups['direction'] as number] === undefined ? inbound : fields)
    },
  },
)

/** To the device itself. */
const toBox = pattern(
  ['710001', '710002', '710003', '710005', '710006'],
  `(?<protocol>\\S+) (?:access |request )?(?<action>requested|permitted|denied|discarded)(?: by ACL)? from ${from('src')} to ${from('dest')}\\s*$`,
)

/** 419001 and 419002 are about packets of connections that have lines of their own. */
const dropped = pattern(
  ['419001', '419002', '110002', '110003'],
  '(?<action>Dropping|Duplicate|Failed|Routing failed)(?: to locate (?:egress interface|next hop) for)? (?<protocol>\\S+)(?: packet| SYN)? ' +
    `from ${from('src')} to ${from('dest')}(?:,? (?:reason: )?(?<reason>.*))?$`,
)

/** A translation is no connection, although it is built too: the mapped end has the place of the destination. */
const translation = pattern(
  ['305011', '305012'],
  /(?<action>Built|Teardown) \S+ (?<protocol>\S+) translation from (?<src_interface>[^:]+):(?<src_ip>[^/\s(]+)(?:\/(?<src_port>\d+))?(?:\((?<user>[^)]*)\))? to (?<dest_interface>[^:]+):(?<dest_ip>[^/\s]+)(?:\/(?<dest_port>\d+))?/,
  { soft: true },
)

const icmpDenied = pattern(
  ['313001', '313004', '313008'],
  /(?<action>Denied) (?<protocol>\S+) type=(?<icmp_type>\d+), (?:code=(?<icmp_code>\d+) )?from (?:laddr )?(?<src_ip>\S+) on interface (?<src_interface>\S+?)(?: to (?<dest_ip>[^\s:]+))?(?::|\s|$)/,
  { soft: true },
)

const icmpError = pattern(
  ['313005'],
  /No matching connection for (?<protocol>ICMP) error message: \S+ src (?<src_interface>[^:]+):(?<src_ip>[^\s(]+)(?:\((?<user>[^)]*)\))? dst (?<dest_interface>[^:]+):(?<dest_ip>[^\s(]+)(?:\((?<dest_user>[^)]*)\))? \(type (?<icmp_type>\d+), code (?<icmp_code>\d+)\)/,
  { soft: true },
)

const ipsec = pattern(
  ['402117', '402119', '602303', '602304'],
  /IPSEC: (?:Received an? .*?packet \((?:protocol= ?(?<protocol>\S+?)|.*?)\)|An (?<direction>inbound|outbound) .*? SA \(.*?\)) (?:from|between) (?<src_ip>[^\s(]+)(?: \(user= ?(?<user>[^)]*)\))? (?:to|and) (?<dest_ip>[^\s(]+?)\.?(?: \(user= ?(?<_dest_user>[^)]*)\))?(?:\s|$)/,
  { soft: true, layout: userOr('_dest_user') },
)

const url = pattern(
  ['304001'],
  /(?:(?<_at_user>[^\s@(]+)@)?(?<src_ip>[^\s(]+)(?:\((?<user>[^)]*)\))? (?<action>Accessed(?: JAVA)? URL) (?:[^\s@]+@)?(?<dest_ip>[^\s:]+):(?<url>.*)$/,
  { soft: true, layout: userOr('_at_user') },
)

const urlDenied = pattern(
  ['304002'],
  /(?<action>Access denied) URL (?<url>\S+) SRC (?<src_ip>[^\s(]+)(?:\((?<user>[^)]*)\))? DEST (?<dest_ip>\S+)(?: on interface (?<src_interface>\S+))?/,
  { soft: true },
)

const spoofed = pattern(
  ['106012', '106016', '106017'],
  /(?<action>Deny) (?<protocol>IP) (?:spoof |due to Land Attack )?from \(?(?<src_ip>[^\s()]+)\)? to (?<dest_ip>[^\s,]+)(?: on interface (?<interface>\S+))?/,
  { soft: true },
)

/** The intrusion prevention hands a flow on, which has lines of its own. */
const proxied = pattern(
  ['852001', '852002'],
  /(?=(?<message>.*))Received .* event from application \S+ for (?<protocol>\S+) flow (?<src_ip>[^/\s]+)\/(?<src_port>\d+) to (?<dest_ip>[^/\s]+)\/(?<dest_port>\d+)/,
  { soft: true },
)

/** A host that the device has begun to know. */
const localHost = pattern(
  ['609001', '609002'],
  /(?<action>Built|Teardown) local-host (?<src_interface>[^:]+):(?<src_ip>[^\s]+)(?: duration (?<duration>\S+))?/,
  { soft: true },
)

/** Commands over a connection for file transfer, which has lines of its own. */
const ftp = pattern(
  ['303002'],
  `FTP connection from ${side('src')}${user('_src_user')} to ${side('dest')}${user('_dest_user')}, user (?<user>\\S+) (?<action>\\S+) file (?<file>.*)$`,
  { soft: true, constants: { protocol: { is: 'TCP' } } },
)

/** Addresses that the device has on a list. */
const listed = pattern(
  ['338001', '338002', '338003', '338004', '338005', '338006', '338007', '338008'],
  `Dynamic [Ff]ilter (?<action>\\S+) (?:black ?listed|grey ?listed|white ?listed) (?<protocol>\\S+) traffic ` +
    `from ${side('src')}${mapped('src')}${user('user')} to ${side('dest')}${mapped('dest')}`,
  { soft: true },
)

/** The whole text stays a field: these messages say more than their names and addresses. */
const TEXT = '(?=(?<message>.*))'

/** Sessions of IKE, WebVPN and AnyConnect. */
const vpn = pattern(
  (
    '113019 113039 713041 713049 713050 713119 713120 713172 713202 713219 713220 713227 713228 713259 713902 713904 713905 713906 716001 716002 ' +
    '716003 716004 716038 716039 716058 716059 722010 722011 722012 722022 722023 722028 722032 722033 722034 722036 722037 722041 722051 722053 722055'
  ).split(' '),
  `${TEXT}(?:Group[ =]+<?(?<group>[^,>]+?)>?,? )?(?:User(?:name)?[ =]+<?(?<user>[^,>]+?)>?,? )?IP[ =]+<?(?<src_ip>[^,>\\s]+)>?` +
    '(?:.*?Session Type: (?<session_type>[^,]+), Duration: (?<session_duration>[^,]+), Bytes xmt: (?<bytes_xmt>\\d+), Bytes rcv: (?<bytes_rcv>\\d+), Reason: (?<reason>.*))?',
  { soft: true },
)

const aaa = pattern(
  ['113004', '113005', '113012', '113015'],
  `${TEXT}AAA user (?<aaa_type>\\S+) (?<action>Successful|Rejected) ?: (?:reason = (?<reason>.*?) ?: )?(?:server = +(?<server>[^\\s,:]+)|local database) ?[:,] ` +
    '[Uu]ser = (?<user>[^:]*?)(?: ?: user IP = (?<src_ip>\\S+))?\\s*$',
  { soft: true },
)

const groupPolicy = pattern(
  ['113003', '113009', '113011'],
  `${TEXT}AAA (?:retrieved (?:default|user specific) group policy \\((?<group>[^)]*)\\) for user = (?<user>\\S+)|group policy for user (?<_user>\\S+) is being set to (?<_group>\\S+))`,
  { soft: true, layout: userOr('_user') },
)

/** Administrators. */
const login = pattern(
  ['605004', '605005'],
  `${TEXT}Login (?<action>denied|permitted) from (?:(?<src_interface>[^:\\s]+):)?(?<src_ip>[^/\\s]+)\\/(?<src_port>\\d+) to (?<dest_interface>[^:]+):(?<dest_ip>[^/\\s]+)\\/(?<service>\\S+) for user "(?<user>[^"]*)"`,
  { soft: true },
)
const localLogin = pattern(
  ['611101', '611102', '611103'],
  `${TEXT}User (?:authentication )?(?<action>succeeded|failed|logged out): (?:IP address: (?<src_ip>[^,\\s]+), )?Uname: (?<user>\\S+)`,
  { soft: true },
)
const command = pattern(
  ['111008', '111009', '111010'],
  `${TEXT}User '?(?<user>[^',]+?)'?,? (?:running '(?<application>[^']*)' from IP (?<src_ip>[^,\\s]+), )?executed (?:the |cmd: ?)?'?(?<command>.*?)'?(?: command\\.?)?\\s*$`,
  { soft: true },
)

/** Users who prove themselves to pass. */
const passThrough = pattern(
  ['109005', '109006', '109007', '109008'],
  `${TEXT}(?:Authentication|Authorization) (?<action>succeeded|failed|permitted|denied) for user '?(?<user>[^']*?)'? from ${from('src')} to ${from('dest')} on interface (?<interface>\\S+)`,
  { soft: true },
)
const session = pattern(
  ['109201', '109207', '109210'],
  `${TEXT}UAUTH: Session=(?<session>[^,]+), User=(?<user>[^,]+), Assigned IP=(?<src_ip>[^,]+), (?<action>Succeeded|Failed)`,
  { soft: true },
)

const ssl = pattern(
  ['725001', '725002', '725003', '725006', '725007'],
  `${TEXT}.*?(?:with|for|client) (?:(?:client|server) )?(?<src_interface>[^:\\s]+):(?<src_ip>[^/\\s]+)\\/(?<src_port>\\d+)(?: to (?<dest_ip>[^/\\s]+)\\/(?<dest_port>\\d+))?`,
  { soft: true },
)

const ike = pattern(
  ['750001', '750002', '750003', '750006', '750007', '751002', '751011', '751025', '752012'],
  `${TEXT}Local: ?(?<dest_ip>\\S+?):(?<dest_port>\\d+) Remote: ?(?<src_ip>\\S+?):(?<src_port>\\d+) Username: ?(?<user>\\S+)`,
  { soft: true },
)

const access = pattern(['734001', '734003', '734004'], `${TEXT}DAP: User (?<user>[^,]+), Addr (?<src_ip>[^,:\\s]+)`, {
  soft: true,
})

export const BY_ID: ReadonlyMap<string, AsaPattern> = new Map(
  [
    BUILT,
    TEARDOWN,
    icmp,
    accessGroup,
    ACCESS_LIST,
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
    proxied,
    localHost,
    ftp,
    listed,
    vpn,
    aaa,
    groupPolicy,
    login,
    localLogin,
    command,
    passThrough,
    session,
    ssl,
    ike,
    access,
  ].flatMap((p) => p.ids.map((id) => [id, p] as const)),
)

/** Names of fields that any of the messages has: a layout may leave out what its message does not show. */
export const FIELD_NAMES: ReadonlySet<string> = new Set(
  [...BY_ID.values()].flatMap((p) => Object.keys(p.layout(Array(30).fill('') as unknown as RegExpExecArray))),
)
