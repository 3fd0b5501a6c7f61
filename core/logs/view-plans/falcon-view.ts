// The Falcon view as joins. A join comes after every filter that does not need it, so that few rows are looked up.
import { and, call, col, countOf, iff, lit, not, or, present, test, text } from '../../plan/build.ts'
import type { Expr, Plan, Pred, Relation, SetColumns, SourceColumn, SourceNode, Stage } from '../../plan/plan.ts'
import { columnsOf, columnsOfPred, mapRelations } from '../../plan/walk.ts'
import type { Viewed } from '../view.ts'
import { hostJoins, PREFIX, processJoin, userJoins } from './falcon-joins.ts'

export const SUPPLIED: readonly string[] = [
  'ComputerName',
  'ImageFileName',
  'FileName',
  'CommandLine',
  'UserSid',
  'UserName',
]
const FROM_PROCESS = ['ImageFileName', 'FileName', 'CommandLine', 'UserSid', 'UserName']

export function rewriteFalcon(plan: Plan, wanted: readonly string[]): Viewed {
  const did = new Set<string>()
  const audits: Relation[] = []
  const rewritten = mapRelations(plan, (relation) => {
    const view = rewriteRelation(relation, wanted)
    if (!view) return relation
    for (const sentence of view.did) did.add(sentence)
    audits.push(view.audit)
    return view.relation
  })
  const [first, ...others] = audits
  if (!first) return { plan, did: [], audit: undefined }
  const out: Relation =
    others.length === 0 ? first : { from: first.from, stages: [...first.stages, { kind: 'union', others }] }
  return { plan: rewritten, did: [...did], audit: { lets: rewritten.lets, out } }
}

interface Rewritten {
  readonly relation: Relation
  readonly did: readonly string[]
  readonly audit: Relation
}

function rewriteRelation(relation: Relation, wanted: readonly string[]): Rewritten | undefined {
  const { from } = relation
  if (from.kind !== 'source' || from.name !== 'events') return undefined
  const targets = from.columns.filter(
    (c) => c.from.kind === 'field' && wanted.includes(c.from.name) && SUPPLIED.includes(c.from.name),
  )
  if (targets.length === 0) return undefined
  const source = new Source(from)
  const needed = lookups(targets.map(fieldOf), source)
  const set = fill(targets, source)
  const ids = new Set(targets.map((c) => c.id))
  const at = firstStageNeeding(relation.stages, ids, new Set([...ids, ...source.keyIds]))
  const before = relation.stages.slice(0, at)
  const node = source.node()
  return {
    relation: { from: node, stages: [...before, ...needed.stages, set, ...relation.stages.slice(at)] },
    did: needed.did,
    audit: { from: node, stages: [...before, ...needed.stages, set, audit(needed.found)] },
  }
}

const fieldOf = (c: SourceColumn): string => (c.from.kind === 'field' ? c.from.name : c.id)

/** A source node to which columns for the look-ups are added. */
export class Source {
  readonly #node: SourceNode
  readonly #columns: SourceColumn[]
  readonly keyIds = new Set<string>()

  constructor(node: SourceNode) {
    this.#node = node
    this.#columns = [...node.columns]
  }

  field(name: string): Expr {
    const own = this.#columns.find((c) => c.from.kind === 'field' && c.from.name === name)
    // In a query that shows whole events, a hidden column would remove the field from what is shown.
    const free = this.#node.rest && !this.#columns.some((c) => c.id === name)
    return this.#column(own ?? { id: free ? name : PREFIX + name, ty: 'str', from: { kind: 'field', name } })
  }

  time(): Expr {
    const own = this.#columns.find((c) => c.from.kind === 'meta' && c.from.name === 'time')
    return this.#column(own ?? { id: `${PREFIX}time`, ty: 'time', from: { kind: 'meta', name: 'time' } })
  }

  #column(column: SourceColumn): Expr {
    if (!this.#columns.includes(column)) this.#columns.push(column)
    this.keyIds.add(column.id)
    return col(column.id, column.ty)
  }

