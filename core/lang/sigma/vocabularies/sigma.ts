import type { Vocabulary } from '../vocabulary-kit.ts'

/** The rule's own names and log source, for languages that give them names of their own. */
export const sigma: Vocabulary = {
  id: 'own-names',
  title: 'Sigma',
  evidence: 'The taxonomy of the Sigma specification 2.1.',
  rest: (field) => field,
  anySource: true,
  writtenOnly: true,
}
