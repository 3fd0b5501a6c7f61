// Selects the lines of a file that have to be parsed, and knows some facts about the events of the others.
import type { LogFormat } from '../../core/logs/format.ts'
import { conjuncts } from '../../core/plan/build.ts'
import { jsonText } from '../../core/plan/json-text.ts'
import type { SourceNode } from '../../core/plan/plan.ts'
import type { Recognised, Tags } from '../inputs/input.ts'
import { FieldProfiler, filterByTags } from './event-consumers.ts'
import type { KernelSettings } from './kernel/kernel.ts'
import { kernelSettings } from './kernel/kernel-settings.ts'
import { jsonPrefilter } from './prefilter/json-prefilter.ts'
import type { LinePrefilter } from './prefilter/prefilter.ts'
import { clausesForField, textPrefilter } from './prefilter/text-prefilter.ts'
import type { ProfileSpec, ScanJob } from './scan-protocol.ts'

/** A profile whose filter is decided by the file's tags: the facts about events that are not parsed. */
export interface DecidedProfile {
  /** The value of the filter. */
  readonly matches: boolean
  /** The fields of these events are unknown. */
  readonly spared?: boolean
  /** Fields that some event of the file certainly has. */
  readonly found?: readonly string[]
  /** Fields that no event is known to have: lines that may have one of them are parsed. */
  readonly missing?: readonly string[]
}

export class LineSelection {
  readonly #job: ScanJob
  readonly #decided = new Map<Recognised, readonly (DecidedProfile | undefined)[]>()
  readonly #kernels = new Map<string, KernelSettings | null>()
  readonly #prefilters = new Map<string, LinePrefilter | null>()

  constructor(job: ScanJob) {
    this.#job = job
  }

  /** By profile of the job. Undefined: its events have to be parsed. */
  decidedProfiles(file: Recognised, format: LogFormat, tags: Tags): readonly (DecidedProfile | undefined)[] {
    const before = this.#decided.get(file)
    if (before) return before
    const decided = this.#job.profiles.map((p) => this.#decide(p, file, format, tags))
    this.#decided.set(file, decided)
    return decided
  }

  #decide(profile: ProfileSpec, file: Recognised, format: LogFormat, tags: Tags): DecidedProfile | undefined {
    const { env, bounds } = this.#job
    const { source, where, fields, values = [], whether, spare } = profile
    if ((bounds && source.interval === 'query') || values.length > 0) return undefined
    const matches = filterByTags({ ...source, where }, { format, tags, env })
    const spared: DecidedProfile | undefined = spare ? { matches: true, spared: true } : undefined
    if (matches === undefined) return undefined
    if (!matches || fields.length === 0) return { matches }
    if (!whether || !format.plain) return spared
    const found = this.#fieldsOfHead(fields, file, format, tags)
    const missing = fields.filter((f) => !found.includes(f))
    const isSearchable = missing.every((f) => clausesForField(f, format, tags).length > 0)
    return isSearchable ? { matches, found, missing } : spared
  }

  #fieldsOfHead(fields: readonly string[], file: Recognised, format: LogFormat, tags: Tags): readonly string[] {
    const profiler = new FieldProfiler({ fields, whether: true }, format, tags)
    const reader = format.reader(this.#job.context, file.head)
    for (const line of file.head) {
      const read = reader.read(line)
      if ('fields' in read) profiler.add(read)
    }
    return [...profiler.fields.keys()]
  }

  /** Undefined: every line has to be parsed. */
  prefilter(file: Recognised, format: LogFormat, tags: Tags): LinePrefilter | undefined {
    const job = this.#job
    if (job.survey || job.hunt) return undefined
    const decided = this.decidedProfiles(file, format, tags)
    const fields = decided.flatMap((d) => d?.missing ?? [])
    const key = JSON.stringify([file.format, tags, fields])
    const before = this.#prefilters.get(key)
    if (before !== undefined) return before ?? undefined
    const sources = this.#selecting(decided)
    const inputs = { format, tags, sample: file.head }
    const prefilter = jsonPrefilter(sources, inputs, job.env) ?? textPrefilter(sources, inputs, fields)
    this.#prefilters.set(key, prefilter ?? null)
    return prefilter
  }

  /** Undefined: the kernel is of no use for the file. */
  kernel(file: Recognised, format: LogFormat, tags: Tags): KernelSettings | undefined {
    const key = JSON.stringify([file.format, tags])
    const before = this.#kernels.get(key)
    if (before !== undefined) return before ?? undefined
    const sources = this.#selecting(this.decidedProfiles(file, format, tags))
    const settings = kernelSettings(this.#job, sources, { format, tags })
    this.#kernels.set(key, settings ?? null)
    return settings
  }

  #selecting(decided: readonly (DecidedProfile | undefined)[]): readonly SourceNode[] {
    const profiles = this.#job.profiles.filter((_, i) => decided[i] === undefined)
    return withoutExtensions([...this.#job.sources, ...profiles.map((p) => ({ ...p.source, where: p.where }))])
  }
}

/** Without the sources whose filter extends that of another one: their lines pass with those of the other. */
function withoutExtensions(sources: readonly SourceNode[]): SourceNode[] {
  const filters = sources.map(({ where, columns }) => ({
    columns: jsonText(columns),
    conjuncts: new Set(conjuncts(where).map(jsonText)),
  }))
  return sources.filter((_, i) => {
    const own = filters[i] as (typeof filters)[number]
    return !filters.some((other, k) => {
      if (k === i || other.columns !== own.columns || ![...other.conjuncts].every((c) => own.conjuncts.has(c)))
        return false
      return other.conjuncts.size < own.conjuncts.size || k < i
    })
  })
}
