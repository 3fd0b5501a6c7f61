// A plan over one row at a time: compiled once, run for each row.
import type { Env, Plan, Value } from '../plan/plan.ts'
import { newContext, pipe } from './relation.ts'
import type { Layout, Tuple } from './sink.ts'

export interface EachRow {
  readonly layout: Layout
  /** The rows that the plan makes of one row of its source. The row's values are in the order of the source's columns. */
  run(row: readonly Value[]): readonly Tuple[]
}

/** Only for plans with row stages. `source`: the name of the rows' source; all other sources are empty. */
export function eachRow(plan: Plan, env: Env, source: string): EachRow {
  let given: readonly (readonly Value[])[] = []
  let rows: Tuple[] = []
  const context = newContext({
    env,
    lets: plan.lets,
    tables: (from) => (from.name === source ? given : []),
    hooks: undefined,
  })
  const { layout, to } = pipe(plan.out, context, 'out')
  const run = to({ push: (row) => rows.push(row), end: () => {} })
  return {
    layout,
    run(row) {
      given = [row]
      rows = []
      run()
      return rows
    },
  }
}
