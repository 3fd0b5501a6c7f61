// Generated events of Windows as collectors deliver them: records of JSON with the parts of the event, each log's events by its own names.
import { AUDITED, CHANNELS, type OtherEvents, SYSMON } from '../../core/lang/shared/windows-events.ts'
import { readEvents } from '../../core/detect/case/read-events.ts'
import type { Event } from '../../core/logs/format.ts'
import { formatNamed } from '../../core/logs/registry.ts'
import type { Reading, Telemetry } from '../../core/witness/telemetry.ts'

type Fields = ReadonlyMap<string, string>

/** Parts of the event that are not its data. */
const SYSTEM = new Set(['EventID', 'Channel', 'Computer', 'Level', 'Task', 'Opcode', 'Keywords', 'Version'])
const PROVIDER = /^Provider(?:_?Name|\.Name)?$/

const FORMAT = formatNamed('windows-json')
/** How a query reads them. */
export const DELIVERED: Reading = { aliases: FORMAT?.aliases ?? {}, tags: FORMAT?.tags ?? {} }

/** One telemetry for each event. `category`: of the rule, for the same activity in other logs. */
export function delivered(events: readonly Event[], category: string | undefined): Telemetry[] {
  const other = category === undefined ? undefined : AUDITED[category]
  const lines = new Set(events.flatMap((e) => recordsOf(plainNames(e.fields), other)))
  const read = readEvents([...lines].join('\n'), {
    file: 'delivered',
    format: FORMAT,
    context: { zone: 'UTC', year: 2026 },
    tags: {},
    from: 0n,
  })
  return read.events.map(({ event, meta }) => ({
    events: [{ ...event, fields: event.fields, raw: meta.raw }],
    lookups: {},
  }))
}

/** The event's own names, of a platform that puts its parser's in front. */
const plainNames = (fields: Fields): Fields =>
  new Map([...fields].map(([name, value]) => [name.replace(/^(?:windows\.)?(?:EventData\.)?/, ''), value]))

function recordsOf(fields: Fields, other: OtherEvents | undefined): string[] {
  const channel = fields.get('Channel')
  if (channel === undefined || !isSpelt(channel)) return []
  const own = Object.values(AUDITED).find((o) => o.channel === channel && o.id === fields.get('EventID'))
  if (own) return [record(namedBy(own, fields))]
  // Data without a name: collectors differ in what they call them.
  if (fields.has('Data')) return []
  if (!other || channel !== SYSMON['windows']) return [record(fields)]
  const foreign = new Set(Object.entries(other.names).flatMap(([name, to]) => (to !== null && to !== name ? [to] : [])))
  return [record(new Map([...fields].filter(([name]) => !foreign.has(name)))), record(namedBy(other, fields))]
}

/** Windows has one spelling of each channel. */
const isSpelt = (channel: string): boolean => {
  const lower = channel.toLowerCase()
  return !CHANNEL_NAMES.some((c) => c !== channel && c.toLowerCase() === lower)
}
const CHANNEL_NAMES = [...Object.values(SYSMON), ...Object.values(CHANNELS).flat()]

/** The same event in another log. It lacks the other fields. */
function namedBy({ channel, id, names }: OtherEvents, fields: Fields): Fields {
  const own = new Set(Object.values(names))
  const out = new Map([
    ['Channel', channel],
    ['EventID', id],
  ])
  for (const [name, value] of fields) {
    const to = names[name] ?? (own.has(name) ? name : undefined)
    if (to !== undefined && !out.has(to)) out.set(to, value)
  }
  return out
}

function record(fields: Fields): string {
  const system: Record<string, unknown> = { TimeCreated: '2026-03-02T10:00:00.000Z' }
  const data: Record<string, string> = {}
  for (const [name, value] of fields) {
    if (PROVIDER.test(name)) system['Provider'] = { Name: value }
    else if (SYSTEM.has(name)) system[name] = value
    else data[name] = value
  }
  return JSON.stringify({ ...system, EventData: data })
}
