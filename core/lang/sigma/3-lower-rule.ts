// Lowers a rule over single events: the events of its log source, and the conditions that they must meet.
import * as codes from '../../diag/catalogue/sigma.ts'
import { type Code, type Diagnostic, inText, diagnostic } from '../../diag/diagnostic.ts'
import type { SigmaSource } from '../../logs/format.ts'
import { and, call, col, FALSE, holds, not, or, present, test, text, TRUE } from '../../plan/build.ts'
import type { Binding, Consts, Expr, Pred, SourceColumn, SourceNode, Stage, Ty } from '../../plan/plan.ts'
import { parseSubnet } from '../../prims/ip.ts'
import { parseRegex } from '../../regex/regex.ts'
import type { Source, Span } from '../../text/source.ts'
import type { CompileContext, Need } from '../shared/lowered.ts'
import { selected } from './2-parse-detection.ts'
import type { Condition, Item, Rule, Search, SigmaValue } from './ast.ts'
import { type Matching, Misuse } from './builtin.ts'
import { eventsOf, nameOf, recordField } from './logsources.ts'
import { MODIFIERS } from './modifiers.ts'
import { isPlain, matches, matchesAny, otherVolumes, type Part, partsOf, textOf } from './pattern.ts'
import { semantics } from './semantics.ts'
import { meaningOf, namesOf, sameValues } from './vocabulary.ts'
import { first } from './vocabulary-kit.ts'

/** `sources`: log sources that the log formats declare. */
export type SigmaContext = CompileContext & { readonly sources?: readonly SigmaSource[] }

/** Collects the diagnostics, needs and facts of one file from all parts of the lowering. */
export class Lowering {
  readonly source: Source
  readonly context: SigmaContext
  readonly diagnostics: Diagnostic[] = []
  readonly needs: Need[] = []
  readonly assumptions = new Set<string>()
  readonly fallbacks = new Set<string>()
  readonly alternatives = new Map<string, readonly string[]>()

  constructor(source: Source, known: SigmaContext) {
    this.source = source
    this.context = known
  }

  report<P>(code: Code<P>, at: Span, params: P): void {
    this.diagnostics.push(diagnostic(code, inText(this.source, at), params))
  }

  choice(id: string): string {
    this.assumptions.add(id)
    return this.context.semantics?.[id] ?? semantics.find((s) => s.id === id)?.default ?? ''
  }
}

/** A number of a date as written: ISO 8601, or with blanks and slashes. The specification applies no zone. */
function datePart(of: Expr, part: string): Expr {
  const day = '(?<year>\\d{4})[-/](?<month>\\d{2})[-/](?<day>\\d{2})'
  const group = (pattern: string, name: string): Expr =>
    call('re.group', 'str', [of], { pattern, flags: '', group: name })
  if (part !== 'week') return group(`^\\s*${day}(?:[T ](?<hour>\\d{2}):(?<minute>\\d{2}))?`, part)
  const date = call('str.concat', 'str', [
    group(`^\\s*${day}`, 'year'),
    text('-'),
    group(`^\\s*${day}`, 'month'),
    text('-'),
    group(`^\\s*${day}`, 'day'),
  ])
  const time = call('time.parse', 'time', [date], { pattern: '%Y-%m-%d', zone: 'UTC' })
  return call('int.toText', 'str', [call('time.part', 'int', [time], { part, zone: 'UTC' })])
}

const NO_SOURCES: readonly SigmaSource[] = []
const ANYTHING: Consts = { pattern: '*', ignoreCase: false }

/** Replaces the tests of a predicate, which must have no negation. */
function mapTests(p: Pred, of: (t: Extract<Pred, { kind: 'test' }>) => Pred): Pred {
  switch (p.kind) {
    case 'and':
      return and(...p.of.map((q) => mapTests(q, of)))
    case 'or':
      return or(...p.of.map((q) => mapTests(q, of)))
    case 'present':
      return TRUE
    case 'test':
      return of(p)
    default:
      return p
  }
}

export const TIME = col('$:time', 'time')
export const SEQ = col('$:seq', 'int')

