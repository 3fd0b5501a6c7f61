// A translation whose platform reads records that it makes of events: the rule over events, and the text over the records made of them.
import type { CompileContext } from '../../core/lang/shared/lowered.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { printPred } from '../../core/plan/print.ts'
import { columnsOfPred } from '../../core/plan/walk.ts'
import { compareTables } from '../../core/witness/compare.ts'
import { findingsOf, outcomeOf } from '../../core/witness/outcome.ts'
import { shrink } from '../../core/witness/shrink.ts'
import { type Telemetry, WITNESS_ENV } from '../../core/witness/telemetry.ts'
import { trace } from '../../core/witness/trace.ts'
import type { NotReached, Verdict } from '../../core/witness/verify.ts'
import { witnesses } from '../../core/witness/witness.ts'
import { compile } from '../../core/workbench/compile.ts'
import type { OverRecords } from '../../core/workbench/language.ts'
import { present } from '../../core/workbench/present.ts'
import { GENERATED, type QueryText } from './witness-query.ts'

interface Sides {
  readonly query: QueryText
  /** Selects the detection and the names of the rule. */
  readonly context: CompileContext
  readonly target: OverRecords
  readonly least: number
}

const MOST_ROUNDS = 24

/** A reason, if it was not run. */
export function verifyRecords({ query, context, target, least }: Sides): Verdict | { readonly reason: string } {
  const rule = compile(query.source, query.language, { context })
  const text = compile({ name: 'rule expression', text: target.text }, target.language, { context: { zone: 'UTC' } })
  const [a, b] = [rule.plan, text.plan]
  if (!a || !b) return { reason: 'a text does not compile' }
  const form = text.language.read.anotherForm
  if (!text.diagnostics.some((d) => d.code === form)) return { reason: 'Assay cannot read a condition of this size' }
  const finds = (plan: Plan, t: Telemetry): boolean => findingsOf(plan, t, WITNESS_ENV, GENERATED) > 0
  const asRecords = (t: Telemetry): Telemetry | undefined => changed(t, target.recordOf)
  const differs = (t: Telemetry): boolean => {
    const records = asRecords(t)
    return records !== undefined && finds(a, t) !== finds(b, records)
  }
  let events = 0
  /** Predicates that were seen to stop an event, and both plans seen to find one. */
  const stopped = new Set<string>()
  const found = { a: false, b: false }
  const sides = [witnesses(a, ROUND(1)), witnesses(b, ROUND(1))] as const
  for (let round = 1; round <= MOST_ROUNDS && (round === 1 || (events > 0 && events < least)); round++) {
    const [ofA, ofB] = round === 1 ? sides : ([witnesses(a, ROUND(round)), witnesses(b, ROUND(round))] as const)
    const all = (w: typeof ofA): Telemetry[] => [
      ...w.passing,
      ...w.reached.flatMap((r) => r.misses.map((m) => m.telemetry)),
    ]
    for (const t of [...all(ofA), ...all(ofB).flatMap((r) => changed(r, target.eventOf) ?? [])]) {
      const records = asRecords(t)
      if (!records) continue
      events += t.events.length
      if (differs(t)) return differenceAt(a, b, shrink(t, differs), asRecords, events)
      if (finds(a, t)) found.a = found.b = true
      for (const [plan, of] of [
        [a, t],
        [b, records],
      ] as const) {
        const way = trace(plan, of, WITNESS_ENV, GENERATED)
        if (way.kind === 'out') for (const { pred } of way.because) stopped.add(printPred(pred))
      }
    }
  }
  const notReached = sides.flatMap(({ reached, defeated }, i): NotReached[] => {
    const side = i === 0 ? 'a' : 'b'
    if (!found[side]) return [{ side, stage: defeated?.stage ?? null, path: 'out', pred: defeated?.pred ?? null }]
    return reached.flatMap(({ condition: { stage, path, pred }, implied }) =>
      implied || stopped.has(printPred(pred)) || [...columnsOfPred(pred)].every(target.isConstant)
        ? []
        : [{ side, stage, path, pred }],
    )
  })
  return { kind: 'same', events, notReached }
}

const ROUND = (seed: number) => ({ seed: seed * 131, reading: GENERATED, most: 12 })

function changed(t: Telemetry, to: OverRecords['recordOf']): Telemetry | undefined {
  const events = t.events.flatMap((e) => {
    const fields = to(e.fields)
    return fields ? [{ ...e, fields, raw: '' }] : []
  })
  return events.length === t.events.length ? { ...t, events } : undefined
}

function differenceAt(
  a: Plan,
  b: Plan,
  telemetry: Telemetry,
  asRecords: (t: Telemetry) => Telemetry | undefined,
  events: number,
): Verdict {
  const table = (plan: Plan, t: Telemetry) => {
    const { columns, rows } = outcomeOf(plan, t, WITNESS_ENV, GENERATED).result
    return present(columns, rows, { ordered: false })
  }
  const records = asRecords(telemetry) ?? telemetry
  const [x, y] = [table(a, telemetry), table(b, records)]
  const side = x.rows.length === 0 ? 'a' : 'b'
  const way = side === 'a' ? trace(a, telemetry, WITNESS_ENV, GENERATED) : trace(b, records, WITNESS_ENV, GENERATED)
  const decides = way.kind === 'out' ? ({ side, trace: way } as const) : undefined
  return { kind: 'differs', events, telemetry, a: x, b: y, comparison: compareTables(x, y, false), decides }
}
