// assay witness: telemetry that a query finds, or just misses.
import { noSuchFormat } from '../core/diag/catalogue/witness.ts'
import { diagnostic, noPlace } from '../core/diag/diagnostic.ts'
import type { NearMiss } from '../core/witness/witness.ts'
import type { Telemetry } from '../core/witness/telemetry.ts'
import { readQueryArgument } from '../engine/project/query-argument.ts'
import { GENERATED, oneLine, witnessQuery, type WitnessedQuery } from '../engine/query/witness-query.ts'
import { casesText, predicateText, writableFormats, writeTelemetry } from '../engine/query/write-telemetry.ts'
import type { WitnessFlags } from './commands/witness.ts'
import type { Io } from './io.ts'
import { diagnosticsToJson } from './json.ts'
import { print, printDocument, printJson } from './print.ts'
import { say } from './say.ts'
import { countOf } from './words.ts'

/** One query always gives the same events. */
const SEED = 1

/** Formats of this command that are no log formats. */
const REPORTS = ['case', 'json']

export async function witness(io: Io, argument: string, flags: WitnessFlags): Promise<number> {
  const query = readQueryArgument(argument, flags)
  const formats = writableFormats()
  if (!query.ok) {
    say(io, query.diagnostics)
    return 2
  }
  if (!REPORTS.includes(flags.format) && !formats.includes(flags.format)) {
    say(io, [diagnostic(noSuchFormat, noPlace, { name: flags.format, known: [...formats, ...REPORTS] })])
    return 2
  }
  const result = witnessQuery(query.value, { ...flags, seed: SEED })
  if (flags.format === 'json') printReport(io, result)
  else if (flags.format === 'case') {
    say(io, result.diagnostics)
    if (result.found) printDocument(io, casesText(result.found, query.value, query.value.path))
  } else printEvents(io, result, flags)
  if (!result.found) return 2
  return countOf(result.diagnostics, 'error') > 0 ? 1 : 0
}

function printEvents(
  io: Io,
  { found, compiled, diagnostics }: WitnessedQuery,
  { format, nearMiss }: WitnessFlags,
): void {
  const near = found?.reached.flatMap((r) => r.misses) ?? []
  const chosen: readonly Telemetry[] = nearMiss ? near.map((m) => m.telemetry) : (found?.passing ?? [])
  const { plan } = compiled
  const written = plan && writeTelemetry(plan, chosen, format, nearMiss ? near : undefined, GENERATED)
  say(io, [...diagnostics, ...(written?.diagnostics ?? [])])
  if (!written) return
  if (nearMiss) print(io.stderr, near.map((m, i) => `${places(near, i)}: falls out at ${missText(m)}\n`).join(''))
  if (written.text !== '') printDocument(io, written.text)
}

/** The lines of one near-miss in the output. */
function places(near: readonly NearMiss[], i: number): string {
  const before = near.slice(0, i).reduce((n, m) => n + m.telemetry.events.length, 0)
  const { length } = (near[i] as NearMiss).telemetry.events
  return length === 1 ? `event ${before + 1}` : `events ${before + 1}-${before + length}`
}

const missText = ({ condition, what, alone }: NearMiss): string =>
  `${oneLine(predicateText(condition.pred))}: ${what}${alone ? '' : '; a later predicate is false too'}`

function printReport(io: Io, { found, diagnostics }: WitnessedQuery): void {
  const telemetry = (t: Telemetry) => ({
    events: t.events.map((e) => ({
      ...(e.time !== undefined && { time: e.time }),
      ...(e.raw !== undefined && { raw: e.raw }),
      fields: Object.fromEntries(e.fields),
    })),
    ...(Object.keys(t.lookups).length > 0 && { lookups: t.lookups }),
  })
  printJson(io, {
    passing: found?.passing.map(telemetry) ?? [],
    nearMisses:
      found?.reached.flatMap((r) =>
        r.misses.map((m) => ({
          predicate: predicateText(m.condition.pred),
          difference: m.what,
          alone: m.alone,
          ...telemetry(m.telemetry),
        })),
      ) ?? [],
    diagnostics: diagnosticsToJson(diagnostics),
  })
}
