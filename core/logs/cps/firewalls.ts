// Names of Next-Gen SIEM for the logs of firewalls that have no parser of their own in public.
import type { Answer, CpsNames } from '../format.ts'
import { answer, array, end, first, is, lower, sum, transport } from './answers.ts'

type Get = (field: string) => string | undefined

/** Decisions of the firewall, as the network view has them. */
export const outcome: Answer = (get) => {
  const decision = get('network:action')
  return decision === undefined ? undefined : decision === 'deny' ? 'failure' : 'success'
}
const types = array('event.type', 2, (get: Get) => {
  const decision = get('network:action')
  return decision === undefined ? ['connection'] : ['connection', decision === 'deny' ? 'denied' : 'allowed']
})
export const connection = { ...array('event.category', 1, () => ['network']), ...types, '#event.kind': is('event') }
/** The package's page has the columns of the record; a user's list the rest. Its page has no port of the destination. */
export const CHECKPOINT: CpsNames = {
  documented: {
    '#Vendor': is('checkpoint'),
    ...end('source', { ip: 'src' }),
    ...end('destination', { ip: 'dst', bytes: first('server_outbound_bytes', 'received_bytes') }),
    'destination.nat.ip': 'xlatedst',
    'destination.nat.port': 'xlatedport',
    'network.bytes': (get) =>
      answer(
        sum(first('client_outbound_bytes', 'sent_bytes'), first('server_outbound_bytes', 'received_bytes')),
        get,
      ) ?? get('bytes'),
    '#event.outcome': outcome,
  },
  reported: {
    'source.port': 's_port',
    'source.nat.ip': 'xlatesrc',
    'source.nat.port': 'xlatesport',
    ...transport('proto'),
    'event.action': 'action',
    'event.reason': 'reason',
    'rule.name': first('rule_name', 'rule'),
    'source.user.name': 'src_user_name',
    'observer.ip[0]': 'origin',
  },
  inferred: {
    ...connection,
    '#event.module': is('ngfw'),
    'destination.port': 'network:dest_port',
    'source.bytes': first('client_outbound_bytes', 'sent_bytes'),
    'user.name': first('src_user_name', 'user'),
  },
}

/** The package's page. A record is one direction in a window of time, so there are only totals. */
export const VPC_FLOW: CpsNames = {
  documented: {
    '#Vendor': is('aws'),
    '#event.module': is('vpcflow'),
    ...end('source', { ip: 'srcaddr', port: 'srcport' }),
    ...end('destination', { ip: 'dstaddr', port: 'dstport' }),
    'network.bytes': 'bytes',
    'network.packets': 'packets',
    ...transport('protocol'),
    'event.action': lower('action'),
    '#event.outcome': (get) => ({ ACCEPT: 'success', REJECT: 'failure' })[get('action') ?? ''],
    'cloud.account.id': 'account-id',
    'observer.ingress.interface.id': 'interface-id',
  },
  inferred: {
    '#event.kind': is('event'),
    ...array('event.category', 1, () => ['network']),
    ...array('event.type', 2, (get: Get) => {
      const type = { ACCEPT: 'allowed', REJECT: 'denied' }[get('action') ?? '']
      return type === undefined ? ['connection'] : ['connection', type]
    }),
  },
}

/** The package's page. */
export const JUNIPER: CpsNames = {
  documented: {
    '#Vendor': is('juniper'),
    '#event.module': is('srx'),
    'destination.bytes': 'bytes-from-server',
    'destination.packets': 'packets-from-server',
    'destination.nat.ip': 'nat-destination-address',
    ...end('client', {
      ip: 'source-address',
      port: 'source-port',
      bytes: 'bytes-from-client',
      packets: 'packets-from-client',
    }),
  },
  inferred: {
    ...connection,
    '#event.outcome': outcome,
    ...end('source', {
      ip: 'source-address',
      port: 'source-port',
      bytes: 'bytes-from-client',
      packets: 'packets-from-client',
    }),
    ...end('destination', { ip: 'destination-address', port: 'destination-port' }),
    'source.nat.ip': 'nat-source-address',
    'source.nat.port': 'nat-source-port',
    'destination.nat.port': 'nat-destination-port',
    'network.bytes': sum('bytes-from-client', 'bytes-from-server'),
    ...transport('protocol-id'),
    'network.application': 'application',
    'rule.name': 'policy-name',
    'user.name': 'username',
    'event.reason': 'reason',
  },
}

/** The package's page, with the columns under other names. */
export const PFSENSE: CpsNames = {
  documented: {
    '#Vendor': is('netgate'),
    '#event.module': is('pfsense'),
    ...end('source', { ip: 'src', port: 'srcport' }),
    ...end('destination', { ip: 'dst', port: 'dstport' }),
    ...transport('protoname'),
    'event.action': 'action',
    'event.reason': 'reason',
    'rule.id': 'rulenr',
  },
  inferred: {
    ...connection,
    '#event.outcome': outcome,
    'observer.ingress.interface.name': 'interface',
    'network.direction': 'dir',
  },
}
