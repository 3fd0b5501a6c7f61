// The value of a field as an expression. Rules of one log source share it, so that whoever walks through many rules does so once.
import type { Expr } from '../../plan/plan.ts'
import type { Logsource } from './ast.ts'
import { recordField } from './logsources.ts'
import { meaningOf } from './vocabulary.ts'
import type { Computed } from './vocabulary-kit.ts'

export interface FieldValue {
  readonly expr: Expr
  /** Names of the fields that it reads. */
  readonly names: readonly string[]
}

type Look = 'display' | 'test'

export function valueOfMeaning(meaning: Computed, look: Look): FieldValue {
  const read = new Set<string>()
  const expr = (meaning[look] ?? meaning.display)((n) => {
    read.add(n)
    return recordField(n)
  })
  return { expr, names: [...read] }
}

const known = new Map<string, FieldValue | undefined>()
const MOST = 20_000

/** In all vocabularies. Undefined: no vocabulary has the field. */
export function fieldValue(logsource: Logsource, name: string, look: Look): FieldValue | undefined {
  const { category, product, service } = logsource
  const key = JSON.stringify([category, product, service, look, name])
  if (known.has(key)) return known.get(key)
  const meaning = meaningOf(logsource, name)
  const made = meaning && valueOfMeaning(meaning, look)
  if (known.size >= MOST) known.clear()
  known.set(key, made)
  return made
}
