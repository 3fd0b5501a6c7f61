// The measured work: telemetry, queries over it, and other ways to the same rows.
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { askFor, type FirewallFormat, generateFirewall } from '../tools/gen/firewall.ts'
import { generate as telemetry } from '../tools/gen/telemetry.ts'
import { awkRows, COUNTED, countsOn, FIREWALLS, othersOn, PORT_FIELD } from './firewalls.ts'
import { generate as mixed } from './generate.ts'
import { type Command, isThere, type Side } from './measure.ts'
import { winlogbeat } from './winlogbeat.ts'

/** Where the bundles and the generated telemetry are. */
export interface Place {
  readonly ours: string
  readonly byHand: string
  readonly folder: string
}

export interface Work {
  readonly id: string
  readonly title: string
  /** Writes about so many megabytes below a new folder. Returns the path to read. */
  readonly make: (megabytes: number, folder: string) => Promise<string> | string
  /** Ours first. */
  readonly sides: (logs: string, place: Place) => readonly Side[]
  /** The other side with the same rows, and the fields that both have. */
  readonly same?: {
    readonly side: string
    readonly fields: readonly string[]
    readonly rows: (out: string) => readonly (readonly string[])[]
  }
}

const node = process.execPath
const PUBLISHED = 'examples/t1071.002/logscale.cql'
const SUMO = 'examples/t1071.002/sumo-logic.sumo'
const PUBLISHED_FIELDS = [
  'ComputerName',
  'ImageFileName',
  'UserName',
  'RemoteAddressIP4',
  'RemotePort',
  'ConnectionCount',
  'TotalBytesSent',
  'TotalBytesReceived',
  'FirstSeen',
  'LastSeen',
]

export const assay = ({ ours }: Place, query: string, logs: string, ...more: readonly string[]): Command => [
  node,
  `${ours}/assay.js`,
  'run',
  query,
  logs,
  '--format',
  'json',
  '--quiet',
  ...more,
]
const BY_HAND = 'DuckDB by hand'
const byHand = ({ byHand }: Place, which: string, logs: string): Side => ({
  name: BY_HAND,
  command: [node, `${byHand}/by-hand.js`, which, logs],
})
const grep = (text: string, logs: string): Side[] =>
  isThere('grep') ? [{ name: 'grep -c', command: ['grep', '-c', text, logs] }] : []
const jq = (select: string, logs: string): Side[] =>
  isThere('jq') ? [{ name: 'jq', command: ['jq', '-c', `select(${select})`, logs], once: true }] : []
const sameAsSql = (...fields: string[]): NonNullable<Work['same']> => ({
  side: BY_HAND,
  fields,
  rows: (out) => JSON.parse(out) as string[][],
})

/** A query of the bench as a file of its own: long ones are hard to read on a command line. */
export function queryFile({ folder }: Pick<Place, 'folder'>, name: string, text: string): string {
  const path = join(folder, `${name}.cql`)
  writeFileSync(path, `${text}\n`)
  return path
}

export function falcon(feed: 'enriched' | 'raw', mb: number, folder: string): string {
  const fd = openSync(join(folder, 'events.ndjson'), 'w')
  telemetry({ feed, mb, start: Date.parse('2026-01-15T00:00:00Z'), hours: 24, seed: 7 }, (name, text) => {
    if (name === 'events') writeSync(fd, text)
    else writeFileSync(join(folder, `${name}.ndjson`), text)
  })
  closeSync(fd)
  return feed === 'raw' ? folder : join(folder, 'events.ndjson')
}

function firewall(format: FirewallFormat, mb: number, folder: string): string {
  const path = join(folder, `${format}.${format === 'suricata' ? 'ndjson' : 'log'}`)
  const fd = openSync(path, 'w')
  const options = { format, mb, seed: 7, start: Date.parse('2026-03-02T00:00:00Z'), hours: 24 }
  generateFirewall({ ...options, mb: askFor(options) }, (text) => writeSync(fd, text))
  closeSync(fd)
  return path
}

function tenTypes(mb: number, folder: string): string {
  const path = join(folder, 'mixed.ndjson')
  mixed(path, mb * 1e6)
  return path
}

async function gzipped(mb: number, folder: string): Promise<string> {
  const path = falcon('enriched', mb, folder)
  await pipeline(createReadStream(path), createGzip({ level: 6 }), createWriteStream(`${path}.gz`))
  return `${path}.gz`
}

/** A program that only unpacks the file. */
const INFLATE = `require('fs').createReadStream(process.argv[1],{highWaterMark:1<<18}).pipe(require('zlib').createGunzip({chunkSize:1<<18})).on('data',()=>{})`

const publishedSides = (logs: string, place: Place): Side[] => [
  { name: 'assay run', command: assay(place, PUBLISHED, logs) },
  byHand(place, 'published', logs),
  ...grep('NetworkConnectIP4', logs),
  ...jq('.RemotePort == "21"', logs),
]

/** A query in CQL beside the same in SQL by hand. */
const beside =
  (id: string, text: string) =>
  (logs: string, place: Place): Side[] => [
    { name: 'assay run', command: assay(place, queryFile(place, id, text), logs, '--view', 'vendor') },
    byHand(place, id, logs),
  ]

