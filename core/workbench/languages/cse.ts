// Rules of Sumo Logic Cloud SIEM as the workbench sees them: written, not run. Their expressions are read as Sumo Logic.
import { records } from '../../lang/cse/records.ts'
import { write } from '../../lang/cse/write.ts'
import type { Language } from '../language.ts'

export const cse: Language = {
  id: 'cse',
  title: 'Cloud SIEM rule',
  platform: { id: 'cloud-siem', title: 'Sumo Logic Cloud SIEM', short: 'Cloud SIEM' },
  extensions: ['.tf'],
  vocabularies: [records.id],
  mapsFields: true,
  evidence: records.evidence,
  write: (detection) => write(detection),
}
