// Log lines through a reader and the network view, for tests.
import assert from 'node:assert/strict'
import { binder } from '../../eval/bind.ts'
import { evaluate } from '../../eval/evaluate.ts'
import { verify } from '../../passes/0-verify.ts'
import type { Plan, Row, SourceNode } from '../../plan/plan.ts'
import { compile } from '../../workbench/compile.ts'
import type { LogFormat } from '../format.ts'
import { networkView } from './network.ts'

/** A query that shows these fields. */
export function query(fields: readonly string[]): Plan {
  const text = `* | fields ${fields.join(', ')}`
  const { plan, diagnostics } = compile({ name: 'q', text } as never, 'sumo', { context: { fields: [...fields] } })
  assert.ok(plan, JSON.stringify(diagnostics))
  return plan
}

export const ENV = { now: 0n, start: 0n, end: 1n << 62n, zone: 'UTC' }

export function rows(plan: Plan, lines: readonly (readonly [LogFormat, string])[], env = ENV): Row[] {
  const tables = function* (source: SourceNode): Iterable<Row> {
    let seq = 0n
    for (const [format, line] of lines) {
      const e = format.reader({ zone: 'UTC', year: 2026 }, []).read(line)
      assert.ok('fields' in e, JSON.stringify(e))
      yield binder(source, format.aliases).row(e, { file: 'f', raw: line, seq: seq++ })
    }
  }
  return evaluate(plan, tables, env).rows
}

/** The view's rows, as text, in an order of their own. */
export function view(lines: readonly (readonly [LogFormat, string])[], fields: readonly string[]): string[] {
  const { plan } = networkView.rewrite(query(fields), fields)
  assert.deepEqual(verify(plan), [])
  return rows(plan, lines)
    .map((r) => fields.map((f) => r[f] ?? '-').join(' '))
    .sort()
}
