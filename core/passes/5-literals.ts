// Pass 5: texts that a record must contain, for the search over bytes before anything is parsed. It changes no plan.
import type { Expr, Pred, SourceColumn, SourceNode, Test } from '../plan/plan.ts'
import { prims } from '../prims/registry.ts'

/** The value of `field` contains one of `anyOf`. `field` null: the value of some field, or the record's text, contains one. */
interface Literal {
  readonly field: string | null
  readonly anyOf: readonly string[]
}

/** More alternatives cost the search more time than they save the parser. */
const MOST = 64

/**
 * Every event that passes the source's `where` satisfies each of these literals. Empty: nothing is known.
 * The texts are values of the event. Its bytes can contain them escaped, and the byte search must handle that.
 */
export function literalsOf(source: SourceNode): Literal[] {
  return literalsOfPred(source.where, new Map(source.columns.map((c) => [c.id, c])))
}

type Columns = ReadonlyMap<string, SourceColumn>

function literalsOfPred(p: Pred, columns: Columns): Literal[] {
  switch (p.kind) {
    case 'and':
      return p.of.flatMap((q) => literalsOfPred(q, columns))
    case 'or':
      return weakestOfEach(p.of.map((q) => literalsOfPred(q, columns)))
    case 'holds':
      return literalsOfHolds(p.expr, columns)
    case 'not':
      return p.of.kind === 'not' ? literalsOfPred(p.of.of, columns) : []
    case 'test':
      return literalsOfTest(p, columns)
    default:
      return []
  }
}

/** The longest literal of each branch, as alternatives. Nothing if a branch has none. */
function weakestOfEach(branches: readonly (readonly Literal[])[]): Literal[] {
  const best = branches.map((of) => [...of].sort((a, b) => shortest(b) - shortest(a))[0])
  const fields = new Set<string | null>()
  const texts = new Set<string>()
  for (const l of best) {
    if (!l) return []
    fields.add(l.field)
    for (const t of l.anyOf) texts.add(t)
  }
  const [field] = fields
  return literalIfUseful(fields.size === 1 ? field : null, [...texts])
}
const shortest = (l: Literal): number => Math.min(...l.anyOf.map((t) => t.length))

function literalIfUseful(field: string | null | undefined, anyOf: readonly string[] | undefined): Literal[] {
  if (field === undefined || !anyOf || anyOf.length === 0 || anyOf.length > MOST || anyOf.includes('')) return []
  return [{ field, anyOf }]
}

function literalsOfHolds(e: Expr, columns: Columns): Literal[] {
  if (e.kind === 'truth') return literalsOfPred(e.of, columns)
  const column = e.kind === 'col' ? columns.get(e.id) : undefined
  if (column?.from.kind !== 'search') return []
  const { prim, consts } = column.from.test
  const p = prims.get(prim)
  const [of, another] = column.from.of ?? []
  return p?.kind === 'test' ? literalIfUseful(another === undefined ? (of ?? null) : null, p.needles?.(consts)) : []
}

const PART: ReadonlySet<string> = new Set(['str.eq', 'str.contains', 'str.startsWith', 'str.endsWith'])

function literalsOfTest(t: Test, columns: Columns): Literal[] {
  const [first, second] = t.args
  if (!first) return []
  if (PART.has(t.prim) && second) {
    const flipped = t.prim === 'str.eq' && first.kind === 'lit'
    const [subject, part] = flipped ? [second, first] : [first, second]
    return part.kind === 'lit' && typeof part.value === 'string'
      ? literalIfUseful(fieldOf(subject, columns), [part.value])
      : []
  }
  const prim = prims.get(t.prim)
  return prim?.kind === 'test' && prim.needles ? literalIfUseful(fieldOf(first, columns), prim.needles(t.consts)) : []
}

/** The field whose value the expression has whenever it is present; null: the value of some field, or the record; undefined: neither. */
function fieldOf(e: Expr, columns: Columns): string | null | undefined {
  if (e.kind === 'if') {
    const yes = fieldOf(e.then, columns)
    const no = fieldOf(e.else, columns)
    return yes === undefined || no === undefined ? undefined : yes === no ? yes : null
  }
  if (e.kind !== 'col') return undefined
  const from = columns.get(e.id)?.from
  if (from?.kind === 'field') return from.name
  return from?.kind === 'meta' && from.name === 'raw' ? null : undefined
}

/**
 * Fields that every event that passes the source's `where` has, and fields that none has, by the names the query uses.
 * Read from the conjuncts alone: a field in neither list may be there or not.
 */
export function requiredFields(source: SourceNode): {
  readonly has: readonly string[]
  readonly lacks: readonly string[]
} {
  const columns = new Map(source.columns.map((c) => [c.id, c]))
  const has = new Set<string>()
  const lacks = new Set<string>()
  const fieldsIn = (of: readonly Expr[], into: Set<string>): void => {
    for (const e of of) {
      const from = e.kind === 'col' ? columns.get(e.id)?.from : undefined
      if (from?.kind === 'field') into.add(from.name)
    }
  }
  const visit = (p: Pred): void => {
    if (p.kind === 'and') p.of.forEach(visit)
    else if (p.kind === 'holds' && p.expr.kind === 'truth') visit(p.expr.of)
    else if (p.kind === 'present') fieldsIn([p.expr], has)
    else if (p.kind === 'not' && p.of.kind === 'present') fieldsIn([p.of.expr], lacks)
    else if (p.kind === 'test' && prims.get(p.prim)?.nulls === 'propagate') fieldsIn(p.args, has)
  }
  visit(source.where)
  return { has: [...has], lacks: [...lacks] }
}
