// Windows events, independent of their encoding: names, time, and the fields of Sysmon.
import { byName } from '../../../text/by-name.ts'
import type { Event, EventShape, FactNames, FormatContext, ValuesByPlace } from '../../format.ts'
import { LazyEvent, LazyFields } from '../../readers/fields.ts'
import { ShapedFields } from '../../readers/shaped.ts'
import { stamp } from '../../readers/stamp.ts'
import { timeByKeys } from '../../readers/time-keys.ts'

/** Names that queries of other products use for the same facts. */
export const WINDOWS_ALIASES: Readonly<Record<string, readonly string[]>> = byName({
  EventCode: ['EventID'],
  event_id: ['EventID'],
  LogName: ['Channel'],
  ComputerName: ['Computer'],
  Hostname: ['Computer'],
  computer_name: ['Computer'],
  SourceName: ['Provider'],
  ProviderName: ['Provider'],
  provider_name: ['Provider'],
})

/** Letters and digits escaped in JSON or XML, and events whose channel is not that of the record (`OWN_CHANNELS`). */
export const WINDOWS_RESPELLED = /\\u(?:00(?!2[267]|3[ce])[2-7]|0130|212a)|&#(?!(?:9|10|13);)|ForwardedEvents/i

export const WINDOWS_FACTS: FactNames = {
  'source address': ['SourceIp'],
  'source port': ['SourcePort'],
  'destination address': ['DestinationIp'],
  'destination port': ['DestinationPort'],
  protocol: ['Protocol'],
  user: ['User'],
  process: ['Image'],
  host: ['Computer', 'Hostname'],
}

/** Fields that identify the event; its data never replace them. */
const FIXED = new Set(['EventID', 'Channel', 'Computer', 'Provider'])

/** The log of a subscription. */
export const FORWARDED = 'ForwardedEvents'

export const isSysmon = (fields: Pick<ReadonlyMap<string, string>, 'get'>): boolean =>
  /sysmon/i.test(`${fields.get('Provider')} ${fields.get('Channel')}`)

/** Providers that write to one log only. */
const OWN_CHANNELS: Readonly<Record<string, string>> = byName({
  'Microsoft-Windows-Sysmon': 'Microsoft-Windows-Sysmon/Operational',
  'Microsoft-Windows-Security-Auditing': 'Security',
  'Microsoft-Windows-PowerShell': 'Microsoft-Windows-PowerShell/Operational',
})

/** Collects the fields of one event: system fields first, then its data, in the order of the record. */
export class WindowsRecord {
  readonly fields = new Map<string, string>()
  readonly notes: string[] = []
  readonly #data = new Set<string>()

  system(name: string, value: string): void {
    if (!this.fields.has(name)) this.fields.set(name, value)
  }

  /** The last of several data with one name counts. Data replace a system field of the same name, except those that identify the event. */
  data(name: string, value: string): void {
    const free = FIXED.has(name) ? `EventData.${name}` : name
    if (this.#data.has(free)) this.notes.push(`duplicate data ${name}`)
    this.#data.add(free)
    this.fields.set(free, value)
  }

  /** Some collectors write the log of the subscription in place of the event's own, which the provider tells. */
  #ownChannel(): void {
    const own = OWN_CHANNELS[this.fields.get('Provider') ?? '']
    if (own === undefined || this.fields.get('Channel') !== FORWARDED) return
    this.fields.set('Channel', own)
    this.fields.set('CollectorChannel', FORWARDED)
  }

  /** `raw`: fields under the shipper's names, which a query may use too. `logged`: a time from outside the event, in microseconds. */
  event(context: FormatContext, raw?: ReadonlyMap<string, string>, logged?: () => bigint | undefined): Event {
    this.#ownChannel()
    return new LazyEvent(new WindowsFields(this.fields, context, raw, logged), this.notes)
  }
}

type Index = ReadonlyMap<string, number>

