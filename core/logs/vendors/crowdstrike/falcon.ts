// Names and times of all feeds of Falcon.
import { epoch, epochBySize, stamp } from '../../readers/stamp.ts'
import type { FactNames } from '../../format.ts'
import type { TimeOf } from '../../readers/json/event-reader.ts'

/**
 * LogScale makes tags of `event_simpleName`, `cid` and the repository. So one fact has two names, and queries use both.
 * `@timestamp` of a query is the event's time and no field.
 */
export const FALCON_ALIASES: Readonly<Record<string, readonly string[]>> = {
  '#event_simpleName': ['event_simpleName'],
  event_simpleName: ['#event_simpleName'],
  '#cid': ['cid'],
  cid: ['#cid'],
}

export const FALCON_FACTS: FactNames = {
  'source address': ['LocalAddressIP4'],
  'source port': ['LocalPort'],
  'destination address': ['RemoteAddressIP4'],
  'destination port': ['RemotePort'],
  user: ['UserName'],
  process: ['ImageFileName', 'ContextBaseFileName', 'FileName'],
  host: ['ComputerName'],
}

/**
 * `timestamp` is the time at which the cloud received the event, in milliseconds; LogScale's `@timestamp` is made of it.
 * `ContextTimeStamp` is the sensor's clock in seconds. Rows of aidmaster, userinfo and their kin have `_time` in seconds.
 */
export const falconTime: TimeOf = (fields, context) => {
  const exported = fields.get('@timestamp')
  if (exported !== undefined && exported !== '') {
    const time = epochBySize(exported) ?? stamp(exported, context)
    if (time !== undefined) return time
  }
  const received = fields.get('timestamp')
  if (received !== undefined && received !== '') {
    const time = epoch(received, 'ms') ?? stamp(received, context)
    if (time !== undefined) return time
  }
  for (const name of ['ContextTimeStamp', '_time', 'Time']) {
    const text = fields.get(name)
    if (text === undefined || text === '') continue
    const time = epoch(text, 's') ?? stamp(text, context)
    if (time !== undefined) return time
  }
  return undefined
}
