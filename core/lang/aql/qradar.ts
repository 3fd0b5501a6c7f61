// Properties of QRadar: those of every event, and custom ones of the content extension for Sysmon.
import { constant } from '../shared/condition.ts'
import type { Mapping, TargetSource, TargetVocabulary } from '../shared/target.ts'

const NETWORK: Readonly<Record<string, Mapping>> = Object.freeze({
  SourceIp: 'sourceip',
  SourcePort: 'sourceport',
  DestinationIp: 'destinationip',
  DestinationPort: 'destinationport',
  User: 'username',
  src_ip: 'sourceip',
  src_port: 'sourceport',
  dst_ip: 'destinationip',
  dst_port: 'destinationport',
})
const CUSTOM = {
  kind: 'custom-properties',
  message: 'custom properties have the names of the content extension for Sysmon; a tenant can name them otherwise',
}
const sysmon = (category: string, id: string, fields: Readonly<Record<string, Mapping>>): TargetSource => ({
  category,
  from: 'events',
  where: constant('EventID', id),
  fields,
  other: (field) => field,
  loss: CUSTOM,
})

export const qradar: TargetVocabulary = {
  id: 'qradar',
  title: 'QRadar properties',
  evidence: [
    {
      url: 'https://www.ibm.com/docs/en/qradar-common?topic=overview-supported-event-fields-aql-queries',
      says: 'sourceip, destinationip, destinationport, username and starttime are properties of every event.',
    },
  ],
  sources: [
    sysmon('process_creation', '1', {
      Image: 'Image',
      CommandLine: 'Process CommandLine',
      ParentImage: 'ParentImage',
      ParentCommandLine: 'ParentCommandLine',
      User: 'username',
    }),
    sysmon('network_connection', '3', { ...NETWORK, Image: 'Image', Protocol: 'Protocol' }),
    { category: 'firewall', from: 'events', fields: NETWORK },
  ],
  types: { sourceport: 'number', destinationport: 'number' },
}
