// Tries many filters on each event: findings of filters that need no other event, and rows for the plans of the others.
import { type Binder, binder, candidates, type EventMeta } from '../../core/eval/bind.ts'
import { type EachRow, eachRow } from '../../core/eval/each-row.ts'
import type { Tuple } from '../../core/eval/sink.ts'
import { type MatchWatch, Matcher } from '../../core/hunt/matcher.ts'
import { INGEST_FIELDS, ingestedAt } from '../../core/detect/backtest/ingest.ts'
import type { RuleIndex } from '../../core/hunt/rule-index.ts'
import { CIRCUMSTANCES } from '../../core/lang/shared/circumstances.ts'
import type { Event } from '../../core/logs/format.ts'
import { CARVED_NOTE } from '../../core/logs/vendors/windows/windows-xml.ts'
import type { Env, Value } from '../../core/plan/plan.ts'
import { TRIED } from '../workers/shared-memory.ts'
import { threadClock } from '../workers/thread-time.ts'
import type { Answer, EventConsumer, FileScope } from './event-consumers.ts'
import { type HuntFilter, type PackedFilters, unpackFilter } from './packed-filters.ts'

export interface HuntJob {
  readonly filters: PackedFilters
  /** Names of fields that the filters read. */
  readonly names: readonly string[]
  readonly index: RuleIndex
  /** Most findings of a filter that are returned; all are counted. */
  readonly most: number
  /** By filter, shared: the findings that the hunt has. */
  readonly had: Int32Array
  /** By filter, shared: 1 if it is not tried any more. */
  readonly off: Int32Array
  /** Milliseconds on a processor that a filter may take in one thread. */
  readonly budget: number
  /** The whole event goes with a finding. */
  readonly withEvent: boolean
  /** Earlier events are not tried. Null: all are. */
  readonly since: Since | null
}

/** Events that the platform received from a time on. Those without that time count by their own. */
export interface Since {
  /** Microseconds UTC. */
  readonly at: bigint
  /** Of times without one. */
  readonly zone: string
}

/** A finding of one event. */
export interface Found {
  readonly filter: number
  readonly time: bigint | null
  /** In the part of the file that the task reads, from 1. */
  readonly line: number
  /** From the unused part of an event log. */
  readonly isCarved: boolean
  readonly host: string | null
  readonly user: string | null
  readonly values: Tuple
  /** Names and texts in turn. */
  readonly event: readonly string[] | null
}

/** By filter. */
export interface HuntPart {
  readonly counts: Int32Array
  /** Events of the filter's kind. */
  readonly events: Float64Array
  /** Milliseconds, estimated from a sample of the events. */
  readonly cost: Float64Array
  /** By slot of the index: 1 if an event had a text there. */
  readonly filled: Uint8Array
}

const namesOf = (id: string): readonly string[] => CIRCUMSTANCES.find((c) => c.id === id)?.names ?? []
/** One event of so many is timed. */
const SAMPLED = 16
/** Milliseconds. */
const LONG = 1

/** The state that all tasks of a worker share. */
export class Hunt {
  readonly job: HuntJob
  readonly #env: Env
  readonly #tried: Int32Array
  readonly #matchers = new Map<string, Matcher>()
  readonly #filters: (HuntFilter | undefined)[] = []
  readonly #oneRow: (boolean | undefined)[] = []
  readonly #plans: (EachRow | undefined)[] = []
  /** Milliseconds of this worker, by filter. */
  readonly spent: Float64Array
  /** Milliseconds on a processor. Slow, so only heavy filters are timed by it. */
  readonly clock = threadClock()
  /** 1: the filter is timed on each event. */
  readonly isHeavy: Uint8Array

  constructor(job: HuntJob, env: Env, shared: SharedArrayBuffer) {
    this.job = job
    this.#env = env
    this.#tried = new Int32Array(shared)
    this.spent = new Float64Array(job.index.filters.length)
    this.isHeavy = new Uint8Array(job.index.filters.length)
  }

