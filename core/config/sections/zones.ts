import * as z from 'zod'
import { isZone } from '../../text/zone.ts'
import { section } from '../section.ts'

const zone = z.string().refine(isZone, 'a zone: `Europe/Zurich`, `UTC` or an offset such as `+02:00`')

export const tz = section({
  key: 'tz',
  schema: zone.describe("The reader's zone, for --from, --to and printed times. As --tz."),
})

export const sourceTz = section({
  key: 'source_tz',
  schema: zone.describe('The zone of log stamps that have none. As --source-tz.'),
})
