// The stages of compiling a text, as text for people and as data for tools.
import { literalsOf } from '../passes/5-literals.ts'
import { split } from '../passes/6-split.ts'
import type { Env, Plan, Relation, SourceNode } from '../plan/plan.ts'
import { REST } from '../plan/plan.ts'
import { printPlan } from '../plan/print.ts'
import { visitRelation } from '../plan/walk.ts'
import type { Dialect } from '../prims/prim.ts'
import { compileSql, stageTailReason, tailReason } from '../sql/compile.ts'
import { positionAt } from '../text/source.ts'
import { type Compiled, optimised } from './compile.ts'
import { printTree, shortTree } from './tree.ts'

export const STAGES = ['tokens', 'tree', 'plan', 'needs', 'sql:duckdb', 'sql:clickhouse'] as const
export type StageName = (typeof STAGES)[number]

export interface Explained {
  readonly stage: StageName
  readonly text: string
  readonly data: unknown
}

/** A text with errors has no stage after its tree. SQL gets its interval and its current time from `env`. */
export function explain(compiled: Compiled, stages: readonly StageName[], env: Env): Explained[] {
  const whole = compiled.plan && optimised(compiled.plan)
  return stages.flatMap((stage): Explained[] => {
    if (stage === 'tokens') return [tokens(compiled)]
    if (stage === 'tree') return [tree(compiled)]
    if (!compiled.plan || !whole) return []
    if (stage === 'plan') return [plans(compiled.plan, whole)]
    if (stage === 'needs') return [needs(compiled, whole)]
    return [sql(stage, whole, stage === 'sql:duckdb' ? 'duckdb' : 'clickhouse', env)]
  })
}

function tokens({ language, source }: Compiled): Explained {
  const all = language.read.tokens(source.text).map((t) => ({ ...positionAt(source.text, t.start), ...t }))
  const lines = all
    .filter((t) => t.text.trim() !== '')
    .map((t) => `${`${t.line}:${t.column}`.padEnd(8)}${t.kind.padEnd(9)}${t.text.replaceAll('\n', '⏎')}`)
  return {
    stage: 'tokens',
    text: lines.join('\n'),
    data: all.map(({ line, column, kind, text }) => ({ line, column, kind, text })),
  }
}

function tree({ language, source }: Compiled): Explained {
  const { tree: found } = language.read.parse(source, {})
  return { stage: 'tree', text: printTree(found), data: shortTree(found) }
}

function plans(lowered: Plan, whole: Plan): Explained {
  const [before, after] = [printPlan(lowered), printPlan(whole)]
  const text = before === after ? before : `as lowered\n${indent(before)}\nafter the passes\n${indent(after)}`
  return { stage: 'plan', text, data: { lowered: before, optimised: after } }
}

function needs(compiled: Compiled, plan: Plan): Explained {
  const sources = sourcesOf(plan)
  const data = sources.map((s) => ({
    source: s.name,
    fields: s.columns.flatMap((c) => (c.from.kind === 'field' ? [c.from.name] : [])),
    arrays: s.columns.flatMap((c) => (c.from.kind === 'array' || c.from.kind === 'elements' ? [c.from.name] : [])),
    meta: s.columns.flatMap((c) => (c.from.kind === 'meta' ? [c.from.name] : [])),
    anyField: s.columns.some((c) => c.from.kind === 'search'),
    wholeEvents: s.rest,
    literals: literalsOf(s),
  }))
  const missing = compiled.needs.map((n) => ({ kind: n.kind, name: n.name }))
  const restsOn = compiled.assumptions.map((a) => ({
    id: a.semantic.id,
    choice: a.choice,
    question: a.semantic.question,
  }))
  const lines = data.flatMap((d) => [
    `from ${d.source}`,
    `  fields    ${d.fields.join(', ') || 'none'}${d.wholeEvents ? ', and all others: whole events come out' : ''}`,
    ...(d.arrays.length > 0 ? [`  arrays    ${d.arrays.join(', ')}`] : []),
    ...(d.meta.length > 0 ? [`  of events ${d.meta.join(', ')}`] : []),
    ...(d.anyField ? ['  free text in any field'] : []),
    ...d.literals.map(
      (l) =>
        `  bytes     ${l.anyOf.map((t) => JSON.stringify(t)).join(' or ')}${l.field === null ? '' : ` in ${l.field}`}`,
    ),
  ])
  lines.push(...missing.map((n) => `missing     ${n.kind} ${n.name}`))
  lines.push(...restsOn.map((r) => `rests on    ${r.id}=${r.choice}: ${r.question}`))
  return { stage: 'needs', text: lines.join('\n'), data: { sources: data, missing, restsOn } }
}

function sourcesOf(plan: Plan): SourceNode[] {
  const found: SourceNode[] = []
  const look = (r: Relation): void =>
    visitRelation(r, {
      relation: ({ from }) => {
        if (from.kind === 'source') found.push(from)
      },
    })
  for (const l of plan.lets) look(l.rel)
  look(plan.out)
  return found
}

function sql(stage: StageName, plan: Plan, dialect: Dialect, env: Env): Explained {
  const { core, tail, reasons } = split(
    plan,
    (prim, consts) => tailReason(prim, consts, dialect),
    (stage) => stageTailReason(stage, dialect),
    { engineFilters: true },
  )
  const table = (s: SourceNode) => ({
    from: s.name === 'events' ? 'events' : `"${s.name.replaceAll('"', '')}"`,
    columns: [...s.columns.map((c) => c.id), ...(s.rest ? [REST] : [])],
  })
  const text = core ? compileSql(core, dialect, env, table).sql : null
  const rest = tail ? printPlan(tail) : null
  const parts = [text ?? '(nothing: the evaluator does it all)']
  if (rest !== null) parts.push(`then in the evaluator, because ${reasons.join('; ')}\n${indent(rest)}`)
  return { stage, text: parts.join('\n'), data: { sql: text, tail: rest, reasons } }
}

const indent = (text: string): string => text.replaceAll(/^/gm, '  ')