  matcher({ format, tags }: FileScope): Matcher {
    const key = JSON.stringify([format.name, tags])
    const known = this.#matchers.get(key)
    if (known) return known
    const made = new Matcher((filter) => this.filter(filter), this.job.index, {
      aliases: format.aliases,
      tags,
      env: this.#env,
      respelled: format.respelled,
    })
    this.#matchers.set(key, made)
    return made
  }

  filter(filter: number): HuntFilter {
    const made = this.#filters[filter] ?? unpackFilter(this.job.filters, filter)
    this.#filters[filter] = made
    return made
  }

  /** Each event that passes the filter is a row of the rule. */
  givesOneRow(filter: number): boolean {
    const known = this.#oneRow[filter]
    if (known !== undefined) return known
    const isOne = this.filter(filter).stages?.every((s) => s.kind === 'set' || s.kind === 'project') === true
    this.#oneRow[filter] = isOne
    return isOne
  }

  /** The rows that a finding of one event has. */
  findings(filter: number, row: Tuple): readonly Tuple[] {
    const { source, stages } = this.filter(filter)
    this.#plans[filter] ??= eachRow({ lets: [], out: { from: source, stages: stages ?? [] } }, this.#env, source.name)
    return this.#plans[filter].run(row)
  }

  /** For the watchdog. */
  set tried(filter: number) {
    this.#tried[TRIED] = filter + 1
  }
}

/** The events of one task. */
export class HuntConsumer implements EventConsumer, MatchWatch {
  readonly #hunt: Hunt
  readonly #scope: FileScope
  readonly #matcher: Matcher
  readonly #binders: (Binder | undefined)[] = []
  readonly #addRow: (place: number, row: Tuple) => void
  readonly #line: () => number
  readonly #found: Found[] = []
  readonly #counts: Int32Array
  readonly #cost: Float64Array
  readonly #host: readonly string[]
  readonly #user: readonly string[]
  readonly #ingest: readonly string[]
  /** By place: the event whose row it has. Rules can share a place, and each of their filters passes the event. */
  readonly #rowOf: number[] = []
  #events = 0
  #isTimed = false
  #began = 0
  #answer: Answer = 'no'
  #event: Event | undefined
  #meta: EventMeta | undefined

  /** `line`: the current line of the task. */
  constructor(hunt: Hunt, scope: FileScope, addRow: (place: number, row: Tuple) => void, line: () => number) {
    this.#hunt = hunt
    this.#scope = scope
    this.#matcher = hunt.matcher(scope)
    this.#addRow = addRow
    this.#line = line
    this.#counts = new Int32Array(hunt.job.index.filters.length)
    this.#cost = new Float64Array(hunt.job.index.filters.length)
    this.#host = namesOf('host').flatMap((n) => candidates(n, scope.format.aliases))
    this.#user = namesOf('user').flatMap((n) => candidates(n, scope.format.aliases))
    this.#ingest = INGEST_FIELDS.flatMap((n) => candidates(n, scope.format.aliases))
    this.#matcher.resetCounts()
  }

  accept(event: Event, meta: EventMeta): Answer {
    const { since } = this.#hunt.job
    if (since) {
      const at = this.#received(event, since)
      if (at === undefined) return 'untimed'
      if (at < since.at) return 'no'
    }
    this.#isTimed = this.#events++ % SAMPLED === 0
    this.#answer = 'no'
    this.#event = event
    this.#meta = meta
    const before = this.#found.length
    this.#matcher.match(event, meta, this, this.#passed)
    if (this.#found.length > before + 1) this.#order(before)
    return this.#answer
  }

  /** The matcher's order depends on the events that this worker had before. The findings of one event are in the order of the rules. */
  #order(from: number): void {
    const own = this.#found.splice(from).sort((a, b) => a.filter - b.filter)
    for (const f of own) this.#found.push(f)
  }

