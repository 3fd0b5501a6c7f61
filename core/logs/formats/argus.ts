// Flow records of argus, as its client `ra` prints them with a comma between the columns.
import type { FormatContext, FormatRecord } from '../format.ts'
import { plus, protocolName, yes } from '../network/network.ts'
import { csvReader } from '../readers/csv.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { stamp } from '../readers/stamp.ts'

const HEADER = /^(?=.*\bStartTime\b)(?=.*\bSrcAddr\b)(?=.*\bDstAddr\b)(?=.*\bDport\b)[A-Za-z]+(?:,[A-Za-z]+)+$/

export const argus: FormatRecord = {
  name: 'argus',
  title: 'Argus, CSV',
  doc:
    'Flow records of argus, printed by ra -c , under the titles StartTime, SrcAddr, Dir, DstAddr, State, …; StartTime needs a date or is an ' +
    'epoch (ra -u). A record is a connection; State tells how it ended.',
  unit: 'lines-after-header',
  recognise: ({ filled }) =>
    HEADER.test((filled[0] ?? '').trim())
      ? { score: 0.98, why: 'the column titles of argus (StartTime, SrcAddr, …)' }
      : undefined,
  reader: (context, header) => {
    const rows = csvReader(context, header, (f) => timeOf(f.get('StartTime'), context))
    return {
      read: (record) => {
        const event = rows.read(record)
        if (!('fields' in event)) return event
        const when = (): bigint | undefined => event.time
        return new LazyEvent(new MapFields(event.fields, when, (name, f) => network(name.slice(8), f, context)))
      },
      ...(rows.end ? { end: () => rows.end?.() } : {}),
    }
  },
  views: ['network'],
  facts: {
    'source address': ['SrcAddr'],
    'source port': ['Sport'],
    'destination address': ['DstAddr'],
    'destination port': ['Dport'],
    'bytes sent': ['SrcBytes'],
    'bytes received': ['DstBytes'],
  },
  aliases: {},
  tags: { _sourceCategory: 'network/argus' },
  json: false,
}

const timeOf = (text: string | undefined, context: FormatContext): bigint | undefined =>
  text === undefined ? undefined : stamp(text, context)

/** `<-` in Dir: the connection went from the destination's column to the source's. */
function network(name: string, fields: ReadonlyMap<string, string>, context: FormatContext): string | undefined {
  const isReversed = fields.get('Dir')?.trim() === '<-'
  const side = (source: string, destination: string): string | undefined =>
    fields.get(isReversed ? destination : source)
  switch (name) {
    case 'key':
      return ''
    case 'src_ip':
      return side('SrcAddr', 'DstAddr')
    case 'src_port':
      return side('Sport', 'Dport')
    case 'dest_ip':
      return side('DstAddr', 'SrcAddr')
    case 'dest_port':
      return side('Dport', 'Sport')
    case 'protocol':
      return protocolName(fields.get('Proto'))
    case 'start':
      return timeOf(fields.get('StartTime'), context)?.toString()
    case 'end':
      return timeOf(fields.get('LastTime'), context)?.toString()
    case 'duration':
      return fields.get('Dur')
    case 'established':
      return yes(isAnswered(fields, side('DstPkts', 'SrcPkts')))
    case 'action':
      return isAnswered(fields, side('DstPkts', 'SrcPkts')) ? 'allow' : undefined
    case 'bytes_out':
      return side('SrcBytes', 'DstBytes')
    case 'bytes_in':
      return side('DstBytes', 'SrcBytes')
    case 'bytes':
      return fields.get('TotBytes') ?? plus(fields.get('SrcBytes'), fields.get('DstBytes'))
    default:
      return undefined
  }
}

/** A refused connection is RST after one packet each way: SYN, and RST instead of SYN. */
function isAnswered(fields: ReadonlyMap<string, string>, back: string | undefined): boolean | undefined {
  if (back === undefined) return undefined
  const isRefused = fields.get('State')?.trim() === 'RST' && Number(back) <= 1
  return Number(back) > 0 && !isRefused
}
