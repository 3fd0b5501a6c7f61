// The log of a rule can have events with other names than Sigma's, such as those of the Security log. One vocabulary reads them by their own
// names, or leaves them out where no event of them can be a finding, or where no name says the rule's fact.
import { sigmaEventsLeftOut } from '../../diag/catalogue/sigma.ts'
import type { OtherEvents } from '../shared/windows-events.ts'
import { selected } from './2-parse-detection.ts'
import type { Condition, Item, Rule, Search } from './ast.ts'
import { matching } from './logsources.ts'
import type { Lowering } from './lowering.ts'
import { fieldsRead } from './rule-fields.ts'
import { namesOf } from './vocabulary.ts'
import type { EventSource, Name, Vocabulary } from './vocabulary-kit.ts'

export interface LeftOut {
  readonly own: OtherEvents
  /** They lack it, so none of them can be a finding; or they have it in a form that no test says, or under a name that a group does not have. */
  readonly field: string
  readonly why: 'another-form' | 'another-name' | 'lacking'
}

/** `grouped`: fields whose values correlations compare, so they have one name. */
export class EventSources {
  readonly leftOut: readonly LeftOut[]
  readonly #own: readonly OtherEvents[]
  readonly #rule: Rule
  readonly #only: Vocabulary

  constructor(rule: Rule, only: Vocabulary, grouped: readonly string[]) {
    this.#rule = rule
    this.#only = only
    const found = new Set<OtherEvents>()
    for (const s of (only.sources ?? []).filter(matching(rule.logsource)) as readonly EventSource[])
      if (s.own) found.add(s.own)
    const fields = fieldsRead(rule)
    const leftOut = [...found].flatMap((own): LeftOut[] => {
      const elsewhere = fields.find((f) => own.names[f] === null)
      if (elsewhere !== undefined) return [{ own, field: elsewhere, why: 'another-form' }]
      const lacked = new Set(fields.filter((f) => own.names[f] === undefined))
      const [field] = lacked
      if (field !== undefined && !outcomes(rule.condition, rule, lacked).true) return [{ own, field, why: 'lacking' }]
      const renamed = grouped.find((f) => own.names[f] !== f)
      return renamed === undefined ? [] : [{ own, field: renamed, why: 'another-name' }]
    })
    this.leftOut = leftOut
    this.#own = [...found].filter((own) => !leftOut.some((l) => l.own === own))
  }

  /** The events that are left out. */
  get without(): readonly OtherEvents[] {
    return this.leftOut.map((l) => l.own)
  }

  report(low: Lowering): void {
    for (const { own, field, why } of this.leftOut)
      low.report(
        sigmaEventsLeftOut,
        this.#rule.logsource.span,
        { events: `${own.channel} ${own.id}`, field, why },
        why === 'lacking' ? 'info' : 'warning',
      )
  }

  /** Sigma's name as the events have it, those of Sigma's own names first. */
  names(field: string): readonly Name[] {
    const of = (name: string): readonly Name[] => namesOf(this.#rule.logsource, name, this.#only)
    const others = this.#own.flatMap((own) => own.names[field] ?? []).filter((name) => name !== field)
    return [...new Set([...of(field), ...others.flatMap(of)])]
  }
}

/** The values of a condition over events that lack some fields. */
interface Outcomes {
  readonly true: boolean
  readonly false: boolean
}
const all = (of: readonly Outcomes[]): Outcomes => ({ true: of.every((o) => o.true), false: of.some((o) => o.false) })
const any = (of: readonly Outcomes[]): Outcomes => ({ true: of.some((o) => o.true), false: of.every((o) => o.false) })
const negated = (o: Outcomes): Outcomes => ({ true: o.false, false: o.true })

function outcomes(c: Condition, rule: Rule, lacked: ReadonlySet<string>): Outcomes {
  const named = (name: string): Outcomes => {
    const found = rule.searches.get(name)
    return found ? ofSearch(found.search, lacked) : { true: true, false: false }
  }
  switch (c.kind) {
    case 'and':
      return all(c.of.map((o) => outcomes(o, rule, lacked)))
    case 'or':
      return any(c.of.map((o) => outcomes(o, rule, lacked)))
    case 'not':
      return negated(outcomes(c.of, rule, lacked))
    case 'name':
      return named(c.name)
    case 'of': {
      const of = selected(c.pattern, rule.searches.keys()).map(named)
      return c.all ? all(of) : any(of)
    }
  }
}

function ofSearch(s: Search, lacked: ReadonlySet<string>): Outcomes {
  if (s.kind === 'item') return ofItem(s, lacked)
  const of = s.of.map((o) => ofSearch(o, lacked))
  return s.kind === 'all' ? all(of) : any(of)
}

/** A test of an absent field is false, except that of its absence. */
function ofItem({ field, modifiers, values }: Item, lacked: ReadonlySet<string>): Outcomes {
  const isDecided = field !== undefined && lacked.has(field) && !modifiers.includes('fieldref')
  if (!isDecided) return { true: true, false: true }
  const isTrue = modifiers.includes('exists')
    ? values.some((v) => !/^(?:true|yes|1)$/i.test(v.text ?? ''))
    : values.some((v) => v.text === undefined)
  const found = { true: isTrue, false: !isTrue }
  return modifiers.includes('neq') ? negated(found) : found
}
