// AQL as the workbench sees it: written, not run.
import { qradar } from '../../lang/aql/qradar.ts'
import { write } from '../../lang/aql/write.ts'
import type { Language } from '../language.ts'

export const aql: Language = {
  id: 'aql',
  title: 'QRadar AQL',
  platform: { id: 'qradar', title: 'IBM QRadar', short: 'QRadar' },
  extensions: ['.aql'],
  vocabularies: [qradar.id],
  mapsFields: true,
  evidence: qradar.evidence,
  write: (detection) => write(detection),
}
