// Short ways to write builtin records.
import { sumoRange } from '../../../diag/catalogue/sumo-lower.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import type { Evidence, Example, ParamDoc } from '../../shared/builtin.ts'
import type { OperatorStage, Place } from '../2-parse/ast.ts'
import type { Aggregate, FnContext, Operator, SumoBuiltin } from './builtin.ts'

type Event = Readonly<Record<string, string | number>>
export type Value = string | number | boolean | null

/** An expression over one event and what it gives; null: nothing. */
export const ex = (expression: string, gives: Value, event: Event = { a: '1' }, from?: Evidence): Example => ({
  title: expression,
  given: [event],
  query: `* | ${expression} as x | fields x`,
  gives: [gives === null ? {} : { x: gives }],
  from: from ?? { vendorDoc: 'the page of the function' },
})

/** A condition over events with a field `a`, and the values for which it is true. */
export const condition = (condition: string, values: readonly string[], kept: readonly string[]): Example => ({
  title: condition,
  given: values.map((a) => ({ a })),
  query: `* | where ${condition} | count by a | fields a | sort by +a`,
  gives: [...kept].sort().map((a) => ({ a })),
  from: { vendorDoc: 'the page of the function' },
})

export const param = (name: string, takes: string, doc: string, required = true): ParamDoc => ({
  name,
  takes,
  doc,
  ...(required ? { required: true as const } : {}),
})

interface More {
  readonly aliases?: readonly string[]
  readonly notes?: readonly string[]
  readonly arity?: readonly [number, number]
  readonly differs?: string
  readonly evidence?: Evidence
}

export function fn(
  category: string,
  name: string,
  doc: string,
  params: readonly ParamDoc[],
  lower: (c: FnContext) => Expr | Pred,
  examples: readonly [Example, ...Example[]],
  more: More = {},
): SumoBuiltin {
  const required = params.filter((p) => p.required).length
  return {
    name,
    ...(more.aliases ? { aliases: more.aliases } : {}),
    category,
    kind: 'transform',
    doc,
    notes: more.notes ?? [],
    params,
    fidelity: more.differs ? { differs: more.differs } : 'exact',
    evidence: more.evidence ?? { vendorDoc: `search-query-language: ${name}` },
    examples,
    lower: { fn: lower, arity: more.arity ?? [required, params.length] },
  }
}

interface AggregateRecord {
  readonly name: string
  readonly doc: string
  readonly params: readonly ParamDoc[]
  readonly examples: readonly [Example, ...Example[]]
  readonly aliases?: readonly string[]
  readonly notes?: readonly string[]
  /** Name of the column if the text gives none. */
  readonly output?: string
  readonly differs?: string
  readonly meaning: Omit<Aggregate, 'defaultName'>
}

export function aggregate(record: AggregateRecord): SumoBuiltin {
  const { name, doc, params, examples, output, meaning } = record
  return {
    name,
    ...(record.aliases ? { aliases: record.aliases } : {}),
    ...(output ? { output } : {}),
    category: 'aggregates',
    kind: 'aggregate',
    doc,
    notes: record.notes ?? [],
    params,
    fidelity: record.differs ? { differs: record.differs } : 'exact',
    evidence: { vendorDoc: `search-query-language: ${name}` },
    examples,
    lower: { aggregate: { ...meaning, defaultName: output ?? `_${name}` } },
  }
}

interface OperatorRecord<Node> extends Omit<Operator<Node>, 'kind'> {
  readonly kind?: SumoBuiltin['kind']
  /** `operators` if left out. */
  readonly category?: string
  readonly doc: string
  readonly params: readonly ParamDoc[]
  readonly examples: readonly [Example, ...Example[]]
  readonly aliases?: readonly string[]
  readonly notes?: readonly string[]
  /** Name of the column that it adds if the text gives none. */
  readonly output?: string
  readonly differs?: string
}

/** An operator: a word, or two, that begins a stage. */
export function operator<Node>(record: OperatorRecord<Node>): SumoBuiltin & {
  /** A stage of this operator, for texts that say it in other words. */
  stage(node: Node, place: Place): OperatorStage
} {
  const { name, kind = 'transform', doc, params, examples, operandBegins, parse, lower } = record
  return {
    name,
    ...(record.aliases ? { aliases: record.aliases } : {}),
    ...(record.output ? { output: record.output } : {}),
    category: record.category ?? 'operators',
    kind,
    doc,
    notes: record.notes ?? [],
    params,
    fidelity: record.differs ? { differs: record.differs } : 'exact',
    evidence: { vendorDoc: `search-query-language: ${name}` },
    examples,
    lower: { operator: { name, kind, ...(operandBegins ? { operandBegins } : {}), parse, lower } as Operator },
    stage: (node, { span, head }) => ({ kind: 'operator', name, node, span, head }),
  }
}

/** A search over events and the rows it gives. */
export const search = (
  query: string,
  events: readonly Event[],
  gives: Example['gives'],
  interval?: Example['interval'],
  semantics?: Example['semantics'],
): Example => ({
  title: query,
  given: events,
  query: `* | ${query}`,
  gives,
  from: { vendorDoc: 'search-query-language/search-operators' },
  ...(interval ? { interval } : {}),
  ...(semantics ? { semantics } : {}),
})

/** A day to be searched, for examples: [start, end) in epoch milliseconds. */
export const SOME_DAY = [1_727_913_600_000, 1_728_000_000_000] as const

export const users: readonly Event[] = [
  { user: 'al', n: '5' },
  { user: 'bo', n: '7' },
  { user: 'al', n: '10' },
]
export const raw = (...lines: readonly string[]): readonly Event[] => lines.map((_raw) => ({ _raw }))

export const FIELD = param('field', 'field', 'The field.')
export const FIELDS = param('fields', 'fields', 'The fields, with commas.')
export const NODROP = param('nodrop', 'bool', 'Keep rows that do not match.', false)

/** The length of an IPv4 prefix as a literal argument; 32 if left out. */
export function prefixLength(c: FnContext, i: number): number {
  const bits = Number(c.literal(i) ?? 32)
  if (Number.isInteger(bits) && bits >= 0 && bits <= 32) return bits
  c.flow.lowering.report(sumoRange, c.at, { name: 'the prefix length', least: 0, most: 32 })
  return 32
}
