// Query to plan. Never throws on a query: what cannot be lowered is said, and the plan is what could be.
import type { Diagnostic } from '../../diag/diagnostic.ts'
import * as codes from '../../diag/catalogue/sumo-lower.ts'
import type { Plan, Relation, Stage } from '../../plan/plan.ts'
import { afterStage, schemaOfFrom } from '../../plan/schema.ts'
import { mapRelations } from '../../plan/walk.ts'
import type { Source } from '../../text/source.ts'
import type { Query } from './2-parse/ast.ts'
import { lowerCall } from './3-lower/call.ts'
import { Flow, type Parts } from './3-lower/flow.ts'
import { type CompileContext, Lowering, type Need } from './3-lower/lowering.ts'
import { lowerQuery, lowerStages } from './3-lower/stages.ts'
import { registry } from './registry.ts'

export type { CompileContext as Known, Need } from './3-lower/lowering.ts'

export interface Presentation {
  /** Columns in the order in which the language shows them. */
  readonly columns?: readonly string[]
  /** False: the text defines no order of the rows. */
  readonly ordered: boolean
  readonly newestFirst?: boolean
  /** Limits that the text does not say. */
  readonly limits: readonly { readonly what: string; readonly limit: number }[]
}

export interface Lowered {
  readonly plan: Plan
  readonly diagnostics: readonly Diagnostic[]
  /** Entries of semantics.ts that the meaning of this query rests on. */
  readonly assumptions: readonly string[]
  /** With needs the plan is provisional: get them and call again. Lookups that are known stay needs: their rows are. */
  readonly needs: readonly Need[]
  readonly presentation: Presentation
  /** Fields whose absence changes nothing: parses that may fail fall back to them. */
  readonly fallbacks: readonly string[]
}

const parts: Parts = {
  query: lowerQuery,
  stages: (f, stages) => lowerStages(registry, f, stages),
  call: (f, e) => lowerCall(registry, f, e),
}

const RAW_LIMIT = 100_000

/** `source` is that of the parse result: the text with its template variables filled in. */
export function lower(query: Query, source: Source, known: CompileContext = {}): Lowered {
  const low = new Lowering(source, known)
  const flow = new Flow(low, parts, query.span)
  lowerQuery(flow, query)
  const newestFirst = flow.messages && flow.order === undefined
  const rest = flow.messages && flow.open
  const columns = finish(flow)
  if (newestFirst) {
    low.limits.push({ what: 'messages', limit: RAW_LIMIT })
    const refused = low.diagnostics.some((d) => d.severity === 'error')
    if (!refused) low.say(codes.sumoRawLimit, { start: query.span.end, end: query.span.end }, { limit: RAW_LIMIT })
  }
  return {
    plan: withoutRest({ lets: low.lets, out: flow.relation(rest) }),
    diagnostics: low.diagnostics,
    assumptions: [...low.assumptions].sort(),
    needs: low.needs,
    fallbacks: [...low.fallbacks],
    presentation: {
      columns,
      ordered: flow.ordered || flow.messages,
      ...(newestFirst ? { newestFirst: true } : {}),
      limits: low.limits,
    },
  }
}

/** Whether whole messages are wanted is known at the end only: a stage keeps what no column holds if there is such a thing. */
function withoutRest(plan: Plan): Plan {
  const relation = (r: Relation): Relation => {
    let schema = schemaOfFrom(r.from, plan.lets)
    const stages = r.stages.map((s): Stage => {
      const made = s.kind === 'project' && s.rest && !schema.rest ? { ...s, rest: false } : s
      schema = afterStage(schema, made, plan.lets)
      return made
    })
    return { ...r, stages }
  }
  return mapRelations(plan, relation)
}

/** Puts messages in order and shows their time and text; gives the visible columns in order. */
function finish(flow: Flow): string[] {
  if (!flow.messages) return [...flow.fields.values()].map((x) => x.id)
  flow.push({ kind: 'order', by: flow.orderKeys() })
  if (!flow.open) return [...flow.fields.values()].map((x) => x.id)
  const shown = ['_messageTime', '_raw'].filter((n) => !flow.fields.has(n.toLowerCase()))
  const set = shown.map((n) => ({ name: n, expr: flow.read({ name: n, quoted: false, span: flow.at }).expr }))
  flow.set(set)
  const others = [...flow.fields.values()].map((x) => x.id).filter((id) => !shown.includes(id))
  return ['_messageTime', ...others, '_raw'].filter((v, i, all) => all.indexOf(v) === i)
}
