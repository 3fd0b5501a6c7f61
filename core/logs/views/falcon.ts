// Host, process and user of Falcon events. Sensor events name a host by `aid` and a process by (aid, ContextProcessId) only.
import type { View } from '../view.ts'
import { rewriteFalcon, SUPPLIED } from '../view-plans/falcon-view.ts'

export const falconView: View = {
  name: 'falcon',
  title: 'Falcon: host, process and user',
  doc:
    'Host name: the newest aidmaster row at or before the event, else the earliest later one. Process: ProcessRollup2 or ' +
    'SyntheticProcessRollup2 with the same aid and process id, the newest that had started. User: the process row, else UserIdentity ' +
    'or UserLogon with the same aid and UserSid. A value that the event carries wins.',
  automaticUnless: ['ngsiem', 'ngsiem-csv', 'ngsiem-json'],
  fields: SUPPLIED,
  rewrite: rewriteFalcon,
}
