// Rules of Sumo Logic Cloud SIEM as the workbench sees them: written, and their conditions on records run as Sumo Logic.
import { executable } from '../../lang/cloudsiem/mapper.ts'
import { records } from '../../lang/cloudsiem/records.ts'
import { write } from '../../lang/cloudsiem/write.ts'
import type { Language } from '../language.ts'

export const cloudsiem: Language = {
  id: 'cloudsiem',
  title: 'Cloud SIEM rule',
  platform: { id: 'cloud-siem', title: 'Sumo Logic Cloud SIEM', short: 'Cloud SIEM' },
  extensions: ['.tf'],
  vocabularies: [records.id],
  mapsFields: true,
  evidence: records.evidence,
  write: (detection) => write(detection),
  overRecords: (detection, text) => {
    const found = detection.kind === 'events' ? executable(detection, text) : undefined
    return found && { ...found, language: 'sumo' }
  },
}
