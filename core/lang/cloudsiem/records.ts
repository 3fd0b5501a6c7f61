// Records of Sumo Logic Cloud SIEM: the attributes of the schema, and which keys of a log the vendor's mappers put there.
// https://github.com/SumoLogic/cloud-siem-content-catalog/tree/main/mappings
import { all, constant, plainText } from '../shared/condition.ts'
import { hashes } from '../shared/rewrites.ts'
import { type Mapping, Refused, type Rewritten, type TargetSource, type TargetVocabulary } from '../shared/target.ts'
import { AUDITED, CHANNELS, POWERSHELL_EVENTS, SYSMON, SYSMON_EVENTS } from '../shared/windows-events.ts'

const WINDOWS = all(constant('metadata_vendor', 'Microsoft'), constant('metadata_product', 'Windows'))
/** The id of a Windows record has the channel in front: `Security-4624`. */
const windows = (channels: readonly string[], ids: readonly string[]) =>
  ids.length === 0
    ? WINDOWS
    : all(WINDOWS, constant('metadata_deviceEventId', ...channels.flatMap((c) => ids.map((id) => `${c}-${id}`))))

/** In front of a key of the log that no attribute of the schema has. */
export const KEY = 'fields.'
const key = (field: string): string => `${KEY}EventData.${field}`

const eventId = (channels: readonly string[]): Rewritten => ({
  test: (t) => {
    const text = t.kind === 'number' && t.op === '=' ? String(t.value) : t.kind === 'text' ? plainText(t) : undefined
    if (text === undefined || !/^\d+$/.test(text)) throw new Refused('EventID is compared with one number', t.at)
    return constant('metadata_deviceEventId', ...channels.map((c) => `${c}-${text}`))
  },
  filled: (id) => (/^(?:0|[1-9]\d*)$/.test(id) ? { metadata_deviceEventId: `${channels[0]}-${id}` } : undefined),
})

const HOST: Readonly<Record<string, Mapping>> = Object.freeze({
  Computer: 'device_hostname',
  ComputerName: 'device_hostname',
})
const HASHES: Readonly<Record<string, Mapping>> = Object.freeze({
  Hashes: hashes({
    IMPHASH: 'file_hash_imphash',
    MD5: 'file_hash_md5',
    SHA1: 'file_hash_sha1',
    SHA256: 'file_hash_sha256',
  }),
  md5: 'file_hash_md5',
  sha1: 'file_hash_sha1',
  sha256: 'file_hash_sha256',
  imphash: 'file_hash_imphash',
})
const PROCESS: Readonly<Record<string, Mapping>> = Object.freeze({
  Image: 'baseImage',
  CommandLine: 'commandLine',
  ParentImage: 'parentBaseImage',
  ParentCommandLine: 'parentCommandLine',
  User: 'user_username',
})
const CONNECTION: Readonly<Record<string, Mapping>> = Object.freeze({
  SourceIp: 'srcDevice_ip',
  SourcePort: 'srcPort',
  SourceHostname: 'srcDevice_hostname',
  DestinationIp: 'dstDevice_ip',
  DestinationPort: 'dstPort',
  DestinationHostname: 'dstDevice_hostname',
})
const ACTOR = { Image: 'baseImage', User: 'user_username' }

/** Attributes that the mapper of each Sysmon event fills. The mapper of event 10 reads Image and TargetFilename, which the event does not have, so its keys are read. */
const SYSMON_FIELDS: Readonly<Record<string, Readonly<Record<string, Mapping>>>> = Object.freeze({
  process_creation: { ...PROCESS, ...HASHES },
  network_connection: { ...ACTOR, ...CONNECTION },
  file_event: { ...ACTOR, TargetFilename: 'file_path' },
  dns_query: { ...ACTOR, QueryName: 'dns_query' },
  image_load: { ImageLoaded: 'baseImage', Image: 'parentBaseImage', ...HASHES },
  create_remote_thread: { SourceImage: 'baseImage', TargetImage: 'file_path' },
  pipe_created: { Image: 'baseImage', PipeName: 'changeTarget' },
})

