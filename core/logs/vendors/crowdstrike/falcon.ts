// Names and times of all feeds of Falcon.
import { byName } from '../../../text/by-name.ts'
import { stamp } from '../../readers/stamp.ts'
import type { FactNames } from '../../format.ts'
import type { TimeOf } from '../../readers/json/event-reader.ts'

/**
 * LogScale makes tags of `event_simpleName`, `cid` and the repository. So one fact has two names, and queries use both.
 * `@timestamp` of a query is the event's time and no field.
 */
export const FALCON_ALIASES: Readonly<Record<string, readonly string[]>> = byName({
  '#event_simpleName': ['event_simpleName'],
  event_simpleName: ['#event_simpleName'],
  '#cid': ['cid'],
  cid: ['#cid'],
})

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
 * `timestamp` is the time at which the cloud received the event, in milliseconds or, by some exporters, seconds; LogScale's `@timestamp` is
 * made of it. `ContextTimeStamp` is the sensor's clock in seconds. Rows of aidmaster, userinfo and similar tables have `_time` in seconds.
 */
export const falconTime: TimeOf = (fields, context) => {
  for (const name of ['@timestamp', 'timestamp', 'ContextTimeStamp', '_time', 'Time']) {
    const text = fields.get(name)
    const time = text === undefined || text === '' ? undefined : stamp(text, context)
    if (time !== undefined) return time
  }
  return undefined
}
