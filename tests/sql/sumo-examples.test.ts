// Every example of every builtin: DuckDB, and ClickHouse if it is installed, return the rows of the evaluator.
import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { builtins } from '../../core/lang/sumo/registry.ts'
import { optimised } from '../../core/workbench/compile.ts'
import { evaluator, type Executor, openDuckdb, sqlExecutor } from '../../engine/cases/case-executors.ts'
import { literalTable, openClickhouse, rowKey } from '../../engine/cases/sql-engines.ts'
import { EXAMPLE_TABLES, envOf, knownFor, run, tableOf } from '../../conformance/sumo/run.ts'

const duckdb = await openDuckdb()
const clickhouse = openClickhouse()
const executors: readonly Executor[] = [
  duckdb,
  ...(clickhouse
    ? [sqlExecutor('clickhouse', clickhouse.run, (s, rows) => literalTable(s, rows, 'clickhouse'), clickhouse.close)]
    : []),
]
after(() => {
  for (const e of executors) e.close()
})

for (const executor of executors) {
  describe(`examples of Sumo builtins: evaluator = ${executor.name}`, () => {
    for (const b of builtins) {
      for (const example of b.examples) {
        it(`${b.name}: ${example.title}`, async () => {
          const plan = optimised(run(example.query, example.given, knownFor(example)).plan)
          const key = async (e: Executor): Promise<string[]> => {
            const { columns, rows } = await e.run(
              plan,
              (s) => tableOf(s, example.given, EXAMPLE_TABLES, example.interval),
              envOf(example.interval),
            )
            const types = columns.map((c) => c.ty)
            return rows
              .map((r) =>
                rowKey(
                  columns.map((c) => r[c.id] ?? null),
                  types,
                ),
              )
              .sort()
          }
          assert.deepEqual(await key(executor), await key(evaluator))
        })
      }
    }
  })
}
