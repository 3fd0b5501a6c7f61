// A translation and its source, both run over generated events.
import * as codes from '../../core/diag/catalogue/translate.ts'
import { type Diagnostic, diagnostic, inText } from '../../core/diag/diagnostic.ts'
import type { CompileContext } from '../../core/lang/shared/lowered.ts'
import type { CorrelationDetection, PortableDetection } from '../../core/lang/shared/portable.ts'
import { planSources } from '../../core/plan/sources.ts'
import type { Event } from '../../core/logs/format.ts'
import { isCount } from '../../core/lang/shared/write-correlation.ts'
import { jsonLine } from '../../core/logs/readers/json/write.ts'
import { durationText } from '../../core/witness/durations.ts'
import { outcomeOf } from '../../core/witness/outcome.ts'
import { type Reading, type Telemetry, WITNESS_ENV } from '../../core/witness/telemetry.ts'
import { type Difference, type Side, type Verdict, differenceOf, verify } from '../../core/witness/verify.ts'
import { windowTelemetry } from '../../core/witness/windows.ts'
import { witnesses } from '../../core/witness/witness.ts'
import { type Compiled, compile, languageNamed } from '../../core/workbench/compile.ts'
import type { Table } from '../../core/workbench/present.ts'
import type { Language } from '../../core/workbench/language.ts'
import { OWN_NAMES, type Translated, type Translation } from '../../core/workbench/translate.ts'
import { MOST_SECONDS, within } from '../workers/within.ts'
import { stageText } from './stage-counts.ts'
import { DELIVERED, delivered } from './delivered.ts'
import { verifyRecords } from './prove-records.ts'
import { isSpelt, sideOf, spellings } from './verify-queries.ts'
import { GENERATED, oneLine, type QueryText } from './witness-query.ts'
import { predicateText } from './write-telemetry.ts'

interface Setting {
  readonly query: QueryText
  readonly to: Language
  readonly translated: Translated
  readonly context: CompileContext
}

export interface Proof {
  /** Undefined: not executed. */
  readonly verdict: Verdict | undefined
  readonly diagnostic: Diagnostic
}

/** Events that are tried as records of real logs too. */
const MOST_DELIVERED = 200
const TOO_LONG = `running both took more than ${MOST_SECONDS} s`
/** Fewer events prove little. */
const LEAST_EVENTS = 250

