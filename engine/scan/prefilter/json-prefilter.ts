// The prefilter for formats whose records are one line of JSON: conditions from the filters of sources, checked on bytes. Texts with
// characters that JSON may escape are not searched for.
import { candidates } from '../../../core/eval/bind.ts'
import type { LogFormat } from '../../../core/logs/format.ts'
import { NETWORK } from '../../../core/logs/network/network.ts'
import { literalsOf, requiredFields } from '../../../core/passes/5-literals.ts'
import { conjuncts } from '../../../core/plan/build.ts'
import { jsonText } from '../../../core/plan/json-text.ts'
import type { Env, Pred, SourceColumn, SourceNode } from '../../../core/plan/plan.ts'
import { columnsOfPred } from '../../../core/plan/walk.ts'
import type { Tags } from '../../inputs/input.ts'
import {
  anyOf,
  BlockFinders,
  CharacterCounts,
  equalCheck,
  ESCAPE,
  isHiding,
  isObject,
  lackCheck,
  type Needle,
  type ValueAt,
  type ValueCondition,
  valueAt,
  valueCheck,
} from './json-line-checks.ts'
import { allHold, type BlockSearch, comparedTexts, type LineCheck, type LinePrefilter, PRINTABLE } from './prefilter.ts'

/** Properties of every line that matches one source. */
interface Condition {
  /** One of these is in the line. */
  readonly needles: readonly string[]
  readonly equal: readonly Equal[]
  /** Of each list, one name is a key of the line. */
  readonly keys: readonly (readonly string[])[]
  /** None of these names has a string for its value. */
  readonly lacks: readonly string[]
  readonly values: readonly ValueCondition[]
}

/** One of the names is a key with one of the values. */
export interface Equal {
  readonly names: readonly string[]
  readonly values: readonly string[]
}

/** More needles cost more than they save. */
const MOST_NEEDLES = 6
/** Shorter needles are in every line by chance. */
const SHORTEST = 4
const MOST_VALUES = 64

/** A condition, prepared once for all blocks. */
interface PreparedCondition {
  readonly needles: readonly Needle[]
  readonly equal: readonly { readonly names: readonly Needle[]; readonly isValue: ValueAt }[]
  readonly keys: readonly (readonly Needle[])[]
  readonly lacks: readonly Needle[]
  readonly values: readonly ValueAt[]
}

class JsonPrefilter implements LinePrefilter {
  readonly #conditions: readonly PreparedCondition[]
  readonly #escapes: readonly Needle[]

  /** `sample`: lines of the feed. */
  constructor(conditions: readonly Condition[], env: Env, sample: readonly string[]) {
    const counts = new CharacterCounts(sample)
    const needle = (text: string): Needle => counts.needle(text)
    const quoted = (name: string): Needle => needle(`"${name}"`)
    this.#conditions = conditions.map(({ needles, equal, keys, lacks, values }) => ({
      needles: needles.filter((n, i) => !needles.some((m, k) => (m === n ? k < i : n.includes(m)))).map(needle),
      equal: equal.map((e) => ({ names: e.names.map(quoted), isValue: valueAt(e.values) })),
      keys: keys.map((names) => names.map(quoted)),
      lacks: lacks.map(quoted),
      values: values.map((v) => valueCheck(v, env)),
    }))
    const hasSlash = conditions.flatMap(textsOf).some((t) => t.includes('/'))
    this.#escapes = [ESCAPE, ...(hasSlash ? ['\\/'] : [])].map(needle)
  }

  search(text: string): BlockSearch {
    const finders = new BlockFinders(text)
    const sources = this.#conditions.map((c) => checksOf(c, finders))
    const escapes = this.#escapes.map((e) => finders.of(e))
    return {
      isRecord: (from, to) => isObject(text, from, to),
      mayMatch: (from, to) => {
        for (let i = 0; i < sources.length; i++) {
          const { values } = this.#conditions[i] as PreparedCondition
          if (allHold(sources[i] as LineCheck[], from, to) && values.every((holds) => holds(text, from, to)))
            return true
        }
        for (const e of escapes) {
          for (let at = e.at(from); at < to; at = e.at(at + 1)) if (isHiding(text, at)) return true
        }
        return false
      },
    }
  }
}

const checksOf = (c: PreparedCondition, finders: BlockFinders): LineCheck[] => [
  ...(c.needles.length > 0 ? [anyOf(c.needles, finders)] : []),
  ...c.equal.map((e) => equalCheck(e.names, e.isValue, finders)),
  ...c.keys.map((names) => anyOf(names, finders)),
  ...c.lacks.map((name) => lackCheck(name, finders)),
]

export interface PrefilterInputs {
  readonly format: LogFormat
  /** Fields that events have although their lines do not show them. */
  readonly tags: Tags
  /** Lines of the file. */
  readonly sample?: readonly string[]
}

