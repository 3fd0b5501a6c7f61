// Generated events as Windows XML, one <Event> a line.
import type { Event } from '../../format.ts'

const SYSMON = 'Microsoft-Windows-Sysmon'
/** Fields of the System element whose text is that of an element. */
const SYSTEM = ['Version', 'Level', 'Task', 'Opcode', 'Keywords', 'EventRecordID', 'Channel', 'Computer'] as const
const ATTRIBUTES = ['Provider', 'EventID', 'TimeCreated', 'UtcTime']

/** Fields under their own names. An event without provider, event id or channel is a process creation of Sysmon. */
export function windowsXmlLine({ fields, time = 0n }: Event): string {
  const get = (name: string, otherwise: string): string => escaped(fields.get(name) ?? otherwise)
  const at = new Date(Number(time / 1000n)).toISOString()
  const provider = fields.get('Provider') ?? SYSMON
  const channel = provider === SYSMON ? `${SYSMON}/Operational` : 'Security'
  const computer: Readonly<Partial<Record<string, string>>> = { Channel: channel, Computer: 'host1' }
  const system = SYSTEM.flatMap((name) => {
    const value = fields.get(name) ?? computer[name]
    return value === undefined ? [] : [`<${name}>${escaped(value)}</${name}>`]
  })
  const data = [...fields].filter(
    ([name]) => !ATTRIBUTES.includes(name) && !(SYSTEM as readonly string[]).includes(name),
  )
  const utc = provider === SYSMON ? [['UtcTime', at.replace('T', ' ').replace('Z', '')] as const] : []
  return (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>" +
    `<Provider Name='${escaped(provider)}'/><EventID>${get('EventID', '1')}</EventID><TimeCreated SystemTime='${at}'/>${system.join('')}` +
    `</System><EventData>${[...utc, ...data].map(([name, value]) => `<Data Name='${escaped(name)}'>${escaped(value)}</Data>`).join('')}</EventData></Event>`
  )
}

/** Line breaks as references, because an event is a line. */
const escaped = (text: string): string => text.replace(/[<>&'"\n\r\t]/g, (c) => `&#${c.charCodeAt(0)};`)
