// Compares the rows of an engine with those of the evaluator for the searches of a corpus (JSON lines with `id` and `query`).
// Scopes and filters are left out, so that rows pass. Lookup tables have no rows.
//   npx tsx tools/corpus-sumo-engines.ts FILE [duckdb|clickhouse] [EVERY-NTH]
import { readFileSync } from 'node:fs'
import { tableOf } from '../conformance/sumo/run.ts'
import { parse } from '../core/lang/sumo/parse.ts'
import { lower } from '../core/lang/sumo/lower.ts'
import { isHidden, type Env, type Plan, type Relation } from '../core/plan/plan.ts'
import { mapRelations } from '../core/plan/walk.ts'
import { optimised } from '../core/workbench/compile.ts'
import { evaluator, type Executor, openDuckdb, type Ran, sqlExecutor } from '../engine/cases/case-executors.ts'
import { literalTable, openClickhouse, rowKey } from '../engine/cases/sql-engines.ts'
import { anyLookup, filled } from './corpus-sumo-given.ts'

const [file, engine = 'duckdb', nth = '1'] = process.argv.slice(2)
if (!file) throw new Error('usage: corpus-sumo-engines FILE [duckdb|clickhouse] [EVERY-NTH]')

async function opened(): Promise<Executor> {
  if (engine === 'duckdb') return openDuckdb()
  const clickhouse = openClickhouse()
  if (!clickhouse) throw new Error('chdb is not installed (ASSAY_CHDB)')
  return sqlExecutor('clickhouse', clickhouse.run, (s, r) => literalTable(s, r, 'clickhouse'), clickhouse.close)
}

const HOUR = 3_600_000
const DAY = [1_727_913_600_000, 1_728_000_000_000] as const
const env: Env = { now: micros(DAY[1]), start: micros(DAY[0]), end: micros(DAY[1]), zone: 'UTC' }
function micros(ms: number): bigint {
  return BigInt(ms) * 1000n
}

// Fields and texts that many published searches read.
const events = Array.from({ length: 6 }, (_, i) => {
  const fields = {
    user: `u${i % 2}`,
    status: String(200 + i),
    src_ip: `8.8.8.${i}`,
    dest_ip: `10.0.0.${i}`,
    count: String(i),
    type: `t${i % 2}`,
    bytes: String(i * 100),
    severity: i % 2 ? 'high' : 'low',
    action: 'allow',
  }
  return {
    ...fields,
    _messageTime: DAY[0] + i * 3 * HOUR,
    _raw: `${JSON.stringify({ ...fields, id: i % 3 })} user=u${i % 2} id=${i % 3}`,
  }
})

const unfiltered = (plan: Plan): Plan =>
  mapRelations(plan, (r: Relation) => ({ ...r, stages: r.stages.filter((s) => s.kind !== 'filter') }))

function keys({ columns, rows }: Ran): string[] {
  const shown = columns.filter((c) => !isHidden(c.id))
  const types = shown.map((c) => c.ty)
  return rows
    .map((r) =>
      rowKey(
        shown.map((c) => r[c.id] ?? null),
        types,
      ),
    )
    .sort()
}

const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .filter((_, i) => i % Number(nth) === 0)
  .map((l) => JSON.parse(l) as { id: string; query: string })

const executor = await opened()
const tally = { searches: 0, 'with rows': 0, differ: 0, fail: 0 }
for (const { id, query } of rows) {
  const scopeless = id.startsWith('sumo-fer')
  const whole = filled(query)
  const text = scopeless ? whole : `* ${whole.slice(Math.max(0, whole.indexOf('|')))}`
  const p = parse({ name: id, text }, { scopeless })
  const low = lower(p.query, p.source, { lookups: anyLookup(p.query) })
  if ([...p.diagnostics, ...low.diagnostics].some((d) => d.severity === 'error')) continue
  tally.searches++
  const plan = optimised(unfiltered(low.plan))
  const table: Parameters<Executor['run']>[1] = (s) => (s.name.startsWith('lookup:') ? [] : tableOf(s, events, {}, DAY))
  try {
    const wanted = keys(await evaluator.run(plan, table, env))
    const got = keys(await executor.run(plan, table, env))
    if (wanted.length > 0) tally['with rows']++
    if (wanted.join('\n') === got.join('\n')) continue
    tally.differ++
    console.log(`${id} differs\n  evaluator ${wanted[0]}\n  ${engine} ${got[0]}`)
  } catch (e) {
    tally.fail++
    console.log(`${id} fails: ${String(e).slice(0, 300)}`)
  }
}
executor.close()
console.log(tally)
