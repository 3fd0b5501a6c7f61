// Windows events as JSON of evtx_dump, Chainsaw, Winlogbeat 6 and later, NXLog, Wazuh, Sumo Logic's collector, Azure's and Splunk's exports and
// published data sets.
import { byName } from '../../../text/by-name.ts'
import type { Bad, Event, FormatContext, JsonSample, Reader, Skip } from '../../format.ts'
import { readJson } from '../../readers/json/read.ts'
import { ShapeTree } from '../../readers/json/shape-tree.ts'
import type { ShapedRecord, TreeShape } from '../../readers/shaped.ts'
import { securityData } from './security-message.ts'
import { positionalData } from './sysmon-order.ts'
import { FORWARDED, isSysmon, WindowsRecord, WindowsShape } from './windows.ts'
import { windowsXml } from './windows-xml.ts'

/** Prefixes that exports put before every name of a document; GELF has an underscore before names of one's own. */
const ENVELOPE = /^(?:(?:_source|result)\.)?(?:document\.data\.)?(?:_(?=[A-Z]))?/

/**
 * Shippers' names of the system part, without `Event.`, `System.` and `winlog.` in front. Attributes follow as `#attributes.X` (evtx_dump),
 * `_attributes.X` (its other mode), `@X` (converters from XML) or plainly.
 */
