// Messages that another record wraps: an export holds the line that a device wrote, and its fields are those of the line.
import type { Bad, Event, FormatContext } from '../format.ts'
import { asaParser, tagAt } from './asa.ts'
import { cefParser, isCef, isLeef, leefParser } from './cef.ts'
import { fortigateParser, looksLikeFortigate } from './fortigate.ts'
import { iptablesParser, isPacket } from './iptables.ts'
import { panosParser, typeAt } from './panos.ts'

/** The event in a message of a vendor we know; undefined for any other, and for one that cannot be read. */
export function messageReader(context: FormatContext): (raw: string) => Event | undefined {
  const parsers: readonly (readonly [(raw: string) => boolean, (raw: string) => Bad | Event])[] = [
    [isCef, cefParser(context)],
    [isLeef, leefParser(context)],
    [(raw) => tagAt(raw) >= 0, asaParser(context)],
    [(raw) => typeAt(raw) >= 0, panosParser(context)],
    [looksLikeFortigate, fortigateParser(context)],
    [isPacket, iptablesParser(context)],
  ]
  return (raw) => {
    const read = parsers.find(([is]) => is(raw))?.[1](raw)
    return read && 'fields' in read ? read : undefined
  }
}