export const works: readonly Work[] = [
  {
    id: 'start',
    title: 'start: a hundred lines',
    make: (_, folder) => {
      const path = tenTypes(0.13, folder)
      writeFileSync(path, `${readFileSync(path, 'utf8').split('\n').slice(0, 100).join('\n')}\n`)
      return path
    },
    sides: (logs, place) => [
      { name: 'assay run', command: assay(place, PUBLISHED, logs) },
      { name: 'assay --version', command: [node, `${place.ours}/assay.js`, '--version'] },
      { name: 'node', command: [node, '-e', '0'] },
      byHand(place, 'published', logs),
    ],
  },
  {
    id: 'published',
    title: 'published query, Falcon, nearly all of it connections',
    make: (mb, folder) => falcon('enriched', mb, folder),
    sides: publishedSides,
    same: sameAsSql(...PUBLISHED_FIELDS),
  },
  {
    id: 'count',
    title: 'count by two fields, the same events',
    make: (mb, folder) => falcon('enriched', mb, folder),
    sides: beside('count', 'groupBy([event_simpleName, aid], function=count(as=n), limit=max)'),
    same: sameAsSql('event_simpleName', 'aid', 'n'),
  },
  {
    id: 'mixed',
    title: 'published query, Falcon, ten event types',
    make: tenTypes,
    sides: publishedSides,
    same: sameAsSql(...PUBLISHED_FIELDS),
  },
  {
    id: 'raw',
    title: 'published query, raw Falcon feed: hosts, processes and users are looked up',
    make: (mb, folder) => falcon('raw', mb, folder),
    sides: (logs, place) => [
      { name: 'assay run', command: assay(place, PUBLISHED, logs) },
      ...grep('NetworkConnectIP4', join(logs, 'events.ndjson')),
    ],
  },
  {
    id: 'process',
    title: 'regular expression over CommandLine by host, Falcon, ten event types',
    make: tenTypes,
    sides: beside(
      'process',
      '#event_simpleName=ProcessRollup2 CommandLine=/cmd[.]exe" \\/c [0-9a-f]*?00[0-9a-f]/i\n| groupBy([ComputerName], function=count(as=n), limit=max)',
    ),
    same: sameAsSql('ComputerName', 'n'),
  },
  {
    id: 'eve',
    title: 'bytes by host, Suricata flows',
    make: (mb, folder) => firewall('suricata', mb, folder),
    sides: beside(
      'eve',
      'event_type=flow | groupBy([src_ip], function=[count(as=n), sum(flow.bytes_toserver, as=bytes)], limit=max)',
    ),
    same: sameAsSql('src_ip', 'n', 'bytes'),
  },
  {
    id: 'winlogbeat',
    title: 'PowerShell by host and parent, Sysmon from Winlogbeat',
    make: (mb, folder) => {
      const path = join(folder, 'winlogbeat.ndjson')
      winlogbeat(path, mb * 1e6)
      return path
    },
    sides: beside(
      'winlogbeat',
      'winlog.event_data.Image=/\\\\powershell[.]exe$/i\n| groupBy([host.name, winlog.event_data.ParentImage], function=count(as=n), limit=max)',
    ),
    same: sameAsSql('host.name', 'winlog.event_data.ParentImage', 'n'),
  },
  ...FIREWALLS.map(
    (format): Work => ({
      id: format,
      title: `published Sumo query, raw ${format} logs, network view`,
      make: (mb, folder) => firewall(format, mb, folder),
      sides: (logs, place) => [
        { name: 'assay run --view network', command: assay(place, SUMO, logs, '--view', 'network') },
        { name: 'assay run, as a tenant', command: assay(place, SUMO, logs) },
        ...(isThere('awk') ? othersOn(format, logs) : []),
      ],
      same: { side: 'awk', fields: ['src_ip', 'dest_ip', 'dest_port', 'ConnectionCount'], rows: awkRows },
    }),
  ),
  ...COUNTED.map(
    (format): Work => ({
      id: `${format}-count`,
      title: `count by destination port, raw ${format} logs`,
      make: (mb, folder) => firewall(format, mb, folder),
      sides: (logs, place) => [
        {
          name: 'assay run',
          command: assay(place, `* | count by ${PORT_FIELD[format]}`, logs, '--lang', 'sumo', '--view', 'vendor'),
        },
        ...(isThere('awk') ? [countsOn(format, logs)] : []),
      ],
      same: { side: 'awk', fields: [PORT_FIELD[format], '_count'], rows: awkRows },
    }),
  ),
  {
    id: 'gzip',
    title: 'published query, the same events in one .gz',
    make: gzipped,
    sides: (logs, place) => [
      { name: 'assay run', command: assay(place, PUBLISHED, logs) },
      { name: 'node:zlib alone', command: [node, '-e', INFLATE, logs] },
    ],
  },
]

/** Makes the folder of a work and its telemetry. */
export async function madeFor(work: Pick<Work, 'id' | 'make'>, mb: number, { folder }: Place): Promise<string> {
  const own = join(folder, `${work.id}-${mb}`)
  mkdirSync(own)
  return await work.make(mb, own)
}
