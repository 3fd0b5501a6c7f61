// Texts that an event must have if it passes a filter, for the index of many filters. They are necessary, not sufficient.
import { jsonText } from '../plan/json-text.ts'
import type { Expr, Pred, SourceColumn, Test } from '../plan/plan.ts'
import { BEGIN, END } from '../prims/prim.ts'
import { isSearchable } from './grams.ts'
import { prims } from '../prims/registry.ts'
import { lowerText } from '../regex/regex.ts'
import { byName } from '../text/by-name.ts'
import { type Columns, valueId } from './values.ts'

/**
 * A place of texts in an event: a field; a shared value; the values of fields that have several; or all fields and the record. The same slot
 * in two filters has the same key.
 */
export interface Slot {
  readonly key: string
  readonly of:
    | { readonly kind: 'anywhere' }
    | { readonly kind: 'field'; readonly column: SourceColumn }
    | { readonly kind: 'lists'; readonly names: readonly string[] }
    | { readonly kind: 'value'; readonly id: number }
}

/** The slot has a text that, in lower case and between BEGIN and END, contains this one. */
export interface Needle {
  readonly slot: Slot
  readonly text: string
}

/** Alternatives: one of the needles is in the event. Empty: no event passes. */
export type Clause = readonly Needle[]

/** More alternatives are no selection any more. */
const MOST = 5000
/** A clause that so few events have is as good as any. */
const CHEAP = 0.01

export const ANYWHERE: Slot = { key: 'anywhere', of: { kind: 'anywhere' } }

/** The rarest clause of a filter; undefined: it has none. `cost`: about how often an event has the needle. */
export function requiredClause(where: Pred, columns: Columns, cost: (needle: Needle) => number): Clause | undefined {
  return best(where)?.clause

  function best(p: Pred): Priced | undefined {
    switch (p.kind) {
      case 'false':
        return { clause: [], cost: 0 }
      case 'and':
        return ofAny(p.of)
      case 'or':
        return together(p.of.map(best))
      case 'not':
        return p.of.kind === 'not' ? best(p.of.of) : undefined
      case 'holds':
        return p.expr.kind === 'truth' ? best(p.expr.of) : searched(p.expr)
      case 'test':
        return tested(p)
      default:
        return undefined
    }
  }

  /** One conjunct is enough. Patterns are looked at last, because to parse one costs more than all others. */
  function ofAny(parts: readonly Pred[]): Priced | undefined {
    let least: Priced | undefined
    for (const p of [...parts].sort((a, b) => Number(hasPattern(a)) - Number(hasPattern(b)))) {
      if (least && least.cost <= CHEAP) return least
      least = cheapest([least, best(p)])
    }
    return least
  }

  function searched(e: Expr): Priced | undefined {
    const from = e.kind === 'col' ? columns.get(e.id)?.from : undefined
    if (from?.kind !== 'search') return undefined
    const slot: Slot =
      from.of === undefined ? ANYWHERE : { key: `lists ${from.of.join('\n')}`, of: { kind: 'lists', names: from.of } }
    return ofTexts(slot, foldedOf(from.test.prim, from.test.consts))
  }

  function tested(t: Test): Priced | undefined {
    const [first, second] = t.args
    const part = PARTS[t.prim]
    if (part) {
      const [subject, value] = t.prim === 'str.eq' && first?.kind === 'lit' ? [second, first] : [first, second]
      const slot = subject && slotOf(subject, columns)
      if (!slot || value?.kind !== 'lit' || typeof value.value !== 'string') return undefined
      return ofTexts(slot, [[part(lowerText(value.value))]])
    }
    const slot = first && slotOf(first, columns)
    return slot && ofTexts(slot, foldedOf(t.prim, t.consts))
  }

  function ofTexts(slot: Slot, lists: readonly (readonly string[])[]): Priced | undefined {
    return cheapest(
      lists.map((texts) => (!texts.every(isSearchable) ? undefined : priced(texts.map((text) => ({ slot, text }))))),
    )
  }

  function priced(clause: Clause): Priced | undefined {
    return clause.length > MOST ? undefined : { clause, cost: clause.reduce((n, needle) => n + cost(needle), 0) }
  }

  function together(parts: readonly (Priced | undefined)[]): Priced | undefined {
    const known = parts.filter((c) => c !== undefined)
    return known.length < parts.length ? undefined : priced(known.flatMap((c) => c.clause))
  }
}

function hasPattern(p: Pred): boolean {
  if (p.kind === 'and' || p.kind === 'or') return p.of.some(hasPattern)
  return p.kind === 'test' && p.prim === 're.test'
}

interface Priced {
  readonly clause: Clause
  readonly cost: number
}

const cheapest = (parts: readonly (Priced | undefined)[]): Priced | undefined =>
  parts.reduce((a, b) => (a === undefined || (b !== undefined && b.cost < a.cost) ? b : a), undefined)

const PARTS: Readonly<Record<string, (text: string) => string>> = byName({
  'str.eq': (t) => BEGIN + t + END,
  'str.contains': (t) => t,
  'str.startsWith': (t) => BEGIN + t,
  'str.endsWith': (t) => t + END,
})

function foldedOf(prim: string, consts: Test['consts']): readonly (readonly string[])[] {
  const p = prims.get(prim)
  return (p?.kind === 'test' && p.folded?.(consts)) || []
}

function slotOf(e: Expr, columns: Columns): Slot | undefined {
  if (e.kind !== 'col') return undefined
  const value = valueId(e.id)
  if (value !== undefined) return { key: e.id, of: { kind: 'value', id: value } }
  const column = columns.get(e.id)
  const { from } = column ?? {}
  return column && (from?.kind === 'field' || (from?.kind === 'meta' && from.name === 'raw'))
    ? { key: originKey(from), of: { kind: 'field', column } }
    : undefined
}

/** Equal origins have equal keys. A field is by far the most frequent, and its text is its name. */
export const originKey = (from: SourceColumn['from']): string =>
  from.kind === 'field' ? `field ${from.name}` : jsonText(from)
