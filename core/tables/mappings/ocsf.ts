import { hasAll, type ReadyMapping } from '../ready-mapping.ts'

/** The names of queries for a few facts, by the dictionary of OCSF 1.1 to 1.3. Every attribute also answers to its own path. */
export const ocsf: ReadyMapping = {
  id: 'ocsf',
  title: 'OCSF, as Amazon Security Lake writes it to Parquet',
  evidence:
    'https://schema.ocsf.io (`time` in milliseconds), https://docs.aws.amazon.com/security-lake/latest/userguide/open-cybersecurity-schema-framework.html',
  fits: (columns) => hasAll(columns, 'class_uid', 'time', 'metadata'),
  mapping: {
    time: { column: 'time', unit: 'ms' },
    fields: {
      ComputerName: ['device.hostname', 'device.name'],
      UserName: ['actor.user.name', 'user.name'],
      ImageFileName: ['process.file.path', 'process.path'],
      CommandLine: ['process.cmd_line'],
      ParentBaseFileName: ['process.parent_process.file.name', 'actor.process.file.name'],
      SHA256HashData: ['process.file.hashes[0].value'],
      RemoteAddressIP4: ['dst_endpoint.ip'],
      RemotePort: ['dst_endpoint.port'],
      LocalAddressIP4: ['src_endpoint.ip'],
      LocalPort: ['src_endpoint.port'],
      DomainName: ['query.hostname'],
      src_ip: ['src_endpoint.ip'],
      src_port: ['src_endpoint.port'],
      dest_ip: ['dst_endpoint.ip'],
      dest_port: ['dst_endpoint.port'],
      'source.ip': ['src_endpoint.ip'],
      'destination.ip': ['dst_endpoint.ip'],
      'destination.port': ['dst_endpoint.port'],
    },
    raw: 'raw_data',
    tags: {},
  },
}
