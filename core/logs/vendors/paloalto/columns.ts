// Columns of PAN-OS rows by type and position.
import { byName } from '../../../text/by-name.ts'

/**
 * Names of the columns as Sumo Logic's Palo Alto Networks app extracts them (`csv _raw extract …`; spelling as published, `SessonID` and
 * `RepeatCount` included). `-` marks an unused column. Road not taken: the vendor's older field extraction template names 42 columns after the
 * THREAT layout, and so has the bytes of TRAFFIC rows under `misc`. A query for that layout has its own parse operator.
 */
const COMMON =
  '- Receive_Time serialNum type subtype - LogGenerationTime src_ip dest_ip NAT_src_ip NAT_dest_ip ruleName src_user dest_user app vsys ' +
  'src_zone dest_zone inbound_interface outbound_interface LogAction - SessonID RepeatCount src_port dest_port NAT_src_port NAT_dest_port ' +
  'flags protocol action'
const TRAFFIC =
  'bytes bytes_sent bytes_recv Packets StartTime ElapsedTime Category - seqNum ActionFlags src_Country dest_country - pkts_sent pkts_received ' +
  'session_end_reason Device_Group_Hierarchy_l1 Device_Group_Hierarchy_l2 Device_Group_Hierarchy_l3 Device_Group_Hierarchy_l4 vsys_Name ' +
  'DeviceName action_source Source_VM_UUID Destination_VM_UUID Tunnel_ID_IMSI Monitor_Tag_IMEI Parent_Session_ID parent_start_time Tunnel ' +
  'assoc_id chunks chunks_sent chunks_received rule_uuid http2_connection link_change_count policy_id link_switches sdwan_cluster ' +
  'sdwan_device_type sdwan_cluster_type sdwan_site dynusergroup_name xff_ip'
const THREAT =
  'misc threatID Category severity direction seqNum ActionFlags src_Country dest_country - contenttype pcap_id filedigest cloud url_idx ' +
  'user_agent filetype xff referer sender subject recipient reportid Device_Group_Hierarchy_l1 Device_Group_Hierarchy_l2 ' +
  'Device_Group_Hierarchy_l3 Device_Group_Hierarchy_l4 vsys_Name DeviceName'
/** Rows of other types share the first columns. Their names follow the vendor's pages "Syslog Field Descriptions". */
const OTHER = '- Receive_Time serialNum type subtype - LogGenerationTime'
const GROUPS =
  'Device_Group_Hierarchy_l1 Device_Group_Hierarchy_l2 Device_Group_Hierarchy_l3 Device_Group_Hierarchy_l4 vsys_Name DeviceName'
const SYSTEM = `vsys eventid object - - module severity description seqNum ActionFlags ${GROUPS}`
const CONFIG = `host vsys cmd admin client result path seqNum ActionFlags ${GROUPS} dg_id comment`
/** With details of the change, which only a log format of one's own has. */
const CONFIG_DETAILS = CONFIG.replace('path', 'path before_change_detail after_change_detail')
const GLOBALPROTECT =
  'vsys eventid stage auth_method tunnel_type src_user src_region machinename public_ip public_ipv6 private_ip private_ipv6 hostid serialnumber ' +
  'client_ver client_os client_os_ver RepeatCount reason error description status location login_duration connect_method error_code portal seqNum ' +
  `ActionFlags high_res_timestamp selection_type response_time priority attempted_gateways gateway ${GROUPS} vsys_id`
const USERID =
  'vsys src_ip src_user datasourcename eventid RepeatCount timeout src_port dest_port datasource datasourcetype seqNum ActionFlags ' +
  `${GROUPS} vsys_id factortype factorcompletiontime factorno ugflags userbysource tag_name`
const HIPMATCH = `src_user vsys machinename os src_ip matchname RepeatCount matchtype - - seqNum ActionFlags ${GROUPS} vsys_id srcipv6 hostid serialnumber mac`
const AUTHENTICATION =
  'vsys src_ip src_user normalize_user object authpolicy RepeatCount authid vendor LogAction serverprofile description clienttype event factorno ' +
  `seqNum ActionFlags ${GROUPS} vsys_id authproto rule_uuid`
/** As TRAFFIC up to the action. */
const DECRYPTION =
  'Tunnel - - Source_VM_UUID Destination_VM_UUID rule_uuid hs_stage_c2f hs_stage_f2s tls_version tls_keyxchg tls_enc tls_auth policy_name ec_curve ' +
  'err_index root_status chain_status proxy_type cert_serial fingerprint notbefore notafter cert_ver cert_size cn_len issuer_len rootcn_len sni_len ' +
  'cert_flags cn issuer_cn root_cn sni error'

/** Packets inside a tunnel. */
const TUNNEL =
  `severity seqNum ActionFlags src_Country dest_country ${GROUPS} Tunnel_ID_IMSI Monitor_Tag_IMEI Parent_Session_ID parent_start_time Tunnel ` +
  'bytes bytes_sent bytes_recv Packets pkts_sent pkts_received max_encap unknown_proto strict_check tunnel_fragment sessions_created sessions_closed ' +
  'session_end_reason action_source StartTime ElapsedTime'
const CORRELATION = `src_ip src_user vsys Category severity ${GROUPS} vsys_id objectname object_id evidence`
const IPTAG =
  'vsys src_ip tag_name eventid RepeatCount timeout datasourcename datasource datasource_subtype seqNum ActionFlags ' +
  `${GROUPS} vsys_id high_res_timestamp`

export type Columns = ReadonlyMap<string, number>

const layout = (names: string): Columns =>
  new Map(names.split(' ').flatMap((name, i) => (name === '-' ? [] : [[name, i] as const])))

/** Column → position from 0, by the type of the row. */
export const LAYOUTS: Readonly<Record<string, Columns>> = byName({
  TRAFFIC: layout(`${COMMON} ${TRAFFIC}`),
  THREAT: layout(`${COMMON} ${THREAT}`),
  SYSTEM: layout(`${OTHER} ${SYSTEM}`),
  CONFIG: layout(`${OTHER} ${CONFIG}`),
  GLOBALPROTECT: layout(`${OTHER} ${GLOBALPROTECT}`),
  USERID: layout(`${OTHER} ${USERID}`),
  HIPMATCH: layout(`${OTHER} ${HIPMATCH}`),
  'HIP-MATCH': layout(`${OTHER} ${HIPMATCH}`),
  // The type of real rows; the vendor's page has the long word.
  AUTH: layout(`${OTHER} ${AUTHENTICATION}`),
  AUTHENTICATION: layout(`${OTHER} ${AUTHENTICATION}`),
  DECRYPTION: layout(`${COMMON} ${DECRYPTION}`),
  TUNNEL: layout(`${COMMON} ${TUNNEL}`),
  // The type that the vendor's page has for the same rows.
  START: layout(`${COMMON} ${TUNNEL}`),
  END: layout(`${COMMON} ${TUNNEL}`),
  CORRELATION: layout(`${OTHER} ${CORRELATION}`),
  IPTAG: layout(`${OTHER} ${IPTAG}`),
  // Of these, the first columns are those of all sessions.
  SCTP: layout(COMMON),
  GTP: layout(COMMON),
})
export const CONFIG_WITH_DETAILS: Columns = layout(`${OTHER} ${CONFIG_DETAILS}`)
export const OTHERS: Columns = layout(OTHER)
