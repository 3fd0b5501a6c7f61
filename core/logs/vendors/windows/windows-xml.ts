// Windows events as XML, in the schema of Windows and as Sysmon for Linux writes it (no xmlns, `UserId`).
import { byName } from '../../../text/by-name.ts'
import type { Bad, Event, FormatContext } from '../../format.ts'
import type { TreeShape } from '../../readers/shaped.ts'
import { type ShapedXml, XmlShapes } from '../../readers/xml-shapes.ts'
import { FORWARDED, WindowsRecord, WindowsShape } from './windows.ts'
import { readXml, unescapeXml, type XmlHandler } from '../../readers/xml-reader.ts'

interface XmlOptions {
  readonly context: FormatContext
  /** Where the element begins. */
  readonly from?: number
  /** Senders cut long records: keep the fields before the cut, with a note. Left out: a cut record is bad. */
  readonly acceptCut?: true
  readonly raw?: ReadonlyMap<string, string>
  /** Fields of the record around the event. */
  readonly around?: Readonly<Record<string, string>>
  readonly logged?: () => bigint | undefined
  /** A note for the event. */
  readonly note?: string
}

export const CARVED_NOTE = 'carved: a record from the unused part of a chunk, perhaps of a cleared log'

/** System elements whose attributes are fields: attribute → name. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, string>>>> = byName({
  Provider: { Name: 'Provider', Guid: 'ProviderGuid' },
  EventID: { Qualifiers: 'Qualifiers' },
  TimeCreated: { SystemTime: 'TimeCreated' },
  Correlation: { ActivityID: 'ActivityID', RelatedActivityID: 'RelatedActivityID' },
  Execution: { ProcessID: 'ExecutionProcessID', ThreadID: 'ExecutionThreadID' },
  Security: { UserID: 'UserID', UserId: 'UserID' },
})

/** `<Data Name='Image'>…</Data>` without entities: most of a record. */
const PLAIN_DATA = /\s*<Data Name=(?:'([^'<&]*)'|"([^"<&]*)")>([^<\r]*)<\/Data>/y

export function windowsXml(text: string, o: XmlOptions): Event | Bad {
  const record = new WindowsRecord()
  const fault = readXml(text, o.from ?? 0, handler(record))
  const cut = fault === 'cut off' && o.acceptCut === true
  if (fault !== undefined && !cut) return { bad: fault }
  if (cut) {
    // Without these the meaning of the fields and the time are unknown: the head's time may lack year and zone.
    const missing = ['Provider', 'EventID', 'TimeCreated'].find((name) => !record.fields.has(name))
    if (missing !== undefined) return { bad: `cut off before ${missing}` }
    record.notes.push('cut off; Assay uses the fields before the cut')
  } else if (!record.fields.has('EventID')) return { bad: 'not a Windows event' }
  for (const [name, value] of Object.entries(o.around ?? {})) record.system(name, value)
  if (o.note !== undefined) record.notes.push(o.note)
  return record.event(o.context, o.raw, o.logged)
}

interface XmlShape extends TreeShape {
  readonly names: WindowsShape
  /** Places of the system elements: an empty one is no field, and spaces around its text do not count. */
  readonly system: readonly number[]
}

/** Of all files: a folder has many small ones with the same shapes. */
const shapes = new XmlShapes<XmlShape>((tag) => Object.hasOwn(ATTRIBUTES, /^<(\w*)/.exec(tag)?.[1] ?? ''))

/** The event of a record that is one element. */
export function windowsXmlRecord(record: string, context: FormatContext): Event | Bad {
  const shaped = shapes.read(record)
  const known = shaped && shapedEvent(shaped, context)
  if (known) return known
  const event = windowsXml(record, { context })
  if (!shaped && 'fields' in event && event.notes === undefined) shapes.learn(record, shapeOf)
  return event
}

/** Undefined: `windowsXml` can tell. */
function shapedEvent(record: ShapedXml<XmlShape>, context: FormatContext): Event | undefined {
  const { index, names, system } = record.shape
  for (const place of system) {
    const text = record.value(place)
    if (text === '' || text !== text.trim()) return undefined
  }
  const channel = index.get('Channel')
  if (channel !== undefined && record.value(channel) === FORWARDED) return undefined
  return names.event(record, context)
}

