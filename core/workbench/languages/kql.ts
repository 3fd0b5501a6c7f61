// Microsoft KQL (Sentinel and Defender) as the workbench sees it: written, not run.
import { defender } from '../../lang/kql/vocabularies/defender.ts'
import { asim } from '../../lang/kql/vocabularies/asim.ts'
import { documentation } from '../../lang/kql/documentation.ts'
import { write } from '../../lang/kql/write.ts'
import type { Language } from '../language.ts'

const vocabularies = [defender, asim]

export const kql: Language = {
  id: 'kql',
  title: 'Microsoft KQL (Sentinel and Defender)',
  platform: { id: 'sentinel', title: 'Microsoft Sentinel and Defender', short: 'Sentinel' },
  extensions: ['.kql'],
  vocabularies: vocabularies.map((v) => v.id),
  mapsFields: true,
  documentation,
  evidence: vocabularies.flatMap((v) => v.evidence),
  write: (detection, id) => write(detection, vocabularies.find((v) => v.id === id) ?? defender),
}
