// The condition that a value is in a lookup table.
import { sumoArguments } from '../../../diag/catalogue/sumo-lower.ts'
import { FALSE } from '../../../plan/build.ts'
import type { Pred } from '../../../plan/plan.ts'
import { lookupContains as contains } from '../3-lower/lookup-table.ts'
import type { Expr as Ast, Name } from '../2-parse/ast.ts'
import { fn, param, condition } from '../3-lower/builtin-kit.ts'
import type { FnContext } from '../3-lower/builtin.ts'

type Pair = { readonly event: Name; readonly column: Name }

function pairs(e: Ast): readonly Pair[] | undefined {
  if (e.kind === 'group') return pairs(e.of)
  if (e.kind !== 'binary') return undefined
  if (e.op === '=' && e.left.kind === 'field' && e.right.kind === 'field')
    return [{ event: e.left.name, column: e.right.name }]
  const [a, b] = e.op === 'and' ? [pairs(e.left), pairs(e.right)] : []
  return a && b && [...a, ...b]
}

function lowerContains(c: FnContext): Pred {
  const [table, ...rest] = c.ast
  const on = rest.map(pairs)
  if (table?.kind !== 'path' || on.includes(undefined)) {
    c.flow.lowering.report(sumoArguments, c.at, {
      name: 'lookupContains',
      takes: 'a path and field=column',
      given: c.ast.length,
    })
    return FALSE
  }
  return contains(
    c.flow,
    table.text.replace(/"/g, ''),
    on.flatMap((p) => p ?? []),
    c.at,
  )
}

const described = fn(
  'conditions',
  'lookupContains',
  'Has the lookup table a row with this key? Keys are compared without case.',
  [
    param('table', 'text', 'Such as path://"/Library/…".'),
    param('on', 'expression', 'field=column, several with `and`.'),
  ],
  lowerContains,
  [condition('lookupContains(path://"/names", a=id)', ['al', 'bo'], ['al'])],
  { arity: [2, 10], notes: ['The table is a file that the reader brings; the example has one of id and name.'] },
)
export const lookupContains = { ...described, lower: { ...described.lower, lazy: true as const } }
