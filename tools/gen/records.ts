// Falcon records as alternating names and values, and their form in each feed.
import { type Host, nameAt, type Process, type User } from './fleet.ts'

export type Feed = 'enriched' | 'ngsiem' | 'raw'
export type Shape = 'array' | 'csv' | 'ndjson'
export type Pairs = string[]

const CID = '0f0e0d0c0b0a09080706050403020100'

/** `at`: when the cloud received it, in milliseconds. */
export function head(feed: Feed, type: string, host: Host, at: number): Pairs {
  const common = [
    'aid',
    host.aid,
    'cid',
    CID,
    'aip',
    '198.51.100.20',
    'event_platform',
    host.platform,
    'timestamp',
    String(at),
  ]
  if (feed !== 'ngsiem') return ['event_simpleName', type, ...common]
  return [
    '@timestamp',
    String(at),
    '#event_simpleName',
    type,
    '#repo',
    'base_sensor',
    'ComputerName',
    nameAt(host, at),
    ...common,
  ]
}

export interface Connection {
  readonly host: Host
  readonly process: Process
  readonly remote: string
  readonly port: number
  readonly localPort: number
  readonly at: number
  readonly sent: number
  readonly received: number
}

export function connectionRecord(feed: Feed, c: Connection): Pairs {
  const pairs = head(feed, 'NetworkConnectIP4', c.host, c.at)
  const udp = c.port === 53 || c.port === 69
  pairs.push('name', `NetworkConnectIP4${c.host.platform === 'Win' ? 'V12' : `${c.host.platform}V10`}`)
  pairs.push('ContextTimeStamp', ((c.at - 250) / 1000).toFixed(3), 'ContextProcessId', c.process.pid)
  pairs.push('LocalAddressIP4', c.host.address, 'LocalPort', String(c.localPort))
  pairs.push('RemoteAddressIP4', c.remote, 'RemotePort', String(c.port), 'Protocol', udp ? '17' : '6')
  pairs.push('ConnectionDirection', '0', 'ConnectionFlags', '0', 'InContext', '0', 'ConfigBuild', '1007.3.0018000.1')
  if (feed === 'ngsiem') pairs.push('ContextBaseFileName', fileOf(c.process.image))
  if (feed === 'enriched') {
    pairs.push('ComputerName', nameAt(c.host, c.at), 'ImageFileName', c.process.image, 'UserName', c.process.user.name)
    pairs.push('BytesSent', String(c.sent), 'BytesReceived', String(c.received))
  }
  return pairs
}

const fileOf = (image: string): string => image.slice(Math.max(image.lastIndexOf('\\'), image.lastIndexOf('/')) + 1)

export function processRecord(feed: Feed, host: Host, process: Process): Pairs {
  const pairs = head(feed, 'ProcessRollup2', host, process.started + 800)
  pairs.push(
    'TargetProcessId',
    process.pid,
    'ImageFileName',
    process.image,
    'CommandLine',
    `${fileOf(process.image)} --run`,
  )
  pairs.push('ProcessStartTime', (process.started / 1000).toFixed(3))
  if (host.platform === 'Win') pairs.push('UserSid', process.user.sid)
  else pairs.push('UserName', process.user.name, 'UID', '1000')
  return pairs
}

export function userRecord(feed: Feed, host: Host, user: User): Pairs {
  const pairs = head(feed, 'UserIdentity', host, user.told)
  pairs.push('UserSid', user.sid, 'UserName', user.name, 'LogonType', '2', 'LogonTime', (user.told / 1000).toFixed(3))
  return pairs
}

export const hostRecords = (host: Host): Pairs[] =>
  host.names.map(({ from, name }) => [
    '_time',
    (from / 1000).toFixed(3),
    'aid',
    host.aid,
    'cid',
    CID,
    'ComputerName',
    name,
    'event_platform',
    host.platform,
  ])

const COLUMNS = [
  '@timestamp',
  '#event_simpleName',
  '#repo',
  'ComputerName',
  'aid',
  'cid',
  'aip',
  'event_platform',
  'timestamp',
  'name',
  'ContextTimeStamp',
  'ContextProcessId',
  'LocalAddressIP4',
  'LocalPort',
  'RemoteAddressIP4',
  'RemotePort',
  'Protocol',
  'ConnectionDirection',
  'ConnectionFlags',
  'InContext',
  'ConfigBuild',
  'ContextBaseFileName',
  'TargetProcessId',
  'ImageFileName',
  'CommandLine',
  'ProcessStartTime',
  'UserSid',
  'UserName',
  'UID',
  'LogonType',
  'LogonTime',
]

export const csvHead = `${COLUMNS.join(',')}\n`

export function csvLine(pairs: Pairs): string {
  const values = new Map<string, string>()
  for (let i = 0; i < pairs.length; i += 2) values.set(pairs[i] as string, pairs[i + 1] as string)
  return COLUMNS.map((c) => quoted(values.get(c) ?? '')).join(',')
}

const quoted = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

export function jsonLine(pairs: Pairs): string {
  let out = '{'
  for (let i = 0; i < pairs.length; i += 2) {
    const name = pairs[i] as string
    const value = pairs[i + 1] as string
    const plain = name === '@timestamp' ? value : value.includes('\\') ? JSON.stringify(value) : `"${value}"`
    out += `${i === 0 ? '' : ','}"${name}":${plain}`
  }
  return `${out}}`
}
