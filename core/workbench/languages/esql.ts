// Elastic ES|QL as the workbench sees it: written, not run.
import { ecs } from '../../lang/shared/ecs.ts'
import { documentation } from '../../lang/esql/documentation.ts'
import { write } from '../../lang/esql/write.ts'
import type { Language } from '../language.ts'

const vocabularies = [ecs]

export const esql: Language = {
  id: 'esql',
  title: 'Elastic ES|QL',
  platform: { id: 'elastic', title: 'Elastic Security', short: 'Elastic' },
  extensions: ['.esql'],
  vocabularies: vocabularies.map((v) => v.id),
  mapsFields: true,
  documentation,
  evidence: vocabularies.flatMap((v) => v.evidence),
  write: (detection, id) => write(detection, vocabularies.find((v) => v.id === id) ?? ecs),
}