export function proofOf(t: Translation, { query, to, translated, context }: Setting): Proof {
  const { source, language } = query
  const at = inText(source, { start: 0, end: 0 })
  const notRun = (reason: string): Proof => ({
    verdict: undefined,
    diagnostic: diagnostic(codes.translationNotRun, at, { reason }),
  })
  const several = translated.translations.length > 1 ? { detection: translated.translations.indexOf(t) } : {}
  const written = { name: `${source.name}.${to.id}`, text: t.text ?? '' }
  const target = to.overRecords?.(t.detection, written.text)
  if (target && languageNamed(language)?.platform.portable) {
    const inNames = { ...context, ...several, vocabulary: OWN_NAMES }
    const found = within(1000 * MOST_SECONDS, () =>
      verifyRecords({ query, context: inNames, target, least: LEAST_EVENTS }),
    )
    if (!found) return notRun(TOO_LONG)
    if ('reason' in found) return notRun(found.reason)
    const texts = { a: source, b: { name: written.name, text: target.text } }
    return { verdict: found, diagnostic: verdictDiagnostic(found, texts) }
  }
  if (!languageNamed(to.id)?.run) return notRun(`Assay does not run ${to.title}`)
  const { vocabulary } = translated
  const a = compile(source, language, {
    context: { ...context, ...several, ...(vocabulary && { vocabulary: vocabulary.id }) },
  })
  const names = t.vocabulary === undefined ? {} : { vocabulary: t.vocabulary }
  const losses = lossesOf(translated)
  const b = compile(written, to.id, { context: { ...(losses.has('percentile-rank') ? BETWEEN : TARGET), ...names } })
  const broken = [a, b].find((c) => !c.plan)
  // A portable rule in the names of one vocabulary reads no others.
  const [x, y] = vocabulary || t.vocabulary ? [alone(a), alone(b)] : [sideOf(a, b), sideOf(b, a)]
  if (!x || !y)
    return notRun(broken?.diagnostics.find((d) => d.severity === 'error')?.message ?? 'a text does not compile')
  const spelt = vocabulary ? [] : [...spellings(a, b)]
  const seen: Event[] = []
  const isReal = (e: Event): boolean => {
    const found = isPossible(e)
    if (found && seen.length < MOST_DELIVERED) seen.push(e)
    return found
  }
  const isPossible = (e: Event): boolean =>
    (vocabulary?.isReal(e.fields) ?? true) &&
    spelt.every(([name, values]) => isSpelt(e, name, values)) &&
    (!losses.has('empty-key') || keysOf(t.detection).every((k) => e.fields.get(k) !== '')) &&
    (!losses.has('number-text') || [...e.fields.values()].every(isPlainNumber)) &&
    // Such quotes and doubled backslashes are JSON's, and a JSON record is not kept as a text. Two begin the name of a server.
    (!losses.has('keyword-raw') || !/\\"|\\{3}|[^\\\s]\\\\/.test(e.raw ?? ''))
  const window = WINDOW_LOSSES.some((l) => losses.has(l)) ? windowOf(t.detection) : undefined
  const isMeant = (d: Difference): boolean =>
    (window !== undefined && slicesOf(d.telemetry, window) > 1) ||
    (losses.has('window-whole') && isFoundBefore(y, d.telemetry)) ||
    (losses.has('count-of-nothing') && d.b.rows.length === 0 && isOfNothing(d.a))
  // A translation without losses shows a row for each event or group too. CQL shows 200 events.
  const countsRows = losses.size === 0 && t.detection.kind === 'events' ? SHOWN : 1
  const tags = tagNames(a, b)
  const counting = (s: Side): Side => ({ ...s, reading: withNames(s.reading, tags, s === y), countsRows })
  const given = t.detection.kind === 'correlation' ? givenFor(t.detection, to) : undefined
  /** The rule as a run reads it, and its translation, over records of real logs. */
  const overDelivered = (of: readonly Event[], category: string | undefined): Difference | undefined => {
    const run = compile(source, language, { context: { ...context, ...several } })
    const [r, w] = [alone(run), alone(b)].map((s) => s && { ...s, reading: DELIVERED })
    if (!r || !w) return undefined
    for (const telemetry of delivered(of, category)) {
      const found = differenceOf(r, w, telemetry, WITNESS_ENV)
      if (found) return found
    }
    return undefined
  }
  const verdict = within(1000 * MOST_SECONDS, (): Verdict => {
    const asFound = t.detection.kind === 'events' && vocabulary ? t.detection.logsource : undefined
    const found = verify(counting(x), counting(y), {
      isReal,
      isMeant,
      given: given?.telemetry ?? [],
      least: LEAST_EVENTS,
    })
    const other = found.kind === 'same' && asFound ? overDelivered(seen, asFound.category) : undefined
    if (other) return { kind: 'differs', events: seen.length, ...other }
    const isTold = found.kind === 'same' && given?.isComplete && tellsApart(x, given.telemetry)
    return isTold ? { ...found, notReached: [] } : found
  })
  if (!verdict) return notRun(TOO_LONG)
  return { verdict, diagnostic: verdictDiagnostic(verdict, { a: source, b: written }) }
}

const SHOWN = 200

/** A rule without a known log source reads every event, as its source does. */
const TARGET: CompileContext = { zone: 'UTC', interval: WITNESS_ENV, semantics: { 'unknown-logsource': 'every-event' } }

/** Percentiles that the platform estimates are compared as values between neighbours. */
const BETWEEN: CompileContext = { ...TARGET, semantics: { ...TARGET.semantics, 'percentile-method': 'interpolated' } }

const alone = ({ language: { id }, presentation, plan }: Compiled): Side | undefined =>
  plan && { plan, language: id, ordered: presentation.ordered, reading: GENERATED }

/** Tags of Falcon LogScale that the translation reads under their name without `#`, as other platforms have it. */
function tagNames(a: Compiled, b: Compiled): string[] {
  const names = (c: Compiled): Set<string> =>
    new Set(
      (c.plan ? planSources(c.plan) : []).flatMap(({ columns }) =>
        columns.flatMap(({ from }) => (from.kind === 'field' ? [from.name] : [])),
      ),
    )
  const [own, written] = [names(a), names(b)]
  return [...own].flatMap((n) => (n.startsWith('#') && !own.has(n.slice(1)) && written.has(n.slice(1)) ? [n] : []))
}

/** One event is read by both: the tag from the name, or the name from the tag. */
const withNames = (reading: Reading, tags: readonly string[], isTarget: boolean): Reading => ({
  ...reading,
  aliases: {
    ...reading.aliases,
    ...Object.fromEntries(
      tags.map((tag) => {
        const [name, other] = isTarget ? [tag.slice(1), tag] : [tag, tag.slice(1)]
        return [name, [...(reading.aliases?.[name] ?? []), other]]
      }),
    ),
  },
})

const WINDOW_LOSSES = ['window-fixed', 'window-interval', 'window-sliding']
const lossesOf = ({ diagnostics }: Translated): Set<string> =>
  new Set(diagnostics.flatMap((d) => (d.code === codes.lossy.id ? [(d.data as { kind: string }).kind] : [])))

/** The one row that counts no events. */
const isOfNothing = ({ rows: [row, ...others] }: Table): boolean =>
  others.length === 0 &&
  (row ?? []).every((c) => c === null || (typeof c === 'object' && 'number' in c && c.number === '0'))

const keysOf = (d: PortableDetection): readonly string[] =>
  d.kind === 'events' ? d.steps.flatMap((s) => (s.kind === 'aggregate' ? s.by : [])) : []

/** False: a number in a form that products do not write. */
const isPlainNumber = (value: string): boolean =>
  value.trim() === '' || !Number.isFinite(Number(value)) || String(Number(value)) === value

function windowOf(d: PortableDetection): bigint | undefined {
  if (d.kind === 'correlation') return d.timespan
  const step = d.steps.find((s) => s.kind === 'aggregate')
  return step?.kind === 'aggregate' ? (step.bucket ?? 86_400_000_000n) : undefined
}

const slicesOf = ({ events }: Telemetry, span: bigint): number =>
  new Set(events.map((e) => (e.time === undefined ? '' : String(e.time / span)))).size

/** The query finds something before the last of the events came. */
function isFoundBefore({ plan, reading }: Side, { events, lookups }: Telemetry): boolean {
  const inTime = events.toSorted((a, b) => Number((a.time ?? 0n) - (b.time ?? 0n)))
  return inTime.some((_, i) => {
    const telemetry = { events: inTime.slice(0, i), lookups }
    return i > 0 && outcomeOf(plan, telemetry, WITNESS_ENV, reading).result.rows.length > 0
  })
}

interface Given {
  readonly telemetry: readonly Telemetry[]
  /** Every predicate of every rule has an event that falls out just there. */
  readonly isComplete: boolean
}

/** Telemetry of a correlation, made of the events of its rules. */
function givenFor(d: CorrelationDetection, to: Language): Given | undefined {
  let isComplete = true
  const rules = d.of.flatMap((r) => {
    const written = to.write?.(r)
    const text = written && 'text' in written ? written.text : undefined
    const plan = text === undefined ? undefined : compile({ name: 'rule', text }, to.id, { context: TARGET }).plan
    const all = plan && witnesses(plan, { reading: GENERATED, most: 2 })
    const [event] = all?.passing[0]?.events ?? []
    isComplete &&= all?.reached.every((c) => c.implied || c.misses.length > 0) ?? false
    const missed = all?.reached.flatMap((c) => c.misses.flatMap((m) => m.telemetry.events.slice(0, 1))) ?? []
    return event ? [{ found: event, missed }] : []
  })
  if (rules.length < d.of.length) return undefined
  const [bound] = d.bounds
  const value = bound?.value ?? rules.length
  const windows = (needed: number, valueAt?: (place: number) => string): Telemetry[] =>
    windowTelemetry({
      rules,
      groupBy: d.groupBy.map((g) => g.fields),
      span: d.timespan,
      needed,
      counted: d.fields,
      value: valueAt,
      isOfRules: d.type.startsWith('temporal'),
    })
  if (isCount(d)) return { telemetry: windows(Math.max(1, Math.ceil(value) + (bound?.op === '>' ? 1 : 0))), isComplete }
  // The number of each window is the bound, or one above or below: a sum is that of its first value.
  const isSum = d.type === 'value_sum'
  const numbers = [value + 1, value, value - 1]
  const telemetry = numbers.flatMap((n) => windows(3, (place) => String(isSum && place > 0 ? 0 : n)))
  return { telemetry, isComplete }
}

/** Something is found in a part of the telemetry, and nothing in another. */
function tellsApart({ plan, reading }: Side, all: readonly Telemetry[]): boolean {
  const found = all.map((t) => outcomeOf(plan, t, WITNESS_ENV, reading).result.rows.length > 0)
  return found.includes(true) && found.includes(false)
}

interface Texts {
  readonly a: QueryText['source']
  readonly b: QueryText['source']
}

function verdictDiagnostic(verdict: Verdict, texts: Texts): Diagnostic {
  const at = inText(texts.a, { start: 0, end: 0 })
  if (verdict.kind === 'proven') return diagnostic(codes.translationSame, at, { events: 0 })
  if (verdict.kind === 'nothing')
    return diagnostic(codes.translationNotRun, at, { reason: 'no event could be generated' })
  if (verdict.kind === 'same') {
    const predicates = verdict.notReached.map(
      ({ side, pred, stage, window }) =>
        `${side === 'a' ? 'source' : 'target'}: ${window !== undefined ? `the window of ${durationText(window)}` : oneLine(pred ? predicateText(pred) : stage ? stageText(texts[side], stage) : 'what it finds')}`,
    )
    return predicates.length === 0
      ? diagnostic(codes.translationSame, at, { events: verdict.events })
      : diagnostic(codes.translationUnreached, at, { events: verdict.events, predicates })
  }
  const { decides, telemetry } = verdict
  const finds = verdict.a.rows.length > 0 ? 'source' : 'target'
  const stage = decides?.trace.stage
  return diagnostic(codes.translationDiffers, at, {
    event: telemetry.events.map(jsonLine).join(' '),
    finds,
    step: decides && stage ? oneLine(stageText(texts[decides.side], stage)) : undefined,
  })
}