const sysmonChannel = [SYSMON['windows'] as string]
const sysmon = Object.entries(SYSMON_EVENTS).map(
  ([category, ids]): TargetSource => ({
    category,
    product: 'windows',
    from: 'Windows',
    where: windows(sysmonChannel, ids),
    unread: AUDITED[category],
    fields: { ...HOST, ...SYSMON_FIELDS[category], EventID: eventId(sysmonChannel) },
    other: key,
  }),
)
const scripts = Object.entries(POWERSHELL_EVENTS).map(
  ([category, { channels, id }]): TargetSource => ({
    category,
    product: 'windows',
    from: 'Windows',
    where: windows(channels, [id]),
    fields: {
      ...HOST,
      ...(category === 'ps_script' ? { ScriptBlockText: 'commandLine' } : {}),
      EventID: eventId(channels),
    },
    other: key,
  }),
)
const channels = Object.entries(CHANNELS).map(
  ([service, of]): TargetSource => ({
    service,
    product: 'windows',
    from: 'Windows',
    where: WINDOWS,
    fields: { ...HOST, EventID: eventId(of) },
    other: key,
  }),
)

const vendor = (name: string, product: string) =>
  all(constant('metadata_vendor', name), constant('metadata_product', product))
const type = (...names: readonly string[]) => constant('objectType', ...names)
const anyVendor = {
  kind: 'any-vendor',
  message: 'no log source of the rule says the vendor, so the records of every vendor are read',
}

export const records: TargetVocabulary = {
  id: 'cloud-siem',
  title: 'Cloud SIEM schema',
  evidence: [
    {
      url: 'https://help.sumologic.com/docs/cse/schema/schema-attributes/',
      says: 'baseImage, commandLine, srcDevice_ip, dstPort and the other attributes, with their types.',
    },
    {
      url: 'https://github.com/SumoLogic/cloud-siem-content-catalog/tree/main/mappings',
      says: 'The mapper of each Windows event names its id as the channel and the number, and the keys that fill an attribute.',
    },
    {
      url: 'https://help.sumologic.com/docs/cse/rules/cse-rules-syntax/',
      says: 'Operators and functions of rule expressions; a comparison with null is false.',
    },
  ],
  sources: [
    ...sysmon,
    ...scripts,
    ...channels,
    {
      category: 'process_creation',
      product: 'linux',
      from: 'Sysmon for Linux',
      where: all(
        vendor('Linux', 'Sysmon for Linux'),
        constant('metadata_deviceEventId', `${SYSMON['linux'] as string}-1`),
      ),
      fields: { ...HOST, ...PROCESS },
    },
    {
      category: 'firewall',
      from: 'Network',
      where: type('Network', 'NetworkFlow'),
      fields: {
        src_ip: 'srcDevice_ip',
        src_port: 'srcPort',
        dst_ip: 'dstDevice_ip',
        dst_port: 'dstPort',
        protocol: 'ipProtocol',
        action: 'action',
        bytes_sent: 'bytesOut',
        bytes_received: 'bytesIn',
        app: 'application',
        username: 'user_username',
        conn_state: 'flowState',
      },
      loss: anyVendor,
    },
    {
      category: 'proxy',
      from: 'NetworkProxy',
      where: type('NetworkProxy', 'NetworkHTTP'),
      fields: {
        'c-uri': 'http_url',
        'c-useragent': 'http_userAgent',
        'cs-user-agent': 'http_userAgent',
        'cs-method': 'http_method',
        'cs-host': 'http_url_fqdn',
        'r-dns': 'http_url_fqdn',
        'cs-referrer': 'http_referer',
        'sc-status': 'http_response_statusCode',
        'c-ip': 'srcDevice_ip',
        'cs-username': 'user_username',
        src_ip: 'srcDevice_ip',
        dst_ip: 'dstDevice_ip',
      },
      loss: anyVendor,
    },
    {
      product: 'aws',
      service: 'cloudtrail',
      from: 'CloudTrail',
      where: vendor('Amazon AWS', 'CloudTrail'),
      fields: {
        eventName: 'action',
        eventSource: 'application',
        awsRegion: 'cloud_region',
        errorCode: 'errorCode',
        errorMessage: 'errorText',
        sourceIPAddress: 'srcDevice_ip',
        userAgent: 'http_userAgent',
      },
      other: (field) => `${KEY}${field}`,
    },
  ],
  types: {
    bytesIn: 'number',
    bytesOut: 'number',
    dstPort: 'number',
    srcPort: 'number',
  },
}
