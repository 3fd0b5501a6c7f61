// The rules of a hunt: texts in any language, chosen by their facts, each compiled to a plan of its own.
import { dirname } from 'node:path'
import { excludesNothing, excludeUnreadable, noRule, rulesRefused } from '../../core/diag/catalogue/hunt.ts'
import { needMissing } from '../../core/diag/catalogue/workbench.ts'
import { internalError } from '../../core/diag/catalogue/cli.ts'
import { type Diagnostic, diagnostic, inLog, noPlace } from '../../core/diag/diagnostic.ts'
import { isRowStage } from '../../core/eval/row-stages.ts'
import { isHidden, type Plan, REST, type Stage } from '../../core/plan/plan.ts'
import { schemaOf } from '../../core/plan/schema.ts'
import { isLookup } from '../../core/plan/sources.ts'
import type { Source } from '../../core/text/source.ts'
import {
  compile,
  type Compiled,
  languageNamed,
  languageOf,
  type LoweredRule,
  optimised,
} from '../../core/workbench/compile.ts'
import { applyView } from '../../core/workbench/view.ts'
import { endsOf } from '../execute/interval.ts'
import { readSmallText } from '../files/read-small.ts'
import { reasonOf } from '../files/reason.ts'
import { glob, isGlob } from '../inputs/glob.ts'
import { listQueries } from '../project/list-files.ts'
import type { QueryText } from '../project/query-files.ts'
import type { Telemetry } from '../query/prepare-query.ts'
import { type CompileInputs, needDiagnostics, resolveReferences } from '../query/resolve-references.ts'
import { givingWay } from '../workers/give-way.ts'

/** The facts of a rule. */
export interface RuleFacts {
  readonly title: string
  readonly id: string | null
  readonly level: string | null
  readonly status: string | null
  readonly tags: readonly string[]
  /** ATT&CK ids, in the order of the tags. */
  readonly techniques: readonly string[]
  readonly product: string | null
  readonly file: string
  /** Where it begins in its file, from 1. */
  readonly line: number
}

export interface HuntRule extends RuleFacts {
  /** Optimised. */
  readonly plan: Plan
  /** A finding needs one event only. */
  readonly isOfOneEvent: boolean
  /** Columns of a finding of one event that show what the rule looked at. */
  readonly fields: readonly string[]
  /** Fields that tell the kind of an event. */
  readonly kinds: readonly string[]
  readonly compiled: Compiled
}

export interface RuleOptions extends CompileInputs {
  /** Least severe level. */
  readonly level?: string | undefined
  readonly status?: readonly string[]
  /** Globs over tags; `*` is any text. */
  readonly tag?: readonly string[]
  readonly product?: readonly string[]
  /** Files with ids, titles or paths. */
  readonly exclude?: readonly string[]
  readonly view?: string | undefined
}

export interface HuntRules {
  readonly rules: readonly HuntRule[]
  /** Rules that the options leave out. */
  readonly left: number
  /** Files that have errors, with the first error of each. */
  readonly refused: readonly { readonly file: string; readonly error: Diagnostic }[]
  readonly diagnostics: readonly Diagnostic[]
}

export const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const

/** Rules below the paths. Never throws. */
export function readRules(paths: readonly string[]): { queries: QueryText[]; diagnostics: Diagnostic[] } {
  return listQueries(paths.flatMap((p) => (isGlob(p) ? [...glob(p), ...(glob(p).length === 0 ? [p] : [])] : [p])))
}

