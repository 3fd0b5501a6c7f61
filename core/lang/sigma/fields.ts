// What Sigma's field names mean on each kind of telemetry that a category may come from. Sysmon has the names itself; the Falcon sensor
// and firewalls name the same facts otherwise. An event answers by the first name it has.
import { absent, and, call, iff, or, present, test, text } from '../../plan/build.ts'
import type { Expr } from '../../plan/plan.ts'
import type { Logsource } from './ast.ts'

export type ReadField = (name: string) => Expr
/** `display`: as it is shown and grouped by; `test`: what a selection looks at, where the two differ. */
export interface Meaning {
  readonly display: (read: ReadField) => Expr
  readonly test?: (read: ReadField) => Expr
}

export function meaningOf({ category, service }: Logsource, field: string): Meaning {
  const own = category === undefined ? undefined : BY_CATEGORY[category]?.[field]
  if (own) return own
  // Defender writes its names in words (`Threat Name`), rules write them in one.
  if (service === 'windefend') return named(field.replace(/([a-z])([A-Z])/g, '$1 $2'), field)
  if (category === 'firewall') return named(`network:${field}`, field)
  return { display: (read) => read(field) }
}

/** The first value that is there. */
export function first(...of: readonly Expr[]): Expr {
  const [one, ...others] = of
  return one === undefined ? absent('str') : others.length === 0 ? one : iff(present(one), one, first(...others))
}

const named = (...names: readonly string[]): Meaning => ({
  display: (read) => first(...[...new Set(names)].map(read)),
})

const is = (of: Expr, value: string) => test('str.eq', [of, text(value)])

const CONNECTIONS = ['NetworkConnectIP4', 'NetworkConnectIP6', 'NetworkReceiveAcceptIP4', 'NetworkReceiveAcceptIP6']
const falconConnection = (read: ReadField) =>
  test('str.in', [read('event_simpleName')], { values: CONNECTIONS, ignoreCase: false })
const ACCEPTED = ['NetworkReceiveAcceptIP4', 'NetworkReceiveAcceptIP6']
const falconAccepted = (read: ReadField) =>
  test('str.in', [read('event_simpleName')], { values: ACCEPTED, ignoreCase: false })
/** The sensor's directions: 0 the host opened the connection, 1 it was opened to the host. */
const inbound = (read: ReadField) =>
  or(falconAccepted(read), and(falconConnection(read), is(read('ConnectionDirection'), '1')))

/** Sysmon calls who opened a connection its source, whichever host reports it; the sensor tells local from remote. */
const side = (own: string, local: readonly string[], remote: readonly string[], opener: boolean): Meaning => ({
  display: (read) => {
    const locals = first(...local.map(read))
    const remotes = first(...remote.map(read))
    return first(read(own), iff(inbound(read), opener ? remotes : locals, opener ? locals : remotes))
  },
})
const LOCAL = ['LocalAddressIP4', 'LocalAddressIP6']
const REMOTE = ['RemoteAddressIP4', 'RemoteAddressIP6']

const protocol: Meaning = {
  display: (read) => {
    const number = read('Protocol')
    const isFalcon = falconConnection(read)
    return iff(and(isFalcon, is(number, '6')), text('tcp'), iff(and(isFalcon, is(number, '17')), text('udp'), number))
  },
}

const initiated: Meaning = {
  display: (read) => {
    const told = read('ConnectionDirection')
    const opened = iff(and(falconConnection(read), is(told, '0')), text('true'), absent('str'))
    return first(read('Initiated'), iff(inbound(read), text('false'), opened))
  },
}

/**
 * With a connection the sensor tells only the file name of the program. A selection on the end of the path (`\ftp.exe`, `/ftp`) can still be
 * answered by it; one on a folder finds nothing there.
 */
const connectingImage: Meaning = {
  display: (read) => first(read('Image'), read('ImageFileName'), read('ContextBaseFileName')),
  test: (read) => first(read('Image'), read('ImageFileName'), rooted(read, 'ContextBaseFileName')),
}
const parentImage: Meaning = {
  display: (read) => first(read('ParentImage'), read('ParentProcessName'), read('ParentBaseFileName')),
  test: (read) => first(read('ParentImage'), read('ParentProcessName'), rooted(read, 'ParentBaseFileName')),
}
const rooted = (read: ReadField, name: string): Expr => {
  const unix = test('str.in', [read('event_platform')], { values: ['Lin', 'Mac'], ignoreCase: true })
  const root = iff(unix, text('/'), text('\\'))
  return iff(present(read(name)), call('str.concat', 'str', [root, read(name)]), absent('str'))
}

const computer = named('Computer', 'ComputerName', 'Hostname', 'aid')
const hash = (name: string): Meaning => named(name, `${name}HashData`)

const BY_CATEGORY: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  process_creation: {
    // Security 4688 calls it NewProcessName.
    Image: named('Image', 'NewProcessName', 'ImageFileName'),
    ParentImage: parentImage,
    User: named('User', 'SubjectUserName', 'UserName'),
    ProcessId: named('ProcessId', 'NewProcessId', 'RawProcessId'),
    Computer: computer,
    ComputerName: computer,
    md5: hash('MD5'),
    sha256: hash('SHA256'),
  },
  network_connection: {
    Image: connectingImage,
    User: named('User', 'UserName'),
    Computer: computer,
    ComputerName: computer,
    Initiated: initiated,
    Protocol: protocol,
    SourceIp: side('SourceIp', LOCAL, REMOTE, true),
    SourcePort: side('SourcePort', ['LocalPort'], ['RemotePort'], true),
    DestinationIp: side('DestinationIp', LOCAL, REMOTE, false),
    DestinationPort: side('DestinationPort', ['LocalPort'], ['RemotePort'], false),
  },
  dns_query: {
    QueryName: named('QueryName', 'DomainName'),
    Image: connectingImage,
    Computer: computer,
  },
  firewall: {
    src_ip: named('network:src_ip', 'src_ip', 'srcip'),
    src_port: named('network:src_port', 'src_port', 'srcport'),
    dst_ip: named('network:dest_ip', 'dst_ip', 'dest_ip', 'dstip'),
    dst_port: named('network:dest_port', 'dst_port', 'dest_port', 'dstport'),
    protocol: named('network:protocol', 'protocol', 'proto'),
    // As the firewall wrote it: rules of Sigma list the vendors' words.
    action: named('network:vendor_action', 'action'),
    username: named('network:user', 'username', 'user', 'src_user'),
    bytes_received: named('network:bytes_in', 'bytes_received', 'bytes_recv', 'rcvdbyte'),
    bytes_sent: named('network:bytes_out', 'bytes_sent', 'sentbyte'),
  },
}