  node(): SourceNode {
    return { ...this.#node, columns: this.#columns }
  }
}

interface Lookups {
  readonly stages: readonly Stage[]
  readonly did: readonly string[]
  /** Values whose absence the audit counts. */
  readonly found: readonly { readonly id: string; readonly what: Expr }[]
}

function lookups(fields: readonly string[], source: Source): Lookups {
  const aid = source.field('aid')
  const time = source.time()
  const stages: Stage[] = []
  const did: string[] = []
  const found: { id: string; what: Expr }[] = []
  if (fields.includes('ComputerName')) {
    stages.push(...hostJoins(aid, time))
    did.push('ComputerName from aidmaster by aid: the newest row at or before the event, else the earliest later one')
    found.push({ id: 'no_host', what: firstOf(source.field('ComputerName'), ...columns('host', 'host.later')) })
  }
  const ofProcess = fields.filter((f) => FROM_PROCESS.includes(f))
  if (ofProcess.length > 0) {
    const read = ofProcess.includes('UserName') ? [...new Set([...ofProcess, 'UserSid'])] : ofProcess
    stages.push(processJoin(aid, source.field('ContextProcessId'), time, read))
    did.push(
      `${ofProcess.join(', ')} from ProcessRollup2 and SyntheticProcessRollup2 by (aid, ContextProcessId = TargetProcessId): the newest that had started, whenever that was`,
    )
    found.push({ id: 'no_process', what: col(`${PREFIX}process.row`, 'str') })
  }
  if (fields.includes('UserName')) {
    const sid = firstOf(source.field('UserSid'), col(`${PREFIX}process.UserSid`, 'str'))
    stages.push(
      { kind: 'set', columns: [{ id: `${PREFIX}sid`, expr: sid }] },
      ...userJoins(aid, col(`${PREFIX}sid`, 'str'), time),
    )
    did.push(
      'UserName, where the process row has none, from UserIdentity and UserLogon by (aid, UserSid): the newest at or before the event, else the earliest later one',
    )
    const names = columns('process.UserName', 'user', 'user.later')
    found.push({ id: 'no_user', what: firstOf(source.field('UserName'), ...names) })
  }
  return { stages, did, found }
}

const columns = (...names: readonly string[]): Expr[] => names.map((n) => col(PREFIX + n, 'str'))

/** The first value that is present and not empty: sensors write an empty text for an unknown value. */
export function firstOf(...of: readonly Expr[]): Expr {
  const [first, ...others] = of
  if (!first) return lit(null, 'str')
  if (others.length === 0) return first
  return iff(and(present(first), not(test('str.eq', [first, text('')]))), first, firstOf(...others))
}

function fill(targets: readonly SourceColumn[], source: Source): SetColumns {
  return {
    kind: 'set',
    columns: targets.map((target) => {
      const name = fieldOf(target)
      const own = source.field(name)
      return { id: target.id, expr: firstOf(own, ...suppliers(name, source)) }
    }),
  }
}

function suppliers(name: string, source: Source): Expr[] {
  if (name === 'ComputerName') return columns('host', 'host.later')
  if (name === 'UserName') return columns('process.UserName', 'user', 'user.later')
  if (name !== 'FileName') return columns(`process.${name}`)
  const [file, path] = columns('process.FileName', 'process.ImageFileName') as [Expr, Expr]
  return [fileOf(source.field('ImageFileName')), file, fileOf(path)]
}

/** Raw rows have only the path, with `\\` on Windows and `/` elsewhere. */
const fileOf = (path: Expr): Expr => call('re.group', 'str', [path], { pattern: '([^\\\\/]+)$', flags: '', group: 1 })

function audit(found: Lookups['found']): Stage {
  const lacks = ({ what }: { what: Expr }): Pred => or(not(present(what)), test('str.eq', [what, text('')]))
  return {
    kind: 'aggregate',
    keys: [],
    nullKeys: 'keep',
    aggs: [countOf('rows'), ...found.map((f) => countOf(f.id, lacks(f)))],
    limit: null,
  }
}

/**
 * Index of the first stage that needs the look-ups done: it reads or writes a supplied column, writes a key, or is neither a filter nor an
 * assignment.
 */
function firstStageNeeding(
  stages: readonly Stage[],
  supplied: ReadonlySet<string>,
  fixed: ReadonlySet<string>,
): number {
  const reads = (set: Iterable<string>): boolean => [...set].some((id) => supplied.has(id))
  const at = stages.findIndex((s) => {
    if (s.kind === 'filter') return reads(columnsOfPred(s.where))
    if (s.kind === 'set') return s.columns.some((c) => fixed.has(c.id) || reads(columnsOf(c.expr)))
    return true
  })
  return at < 0 ? stages.length : at
}