const SYSTEM: Readonly<Record<string, string>> = byName({
  EventID: 'EventID',
  'EventID.#text': 'EventID',
  EventId: 'EventID',
  event_id: 'EventID',
  'event_id.id': 'EventID',
  'event_id.qualifiers': 'Qualifiers',
  EventCode: 'EventID',
  Channel: 'Channel',
  channel: 'Channel',
  log_name: 'Channel',
  EventLog: 'Channel',
  LogName: 'Channel',
  Computer: 'Computer',
  computer_name: 'Computer',
  ComputerName: 'Computer',
  Hostname: 'Computer',
  MachineName: 'Computer',
  computer: 'Computer',
  Provider: 'Provider',
  'Provider.Name': 'Provider',
  provider_name: 'Provider',
  'provider.name': 'Provider',
  'provider.guid': 'ProviderGuid',
  ProviderName: 'Provider',
  ProviderId: 'ProviderGuid',
  source_name: 'Provider',
  SourceName: 'Provider',
  'Provider.Guid': 'ProviderGuid',
  provider_guid: 'ProviderGuid',
  ProviderGuid: 'ProviderGuid',
  EventRecordID: 'EventRecordID',
  record_id: 'EventRecordID',
  RecordId: 'EventRecordID',
  EventRecordId: 'EventRecordID',
  record_number: 'EventRecordID',
  RecordNumber: 'EventRecordID',
  'TimeCreated.SystemTime': 'TimeCreated',
  system_time: 'TimeCreated',
  SystemTime: 'TimeCreated',
  TimeCreated: 'TimeCreated',
  'Execution.ProcessID': 'ExecutionProcessID',
  'process.pid': 'ExecutionProcessID',
  'Execution.ThreadID': 'ExecutionThreadID',
  'process.thread.id': 'ExecutionThreadID',
  'Security.UserID': 'UserID',
  'user.identifier': 'UserID',
  'Correlation.ActivityID': 'ActivityID',
  activity_id: 'ActivityID',
  'EventID.Qualifiers': 'Qualifiers',
  Version: 'Version',
  version: 'Version',
  Level: 'Level',
  Task: 'Task',
  task: 'Task',
  Opcode: 'Opcode',
  opcode: 'Opcode',
  Keywords: 'Keywords',
})
const ATTRIBUTE = /(?:\.#attributes|_attributes|\.\$)\.|\.@/
const DATA = /^(?:Event\.|winlog\.)?(?:EventData|event_data)\.(.+)$/
const USER_DATA = /^(?:Event\.|winlog\.)?(?:UserData|user_data)\.(?:.*\.)?([^.]+)$/
/** Wazuh writes the names of both parts with a small first letter. */
const WAZUH = /^data\.win\.(system|eventdata)\.(.)(.*)$/
const UNNAMED = /^Data(?:\.#text)?(\[\d+\])?$/
/** An element of a list of data, in the form of converters from XML. */
const ELEMENT = /^Data(?:\[(\d+)\])?(?:\.#attributes|\._attributes|\.\$)?\.(@?Name|#text|content|text|_|Text|Value)$/

export function windowsJsonReader(context: FormatContext): Reader {
  return {
    read: (record) => {
      const shaped = tree.read(record)
      const event = shaped && shapedEvent(shaped, context)
      return event ?? read(record, context)
    },
  }
}

/** Of all files: a folder has many small ones with the same shapes. */
const tree = new ShapeTree()
const named = new WeakMap<TreeShape, NamedShape>()

function read(record: string, context: FormatContext): Event | Bad | Skip {
  // evtx_dump numbers its documents.
  if (record.trim() === '' || /^Record \d+\s*$/.test(record)) return { skip: 'blank' }
  const json = readJson(record)
  if ('bad' in json) return json
  const { fields, notes = [] } = json
  if (notes.length === 0) tree.learn(record, json)
  return windowsEvent(fields, context, notes)
}

/** The fields of all events of a shape. */
interface NamedShape {
  /** Name → place of its value. */
  readonly index: ReadonlyMap<string, number>
  /** Undefined: the names of the fields depend on the values. */
  readonly shape: WindowsShape | undefined
  readonly hasTime: boolean
  readonly hasAccounts: boolean
}

/** Undefined: `read` can tell. */
function shapedEvent(record: ShapedRecord, context: FormatContext): Event | undefined {
  let known = named.get(record.shape)
  if (!known) {
    known = namedShape(record.shape)
    named.set(record.shape, known)
  }
  const { index, shape, hasTime, hasAccounts } = known
  if (!shape) return undefined
  const textOf = (name: string): string | undefined => {
    const place = index.get(name)
    return place === undefined ? undefined : record.value(place)
  }
  if (textOf('Channel') === FORWARDED) return undefined
  const payload = record.shape.index.get('Payload')
  if (payload !== undefined && DATA_IN_PAYLOAD.test(record.value(payload))) return undefined
  const data = record.shape.index.get('EventData')
  if (data !== undefined && dataXml(record.value(data)) !== undefined) return undefined
  // Then the data may be without names or in the message.
  if (!hasTime && (isSysmon({ get: textOf }) || /\nUtcTime: /.test(textOf('Message') ?? ''))) return undefined
  if (!hasAccounts && textOf('Channel') === 'Security' && MESSAGES.some((n) => index.has(n))) return undefined
  return shape.event(record, context)
}

/** Reads a record with a mark of its place in place of each value. */
function namedShape({ index }: TreeShape): NamedShape {
  const unknown: NamedShape = { index, shape: undefined, hasTime: false, hasAccounts: false }
  if (['_raw', 'result._raw'].some((n) => index.has(n))) return unknown
  const marks = new Map([...index].map(([name, place]) => [name, `${MARK}${place}`]))
  const windows = new WindowsRecord()
  collect(marks, windows)
  const id = marks.get('Id')
  if (id !== undefined) windows.system('EventID', id)
  const places = [...windows.fields].map(([name, mark]) => [name, Number(mark.slice(MARK.length))] as const)
  const isKnown =
    windows.fields.has('EventID') &&
    windows.notes.length === 0 &&
    [...marks.keys()].every((path) => placeOf(path).kind !== 'element') &&
    [...windows.fields.values()].every((mark) => mark.startsWith(MARK))
  if (!isKnown) return unknown
  const own = new Map(places)
  return {
    index: own,
    shape: new WindowsShape(own, index),
    hasTime: own.has('UtcTime'),
    hasAccounts: [...own.keys()].some(isOfAccount),
  }
}
const MARK = '\u0000'

/** An event of fields under the names of a shipper. */
export function windowsEvent(
  flat: ReadonlyMap<string, string>,
  context: FormatContext,
  notes: readonly string[] = [],
): Bad | Event {
  const xml = xmlIn(flat)
  if (xml !== undefined) return windowsXml(xml, { context, raw: flat })
  const data = withDataXml(flat)
  if (data) return windowsXml(data.xml, { context, raw: flat, around: data.around })
  const fields = withPayload(flat)
  const windows = new WindowsRecord()
  windows.notes.push(...notes)
  collect(fields, windows)
  // PowerShell's Get-WinEvent has `Id`.
  const id = fields.get('Id')
  if (id !== undefined) windows.system('EventID', id)
  if (!windows.fields.has('EventID')) return { bad: 'not a Windows event' }
  for (const [name, value] of positionalData(windows.fields, fields)) windows.system(name, value)
  return windows.event(context, fields)
}

/** EvtxECmd keeps the event's data as the text of a JSON object. */
const DATA_IN_PAYLOAD = /^\s*\{\s*"(?:EventData|UserData)"/

function withPayload(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const payload = fields.get('Payload')
  if (payload === undefined || !DATA_IN_PAYLOAD.test(payload)) return fields
  const strict = readJson(payload)
  // Some exports do not escape the backslashes of paths.
  const json = 'bad' in strict ? readJson(payload.replace(/\\(?!["\\/bfnrtu])/g, '\\\\')) : strict
  if ('bad' in json) return fields
  const all = new Map(fields)
  all.delete('Payload')
  for (const [name, value] of json.fields) all.set(name, value)
  return all
}

/** Log Analytics keeps the event's data as the text of their XML, in a `DataItem`. */
function dataXml(text: string): string | undefined {
  const from = /<(EventData|UserData)[\s>]/.exec(text)
  const close = `</${from?.[1]}>`
  const to = from ? text.lastIndexOf(close) : -1
  return from && to > from.index ? text.slice(from.index, to + close.length) : undefined
}

function withDataXml(
  fields: ReadonlyMap<string, string>,
): { readonly xml: string; readonly around: Readonly<Record<string, string>> } | undefined {
  const data = dataXml(fields.get('EventData') ?? '')
  const id = fields.get('EventID')
  if (data === undefined || id === undefined || !/^\d+$/.test(id)) return undefined
  const system = new WindowsRecord()
  collect(new Map([...fields].filter(([name]) => name !== 'EventData')), system)
  return {
    xml: `<Event><System><EventID>${id}</EventID></System>${data}</Event>`,
    around: Object.fromEntries(system.fields),
  }
}

/** Splunk keeps the original record in `_raw`. */
function xmlIn(fields: ReadonlyMap<string, string>): string | undefined {
  const raw = fields.get('_raw') ?? fields.get('result._raw')
  return raw !== undefined && /^\s*<Event[\s>]/.test(raw) ? raw : undefined
}

/** The meaning of a path. Paths repeat from record to record, so meanings are kept. */
type Place =
  | { readonly kind: 'element'; readonly index: string; readonly isName: boolean }
  | { readonly kind: 'data' | 'none' | 'other' | 'system'; readonly name: string }

const places = new Map<string, Place>()
/** Records with values for keys would grow the table without limit. */
const MOST_PLACES = 4096

function placeOf(path: string): Place {
  const before = places.get(path)
  if (before) return before
  const read = classify(path.replace(ENVELOPE, ''))
  if (places.size >= MOST_PLACES) places.clear()
  places.set(path, read)
  return read
}

function classify(path: string): Place {
  const wazuh = WAZUH.exec(path)
  if (wazuh) {
    const name = `${(wazuh[2] as string).toUpperCase()}${wazuh[3]}`
    if (wazuh[1] === 'eventdata') return { kind: 'data', name: dataName(name) }
    return { kind: 'system', name: SYSTEM[name] ?? name }
  }
  const inData = DATA.exec(path)?.[1]
  if (inData !== undefined) {
    const element = ELEMENT.exec(inData)
    if (element) return { kind: 'element', index: element[1] ?? '0', isName: element[2]?.endsWith('Name') === true }
    const isAttribute = inData.startsWith('#attributes.') || inData.startsWith('@')
    return isAttribute ? { kind: 'none', name: path } : { kind: 'data', name: dataName(inData) }
  }
  const inner = USER_DATA.exec(path)?.[1]
  if (inner !== undefined) return ATTRIBUTE.test(path) ? { kind: 'none', name: path } : { kind: 'data', name: inner }
  const own = systemName(path)
  return own === undefined ? { kind: 'other', name: path } : { kind: 'system', name: own }
}

function collect(fields: ReadonlyMap<string, string>, event: WindowsRecord): void {
  const data: [string, string][] = []
  const other: [string, string][] = []
  const elements = new Map<string, { name?: string; text?: string }>()
  for (const [path, value] of fields) {
    const at = placeOf(path)
    if (at.kind === 'element') {
      const part = elements.get(at.index) ?? {}
      elements.set(at.index, part)
      if (at.isName) part.name = value
      else part.text = value
    } else if (at.kind === 'system') event.system(at.name, value)
    else if (at.kind === 'data') data.push([at.name, value])
    else if (at.kind === 'other') other.push([at.name, value])
  }
  for (const [name, value] of data) event.data(name, value)
  for (const [i, { name, text }] of elements) event.data(name ?? `Data[${i}]`, text ?? '')
  // In flat records the fields beside the system part are the event's data, in documents they are the shipper's.
  const isFlat = data.length === 0 && elements.size === 0
  if (isFlat) for (const [name, value] of messageData(event, other)) event.system(name, value)
  for (const [name, value] of other) if (isFlat || !/[.#@[]/.test(name)) event.system(name, value)
}

/** GELF has the name with a small letter, beside a short form. */
const MESSAGES = ['Message', 'full_message']
const isOfAccount = (name: string): boolean => /^(?:Subject|Target)[A-Z]/.test(name)

/** Splunk's classic input has only the message: a title, then Sysmon's data as `Name: value`, a line each. */
function messageData(event: WindowsRecord, other: readonly (readonly [string, string])[]): [string, string][] {
  if (other.some(([name]) => name === 'UtcTime')) return []
  // Fluentd calls the message a description. Sysmon has data of that name, without line breaks.
  const isMessage = ([name, value]: readonly [string, string]): boolean =>
    MESSAGES.includes(name) || (name === 'Description' && /\nUtcTime: /.test(value))
  const message = other.find(isMessage)?.[1] ?? ''
  if (event.fields.get('Channel') === 'Security' && !other.some(([name]) => isOfAccount(name)))
    return securityData(message, event.fields.get('EventID'))
  if (!isSysmon(event.fields) && !/\nUtcTime: /.test(message)) return []
  const data: [string, string][] = []
  for (const line of message.split(/\r?\n/).slice(1)) {
    const m = /^([A-Z][A-Za-z0-9]+):(?: (.*))?$/.exec(line)
    const last = data[data.length - 1]
    if (m) data.push([m[1] as string, m[2] ?? ''])
    // A command line may hold line breaks.
    else if (last) last[1] += `\n${line}`
  }
  return data
}

function systemName(path: string): string | undefined {
  const inner = path.replace(/^(?:Event\.)?System\.|^winlog\./, '').replace(ATTRIBUTE, '.')
  return Object.hasOwn(SYSTEM, inner) ? SYSTEM[inner] : undefined
}

function dataName(name: string): string {
  const listed = /^data\[\d+\]\.(.+)$/.exec(name)?.[1]
  if (listed !== undefined) return listed
  const m = UNNAMED.exec(name)
  return m ? `Data${m[1] ?? '[0]'}` : name
}

const isObject = (v: unknown): v is JsonSample => typeof v === 'object' && v !== null && !Array.isArray(v)

/** The shape in words, as the end of a sentence; undefined: it is no Windows event. */
export function windowsShape(record: JsonSample): string | undefined {
  const around = ['_source', 'result'].map((name) => record[name]).find(isObject) ?? record
  const document = around['document']
  const o = isObject(document) && isObject(document['data']) ? document['data'] : around
  const { Event: event, winlog, data } = o
  if (isObject(data) && isObject(data['win']) && isObject(data['win']['system'])) return 'with data.win.system (Wazuh)'
  if (typeof o['_raw'] === 'string' && /^\s*<Event[\s>]/.test(o['_raw'])) return 'with a Windows event in _raw (Splunk)'
  if (isObject(event) && isObject(event['System'])) return 'with Event.System (evtx_dump)'
  if (isObject(winlog) && 'event_id' in winlog) return 'with winlog.event_id (Winlogbeat)'
  if (isObject(o['event_id']) && (isObject(o['provider']) || 'channel' in o))
    return 'with event_id and provider (OpenTelemetry)'
  if ('event_id' in o && ('log_name' in o || isObject(o['event_data'])))
    return 'with event_id and event_data (Winlogbeat 6)'
  if ('Id' in o && 'ProviderName' in o && ('LogName' in o || 'MachineName' in o))
    return 'with Id, LogName and ProviderName (Get-WinEvent)'
  if ('_EventID' in o && 'short_message' in o) return 'with _EventID (GELF)'
  if (!('EventID' in o || 'EventId' in o || 'EventCode' in o)) return undefined
  if (isObject(o['EventData']) || isObject(o['System'])) return 'with EventID and EventData'
  const flat = ['Channel', 'EventLog', 'SourceName', 'ProviderGuid', 'LogName', 'Provider'].some((k) => k in o)
  return flat ? 'with EventID and Channel, flat' : undefined
}
