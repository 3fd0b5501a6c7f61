// One fact, many names: what vendors and standards call the fields of a network connection. From the vendors' field lists,
// their documented extractions and the naming conventions of Sumo Logic, ECS, CIM and OCSF.

/** Concept → names, in no order of merit. A name may stand for one concept only. */
export const VOCABULARY: Readonly<Record<string, readonly string[]>> = {
  'source address': [
    'src_ip',
    'srcip',
    'src',
    'SourceIp',
    'source.ip',
    'srcDevice_ip',
    'id.orig_h',
    'LocalAddressIP4',
    'src_endpoint.ip',
    'SourceIP',
    'src_host',
  ],
  'source port': [
    'src_port',
    'srcport',
    'spt',
    'SourcePort',
    'source.port',
    'srcPort',
    'id.orig_p',
    'LocalPort',
    'src_endpoint.port',
    'sport',
  ],
  'destination address': [
    'dest_ip',
    'dstip',
    'dst_ip',
    'dst',
    'DestinationIp',
    'destination.ip',
    'dstDevice_ip',
    'id.resp_h',
    'RemoteAddressIP4',
    'dst_endpoint.ip',
    'DestinationIP',
    'dest_host',
  ],
  'destination port': [
    'dest_port',
    'dstport',
    'dst_port',
    'dpt',
    'DestinationPort',
    'destination.port',
    'dstPort',
    'id.resp_p',
    'RemotePort',
    'dst_endpoint.port',
    'dport',
  ],
  protocol: ['protocol', 'proto', 'ipProtocol', 'network.transport', 'Protocol', 'connection_info.protocol_name'],
  action: ['action', 'normalizedAction', 'event.action', 'act', 'conn_state', 'Action'],
  'bytes sent': [
    'bytes_out',
    'bytes_sent',
    'sentbyte',
    'bytesOut',
    'orig_bytes',
    'source.bytes',
    'flow.bytes_toserver',
    'traffic.bytes_out',
    'BytesSent',
  ],
  'bytes received': [
    'bytes_in',
    'bytes_recv',
    'bytes_received',
    'rcvdbyte',
    'bytesIn',
    'resp_bytes',
    'destination.bytes',
    'flow.bytes_toclient',
    'traffic.bytes_in',
    'BytesReceived',
  ],
  user: [
    'user',
    'src_user',
    'srcuser',
    'user_username',
    'user.name',
    'UserName',
    'User',
    'unauthuser',
    'actor.user.name',
  ],
  process: [
    'process_name',
    'ImageFileName',
    'Image',
    'baseImage',
    'process.executable',
    'ContextBaseFileName',
    'FileName',
  ],
  host: ['host', 'ComputerName', 'Computer', 'Hostname', 'host.name', 'device', 'devname', 'device_name'],
  session: ['session_id', 'sessionid', 'connection_id', 'uid', 'flow_id'],
}

const concepts = Object.values(VOCABULARY)

/** Other names of the fact that a name stands for, among those that are there. */
export function otherNames(name: string, there: readonly string[]): string[] {
  const same = concepts.filter((names) => names.some((n) => n.toLowerCase() === name.toLowerCase())).flat()
  const known = new Set(there)
  const found = same.filter((n) => n !== name && known.has(n))
  const otherCase = there.filter((n) => n !== name && n.toLowerCase() === name.toLowerCase())
  return [...new Set([...otherCase, ...found])]
}
