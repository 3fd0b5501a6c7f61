// Lines read as a file of their own would be, for tests of formats.
import type { Event } from './format.ts'
import { isEvent, recognise } from './registry.ts'

export const CONTEXT = { zone: 'UTC', year: 2026 }

export function readAll(text: string): { format: string | undefined; events: readonly Event[] } {
  const lines = text.split('\n')
  const format = recognise(lines)[0]?.format
  const reader = format?.reader(CONTEXT, lines)
  return { format: format?.name, events: lines.map((l) => reader?.read(l) ?? { bad: '' }).filter(isEvent) }
}

/** Source, its port, destination, its port, protocol, action, bytes out, bytes in; `-` for none. */
export const facts = (e: Event | undefined): string =>
  ['src_ip', 'src_port', 'dest_ip', 'dest_port', 'protocol', 'action', 'bytes_out', 'bytes_in']
    .map((n) => e?.fields.get(`network:${n}`) ?? '-')
    .join(' ')
export const NO_CONNECTION = '- - - - - - - -'