function shapeOf(marked: string, mark: string): XmlShape | undefined {
  const record = new WindowsRecord()
  const system: number[] = []
  const own = handler(record)
  const leaf: XmlHandler['leaf'] = (path, text, attributes) => {
    if (isSystem(path)) system.push(placeIn(text, mark))
    own.leaf(path, text, attributes)
  }
  if (readXml(marked, 0, { ...own, leaf }) !== undefined || record.notes.length > 0) return undefined
  const places = [...record.fields].map(([name, value]) => [name, placeIn(value, mark)] as const)
  if (places.some(([, place]) => place < 0)) return undefined
  const index = new Map(places)
  return { index, names: new WindowsShape(index), system: system.filter((place) => place >= 0) }
}

const placeIn = (text: string, mark: string): number => (text.startsWith(mark) ? Number(text.slice(mark.length)) : -1)

const isSystem = (path: string): boolean => path.startsWith('Event/System/') && path.indexOf('/', 13) < 0

function handler(record: WindowsRecord): XmlHandler {
  let unnamed = 0
  return {
    runs: {
      path: 'Event/EventData',
      pattern: PLAIN_DATA,
      accept: (m) => record.data((m[1] ?? m[2]) as string, unescapeXml(m[3] as string)),
    },
    open: (path, attributes) => {
      if (attributes.size === 0 || !path.startsWith('Event/System/')) return
      const names = ATTRIBUTES[path.slice(13)]
      if (names)
        for (const [name, value] of attributes)
          if (Object.hasOwn(names, name)) record.system(names[name] as string, value)
    },
    leaf: (path, text, attributes) => {
      if (isSystem(path)) {
        if (text !== '') record.system(path.slice(13), text.trim())
        return
      }
      const parts = path.split('/')
      if (parts[0] !== 'Event' || parts.length < 3) return
      const name = parts[parts.length - 1] as string
      if (parts[1] === 'EventData') {
        const named = attributes.get('Name')
        if (name !== 'Data') record.data(name, text)
        else record.data(named ?? `Data[${unnamed++}]`, text)
      } else if (parts[1] === 'UserData') record.data(name, text)
      else if (parts[1] === 'RenderingInfo' && parts.length === 3)
        record.system(name === 'Message' ? name : `RenderingInfo.${name}`, text)
    },
  }
}

/** Every `<Event …>…</Event>` of a text. Other text between them becomes a record too, so that it is counted as bad. */
export function* xmlEvents(text: string): Iterable<{ readonly record: string; readonly line: number }> {
  const lines = lineCounter(text)
  const close = finder(text, '</Event>')
  let at = 0
  for (;;) {
    const start = startOfEvent(text, at)
    const rest = text.slice(at, start)
    const odd = rest
      .replace(
        /^\s*evtxexport \d+\s|^\s*No records to export\.|<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)|<\/?Events\b[^>]*>|\uFEFF/g,
        '',
      )
      .trim()
    if (odd !== '') yield { record: odd, line: lines(at + rest.search(/\S/)) }
    if (start === text.length) return
    at = endOfEvent(text, start, close(start))
    yield { record: text.slice(start, at), line: lines(start) }
  }
}

/** Start of the next event outside comments; the end of the text if there is none. */
function startOfEvent(text: string, from: number): number {
  const mark = /<!--[\s\S]*?(?:-->|$)|<Event(?=[\s>])/g
  mark.lastIndex = from
  for (;;) {
    const found = mark.exec(text)
    if (!found) return text.length
    if (found[0] === '<Event') return found.index
  }
}

/** An event without an end reaches to the start of the next one. The text of an element cannot contain `<Event`: its `<` is escaped. */
function endOfEvent(text: string, from: number, close: number): number {
  const next = /<Event(?=[\s>])/g
  next.lastIndex = from + 1
  const other = next.exec(text)?.index ?? -1
  if (other >= 0 && (close < 0 || other < close)) return other
  return close < 0 ? text.length : close + 8
}

/** Returns the next place of the mark at or after `from`, which must not decrease. Searches no part of the text twice. */
function finder(text: string, mark: string): (from: number) => number {
  let found = text.indexOf(mark)
  return (from) => {
    if (found >= 0 && found < from) found = text.indexOf(mark, from)
    return found
  }
}

function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let next = text.indexOf('\n')
  return (offset) => {
    while (next >= 0 && next < offset) {
      line++
      next = text.indexOf('\n', next + 1)
    }
    return line
  }
}