  #received({ fields, time }: Event, { zone }: Since): bigint | undefined {
    const at = ingestedAt(
      this.#ingest.map((name) => fields.get(name) ?? null),
      zone,
    )
    return Number.isNaN(at) ? time : BigInt(at)
  }

  begin(filter: number): boolean {
    const { job } = this.#hunt
    if (job.off[filter] === 1) return false
    this.#hunt.tried = filter
    if (this.#hunt.isHeavy[filter] === 1) this.#began = this.#hunt.clock()
    else if (this.#isTimed) this.#began = performance.now()
    return true
  }

  end(filter: number): void {
    const { job, spent, isHeavy } = this.#hunt
    this.#hunt.tried = -1
    const isEach = isHeavy[filter] === 1
    if (!this.#isTimed && !isEach) return
    const took = (isEach ? this.#hunt.clock() : performance.now()) - this.#began
    const isLong = took > LONG
    // Another program may have had the processor, so one long time is no sample. The filter's own time counts on each event from now on.
    const ms = isEach ? took : isLong ? 0 : took * SAMPLED
    if (isLong) isHeavy[filter] = 1
    this.#cost[filter] = (this.#cost[filter] as number) + ms
    spent[filter] = (spent[filter] as number) + ms
    if ((spent[filter] as number) > job.budget) job.off[filter] = 1
  }

  readonly #passed = (filter: number): void => {
    const { bounds } = this.#scope
    const event = this.#event as Event
    const meta = this.#meta as EventMeta
    const { source, place } = this.#hunt.filter(filter)
    if (bounds && source.interval === 'query') {
      const { time } = event
      if (time === undefined) this.#answer = 'untimed'
      if (time === undefined || time < bounds.start || time >= bounds.end) return
    }
    if (this.#answer === 'no') this.#answer = 'yes'
    if (place >= 0) {
      this.#count(filter)
      if (this.#rowOf[place] === this.#events) return
      this.#rowOf[place] = this.#events
      this.#addRow(place, this.#row(filter, event, meta))
      return
    }
    const isOne = this.#hunt.givesOneRow(filter)
    if (isOne && !this.#count(filter)) return
    // Later stages can drop the event, or make several rows of it: each row is a finding.
    for (const values of this.#hunt.findings(filter, this.#row(filter, event, meta)))
      if (isOne || this.#count(filter)) this.#found.push(this.#finding(filter, event, values))
  }

  /** False: the rule has no room for another finding. */
  #count(filter: number): boolean {
    const { most, had } = this.#hunt.job
    const count = this.#counts[filter] as number
    this.#counts[filter] = count + 1
    return count < most && (had[filter] as number) < most
  }

  #row(filter: number, event: Event, meta: EventMeta): Tuple {
    const { format, tags } = this.#scope
    const bound = this.#binders[filter] ?? binder(this.#hunt.filter(filter).source, format.aliases, tags)
    this.#binders[filter] = bound
    return wellFormed(bound.tuple(event, meta), meta)
  }

  #finding(filter: number, event: Event, values: Tuple): Found {
    return {
      filter,
      time: event.time ?? null,
      line: this.#line(),
      isCarved: event.notes?.includes(CARVED_NOTE) === true,
      host: this.#first(this.#host, event),
      user: this.#first(this.#user, event),
      values,
      event: this.#hunt.job.withEvent ? [...event.fields].flat() : null,
    }
  }

  #first(names: readonly string[], { fields }: Event): string | null {
    for (const name of names) {
      const value = fields.get(name) ?? this.#scope.tags[name]
      if (value !== undefined && value !== '') return value
    }
    return null
  }

  /** Findings that `drain` gives. */
  get found(): number {
    return this.#found.length
  }

  /** The findings so far, which the consumer forgets. */
  drain(): readonly Found[] {
    return this.#found.splice(0)
  }

  part(): HuntPart {
    const { events, filled } = this.#matcher.counts()
    return { counts: this.#counts, cost: this.#cost, events, filled }
  }
}

/** JSON can spell a lone surrogate, which no database accepts as text, so no plan gets one. */
function wellFormed(row: Tuple, { raw }: EventMeta): Tuple {
  if (!raw.includes('\\ud') && !raw.includes('\\uD')) return row
  return row.map(
    (v): Value =>
      typeof v === 'string' ? v.toWellFormed() : Array.isArray(v) ? v.map((t: string) => t.toWellFormed()) : v,
  )
}
