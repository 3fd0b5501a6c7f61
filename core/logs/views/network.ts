// One row per connection, whatever logged it, under one set of names.
import { rewriteNetwork, VIEW_FIELDS } from '../view-plans/network-view.ts'
import type { View } from '../view.ts'

export const networkView: View = {
  name: 'network',
  title: 'Network: one row per connection',
  doc:
    'Names as in Sumo Logic: src_ip, src_port, dest_ip, dest_port, protocol, action (allow or deny; vendor_action as logged), policy, established ' +
    '(the other side answered), bytes_out, bytes_in, bytes, duration (seconds), user, device, session_id, rule, app, start_time and end_time ' +
    '(milliseconds). The time of a row is the start of the connection, so an interval holds the connections that begin in it, told by all of their records. FTP data connections and ' +
    'TFTP transfers have the client of their control connection or request as source, whoever opened them: link is expectation (the sensor ' +
    'tied them) or inferred (between ports that no service has, while the session lasts), link_port is the port of that session. Cisco Built and Teardown lines are paired by device, id and ends, in ' +
    'whatever order they stand; a Teardown without Built stays, with inferred = true. PAN-OS start and end rows and FortiGate interim records ' +
    'are one row with the final totals. A Cisco access list logs several hits as one line, which is one row: hit_count tells how many, so that ' +
    'sum(hit_count) counts them. Records that are no connection are left out. Sensors ' +
    'without a source category of their own go by network/firewall.',
  automaticUnless: null,
  fields: VIEW_FIELDS,
  fills: ['_sourceCategory'],
  rewrite: (plan, _, ends) => rewriteNetwork(plan, ends),
}
