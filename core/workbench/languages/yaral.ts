// YARA-L as the workbench sees it: written, not run.
import { udm } from '../../lang/yaral/udm.ts'
import { write } from '../../lang/yaral/write.ts'
import type { Language } from '../language.ts'

export const yaral: Language = {
  id: 'yaral',
  title: 'YARA-L 2.0',
  platform: { id: 'secops', title: 'Google Security Operations', short: 'SecOps' },
  extensions: ['.yaral'],
  vocabularies: [udm.id],
  mapsFields: true,
  evidence: udm.evidence,
  write: (detection) => write(detection),
}
