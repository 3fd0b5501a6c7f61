// Elastic EQL as the workbench sees it: written, not run.
import { write } from '../../lang/eql/write.ts'
import { ecs } from '../../lang/shared/ecs.ts'
import type { Language } from '../language.ts'

export const eql: Language = {
  id: 'eql',
  title: 'Elastic EQL',
  platform: { id: 'elastic-eql', title: 'Elastic EQL', short: 'EQL' },
  extensions: ['.eql'],
  vocabularies: [ecs.id],
  mapsFields: true,
  write: (detection) => write(detection, ecs),
}