/** Compiles the rules that the options choose. An error in one does not touch the others. Never throws. */
export async function compileRules(
  queries: readonly QueryText[],
  options: RuleOptions,
  telemetry: Telemetry,
): Promise<HuntRules> {
  const chooser = new Chooser(options)
  const collections = collectionsOf(queries)
  const rules: HuntRule[] = []
  const refused: { file: string; error: Diagnostic }[] = []
  let left = 0
  const giveWay = givingWay()
  for (const query of queries) {
    await giveWay()
    const { source, language } = query
    try {
      const compiled = compiledQuery(query, collections.get(language), options, telemetry)
      const error = [...compiled.diagnostics, ...needDiagnostics(compiled, options)].find((d) => d.severity === 'error')
      if (error || !compiled.plan) {
        if (error) refused.push({ file: source.name, error })
        continue
      }
      for (const rule of compiled.rules ?? [wholeText(query, compiled.plan)]) {
        const facts = factsOf(rule, source)
        if (chooser.takes(facts)) rules.push(prepared(facts, rule, compiled, options, telemetry))
        else left++
      }
    } catch (e) {
      refused.push({ file: source.name, error: internalError(e, inLog(source.name)) })
    }
  }
  const diagnostics = [...chooser.diagnostics(), ...summaries(refused)]
  if (rules.length === 0) diagnostics.push(diagnostic(noRule, noPlace, { left }))
  return { rules, left, refused, diagnostics }
}

function compiledQuery(
  { source, language }: QueryText,
  collection: readonly Source[] | undefined,
  options: RuleOptions,
  { time, availableFields }: Telemetry,
): Compiled {
  const known = { zone: time.zone, fields: availableFields }
  const together = collection && { collection }
  // Most rules refer to nothing outside their text, so most are compiled once.
  const isPlain = [options.param, options.semantics, options.pipeline].every((o) => o === undefined || o.length === 0)
  const first = isPlain ? compile(source, language, { context: { ...known, ...together } }) : undefined
  if (first && first.needs.length === 0) return first
  const { context } = resolveReferences(source, languageOf(language), options, known)
  return compile(source, language, { context: { ...context, ...together } })
}

/** Files of one language that refer to each other. Files that nothing refers to are compiled alone. */
function collectionsOf(queries: readonly QueryText[]): Map<string, readonly Source[]> {
  const found = new Map<string, readonly Source[]>()
  for (const id of new Set(queries.map((q) => q.language))) {
    if (languageNamed(id)?.read.between === undefined) continue
    const sources = queries.filter((q) => q.language === id).map((q) => q.source)
    if (sources.length > 1) found.set(id, sources)
  }
  return found
}

const wholeText = ({ source }: QueryText, plan: Plan): LoweredRule => ({
  plan,
  title: source.name,
  id: undefined,
  level: undefined,
  status: undefined,
  tags: [],
  product: undefined,
  fields: [...schemaOf(plan.out, plan.lets).columns.keys()].filter((id) => !isHidden(id)),
  kinds: [],
  at: { start: 0, end: 0 },
})

function factsOf(rule: LoweredRule, source: Source): RuleFacts {
  const techniques = rule.tags.flatMap((t) => /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(t)?.[1]?.toUpperCase() ?? [])
  return {
    title: rule.title,
    id: rule.id ?? null,
    level: rule.level ?? null,
    status: rule.status ?? null,
    tags: rule.tags,
    techniques: [...new Set(techniques)],
    product: rule.product ?? null,
    file: source.name,
    line: source.text.slice(0, rule.at.start).split('\n').length,
  }
}

function prepared(
  facts: RuleFacts,
  rule: LoweredRule,
  compiled: Compiled,
  { view = 'auto' }: RuleOptions,
  { files, time }: Telemetry,
): HuntRule {
  const formats = files.map((f) => f.format)
  const viewed = applyView(rule.plan, view, formats, endsOf(time.interval))?.plan ?? rule.plan
  const ofOne = ofOneEvent(viewed, rule.fields)
  return {
    ...facts,
    plan: optimised(ofOne ?? viewed),
    isOfOneEvent: ofOne !== undefined,
    fields: rule.fields,
    kinds: rule.kinds,
    compiled,
  }
}

