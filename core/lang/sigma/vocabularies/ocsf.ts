import { byName } from '../../../text/by-name.ts'
import type { SigmaSource } from '../../../logs/format.ts'
import type { Vocabulary } from '../vocabulary-kit.ts'

/** `class_uid` and `activity_id` of OCSF by Sigma's category. */
const CLASSES: Readonly<Record<string, readonly [uid: string, activities: readonly string[]]>> = byName({
  process_creation: ['1007', ['1']],
  process_termination: ['1007', ['2']],
  file_event: ['1001', ['1']],
  file_delete: ['1001', ['4']],
  file_rename: ['1001', ['5']],
  image_load: ['1005', ['1']],
  driver_load: ['1002', ['1']],
  registry_event: ['201001', ['1', '3', '4', '5']],
  registry_set: ['201002', ['1', '3', '2']],
  network_connection: ['4001', ['1']],
})
const SYSTEMS = { windows: '100', linux: '200', macos: '300' }

const sources: readonly SigmaSource[] = Object.entries(SYSTEMS).flatMap(([product, type]) =>
  Object.entries(CLASSES).map(
    ([category, [uid, activities]]): SigmaSource => ({
      category,
      product,
      where: { class_uid: [uid], activity_id: activities, 'device.os.type_id': [type] },
    }),
  ),
)

export const ocsf: Vocabulary = {
  id: 'ocsf',
  title: 'Open Cybersecurity Schema Framework',
  evidence: 'OCSF 1.x: process activity, file system activity, module activity, network activity (schema.ocsf.io).',
  sources,
  fields: {
    endpoint: {
      Image: ['process.file.path'],
      CommandLine: ['process.cmd_line'],
      ProcessId: ['process.pid'],
      ParentImage: ['process.parent_process.file.path', 'actor.process.file.path'],
      ParentCommandLine: ['process.parent_process.cmd_line', 'actor.process.cmd_line'],
      ParentProcessId: ['process.parent_process.pid', 'actor.process.pid'],
      User: ['process.user.name', 'actor.user.name'],
      IntegrityLevel: ['process.integrity'],
      SourceIp: ['src_endpoint.ip'],
      SourcePort: ['src_endpoint.port'],
      DestinationIp: ['dst_endpoint.ip'],
      DestinationPort: ['dst_endpoint.port'],
      DestinationHostname: ['dst_endpoint.hostname'],
      Protocol: ['connection_info.protocol_name'],
      ImageLoaded: ['module.file.path'],
      TargetFilename: ['file.path'],
      TargetObject: ['reg_key.path', 'reg_value.path'],
      Details: ['reg_value.data'],
      QueryName: ['query.hostname'],
    },
  },
}
