// Messages of any vendor we know, wherever they stand: wrapped by an export, or between those of another vendor in one file.
import type { Bad, Event, FormatContext } from '../format.ts'
import { asaParser, tagAt } from '../vendors/cisco/asa.ts'
import { cefParser, isCef, isLeef, leefParser } from '../vendors/arcsight/cef.ts'
import { cseNetwork, cseTime, isCseRecord } from '../vendors/sumologic/cse.ts'
import { fortigateParser, looksLikeFortigate } from '../vendors/fortinet/fortigate.ts'
import { iptablesParser, isPacket } from '../vendors/linux/iptables.ts'
import { type NetworkOf, networkJsonReader } from '../network/json-network.ts'
import type { TimeOf } from '../readers/json/event-reader.ts'
import { panosParser, typeAt } from '../vendors/paloalto/panos.ts'
import { isPanosJson, panosJsonNetwork, panosJsonTime } from '../vendors/paloalto/panos-json.ts'
import { headless, type Sample } from '../readers/recognise.ts'
import { isEve, suricataNetwork, suricataTime } from '../vendors/suricata/suricata.ts'
import { timeByKeys } from '../readers/time-keys.ts'
import { isZeek, zeekNetwork, zeekTime } from '../vendors/zeek/zeek.ts'

interface Vendor {
  readonly name: string
  is(message: string): boolean
  parse(message: string): Bad | Event
}

function vendorsOf(context: FormatContext): readonly Vendor[] {
  return [
    { name: 'CEF', is: isCef, parse: cefParser(context) },
    { name: 'LEEF', is: isLeef, parse: leefParser(context) },
    { name: 'Cisco ASA', is: (m) => tagAt(m) >= 0, parse: asaParser(context) },
    { name: 'PAN-OS', is: (m) => typeAt(m) >= 0, parse: panosParser(context) },
    { name: 'FortiGate', is: looksLikeFortigate, parse: fortigateParser(context) },
    { name: 'netfilter', is: isPacket, parse: iptablesParser(context) },
  ]
}

/** Undefined: of no vendor we know, or cut off. */
export type MessageOf = (message: string) => { readonly vendor: string; readonly event: Event } | undefined

/** The event in a message of a vendor whose messages stand behind syslog heads. */
export function vendorMessage(context: FormatContext): MessageOf {
  const vendors = vendorsOf(context)
  return (message) => {
    const vendor = vendors.find((v) => v.is(message))
    const read = vendor?.parse(message)
    return vendor && read && 'fields' in read ? { vendor: vendor.name, event: read } : undefined
  }
}

const NOTHING: NetworkOf = () => undefined
const JSON_KINDS: readonly (readonly [is: (o: Sample) => boolean, time: TimeOf, network: NetworkOf])[] = [
  [isEve, suricataTime, suricataNetwork],
  [isPanosJson, panosJsonTime, panosJsonNetwork],
  [isCseRecord, cseTime, cseNetwork],
  [isZeek, zeekTime, zeekNetwork],
  [() => true, timeByKeys, NOTHING],
]

/** The event in a message of any vendor we know, or in JSON: an export holds what was sent, and its fields are those of the message. */
export function messageReader(context: FormatContext): (message: string) => Event | undefined {
  const vendor = vendorMessage(context)
  const kinds = JSON_KINDS.map(([is, time, network]) => ({ is, reader: networkJsonReader(context, time, network) }))
  return (message) => {
    const text = headless(message)
    if (!/^\s*\{/.test(text)) return vendor(message)?.event
    const object = objectOf(text)
    const read = object && kinds.find((k) => k.is(object))?.reader.read(text)
    return read && 'fields' in read ? read : undefined
  }
}

function objectOf(text: string): Sample | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Sample) : undefined
  } catch {
    return undefined
  }
}

/**
 * Collectors write what several devices send into one file. A message that is none of the file's own vendor but one of another is read as
 * what it is, and a note tells; any other stays bad.
 */
export function withOthers(
  own: (message: string) => Bad | Event,
  isOwn: (message: string) => boolean,
  context: FormatContext,
): (message: string) => Bad | Event {
  let others: MessageOf | undefined
  return (message) => {
    const read = own(message)
    if ('fields' in read || isOwn(message)) return read
    others ??= vendorMessage(context)
    const found = others(message)
    return found ? noted(found.event, `a ${found.vendor} message among others`) : read
  }
}

class Noted implements Event {
  readonly fields: Event['fields']
  readonly notes: readonly string[]
  readonly raw?: string
  readonly #event: Event

  constructor(event: Event, note: string) {
    this.fields = event.fields
    this.notes = [...(event.notes ?? []), note]
    if (event.raw !== undefined) this.raw = event.raw
    this.#event = event
  }

  get time(): bigint | undefined {
    return this.#event.time
  }
}

const noted = (event: Event, note: string): Event => new Noted(event, note)