/** The plan with the fields alone; undefined: its findings need more than one event. The order of findings is that of the hunt. */
function ofOneEvent({ lets, out }: Plan, fields: readonly string[]): Plan | undefined {
  if (lets.length > 0 || out.from.kind !== 'source' || isLookup(out.from)) return undefined
  const stages: Stage[] = []
  for (const stage of out.stages) {
    if (stage.kind === 'order') continue
    if (!isRowStage(stage)) return undefined
    stages.push(stage)
  }
  const last = stages.at(-1)
  const open = last?.kind === 'project' ? stages.slice(0, -1) : stages
  const kept: Stage = { kind: 'project', columns: fields.filter((f) => f !== REST), rest: false }
  return { lets, out: { from: out.from, stages: [...open, kept] } }
}

/** Decides by the facts of a rule. */
class Chooser {
  readonly #options: RuleOptions
  readonly #tags: readonly RegExp[]
  readonly #excluded: readonly { readonly file: string; readonly names: ReadonlyMap<string, Set<string>> }[]
  readonly #problems: Diagnostic[] = []

  constructor(options: RuleOptions) {
    this.#options = options
    this.#tags = (options.tag ?? []).map(
      (t) => new RegExp(`^${t.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i'),
    )
    this.#excluded = (options.exclude ?? []).map((file) => ({ file, names: this.#namesIn(file) }))
  }

  #namesIn(file: string): Map<string, Set<string>> {
    try {
      const lines = readSmallText(file).split('\n')
      const names = lines.map((l) => l.replace(/(?:^|\s)#.*/, '').trim()).filter((l) => l !== '')
      return new Map(names.map((n) => [n.toLowerCase(), new Set([n])]))
    } catch (e) {
      this.#problems.push(diagnostic(excludeUnreadable, inLog(file), { file, reason: reasonOf(e) }))
      return new Map()
    }
  }

  takes(rule: RuleFacts): boolean {
    const { level, status = [], product = [] } = this.#options
    const names = [rule.id, rule.title, rule.file].flatMap((n) => n?.toLowerCase() ?? [])
    const excluded = this.#excluded.flatMap(({ names: all }) => names.flatMap((n) => all.get(n) ?? []))
    for (const used of excluded) used.clear()
    if (excluded.length > 0) return false
    if (level !== undefined && rank(rule.level) < rank(level)) return false
    if (status.length > 0 && !status.some((s) => s.toLowerCase() === rule.status?.toLowerCase())) return false
    if (product.length > 0 && !product.some((p) => p.toLowerCase() === rule.product)) return false
    return this.#tags.length === 0 || rule.tags.some((t) => this.#tags.some((re) => re.test(t)))
  }

  diagnostics(): Diagnostic[] {
    return [
      ...this.#problems,
      ...this.#excluded.flatMap(({ file, names }) => {
        const idle = [...names.values()].flatMap((n) => [...n])
        return idle.length > 0 ? [diagnostic(excludesNothing, inLog(file), { file, names: idle })] : []
      }),
    ]
  }
}

/** A rule without a level is of the least one. */
export const rank = (level: string | null): number => Math.max(0, (LEVELS as readonly string[]).indexOf(level ?? ''))

/** One diagnostic for all files with the same error. */
function summaries(refused: HuntRules['refused']): Diagnostic[] {
  const groups = new Map<string, { readonly file: string; readonly reason: string }[]>()
  for (const { file, error } of refused) {
    const group = groups.get(error.code) ?? []
    groups.set(error.code, group)
    group.push({ file, reason: error.message })
  }
  return [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([code, files]) => {
      const [first, ...others] = new Set(files.map((f) => f.reason))
      const reason = others.length === 0 ? (first ?? null) : null
      const rules = files.map((f) => (reason === null ? `${f.file} (${f.reason})` : f.file))
      return diagnostic(rulesRefused, noPlace, { code, reason, rules, isMissing: code === needMissing.id })
    })
}

/** Folder of a rule file, for groups of rules. */
export const folderOf = (rule: RuleFacts): string => dirname(rule.file)
