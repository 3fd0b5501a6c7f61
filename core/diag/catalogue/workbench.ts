// QIR: meaning, in any language.
import { code } from '../diagnostic.ts'

export const unknownLanguage = code<{ name: string; known: readonly string[] }>({
  id: 'QIR001',
  slug: 'unknown-language',
  severity: 'error',
  title: 'No such language',
  message: (p) => `there is no language \`${p.name}\``,
  why: 'A text means nothing before it is known in which language it is written.',
  remedy: (p) => `one of ${p.known.join(', ')}`,
})

export const restsOn = code<{
  id: string
  question: string
  choice: string
  meaning: string
  others: readonly string[]
}>({
  id: 'QIR201',
  slug: 'undocumented-rule',
  severity: 'info',
  title: 'The result rests on a rule that no public text states',
  message: (p) => `the vendor does not say: ${p.question.replace(/\?$/, '')}; taken here: ${p.meaning}`,
  why: 'Where the vendor is silent one meaning has to be chosen; the tenant may have the other one.',
  remedy: (p) => `check it in a tenant; \`--semantics ${p.id}=${p.others[0] ?? p.choice}\` runs the other choice`,
})
