// Lowers a rule over single events: the events of its log source, and the conditions that they must meet.
import * as codes from '../../diag/catalogue/sigma.ts'
import type { SigmaSource } from '../../logs/format.ts'
import { absent, and, col, holds, not, or, present, test, TRUE } from '../../plan/build.ts'
import type { Binding, ColumnRef, Consts, Expr, Pred, SourceColumn, SourceNode, Stage, Ty } from '../../plan/plan.ts'
import { parseSubnet } from '../../prims/ip.ts'
import { parseRegex } from '../../regex/regex.ts'
import type { Span } from '../../text/source.ts'
import { selected } from './2-parse-detection.ts'
import type { Condition, Item, Rule, Search, SigmaValue } from './ast.ts'
import { type Matching, Misuse } from './builtin.ts'
import { type FieldValue, fieldValue, listedNames, valueOfMeaning } from './field-value.ts'
import { EventSources } from './event-sources.ts'
import { eventsOf, nameOf, recordColumn, similarCategory } from './logsources.ts'
import { ListTests } from './list-tests.ts'
import type { Lowering } from './lowering.ts'
import { MODIFIERS } from './modifiers.ts'
import { dateTest, fieldTest, numberTest, patternTest } from './tests.ts'
import { isPlain, matches, matchesAny, otherVolumes, type Part, partsOf, textOf } from './pattern.ts'
import { visitPred } from '../../plan/walk.ts'
import { meaningOfNames, sameValues } from './vocabulary.ts'
import { first, type Computed, type Name } from './vocabulary-kit.ts'

const NO_SOURCES: readonly SigmaSource[] = []
/** A pipeline gave the rule the names of the telemetry. */
const OWN_NAME = (name: string): Computed => ({ display: (read) => read(name) })

export const TIME = col('$:time', 'time')
export const SEQ = col('$:seq', 'int')

/** The events of a rule as a relation. It gets a column for each field that selections and correlations read. */
export class RuleFlow {
  readonly lowering: Lowering
  readonly rule: Rule
  readonly stages: Stage[] = []
  /** Names of the fields that decide the log source. */
  kinds: readonly string[] = []
  readonly #columns: SourceColumn[] = []
  readonly #known = new Map<string, ColumnRef>()
  readonly #lists = new ListTests((id, from) => this.#add(id, 'bool', from))

  /** Of one vocabulary: the events of the rule, by their names. */
  readonly #sources: EventSources | undefined

  /** `grouped`: fields whose values correlations compare. */
  constructor(low: Lowering, rule: Rule, grouped: readonly string[] = []) {
    this.lowering = low
    this.rule = rule
    this.#sources = low.only && !rule.isMapped ? new EventSources(rule, low.only, grouped) : undefined
    this.#add('$:time', 'time', { kind: 'meta', name: 'time' })
    this.#add('$:seq', 'int', { kind: 'meta', name: 'seq' })
    this.#filter(this.#logsource(), rule.logsource.span)
    this.#filter(this.#condition(rule.condition), rule.conditionSpan)
  }

