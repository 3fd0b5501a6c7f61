// The records that the mappers of Cloud SIEM make of events, for running the expression of a rule.
import { isShortAddress } from '../shared/address-text.ts'
import { conjuncts } from '../shared/condition.ts'
import type { Condition, EventDetection } from '../shared/portable.ts'
import { columnsOf, Losses, Refused } from '../shared/target.ts'
import { records } from './records.ts'

type Fields = ReadonlyMap<string, string>

export interface Executable {
  /** The condition of the rule alone, as a search over records. */
  readonly text: string
  /** Undefined: the mapper does not make such a record. */
  readonly recordOf: (event: Fields) => Fields | undefined
  /** The event behind a record. Undefined: no mapper makes this record. */
  readonly eventOf: (record: Fields) => Fields | undefined
  readonly isConstant: (name: string) => boolean
}

/** A text in single quotes marks a condition as that of a rule. */
const MARK = 'rule'

/** Undefined: the rule has no single condition on records. `text`: the rule as written. */
export function executable(d: EventDetection, text: string): Executable | undefined {
  const found = expressionIn(text)
  if (found === undefined || d.steps.length > 0) return undefined
  try {
    const columns = columnsOf(d, records, new Losses(), () => {
      throw new Refused('no mapper')
    })
    const { where, fields, other } = columns.source
    const constants = new Map([[MARK, MARK] as const, ...(where ? conjuncts(where) : []).flatMap(constantOf)])
    const attributes = new Map(
      Object.entries(fields).flatMap(([field, to]) => (typeof to === 'string' ? [[to, field] as const] : [])),
    )
    const recordOf = (event: Fields): Fields | undefined => {
      const record = new Map(constants)
      for (const [field, value] of event) {
        const to = Object.hasOwn(fields, field) ? fields[field] : other?.(field)
        if (to === undefined) continue
        const filled: Readonly<Record<string, string>> | undefined =
          typeof to === 'string' ? { [to]: value } : to.filled?.(value)
        if (!filled) return undefined
        for (const [name, text] of Object.entries(filled)) {
          if (columns.type(name) === 'number' && !/^(?:0|[1-9]\d*)$/.test(text)) return undefined
          if (!isShortAddress(text)) return undefined
          record.set(name, text)
        }
      }
      return record
    }
    const eventOf = (record: Fields): Fields | undefined => {
      const event = new Map<string, string>()
      for (const [name, value] of record) {
        if (constants.has(name)) {
          if (constants.get(name) !== value) return undefined
          continue
        }
        const field = attributes.get(name) ?? [...NAMES].find((f) => other?.(f(name)) === name)?.(name)
        if (field === undefined) return undefined
        event.set(field, value)
      }
      return event
    }
    return { text: `${MARK} = '${MARK}' AND (${found})`, recordOf, eventOf, isConstant: (name) => constants.has(name) }
  } catch (e) {
    if (e instanceof Refused) return undefined
    throw e
  }
}

/** Of a match rule. */
function expressionIn(text: string): string | undefined {
  const all = [...text.matchAll(/^ *expression = <<-EOT\n([\s\S]*?)\n *EOT$/gm)]
  return all.length === 1 ? all[0]?.[1]?.replace(/([$%])\1\{/g, '$1{') : undefined
}

/** A key of the log in the record's name for it. */
const NAMES: readonly ((name: string) => string)[] = [
  (name) => name.replace(/^fields\.EventData\./, ''),
  (name) => name.replace(/^fields\./, ''),
]

/** The value that a record of the source has: of several the first. */
function constantOf(c: Condition): [string, string][] {
  const [one] = c.kind === 'any' ? c.of : [c]
  const [part] = one?.kind === 'text' ? one.parts : []
  return one?.kind === 'text' && part && 'text' in part ? [[one.field, part.text]] : []
}
