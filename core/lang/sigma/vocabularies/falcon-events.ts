// Rules that were made from queries over Falcon's events: fields without a name in Sigma keep that of the sensor.
import type { Vocabulary } from '../vocabulary-kit.ts'
import { falcon } from './falcon.ts'

export const falconEvents: Vocabulary = {
  ...falcon,
  id: 'falcon-events',
  rest: (field) => field,
  writtenOnly: true,
}
