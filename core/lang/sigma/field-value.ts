// The value of a field as an expression. Rules of one log source share it, so that whoever walks through many rules does so once.
import type { Expr } from '../../plan/plan.ts'
import type { Logsource } from './ast.ts'
import { recordField } from './logsources.ts'
import { meaningOf, namesOf } from './vocabulary.ts'
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

/** The fields of a log source, by their names. */
interface SourceFields {
  readonly display: Map<string, FieldValue | undefined>
  readonly test: Map<string, FieldValue | undefined>
  readonly listed: Map<string, readonly string[]>
}

const sources = new Map<string, SourceFields>()
const sourceOf = new WeakMap<Logsource, SourceFields>()
const MOST_SOURCES = 2000
const MOST_FIELDS = 2000

function fieldsOf(logsource: Logsource): SourceFields {
  const before = sourceOf.get(logsource)
  if (before) return before
  const { category, product, service } = logsource
  const key = JSON.stringify([category, product, service])
  const found = sources.get(key) ?? { display: new Map(), test: new Map(), listed: new Map() }
  if (sources.size >= MOST_SOURCES) sources.clear()
  sources.set(key, found)
  sourceOf.set(logsource, found)
  return found
}

function kept<T>(known: Map<string, T>, name: string, make: () => T): T {
  const before = known.get(name)
  if (before !== undefined || known.has(name)) return before as T
  const made = make()
  if (known.size >= MOST_FIELDS) known.clear()
  known.set(name, made)
  return made
}

/** In all vocabularies. Undefined: no vocabulary has the field. */
export const fieldValue = (logsource: Logsource, name: string, look: Look): FieldValue | undefined =>
  kept(fieldsOf(logsource)[look], name, () => {
    const meaning = meaningOf(logsource, name)
    return meaning && valueOfMeaning(meaning, look)
  })

/** Names under which an event can have a list: Sigma's own, and paths in objects. */
export const listedNames = (logsource: Logsource, field: string): readonly string[] =>
  kept(fieldsOf(logsource).listed, field, () =>
    namesOf(logsource, field)
      .filter((n) => typeof n === 'string')
      .filter((n) => n === field || n.includes('.')),
  )