  /** The value of a field, by Sigma's name, for grouping. */
  readonly field = (name: string): Expr => this.#of(name, 'display')
  /** The same, only to show it: telemetry without the field has the findings all the same. */
  readonly shown = (name: string): Expr => (this.#valueOf(name, 'display') ? this.field(name) : absent('str'))

  /** The one name of a field in the telemetry. Reports a field that has none, or whose value is computed. */
  fieldName(name: string, at: Span): string {
    const { only } = this.lowering
    if (!this.#sources || !only) return name
    const names = this.#sources.names(name).map((n) => (typeof n === 'string' ? n : n.name))
    const [one] = names
    if (one !== undefined && names.every((n) => n !== undefined)) return only.written?.[one] ?? one
    this.#noField(name, at)
    return name
  }

  /** The first of the event's own fields that is present. */
  firstOf(names: readonly string[]): Expr {
    for (const n of names) this.lowering.fallbacks.add(n)
    return first(...names.map((n) => this.#read(n)))
  }

  source(rest: boolean): SourceNode {
    return {
      kind: 'source',
      name: 'events',
      columns: [...this.#columns],
      rest,
      interval: 'query',
      where: TRUE,
    }
  }

  /** A fact can have several names. One present name is enough, so an absent one is no problem. */
  #of(name: string, look: 'display' | 'test', at: Span = this.rule.span): Expr {
    const found = this.#valueOf(name, look)
    if (!found) {
      this.#noField(name, at)
      return absent('str')
    }
    const { expr, names } = found
    for (const n of names) this.#read(n)
    if (names.length > 1) {
      for (const n of names) if (n !== name) this.lowering.fallbacks.add(n)
      if (names.includes(name))
        this.lowering.alternatives.set(
          name,
          names.filter((n) => n !== name),
        )
    }
    return expr
  }

  #valueOf(name: string, look: 'display' | 'test'): FieldValue | undefined {
    const { only } = this.lowering
    if (!this.rule.isMapped && !only) return fieldValue(this.rule.logsource, name, look)
    const meaning = this.#sources ? meaningOfNames(this.#sources.names(name)) : OWN_NAME(name)
    return meaning && valueOfMeaning(meaning, look)
  }

  #noField(field: string, at: Span, value?: string): void {
    const { only } = this.lowering
    if (only) this.lowering.report(codes.sigmaNoField, at, { field, vocabulary: only.title, value })
  }

  #read(name: string): Expr {
    const { column, ref } = recordColumn(name)
    return this.#known.get(ref.id) ?? this.#added(column, ref)
  }

  #add(id: string, ty: Ty, from: Binding): Expr {
    return this.#known.get(id) ?? this.#added({ id, ty, from }, col(id, ty))
  }

