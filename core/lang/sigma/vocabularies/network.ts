import { byName } from '../../../text/by-name.ts'
import type { Name, Vocabulary } from '../vocabulary-kit.ts'

const ENDS: Readonly<Record<string, readonly Name[]>> = byName({
  src_ip: ['network:src_ip', 'src_ip', 'srcip', 'src', 'source.ip', 'src_endpoint.ip', 'id.orig_h'],
  src_port: ['network:src_port', 'src_port', 'srcport', 'spt', 'source.port', 'src_endpoint.port', 'id.orig_p'],
  dst_ip: ['network:dest_ip', 'dst_ip', 'dest_ip', 'dstip', 'dst', 'destination.ip', 'dst_endpoint.ip', 'id.resp_h'],
  dst_port: [
    'network:dest_port',
    'dst_port',
    'dest_port',
    'dstport',
    'dpt',
    'destination.port',
    'dst_endpoint.port',
    'id.resp_p',
  ],
})

export const network: Vocabulary = {
  id: 'network',
  title: 'Firewalls, flows and CEF',
  evidence:
    'The taxonomy of the Sigma specification 2.1 (categories firewall and network); CEF’s dictionary of extensions; ECS; OCSF 1.x; facts of ' +
    'core/logs/network.',
  sources: [
    { category: 'firewall', where: { _sourceCategory: ['firewall', 'network/firewall'] } },
    { category: 'firewall', where: { '#observer.type': ['firewall'] } },
    { category: 'firewall', where: { 'event.category': ['network'], 'source.ip': 'present', EventID: 'absent' } },
    { category: 'firewall', where: { class_uid: ['4001'] } },
    { category: 'network', service: 'connection', where: { 'network:key': 'present' } },
    { category: 'network', service: 'connection', where: { 'event.category': ['network'], 'source.ip': 'present' } },
    { category: 'network', service: 'connection', where: { class_uid: ['4001'] } },
    { service: 'netflow', where: { _sourceCategory: ['netflow', 'network/netflow'] } },
    { service: 'netflow', where: { event_type: ['netflow'] } },
    { service: 'netflow', where: { 'event.dataset': ['netflow.log'] } },
    { service: 'netflow', where: { 'netflow.type': 'present' } },
    { service: 'netflow', where: { log_status: 'present', interface_id: 'present' } },
  ],
  fields: {
    firewall: {
      ...ENDS,
      protocol: ['network:protocol', 'protocol', 'proto', 'network.transport', 'connection_info.protocol_name'],
      // The firewall's own word, because Sigma rules list the vendors' words. A sensor's connection state is no action.
      action: ['network:vendor_action', 'action', 'act', 'event.action', 'network:policy'],
      username: ['network:user', 'username', 'user', 'src_user', 'suser', 'user.name', 'source.user.name'],
      bytes_received: ['network:bytes_in', 'bytes_received', 'bytes_recv', 'rcvdbyte', 'in', 'destination.bytes'],
      bytes_sent: ['network:bytes_out', 'bytes_sent', 'sentbyte', 'out', 'source.bytes'],
    },
    network: {
      'source.ip': ['source.ip', ...(ENDS['src_ip'] ?? [])],
      'source.port': ['source.port', ...(ENDS['src_port'] ?? [])],
      'destination.ip': ['destination.ip', ...(ENDS['dst_ip'] ?? [])],
      'destination.port': ['destination.port', ...(ENDS['dst_port'] ?? [])],
      'network.transport': ['network:protocol', 'proto', 'connection_info.protocol_name'],
      'network.state': ['conn_state'],
      'network.history': ['history'],
      'event.duration': ['network:duration', 'duration'],
      'source.bytes': ['network:bytes_out', 'orig_bytes'],
      'destination.bytes': ['network:bytes_in', 'resp_bytes'],
      'network.community_id': ['community_id'],
    },
    netflow: {
      'destination.port': ENDS['dst_port'] ?? [],
      'destination.ip': ENDS['dst_ip'] ?? [],
      'source.port': ENDS['src_port'] ?? [],
      'source.ip': ENDS['src_ip'] ?? [],
    },
  },
  spellings: { firewall: (field) => (field === 'action' ? [field] : [`network:${field}`, field]) },
}