/** Undefined: every line has to be parsed. */
export function jsonPrefilter(
  sources: readonly SourceNode[],
  { format, tags, sample = [] }: PrefilterInputs,
  env: Env,
): LinePrefilter | undefined {
  if (!format.json || format.unit !== 'line' || format.sequential || sources.length === 0) return undefined
  const conditions = new Map<string, Condition>()
  for (const source of sources) {
    const needles = bestNeedles(source, format, tags)
    const equal = equalities(source, format, tags)
    const { keys, lacks } = keysOf(source, format, tags)
    const values = valuesOf(source, format, tags)
    if (needles.length === 0 && equal.length === 0 && keys.length === 0 && lacks.length === 0) return undefined
    const condition: Condition = {
      needles,
      equal: equal.filter((e) => !areSame(e.values, needles)),
      keys: keys.filter((names) => !equal.some((e) => names.every((n) => e.names.includes(n)))),
      lacks,
      values,
    }
    conditions.set(jsonText(condition), condition)
  }
  return new JsonPrefilter([...conditions.values()], env, sample)
}

/** All texts that are searched for. */
const textsOf = ({ needles, equal, keys, lacks, values }: Condition): string[] => [
  ...needles,
  ...equal.flatMap((e) => [...e.names, ...e.values]),
  ...keys.flat(),
  ...lacks,
  ...values.map((v) => v.name),
]

const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((t) => b.includes(t))

export function bestNeedles(source: SourceNode, format: LogFormat, tags: Tags): readonly string[] {
  const shortest = (texts: readonly string[]): number => Math.min(...texts.map((t) => t.length))
  const usable = literalsOf(source).filter(
    ({ field, anyOf }) =>
      anyOf.length <= MOST_NEEDLES &&
      anyOf.every((t) => PRINTABLE.test(t)) &&
      shortest(anyOf) >= SHORTEST &&
      (field === null ? !isInTags(anyOf, tags) : isInLine(field, format, tags)),
  )
  const [best] = usable.sort((a, b) => a.anyOf.length - b.anyOf.length || shortest(b.anyOf) - shortest(a.anyOf))
  return best?.anyOf ?? []
}

/** A literal without a field may be in any field, also in a tag. */
const isInTags = (anyOf: readonly string[], tags: Tags): boolean =>
  Object.values(tags).some((value) => anyOf.some((t) => value.includes(t)))

/** Tags and computed names (`network:key`) are not in the line. */
const isInLine = (field: string, format: LogFormat, tags: Tags): boolean =>
  !field.startsWith(NETWORK) &&
  !format.answers(field) &&
  !candidates(field, format.aliases).some((n) => Object.hasOwn(tags, n))

// ── fields that must be present, or absent ──

/** A dot or bracket in a name may mean a nested object, and other characters may be escaped in several ways. */
const isPlainName = (name: string): boolean => PRINTABLE.test(name) && !/[.[\]]/.test(name)

export function keysOf(source: SourceNode, format: LogFormat, tags: Tags): Pick<Condition, 'keys' | 'lacks'> {
  const { has, lacks } = requiredFields(source)
  const keys = has
    .filter((f) => isInLine(f, format, tags))
    .map((f) => candidates(f, format.aliases))
    .filter((names) => names.every(isPlainName))
  return { keys, lacks: lacks.flatMap((f) => candidates(f, format.aliases)).filter(isPlainName) }
}

/** Conjuncts over one field, except those that other checks cover. */
function valuesOf(source: SourceNode, format: LogFormat, tags: Tags): readonly ValueCondition[] {
  const columns = new Map(source.columns.map((c) => [c.id, c]))
  return conjuncts(source.where).flatMap((where) => {
    const read = [...columnsOfPred(where)]
    const [column = ''] = read
    const from = columns.get(column)?.from
    if (read.length !== 1 || from?.kind !== 'field' || where.kind === 'present' || equality(where, columns)) return []
    const [name = '', ...others] = candidates(from.name, format.aliases)
    if (others.length > 0 || !isPlainName(name) || !isInLine(from.name, format, tags)) return []
    return [{ name, where, column }]
  })
}

// ── fields that must equal one of few values ──

interface Equality {
  readonly field: string
  readonly values: readonly string[]
}

export function equalities(source: SourceNode, format: LogFormat, tags: Tags): Equal[] {
  const columns = new Map(source.columns.map((c) => [c.id, c]))
  return conjuncts(source.where).flatMap((p) => {
    const e = equality(p, columns)
    if (!e || e.values.length === 0 || e.values.length > MOST_VALUES || !isInLine(e.field, format, tags)) return []
    const names = candidates(e.field, format.aliases)
    // PRINTABLE refuses an empty value: there is nothing to search for.
    const isSearchable = names.every(isPlainName) && e.values.every((t) => PRINTABLE.test(t))
    return isSearchable ? [{ names, values: e.values }] : []
  })
}

function equality(p: Pred, columns: ReadonlyMap<string, SourceColumn>): Equality | undefined {
  if (p.kind === 'holds' && p.expr.kind === 'truth') return equality(p.expr.of, columns)
  if (p.kind === 'or') {
    const parts = p.of.map((q) => equality(q, columns))
    const [first] = parts
    if (!first || parts.some((e) => e?.field !== first.field)) return undefined
    return { field: first.field, values: parts.flatMap((e) => e?.values ?? []) }
  }
  if (p.kind !== 'test') return undefined
  const [subject] = p.args
  const column = subject?.kind === 'col' ? columns.get(subject.id) : undefined
  const values = comparedTexts(p)
  return column?.from.kind === 'field' && values ? { field: column.from.name, values } : undefined
}