  #added(column: SourceColumn, ref: ColumnRef): Expr {
    this.#columns.push(column)
    this.#known.set(ref.id, ref)
    return ref
  }

  #filter(where: Pred, at: Span): void {
    if (where.kind !== 'true') this.stages.push({ kind: 'filter', where, at })
  }

  #logsource(): Pred {
    const { logsource } = this.rule
    if (this.rule.isMapped || this.lowering.only?.anySource) return TRUE
    const { only, context } = this.lowering
    this.#sources?.report(this.lowering)
    const found = eventsOf(logsource, context.sources ?? NO_SOURCES, only, this.#sources?.without)
    if (found) {
      this.kinds = found.names
      for (const name of found.names) {
        this.lowering.fallbacks.add(name)
        this.#read(name)
      }
      return found.where
    }
    if (this.lowering.only) {
      const params = { logsource: nameOf(logsource), vocabulary: this.lowering.only.title }
      this.lowering.report(codes.sigmaNoEvents, logsource.span, params)
      return TRUE
    }
    if (this.lowering.choice('unknown-logsource') === 'every-event') return TRUE
    const similar = similarCategory(logsource, context.sources ?? NO_SOURCES)
    this.lowering.report(codes.sigmaLogsource, logsource.span, { logsource: nameOf(logsource), similar })
    return TRUE
  }

  #condition(c: Condition): Pred {
    switch (c.kind) {
      case 'and':
        return and(...c.of.map((o) => this.#condition(o)))
      case 'or':
        return or(...c.of.map((o) => this.#condition(o)))
      case 'not':
        return not(this.#condition(c.of))
      case 'name': {
        const named = this.rule.searches.get(c.name)
        return named ? this.#search(named.search) : TRUE
      }
      case 'of': {
        const all = selected(c.pattern, this.rule.searches.keys()).map((n) => {
          const named = this.rule.searches.get(n)
          return named ? this.#search(named.search) : TRUE
        })
        return c.all ? and(...all) : or(...all)
      }
    }
  }

  #search(s: Search): Pred {
    if (s.kind === 'item') return this.#item(s)
    const of = s.of.map((o) => this.#search(o))
    return s.kind === 'all' ? and(...of) : or(...of)
  }

  #item(item: Item): Pred {
    const start: Matching = {
      values: item.values.map((v) =>
        v.text === undefined ? [undefined] : [item.modifiers.includes('re') ? [{ text: v.text }] : partsOf(v.text)],
      ),
      how: 'text',
      op: '',
      flags: '',
      part: '',
      cased: false,
      all: false,
      negated: false,
      isBytes: false,
    }
    const given = { placeholder: (name: string) => this.#placeholder(name, item.span) }
    let m = start
    for (const name of item.modifiers) {
      const modify = MODIFIERS[name]
      if (!modify) continue
      try {
        m = modify(m, given)
      } catch (e) {
        if (!(e instanceof Misuse)) throw e
        this.lowering.report(codes.sigmaModifierUse, item.span, { name, problem: e.message, remedy: e.remedy })
        return TRUE
      }
    }
    const found = this.#matching(m, item)
    const { places, only } = this.lowering
    if (only) visitPred(found, { pred: (p) => void places.set(p, item.span) })
    return m.negated ? not(found) : found
  }

  #placeholder(name: string, at: Span): readonly string[] | undefined {
    const given = this.lowering.context.parameters?.[name]
    if (given !== undefined) return given.split(',').map((v) => v.trim())
    this.lowering.needs.push({ kind: 'parameter', name, at })
    this.lowering.report(codes.sigmaPlaceholder, at, { name })
    return undefined
  }

  #matching(m: Matching, item: Item): Pred {
    if (m.isBytes) this.lowering.report(codes.sigmaBytes, item.span, { field: item.field ?? 'the keyword' })
    if (item.field === undefined) return this.#keywords(m, item)
    const own = m.how === 'text' && m.part === '' ? this.#writtenTests(m, item, item.field) : undefined
    if (own) return own
    const of = this.#of(item.field, 'test', item.span)
    const join = m.all ? and : or
    if (m.part !== '') return this.#inLists(of, item.field, join(...item.values.map((v) => this.#compared(m, v, of))))
    switch (m.how) {
      case 'text': {
        const nulls = m.values.some((v) => v.includes(undefined)) ? [not(this.#present(of, item.field))] : []
        const texts = m.values.map((v) => v.filter((p) => p !== undefined)).filter((v) => v.length > 0)
        const pred = (values: readonly (readonly Part[])[]): Pred => this.#texts(of, item.field ?? '', values, m.cased)
        const found = m.all ? and(...texts.map((v) => pred(v))) : pred(texts.flat())
        return join(...nulls, ...(texts.length > 0 ? [this.#inLists(of, item.field, found)] : []))
      }
      case 're':
        return this.#inLists(
          of,
          item.field,
          join(
            ...this.#patterns(m, item).map((c) => (this.#hasVolumes() ? patternTest(of, c) : test('re.test', [of], c))),
          ),
        )
      case 'cidr':
        return this.#inLists(of, item.field, this.#cidr(m, item, of))
      case 'number':
        return this.#inLists(of, item.field, join(...item.values.map((v) => this.#compared(m, v, of))))
      case 'exists': {
        const is = this.#present(of, item.field)
        return item.values.some((v) => /^(?:true|yes|1)$/i.test(v.text ?? '')) ? is : not(is)
      }
      case 'fieldref':
        return join(
          ...m.values
            .flat()
            .flatMap((v) => (v === undefined ? [] : [fieldTest(m, of, this.#of(textOf(v), 'test', item.span))])),
        )
    }
  }

  /** The field has one of the values, in any spelling or form of the telemetry. */
  #texts(of: Expr, field: string, values: readonly (readonly Part[])[], cased: boolean): Pred {
    const all = values.flatMap((parts): (readonly Part[])[] =>
      isPlain(parts) ? sameValues(field, textOf(parts), this.lowering.only).map((text) => [{ text }]) : [parts],
    )
    if (!this.#hasVolumes()) return matchesAny(of, all, cased)
    const places = all.flatMap((parts) => {
      const other = otherVolumes(parts, cased)
      return other ? [other] : []
    })
    return or(matchesAny(of, all, cased), ...places.map((consts) => test('re.test', [of], consts)))
  }

  /** The tests that a vocabulary writes for a fact that it has in another form. Undefined: the values are compared as they are. */
  #writtenTests(m: Matching, item: Item, field: string): Pred | undefined {
    const names = this.#sources?.names(field) ?? []
    if (!names.some((n) => typeof n !== 'string' && n.written)) return undefined
    const one = (parts: readonly Part[] | undefined): Pred => {
      if (parts === undefined) return not(or(...names.map((n) => present(this.#nameOf(n)))))
      return or(
        ...names.flatMap((n) => {
          if (typeof n === 'string') return [this.#texts(this.#read(n), field, [parts], m.cased)]
          if (!n.written) return [this.#texts(this.#nameOf(n), field, [parts], m.cased)]
          const tests = n.written(parts)
          if (!tests) this.#noField(field, item.span, textOf(parts))
          return (tests ?? []).map((t) => this.#texts(this.#read(t.field), t.field, [t.parts], m.cased))
        }),
      )
    }
    const each = m.values.map((forms) => or(...forms.map(one)))
    return m.all ? and(...each) : or(...each)
  }

  #hasVolumes(): boolean {
    const { only } = this.lowering
    return !only || only.volumes === true
  }

  #nameOf(n: Name): Expr {
    return typeof n === 'string' ? this.#read(n) : n.display((name) => this.#read(name))
  }

  /** A field can have several values: a list, or members of objects in a list. A test is true if one of them meets it. */
  #inLists(of: Expr, field: string, found: Pred): Pred {
    const names = this.#listed(field)
    return names.length === 0 ? found : this.#lists.met(field, names, of, found)
  }

  #present(of: Expr, field: string): Pred {
    const names = this.#listed(field)
    return names.length === 0 ? present(of) : or(present(of), this.#lists.present(field, names))
  }

  #listed(field: string): readonly string[] {
    // Platforms have no fields with several values, or other words for them.
    return this.lowering.only ? [] : listedNames(this.rule.logsource, field)
  }

  #cidr(m: Matching, item: Item, of: Expr): Pred {
    const subnets = m.values.flat().flatMap((v) => (v === undefined ? [] : [textOf(v)]))
    for (const [i, s] of subnets.entries())
      if (!parseSubnet(s)) this.lowering.report(codes.sigmaCidr, item.values[i]?.span ?? item.span, { value: s })
    const one = (s: readonly string[]): Pred => test('ip.inCidr', [of], { subnets: s })
    return m.all ? and(...subnets.map((s) => one([s]))) : one(subnets)
  }

  #compared(m: Matching, value: SigmaValue, of: Expr): Pred {
    const op = m.how === 'number' ? m.op : m.part
    const found = m.part === '' ? numberTest(op, value.text, of) : dateTest(m.part, op, value.text, of)
    if (found) return found
    this.lowering.report(codes.sigmaModifierUse, value.span, {
      name: op,
      problem: `takes a number, not ${value.text ?? 'null'}`,
      remedy: 'write a number',
    })
    return TRUE
  }

  #patterns(m: Matching, item: Item): Consts[] {
    return m.values.flatMap(([v], i) => {
      if (v === undefined) return []
      const pattern = textOf(v)
      const parsed = parseRegex(pattern, m.flags)
      if (parsed.ok) return [{ pattern, flags: m.flags }]
      this.lowering.report(codes.sigmaRegex, item.values[i]?.span ?? item.span, {
        reason: parsed.error.reason,
        pattern,
      })
      return []
    })
  }

  /** Texts anywhere in the record. */
  #keywords(m: Matching, item: Item): Pred {
    const found =
      m.how === 're'
        ? this.#patterns(m, item).map((consts) => this.#anywhere('re.test', consts))
        : m.values.map((v) => or(...v.flatMap((p) => (p === undefined ? [] : [this.#keyword(p, m.cased)]))))
    return m.all ? and(...found) : or(...found)
  }

  #keyword(parts: readonly Part[], cased: boolean): Pred {
    const star: Part = { wild: '*' }
    const anywhere = matches(TIME, [star, ...parts, star], cased)
    // A text of only stars is in every record.
    if (anywhere.kind !== 'test' || (isPlain(parts) && textOf(parts) === '')) return TRUE
    return this.#anywhere(anywhere.prim, anywhere.consts)
  }

  #anywhere(prim: string, consts: Consts): Pred {
    const id = `$:search ${prim} ${JSON.stringify(consts)}`
    return holds(this.#add(id, 'bool', { kind: 'search', test: { prim, consts }, except: [] }))
  }
}