/** The events of a rule as a relation. It gets a column for each field that selections and correlations read. */
export class RuleFlow {
  readonly lowering: Lowering
  readonly rule: Rule
  readonly stages: Stage[] = []
  /** Names of the fields that decide the log source. */
  kinds: readonly string[] = []
  readonly #columns = new Map<string, SourceColumn>()

  constructor(low: Lowering, rule: Rule) {
    this.lowering = low
    this.rule = rule
    this.#add('$:time', 'time', { kind: 'meta', name: 'time' })
    this.#add('$:seq', 'int', { kind: 'meta', name: 'seq' })
    this.#filter(this.#logsource(), rule.logsource.span)
    this.#filter(this.#condition(rule.condition), rule.conditionSpan)
  }

  /** The value of a field, by Sigma's name, for display and grouping. */
  field(name: string): Expr {
    return this.#of(name, 'display')
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
      columns: [...this.#columns.values()],
      rest,
      interval: 'query',
      where: TRUE,
    }
  }

  /** Names of the fields that the rule itself reads, in its order. */
  fieldsRead(): string[] {
    const names = new Set<string>()
    const visit = (s: Search): void => {
      if (s.kind !== 'item') for (const o of s.of) visit(o)
      else if (s.field !== undefined) names.add(s.field)
    }
    for (const { search } of this.rule.searches.values()) visit(search)
    return [...names]
  }