/** The names of `WindowsFields` over records of one shape. */
export class WindowsShape implements EventShape {
  readonly #fields: Index
  readonly #raw: Index | undefined

  constructor(fields: Index, raw?: Index) {
    this.#fields = fields
    this.#raw = raw
  }

  names(): Iterable<string> {
    return this.#fields.keys()
  }

  placeOf(name: string): number | null | undefined {
    return this.#fields.get(name) ?? this.#raw?.get(name) ?? (name.startsWith('network:') ? undefined : null)
  }

  event(record: ValuesByPlace, context: FormatContext): Event {
    const raw = this.#raw && new ShapedFields(record, this.#raw)
    const fields = new WindowsFields(new ShapedFields(record, this.#fields), context, raw, undefined)
    return new LazyEvent(fields, undefined, undefined, { shape: this, record })
  }
}

const UTC = { zone: 'UTC', year: 1970 }

/**
 * Used if there is no `UtcTime`, which is the time of the event by Sysmon's clock, in UTC. `TimeCreated` is when the event was written:
 * Sysmon holds connections back for seconds. Shippers' stamps come last: some write local time with a Z (OTRF Security-Datasets), NXLog
 * writes it without a zone.
 */
const TIMES = [
  'TimeCreated',
  '@timestamp',
  'EventTime',
  'timestamp',
  '_time',
  'result._time',
  'TimeGenerated',
  'TimeGenerated [UTC]',
  'TimeGenerated [Local Time]',
  'date',
  'time',
] as const

class WindowsFields extends LazyFields {
  readonly #map: ReadonlyMap<string, string>
  readonly #context: FormatContext
  readonly #raw: ReadonlyMap<string, string> | undefined
  readonly #logged: (() => bigint | undefined) | undefined

  constructor(
    map: ReadonlyMap<string, string>,
    context: FormatContext,
    raw: ReadonlyMap<string, string> | undefined,
    logged: (() => bigint | undefined) | undefined,
  ) {
    super()
    this.#map = map
    this.#context = context
    this.#raw = raw
    this.#logged = logged
  }

  get(name: string): string | undefined {
    return (
      this.#map.get(name) ?? this.#raw?.get(name) ?? (name.startsWith('network:') ? this.#network(name) : undefined)
    )
  }

  names(): Iterable<string> {
    return this.#map.keys()
  }

  override others(): Iterable<string> {
    return this.#raw?.keys() ?? []
  }

  override keys(): MapIterator<string> {
    return this.#map.keys()
  }

  when(): bigint | undefined {
    const happened = this.#map.get('UtcTime')
    const own = happened === undefined ? undefined : stamp(happened, UTC)
    if (own !== undefined) return own
    for (const name of TIMES) {
      const text = this.get(name)
      const time = text === undefined ? undefined : stamp(text, this.#context)
      if (time !== undefined) return time
    }
    return this.#logged?.() ?? timeByKeys(this.#raw ?? this.#map, this.#context)
  }

  /** Only Sysmon 3 is a connection. Its source is the side that opened the connection, on whichever host. */
  #network(name: string): string | undefined {
    if (this.#map.get('EventID') !== '3' || !this.#map.has('DestinationIp')) return undefined
    if (name === 'network:key') return ''
    if (name === 'network:rank') return '1'
    if (name === 'network:start' || name === 'network:end') {
      const time = this.when()
      return time === undefined ? undefined : String(time)
    }
    const own = NETWORK_NAMES[name]
    const value = own === undefined ? undefined : this.#map.get(own)
    return value === '-' ? undefined : value
  }
}

const NETWORK_NAMES: Readonly<Record<string, string>> = byName({
  'network:src_ip': 'SourceIp',
  'network:src_port': 'SourcePort',
  'network:dest_ip': 'DestinationIp',
  'network:dest_port': 'DestinationPort',
  'network:protocol': 'Protocol',
  'network:user': 'User',
  'network:device': 'Computer',
  'network:app': 'Image',
})
