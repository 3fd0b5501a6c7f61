// Joins by hash of the right side.
import type { Join, Value } from '../plan/plan.ts'
import { schemaOf } from '../plan/schema.ts'
import { valueKey } from '../plan/value.ts'
import type { TestPrim } from '../prims/prim.ts'
import { primOf } from '../prims/registry.ts'
import { compileExpr, knownPrim, tupleScope } from './compile.ts'
import { type Keyed, sorter } from './sort.ts'
import { type Context, addColumns, type Layout, type CompiledStage, addTally, type Tuple } from './sink.ts'

type Key = (row: Tuple) => string | null

/** Absent never equals anything, itself included. */
function keyBy(exprs: readonly ((row: Tuple) => Value)[]): Key {
  return (row) => {
    let key = ''
    for (const e of exprs) {
      const value = e(row)
      if (value === null) return null
      key += valueKey(value)
    }
    return key
  }
}

export function compileJoin(stage: Join, layout: Layout, context: Context, path: string): CompiledStage {
  const right = context.materialise(stage.right, `${path}.right`)
  const after = addColumns(
    layout,
    stage.include.map((i) => i.id),
  )
  const matches = matcher(stage, layout, right, context)
  const combine = combiner(stage, layout, after, right.layout, context)
  return {
    layout: after,
    sink: (next) => {
      let unmatched = 0
      let cut = 0
      return {
        push: (row) => {
          const found = matches(row)
          const kept = stage.max === null ? found : found.slice(0, stage.max)
          cut += found.length - kept.length
          if (found.length === 0) unmatched++
          if (stage.how === 'semi' || stage.how === 'anti') {
            if (found.length > 0 === (stage.how === 'semi')) next.push(combine(row, null))
          } else if (found.length === 0) {
            if (stage.how === 'left') next.push(combine(row, null))
          } else for (const r of kept) next.push(combine(row, r))
        },
        end: () => {
          if (stage.how === 'left' || stage.how === 'inner') {
            addTally(context, path, 'unmatched', unmatched)
            addTally(context, path, 'cut-matches', cut)
          }
          next.end()
        },
      }
    },
  }
}

/** Right rows for a left row, in the join's order, before the limit. */
function matcher(
  stage: Join,
  layout: Layout,
  right: { readonly layout: Layout; readonly rows: readonly Tuple[] },
  context: Context,
): (row: Tuple) => readonly Tuple[] {
  const { env } = context
  const leftKey = keyBy(stage.on.map((o) => compileExpr(o.left, tupleScope(layout), env)))
  const rightKey = keyBy(stage.on.map((o) => compileExpr(o.right, tupleScope(right.layout), env)))
  const by = sorter(stage.order, right.layout, context)
  const buckets = new Map<string, Keyed[]>()
  for (const row of right.rows) {
    const key = rightKey(row)
    if (key === null) continue
    const bucket = buckets.get(key)
    if (bucket) bucket.push(by.key(row))
    else buckets.set(key, [by.key(row)])
  }
  const sorted = new Map([...buckets].map(([key, rows]) => [key, by.sort(rows).map((k) => k.row)]))
  const none: readonly Tuple[] = []
  const equal = (row: Tuple): readonly Tuple[] => {
    const key = leftKey(row)
    return key === null ? none : (sorted.get(key) ?? none)
  }
  if (!stage.within) return equal
  const { prim, left, right: rightExpr } = stage.within
  const known = knownPrim(prim, 'test')
  const test = known.js({}, primOf) as (a: Value, b: Value) => boolean
  const a = compileExpr(left, tupleScope(layout), env)
  const b = compileExpr(rightExpr, tupleScope(right.layout), env)
  if (known.lookup && stage.on.length === 0) return lookUpMatches(known.lookup, a, b, right.rows, by)
  return (row) => {
    const x = a(row)
    if (x === null) return none
    return equal(row).filter((r) => {
      const y = b(r)
      return y !== null && test(x, y)
    })
  }
}

const MOST_KNOWN = 100_000
/** For a join without equal keys: finds right rows by hash of the value that the test looks up, instead of trying all of them. */
function lookUpMatches(
  { left, right }: NonNullable<TestPrim['lookup']>,
  a: (row: Tuple) => Value,
  b: (row: Tuple) => Value,
  rows: readonly Tuple[],
  by: ReturnType<typeof sorter>,
): (row: Tuple) => readonly Tuple[] {
  const places = new Map<string, Keyed[]>()
  for (const row of rows) {
    const place = right(b(row))
    if (place === null) continue
    const found = places.get(place)
    if (found) found.push(by.key(row))
    else places.set(place, [by.key(row)])
  }
  // Values repeat in logs, addresses above all.
  const known = new Map<Value, readonly Tuple[]>()
  return (row) => {
    const x = a(row)
    if (x === null) return []
    const seen = known.get(x)
    if (seen) return seen
    const found = by.sort(left(x).flatMap((place) => places.get(place) ?? [])).map((k) => k.row)
    if (known.size < MOST_KNOWN) known.set(x, found)
    return found
  }
}

function combiner(
  stage: Join,
  layout: Layout,
  after: Layout,
  right: Layout,
  context: Context,
): (row: Tuple, match: Tuple | null) => Tuple {
  const types = schemaOf(stage.right, context.lets).columns
  const include = stage.include.map((i) => ({
    to: after.get(i.id) as number,
    from: right.get(i.from),
    // Only a text can be empty; other types are absent.
    missing: types.get(i.from) === 'str' ? stage.missing : null,
  }))
  if (include.length === 0 && after.size === layout.size) return (row) => row
  return (row, match) => {
    const out = row.slice()
    for (const { to, from, missing } of include) {
      out[to] = (match === null || from === undefined ? null : (match[from] as Value)) ?? missing
    }
    return out
  }
}
