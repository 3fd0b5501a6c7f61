// Query → plan. Never throws: a part that cannot be lowered gives a diagnostic, and the plan leaves it out.
import { sumoHole } from '../../diag/catalogue/sumo.ts'
import * as codes from '../../diag/catalogue/sumo-lower.ts'
import type { Plan, Relation, Stage } from '../../plan/plan.ts'
import { afterStage, schemaOfFrom } from '../../plan/schema.ts'
import { mapRelations } from '../../plan/walk.ts'
import type { Source } from '../../text/source.ts'
import type { CompileContext, Lowered } from '../shared/lowered.ts'
import { hasEscapes, holesIn } from './1-lex/lex.ts'
import type { Query } from './2-parse/ast.ts'
import { lowerCall } from './3-lower/call.ts'
import { Flow, type Parts } from './3-lower/flow.ts'
import { Lowering } from './3-lower/lowering.ts'
import { lowerQuery, lowerStages } from './3-lower/stages.ts'
import { registry } from './registry.ts'

const parts: Parts = {
  query: lowerQuery,
  stages: (f, stages) => lowerStages(registry, f, stages),
  call: (f, e) => lowerCall(registry, f, e),
}

const RAW_LIMIT = 100_000

/** `source` is that of the parse result: the text with its template variables filled in. */
export function lower(query: Query, source: Source, context: CompileContext = {}): Lowered {
  const lowering = new Lowering(source, context)
  const flow = new Flow(lowering, parts, query.span)
  lowerQuery(flow, query)
  const holes = [...holesIn(source.text)]
  for (const { name, span } of holes) lowering.needs.push({ kind: 'parameter', name, at: span })
  const [hole] = holes
  if (hole) lowering.report(sumoHole, hole.span, { names: [...new Set(holes.map((h) => h.name))] })
  if (hasEscapes(source.text)) lowering.choice('string-escapes')
  const newestFirst = flow.messages && flow.order === undefined
  const rest = flow.messages && flow.open
  const columns = finish(flow)
  if (newestFirst) {
    lowering.limits.push({ what: 'messages', limit: RAW_LIMIT })
    const refused = lowering.diagnostics.some((d) => d.severity === 'error')
    if (!refused)
      lowering.report(codes.sumoRawLimit, { start: query.span.end, end: query.span.end }, { limit: RAW_LIMIT })
  }
  return {
    plan: withoutRest({ lets: lowering.lets, out: flow.relation(rest) }),
    diagnostics: lowering.diagnostics,
    assumptions: [...lowering.assumptions].sort(),
    needs: lowering.needs,
    fallbacks: [...lowering.fallbacks],
    readsInterval: false,
    presentation: {
      columns,
      ordered: flow.ordered || flow.messages,
      ...(newestFirst ? { newestFirst: true } : {}),
      limits: lowering.limits,
    },
  }
}

/** A projection may keep the rest of a message only if the source reads it. That is known when all stages are lowered. */
function withoutRest(plan: Plan): Plan {
  const relation = (r: Relation): Relation => {
    let schema = schemaOfFrom(r.from, plan.lets)
    const stages = r.stages.map((s): Stage => {
      const stage = s.kind === 'project' && s.rest && !schema.rest ? { ...s, rest: false } : s
      schema = afterStage(schema, stage, plan.lets)
      return stage
    })
    return { ...r, stages }
  }
  return mapRelations(plan, relation)
}

/** Orders the messages and adds their time and text. Returns the visible columns in order. */
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
