// Flow records of one direction each, as NetFlow and IPFIX export them: two records are one connection.
import { protocolName, serviceSide, yes } from './network.ts'

export interface OneWay {
  readonly source: string
  readonly sourcePort: string
  readonly destination: string
  readonly destinationPort: string
  /** Name or number of the protocol. */
  readonly protocol: string | undefined
  /** Letters of the TCP flags that this side sent, such as `...AP.SF`. */
  readonly flags: string | undefined
  /** Bytes of this direction, as digits. */
  readonly bytes: string | undefined
  /** Microseconds since 1970 UTC. */
  readonly start: bigint | undefined
  readonly end: bigint | undefined
  readonly device: string | undefined
}

/**
 * A field of the connection (`network.ts`) that the record can supply. Both records have the same key. NetFlow does not say who began, so the
 * side of the service port is the server, and `inferred` is true.
 */
export function oneWayNetwork(name: string, record: OneWay): string | undefined {
  const { source, sourcePort, destination, destinationPort } = record
  const isToServer = serviceSide(sourcePort, destinationPort) === 'second'
  switch (name) {
    case 'key': {
      const ends = [`${source} ${sourcePort}`, `${destination} ${destinationPort}`].sort()
      return `${record.device ?? ''} ${protocolName(record.protocol) ?? ''} ${ends.join(' ')}`
    }
    case 'rank':
      return isToServer ? '1' : '2'
    case 'inferred':
      return yes(true)
    case 'src_ip':
      return isToServer ? source : destination
    case 'src_port':
      return isToServer ? sourcePort : destinationPort
    case 'dest_ip':
      return isToServer ? destination : source
    case 'dest_port':
      return isToServer ? destinationPort : sourcePort
    case 'protocol':
      return protocolName(record.protocol)
    case 'start':
      return record.start?.toString()
    case 'end':
      return record.end?.toString()
    case 'duration':
      return record.start === undefined || record.end === undefined ? undefined : seconds(record.end - record.start)
    case 'established':
      return established(record, isToServer)
    case 'action':
      return established(record, isToServer) === 'true' ? 'allow' : undefined
    case 'bytes_out':
      return isToServer ? record.bytes : undefined
    case 'bytes_in':
      return isToServer ? undefined : record.bytes
    case 'device':
      return record.device
    default:
      return undefined
  }
}

/** A server that answers TCP sends SYN, one that refuses sends RST alone. A client that got an answer has sent ACK. */
function established({ protocol, flags }: OneWay, isToServer: boolean): string | undefined {
  if (protocolName(protocol) !== 'tcp') return isToServer ? undefined : 'true'
  const sent = (flag: string): boolean => flags?.includes(flag) ?? false
  if (isToServer) return sent('S') ? yes(sent('A')) : undefined
  return yes(sent('S') || !sent('R'))
}

const seconds = (micros: bigint): string => (Number(micros) / 1e6).toFixed(3)
