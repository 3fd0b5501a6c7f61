import { byName } from '../../../text/by-name.ts'
import type { SigmaSource } from '../../../logs/format.ts'
import type { Vocabulary } from '../vocabulary-kit.ts'

/** For logs without `_path`: fields that only this log has. */
const MARKS: Readonly<Record<string, readonly string[]>> = byName({
  dce_rpc: ['endpoint', 'operation'],
  files: ['fuid', 'mime_type'],
  kerberos: ['request_type', 'till'],
  rdp: ['security_protocol'],
  smb_files: ['action', 'name', 'times.modified'],
  smb_mapping: ['share_type'],
  ssh: ['auth_attempts'],
  ssl: ['version', 'cipher', 'established'],
  ftp: ['command', 'reply_code', 'user'],
  smtp: ['mailfrom', 'helo'],
  x509: ['certificate.serial'],
})
/** Services that core/logs/formats/zeek.ts declares. */
const DECLARED = ['conn', 'dns', 'http']

const sources: readonly SigmaSource[] = [
  ...[...DECLARED, ...Object.keys(MARKS)].map(
    (service): SigmaSource => ({ product: 'zeek', service, where: { _path: [service, `${service}_red`] } }),
  ),
  ...Object.entries(MARKS).map(
    ([service, fields]): SigmaSource => ({
      product: 'zeek',
      service,
      where: Object.fromEntries(
        [...fields, ...(service === 'x509' || service === 'files' ? [] : ['uid'])].map((f) => [f, 'present']),
      ),
    }),
  ),
  { product: 'zeek', service: 'smb_files', where: { uid: 'present', action: ['SMB::*'] } },
]

export const zeek: Vocabulary = {
  id: 'zeek',
  title: 'Zeek and Corelight',
  evidence:
    'Zeek’s reference of log files (docs.zeek.org, script reference, log files); CPS keeps the names below `Vendor.`.',
  sources,
  fields: {
    zeek: {
      'c-uri': ['uri'],
      'c-useragent': ['user_agent'],
      'cs-method': ['method'],
      'http.method': ['method'],
      mime_types: ['resp_mime_types'],
      'certificate.serial': ['certificate.serial', 'x509.certificate.serial', 'serial'],
      'id.orig_h': ['id.orig_h', 'id_orig_h', 'source.ip'],
      'id.orig_p': ['id.orig_p', 'id_orig_p', 'source.port'],
      'id.resp_h': ['id.resp_h', 'id_resp_h', 'destination.ip'],
      'id.resp_p': ['id.resp_p', 'id_resp_p', 'destination.port'],
    },
  },
  spellings: { zeek: (field) => [field, `Vendor.${field}`] },
}
