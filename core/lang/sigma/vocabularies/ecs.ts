import { byName } from '../../../text/by-name.ts'
import type { SigmaSource } from '../../../logs/format.ts'
import { call, iff, present, text } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import type { Computed, Vocabulary } from '../vocabulary-kit.ts'

/** `event.category` and `event.type` of ECS by Sigma's category. */
const KINDS: Readonly<Record<string, readonly [category: string, types: readonly string[]]>> = byName({
  process_creation: ['process', ['start', 'process_started', 'info,start']],
  process_termination: ['process', ['end', 'process_stopped']],
  file_event: ['file', ['creation']],
  file_delete: ['file', ['deletion']],
  image_load: ['library', ['start']],
  driver_load: ['driver', ['start']],
  registry_event: ['registry', ['change', 'creation', 'deletion']],
  registry_set: ['registry', ['change']],
  registry_add: ['registry', ['creation']],
  registry_delete: ['registry', ['deletion']],
})
const SYSTEMS = ['windows', 'linux', 'macos']

const sources: readonly SigmaSource[] = SYSTEMS.flatMap((product) =>
  Object.entries(KINDS).map(
    ([category, [kind, types]]): SigmaSource => ({
      category,
      product,
      where: { 'event.category': [kind], 'event.type': types, 'host.os.type': [product], Channel: 'absent' },
    }),
  ),
)

const registry: Computed = {
  display: (read) =>
    iff(
      present(read('registry.path')),
      read('registry.path'),
      iff(
        present(read('registry.hive')),
        call('str.concat', 'str', [read('registry.hive'), text('\\'), read('registry.key')]),
        { kind: 'lit', value: null, ty: 'str' } satisfies Expr,
      ),
    ),
}

export const ecs: Vocabulary = {
  id: 'ecs',
  title: 'Elastic Common Schema',
  evidence: 'ECS 8 field reference (elastic.co/docs/reference/ecs); Winlogbeat and Elastic Defend use it.',
  sources,
  fields: {
    endpoint: {
      Image: ['process.executable'],
      CommandLine: ['process.command_line'],
      CurrentDirectory: ['process.working_directory'],
      ProcessId: ['process.pid'],
      ProcessGuid: ['process.entity_id'],
      ParentImage: ['process.parent.executable'],
      ParentCommandLine: ['process.parent.command_line'],
      ParentProcessId: ['process.parent.pid'],
      OriginalFileName: ['process.pe.original_file_name'],
      Description: ['process.pe.description'],
      Product: ['process.pe.product'],
      Company: ['process.pe.company'],
      FileVersion: ['process.pe.file_version'],
      Imphash: ['process.pe.imphash'],
      md5: ['process.hash.md5'],
      sha1: ['process.hash.sha1'],
      sha256: ['process.hash.sha256'],
      IntegrityLevel: ['process.Ext.token.integrity_level_name'],
      User: ['user.name'],
      TargetFilename: ['file.path'],
      ImageLoaded: ['dll.path', 'file.path'],
      Signed: ['dll.code_signature.signed', 'file.code_signature.signed'],
      Signature: ['dll.code_signature.subject_name', 'file.code_signature.subject_name'],
      SourceIp: ['source.ip'],
      SourcePort: ['source.port'],
      DestinationIp: ['destination.ip'],
      DestinationPort: ['destination.port'],
      DestinationHostname: ['destination.domain'],
      Protocol: ['network.transport'],
      QueryName: ['dns.question.name'],
      QueryResults: ['dns.answers.data', 'dns.resolved_ip'],
      TargetObject: [registry],
      Details: ['registry.data.strings'],
      PipeName: ['file.name'],
    },
    windows: { TargetUserName: ['winlog.event_data.TargetUserName'] },
  },
}