  /** A fact can have several names. One present name is enough, so an absent one is no problem. */
  #of(name: string, look: 'display' | 'test'): Expr {
    const meaning = meaningOf(this.rule.logsource, name)
    const read = new Set<string>()
    const expr = (meaning[look] ?? meaning.display)((n) => {
      read.add(n)
      return this.#read(n)
    })
    if (read.size > 1) {
      for (const n of read) if (n !== name) this.lowering.fallbacks.add(n)
      if (read.has(name))
        this.lowering.alternatives.set(
          name,
          [...read].filter((n) => n !== name),
        )
    }
    return expr
  }

  #read(name: string): Expr {
    return this.#add(recordField(name).id, 'str', { kind: 'field', name })
  }

  #add(id: string, ty: Ty, from: Binding): Expr {
    if (!this.#columns.has(id)) this.#columns.set(id, { id, ty, from })
    return col(id, ty)
  }

  #filter(where: Pred, at: Span): void {
    if (where.kind !== 'true') this.stages.push({ kind: 'filter', where, at })
  }

  #logsource(): Pred {
    const { logsource } = this.rule
    if (this.rule.isMapped) return TRUE
    const found = eventsOf(logsource, this.lowering.context.sources ?? NO_SOURCES)
    if (found) {
      this.kinds = found.names
      for (const name of found.names) {
        this.lowering.fallbacks.add(name)
        this.#read(name)
      }
      return found.where
    }
    if (this.lowering.choice('unknown-logsource') === 'every-event') return TRUE
    this.lowering.report(codes.sigmaLogsource, logsource.span, { logsource: nameOf(logsource) })
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
    const of = this.#of(item.field, 'test')
    const join = m.all ? and : or
    if (m.part !== '')
      return join(
        ...item.values.map((v) =>
          this.#compared(m.how === 'number' ? m : { ...m, op: m.part }, v, datePart(of, m.part)),
        ),
      )
    switch (m.how) {
      case 'text': {
        const nulls = m.values.some((v) => v.includes(undefined)) ? [not(this.#present(of, item.field))] : []
        const texts = m.values.map((v) => v.filter((p) => p !== undefined)).filter((v) => v.length > 0)
        const pred = (values: readonly (readonly Part[])[]): Pred => this.#texts(of, item.field ?? '', values, m.cased)
        const found = m.all ? and(...texts.map((v) => pred(v))) : pred(texts.flat())
        return join(...nulls, ...(texts.length > 0 ? [this.#inLists(of, item.field, found)] : []))
      }
      case 're':
        return this.#inLists(of, item.field, join(...this.#patterns(m, item).map((c) => this.#pattern(of, c))))
      case 'cidr':
        return this.#inLists(of, item.field, this.#cidr(m, item, of))
      case 'number':
        return join(...item.values.map((v) => this.#compared(m, v, of)))
      case 'exists': {
        const is = this.#present(of, item.field)
        return item.values.some((v) => /^(?:true|yes|1)$/i.test(v.text ?? '')) ? is : not(is)
      }
      case 'fieldref':
        return join(...m.values.flat().flatMap((v) => (v === undefined ? [] : [this.#compare(m, of, textOf(v))])))
    }
  }

  /** The field has one of the values, in any spelling or form of the telemetry. */
  #texts(of: Expr, field: string, values: readonly (readonly Part[])[], cased: boolean): Pred {
    const all = values.flatMap((parts): (readonly Part[])[] =>
      isPlain(parts) ? sameValues(field, textOf(parts)).map((text) => [{ text }]) : [parts],
    )
    const places = all.flatMap((parts) => {
      const other = otherVolumes(parts, cased)
      return other ? [other] : []
    })
    return or(matchesAny(of, all, cased), ...places.map((consts) => test('re.test', [of], consts)))
  }

  /** A pattern with a drive must also match the path of its volume (`\\Device\\HarddiskVolume3\\`). */
  #pattern(of: Expr, consts: Consts): Pred {
    const found = test('re.test', [of], consts)
    const drive = /([A-Za-z])(?:-[A-Za-z]\])?\]?:\\\\/.exec(String(consts['pattern']))?.[1]
    if (drive === undefined) return found
    const volume = { pattern: '\\\\Device\\\\HarddiskVolume\\d+(?=\\\\)', flags: 'i', with: `${drive}:` }
    return or(found, test('re.test', [call('re.replace', 'str', [of], volume)], consts))
  }

  /** A field can have several values: a list, or members of objects in a list. A test is true if one of them meets it. */
  #inLists(of: Expr, field: string, found: Pred): Pred {
    const lists = this.#listed(field).map((name) =>
      and(
        this.#listTest(name, 'str.glob', ANYTHING),
        mapTests(found, (t) => (t.args[0] === of ? this.#listTest(name, t.prim, t.consts) : FALSE)),
      ),
    )
    return or(found, ...lists)
  }

  #present(of: Expr, field: string): Pred {
    return or(present(of), ...this.#listed(field).map((name) => this.#listTest(name, 'str.glob', ANYTHING)))
  }

  /** Names under which an event can have a list: Sigma's own, and paths in objects. */
  #listed(field: string): string[] {
    const names = namesOf(this.rule.logsource, field).filter((n) => typeof n === 'string')
    return names.filter((n) => n === field || n.includes('.'))
  }

  #listTest(name: string, prim: string, consts: Consts): Pred {
    const id = `$:list ${name} ${prim} ${JSON.stringify(consts)}`
    return holds(this.#add(id, 'bool', { kind: 'search', of: name, test: { prim, consts }, except: [] }))
  }

  #cidr(m: Matching, item: Item, of: Expr): Pred {
    const subnets = m.values.flat().flatMap((v) => (v === undefined ? [] : [textOf(v)]))
    for (const [i, s] of subnets.entries())
      if (!parseSubnet(s)) this.lowering.report(codes.sigmaCidr, item.values[i]?.span ?? item.span, { value: s })
    const one = (s: readonly string[]): Pred => test('ip.inCidr', [of], { subnets: s })
    return m.all ? and(...subnets.map((s) => one([s]))) : one(subnets)
  }

  #compared(m: Matching, value: SigmaValue, of: Expr): Pred {
    const n = Number(value.text)
    if (value.text === undefined || value.text.trim() === '' || !Number.isFinite(n)) {
      this.lowering.report(codes.sigmaModifierUse, value.span, {
        name: m.op,
        problem: `takes a number, not ${value.text ?? 'null'}`,
        remedy: 'write a number',
      })
      return TRUE
    }
    const prim = { lt: 'num.lt', lte: 'num.le', gt: 'num.gt', gte: 'num.ge' }[m.op] ?? 'num.eq'
    return test(prim, [call('num.parse', 'num', [of]), { kind: 'lit', value: n, ty: 'num' }])
  }

  #compare(m: Matching, of: Expr, other: string): Pred {
    const right = this.#of(other, 'test')
    const fold = (e: Expr): Expr => (m.cased ? e : call('str.lower', 'str', [e]))
    const prim = { contains: 'str.contains', startswith: 'str.startsWith', endswith: 'str.endsWith' }[m.op] ?? 'str.eq'
    return test(prim, [fold(of), fold(right)])
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
