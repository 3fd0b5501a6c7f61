// Short ways to write builtin records.
import type { Expr, Pred } from '../../../plan/plan.ts'
import type { Evidence, Example, ParamDoc } from '../../shared/builtin.ts'
import type { Stage } from '../2-parse/ast.ts'
import type { FnContext, SumoBuiltin } from './builtin.ts'
import type { Flow } from './flow.ts'

type Event = Readonly<Record<string, string | number>>
export type Value = string | number | boolean | null

/** An expression over one event and what it gives; null: nothing. */
export const ex = (expression: string, gives: Value, given: Event = { a: '1' }, from?: Evidence): Example => ({
  title: expression,
  given: [given],
  query: `* | ${expression} as x | fields x`,
  gives: [gives === null ? {} : { x: gives }],
  from: from ?? { vendorDoc: 'the page of the function' },
})

/** A condition over events with a field `a`: the values that pass, in the order given. */
export const passes = (condition: string, given: readonly string[], kept: readonly string[]): Example => ({
  title: condition,
  given: given.map((a) => ({ a })),
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

/** An aggregate or operator: its meaning is in the lowering of stages. */
export function word(
  category: string,
  kind: SumoBuiltin['kind'],
  name: string,
  doc: string,
  params: readonly ParamDoc[],
  examples: readonly [Example, ...Example[]],
  more: More & { readonly output?: string } = {},
): SumoBuiltin {
  return {
    name,
    ...(more.aliases ? { aliases: more.aliases } : {}),
    ...(more.output ? { output: more.output } : {}),
    category,
    kind,
    doc,
    notes: more.notes ?? [],
    params,
    fidelity: more.differs ? { differs: more.differs } : 'exact',
    evidence: more.evidence ?? { vendorDoc: `search-query-language: ${name}` },
    examples,
    lower: { word: true },
  }
}

type Kind = Stage['kind']

/** An operator with its meaning: `name` is the kind of its stage. */
export function operator<K extends Kind>(
  name: K,
  doc: string,
  params: readonly ParamDoc[],
  lower: (f: Flow, s: Extract<Stage, { readonly kind: K }>) => void,
  examples: readonly [Example, ...Example[]],
  more: More & { readonly kind?: SumoBuiltin['kind']; readonly output?: string } = {},
): SumoBuiltin {
  return {
    ...word('operators', more.kind ?? 'transform', name, doc, params, examples, more),
    lower: { stage: lower as (f: Flow, s: Stage) => void },
  }
}

/** A search over events and the rows it gives. */
export const search = (
  query: string,
  given: readonly Event[],
  gives: Example['gives'],
  interval?: Example['interval'],
): Example => ({
  title: query,
  given,
  query: `* | ${query}`,
  gives,
  from: { vendorDoc: 'search-query-language/search-operators' },
  ...(interval ? { interval } : {}),
})

/** A day to be searched, for examples: [start, end) in epoch milliseconds. */
export const SOME_DAY = [1_727_913_600_000, 1_728_000_000_000] as const
