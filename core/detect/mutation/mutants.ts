// All mutants of a query's text.
import type { ReadLanguage } from '../../workbench/language.ts'
import { type Edit, type Operator, operators } from './operators.ts'
import { tokensOf } from './text.ts'

export interface Mutant {
  readonly operator: Operator
  /** The clause that the mutant changes, in the query's text. */
  readonly start: number
  readonly end: number
  readonly before: string
  readonly after: string
  readonly text: string
}

/** Every edit of every operator, each text once. The language refuses some of them; these are left out when the mutants run. */
export function mutantsOf(language: ReadLanguage, text: string): Mutant[] {
  const tokens = tokensOf(language, text)
  const found = new Map<string, Mutant>()
  for (const operator of operators)
    for (const edit of operator.edits(tokens, text)) {
      const mutated = text.slice(0, edit.start) + edit.becomes + text.slice(edit.end)
      if (mutated !== text && !found.has(mutated)) found.set(mutated, mutantOf(operator, edit, text, mutated))
    }
  return [...found.values()].sort((a, b) => a.start - b.start)
}

function mutantOf(operator: Operator, edit: Edit, text: string, mutated: string): Mutant {
  const { start, end } = edit.clause ?? (edit.start < edit.end ? edit : { start: edit.start, end: edit.start + 1 })
  const line = (s: string): string => s.replace(/\s+/g, ' ').trim()
  return {
    operator,
    start,
    end,
    before: line(text.slice(start, end)),
    after: edit.becomes === '' ? '' : line(edit.becomes),
    text: mutated,
  }
}
