// Splunk SPL as the workbench sees it: written, not run.
import { addOns } from '../../lang/spl/vocabularies/add-ons.ts'
import { cim } from '../../lang/spl/vocabularies/cim.ts'
import { documentation } from '../../lang/spl/documentation.ts'
import { write } from '../../lang/spl/write.ts'
import type { Language } from '../language.ts'

const vocabularies = [addOns, cim]

export const spl: Language = {
  id: 'spl',
  title: 'Splunk SPL',
  platform: { id: 'splunk', title: 'Splunk', short: 'Splunk' },
  extensions: ['.spl'],
  vocabularies: vocabularies.map((v) => v.id),
  mapsFields: true,
  documentation,
  evidence: vocabularies.flatMap((v) => v.evidence),
  write: (detection, id) => write(detection, vocabularies.find((v) => v.id === id) ?? addOns),
}
