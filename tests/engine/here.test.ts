// This thread takes part in a scan until it is no longer fit for that: the answers are those of threads.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { planTwoSteps, type TwoSteps } from '../../core/passes/7-partial.ts'
import { col, test as pred, TRUE } from '../../core/plan/build.ts'
import type { Plan, Pred } from '../../core/plan/plan.ts'
import type { RunOptions } from '../../engine/execute/run-options.ts'
import { runPlan } from '../../engine/execute/run-plan.ts'
import { listInputs } from '../../engine/inputs/files.ts'
import { recogniseInputs } from '../../engine/inputs/recognise.ts'
import { hereChannel } from '../../engine/scan/here-channel.ts'
import type { FromScan, ScanJob, ToScan } from '../../engine/scan/scan-protocol.ts'
import { type ScanWorker, tasksOf } from '../../engine/scan/scan.ts'
import { SupervisedWorker } from '../../engine/workers/supervised-worker.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-here-'))
after(() => rmSync(folder, { recursive: true }))

const str = (id: string) => col(id, 'str')
/** For each `aid`: events that pass, and the first and the last of their ports. */
const plan = (where: Pred = TRUE): Plan => ({
  lets: [],
  out: {
    from: {
      kind: 'source',
      name: 'events',
      columns: ['aid', 'port', 'text'].map((id) => ({ id, ty: 'str', from: { kind: 'field', name: id } })),
      rest: false,
      interval: 'query',
      where,
    },
    stages: [
      {
        kind: 'aggregate',
        keys: [{ id: 'aid', expr: str('aid') }],
        nullKeys: 'keep',
        aggs: [
          { id: 'n', prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' },
          { id: 'low', prim: 'agg.minText', args: [str('port')], consts: {}, where: TRUE, ty: 'str' },
          { id: 'high', prim: 'agg.maxText', args: [str('port')], consts: {}, where: TRUE, ty: 'str' },
        ],
        limit: null,
      },
    ],
  },
})

const groups = planTwoSteps(plan()) as TwoSteps
const LINES = 60_000
const file = join(folder, 'events.ndjson')
const line = (i: number): string => `{"aid":"a${i % 700}","port":"${i % 9}","text":"${'x'.repeat(200)}${i}"}\n`
writeFileSync(file, Array.from({ length: LINES }, (_, i) => line(i)).join(''))
const { inputs } = await listInputs([file])
const { files } = recogniseInputs(inputs)

async function answer(where: Pred, options: Omit<RunOptions, 'files'>): Promise<string> {
  const r = await runPlan(plan(where), { files, fullCheck: 0, ...options })
  assert.ok(r.ok, JSON.stringify(r.diagnostics))
  const rows = r.rows.map((row) => [row['aid'], row['n'], row['low'], row['high']].join(' ')).sort()
  const tally = r.files[0]?.stats
  return JSON.stringify([rows, tally?.lines, tally?.events, tally?.bad, r.diagnostics.map((d) => d.code)])
}

test('with and without threads, in memory and in the spool, the groups and counts are the same', async () => {
  const all = await answer(TRUE, { workers: 1 })
  assert.match(all, new RegExp(`${LINES},${LINES},0`))
  // From 3 on two threads run beside this one. With 500 values, this thread leaves after its first task.
  for (const options of [{}, { workers: 2 }, { workers: 3 }, { workers: 1, memoryValues: 500 }, { memoryValues: 0 }])
    assert.equal(await answer(TRUE, options), all, JSON.stringify(options))
})

test('two runs at once share this thread', async () => {
  const some = pred('str.in', [str('port')], { values: ['1', '3'], ignoreCase: false })
  const [all, few] = [await answer(TRUE, { workers: 1 }), await answer(some, { workers: 1 })]
  const together = await Promise.all([TRUE, some, TRUE].map((where) => answer(where, { workers: 1 })))
  assert.deepEqual(together, [all, few, all])
})

test('a task that takes too long moves all to a thread, with the groups that were made before', async () => {
  const job: Omit<ScanJob, 'shared'> = {
    files,
    sources: [groups.source],
    reductions: [groups],
    profiles: [],
    survey: false,
    full: false,
    env: { now: 0n, start: 0n, end: 0n, zone: 'UTC' },
    bounds: null,
    context: { zone: 'UTC', year: 1970, maxLine: 1 << 20 },
    spool: folder,
  }
  const found = async (patience: (message: ToScan) => number): Promise<unknown> => {
    const worker: ScanWorker = new SupervisedWorker(hereChannel(patience))
    worker.send({ kind: 'job', job: { ...job, shared: worker.shared }, name: '0' })
    const rows: string[] = []
    let lines = 0
    const on = (m: FromScan): boolean => {
      if (m.kind === 'rows') for (const r of m.rows.flat()) rows.push(r.join(' '))
      if (m.kind === 'done') lines += m.stats.lines
      return m.kind === 'done'
    }
    for (const task of [...tasksOf(files), { id: 99, file: 0, start: 0, end: 0, whole: false, last: true as const }])
      await worker.request({ kind: 'task', task }, { phase: 'reading', on }, { signal: undefined, patience: 60 })
    const { isHere } = worker
    await worker.end()
    return { isHere, rows: rows.sort(), lines }
  }
  const here = (await found(() => 60_000)) as object
  let tasks = 0
  // No machine reads megabytes in a millisecond.
  const moved = await found((m) => (m.kind === 'task' && ++tasks > 2 ? 1 : 60_000))
  assert.equal(tasks, 3)
  assert.deepEqual(moved, { ...here, isHere: false })
})
