// Which lines can match at all, told from their bytes. Sound for formats whose records are one line of JSON: a line that is passed
// over can match none of the sources. JSON can hide a printable ASCII text only behind `\u00XX` (and a slash behind `\/`), so lines
// with such an escape are always read; needles with other characters are not searched for.
import { candidates } from '../../../core/eval/bind.ts'
import { compilePred, tupleScope } from '../../../core/eval/compile.ts'
import type { LogFormat } from '../../../core/logs/format.ts'
import { NETWORK } from '../../../core/logs/network/network.ts'
import { literalsOf, presence } from '../../../core/passes/5-literals.ts'
import { conjuncts } from '../../../core/plan/build.ts'
import { jsonText } from '../../../core/plan/json-text.ts'
import type { Env, Pred, SourceColumn, SourceNode } from '../../../core/plan/plan.ts'
import { columnsOfPred } from '../../../core/plan/walk.ts'
import type { Tags } from '../../inputs/types.ts'

/** What every matching line of one source shows. */
interface Condition {
  /** One of these is in the line. */
  readonly needles: readonly string[]
  readonly equal: readonly Equal[]
  /** Of each list, one name stands in the line as a key. */
  readonly keys: readonly (readonly string[])[]
  /** None of these names has a text for its value. */
  readonly lacks: readonly string[]
  /** What has to be true of a field's value. */
  readonly values: readonly { readonly name: string; readonly where: Pred; readonly column: string }[]
}

/** One of the names is a key with one of the values. */
interface Equal {
  readonly names: readonly string[]
  readonly values: readonly string[]
}

const PRINTABLE = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/
/** More needles than this cost more than they spare; so do needles that every line has by chance. */
const MOST_NEEDLES = 6
const SHORTEST = 4
const MOST_VALUES = 64

export interface Search {
  /** May the line at [from, to) match? To be asked with growing `from`. */
  mayMatch(from: number, to: number): boolean
  /** Does the line have the shape of a record, so that it may be counted as an event without being read? */
  isRecord(from: number, to: number): boolean
}

export interface LineFilter {
  /** `text`: the bytes of a block of whole lines as Latin-1. */
  search(text: string): Search
}

/** A condition, made ready once for all blocks. */
interface Ready {
  readonly needles: readonly Needle[]
  readonly equal: readonly { readonly names: readonly Needle[]; readonly isValue: ValueAt }[]
  readonly keys: readonly (readonly Needle[])[]
  readonly lacks: readonly Needle[]
  readonly values: readonly ValueCheck[]
}

/** Finds lines that may match in blocks of whole lines, from front to back. */
export class Prefilter implements LineFilter {
  readonly #conditions: readonly Ready[]
  readonly #escapes: readonly Needle[]

  /** `slash`: needles contain slashes. `sample`: lines of the feed. */
  constructor(conditions: readonly Condition[], slash: boolean, env: Env, sample: readonly string[]) {
    const rarity = new Rarity(sample)
    const needle = (text: string): Needle => rarity.needle(text)
    const quoted = (name: string): Needle => needle(`"${name}"`)
    this.#conditions = conditions.map(({ needles, equal, keys, lacks, values }) => ({
      needles: needles.filter((n, i) => !needles.some((m, k) => (m === n ? k < i : n.includes(m)))).map(needle),
      equal: equal.map((e) => ({ names: e.names.map(quoted), isValue: valueAt(e.values) })),
      keys: keys.map((names) => names.map(quoted)),
      lacks: lacks.map(quoted),
      values: values.map((v) => valueCheck(v, env)),
    }))
    this.#escapes = [ESCAPE, ...(slash ? ['\\/'] : [])].map(needle)
  }

  /** `text`: the block's bytes as Latin-1. Searching a string costs a fraction of searching a Buffer: no call leaves the engine. */
  search(text: string): Search {
    const finders = new Map<string, Finder>()
    const finder: Finders = (n) => {
      const known = finders.get(n.text)
      if (known) return known
      const made = new Finder(text, n)
      finders.set(n.text, made)
      return made
    }
    const sources = this.#conditions.map((c) => checksOf(text, c, finder))
    const escapes = this.#escapes.map(finder)
    return {
      isRecord: (from, to) => text.charCodeAt(from) === 0x7b && text.charCodeAt(lastVisible(text, to)) === 0x7d,
      mayMatch: (from, to) => {
        for (let i = 0; i < sources.length; i++) {
          const { values } = this.#conditions[i] as Ready
          if (allHold(sources[i] as Check[], from, to) && values.every((holds) => holds(text, from, to))) return true
        }
        for (const e of escapes) {
          for (let at = e.at(from); at < to; at = e.at(at + 1)) if (isHiding(text, at)) return true
        }
        return false
      },
    }
  }
}

function lastVisible(text: string, end: number): number {
  let at = end - 1
  while (isBlank(text.charCodeAt(at))) at--
  return at
}

type Check = (from: number, to: number) => boolean
type ValueCheck = (text: string, from: number, to: number) => boolean

/** What fails goes to the front: for the lines that follow, it is the best guess at what costs least. */
function allHold(checks: Check[], from: number, to: number): boolean {
  for (let i = 0; i < checks.length; i++) {
    const check = checks[i] as Check
    if (check(from, to)) continue
    if (i > 0) {
      checks[i] = checks[i - 1] as Check
      checks[i - 1] = check
    }
    return false
  }
  return true
}

type Finders = (needle: Needle) => Finder

function checksOf(text: string, c: Ready, finder: Finders): Check[] {
  const anyOf = (needles: readonly Needle[]): Check => {
    const finders = needles.map(finder)
    return (from, to) => {
      for (const f of finders) if (f.at(from) < to) return true
      return false
    }
  }
  return [
    ...(c.needles.length > 0 ? [anyOf(c.needles)] : []),
    ...c.equal.map((e) => equalCheck(text, e, finder)),
    ...c.keys.map(anyOf),
    ...c.lacks.map((n) => lackCheck(text, n, finder)),
  ]
}

const ESCAPE = '\\u00'

/** An escape of a printable character or a slash; `\\u0041` in the bytes is a backslash before a letter. */
function isHiding(text: string, at: number): boolean {
  if (text.charCodeAt(at + 1) === 0x75) {
    const digit = text.charCodeAt(at + 4)
    if (digit < 0x32 || digit > 0x37) return false
  }
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++
  return slashes % 2 === 0
}

/**
 * A text that is searched for by a part of it that begins with its rarest character: for short texts V8 looks for the first character,
 * many at a time, and compares where it stands; for longer ones it prepares tables at each call.
 */
const SHORT = 6
interface Needle {
  readonly text: string
  /** From the character at `before` on. */
  readonly part: string
  readonly before: number
}

/** How often characters stand in a feed. */
class Rarity {
  readonly #counts = new Uint32Array(128)

  constructor(sample: readonly string[]) {
    for (const line of sample) {
      for (let i = 0; i < line.length; i++) {
        const code = line.charCodeAt(i)
        if (code < 128) this.#counts[code] = (this.#counts[code] as number) + 1
      }
    }
  }

  /** The text is ASCII. */
  needle(text: string): Needle {
    let before = 0
    for (let i = 1; i < text.length; i++) if (this.#count(text, i) < this.#count(text, before)) before = i
    return { text, before, part: text.slice(before, before + SHORT) }
  }

  #count(text: string, i: number): number {
    return this.#counts[text.charCodeAt(i)] ?? 0
  }
}

class Finder {
  readonly #text: string
  readonly #needle: Needle
  #from = -1
  #next = -1

  constructor(text: string, needle: Needle) {
    this.#text = text
    this.#needle = needle
  }

  /** The first place from `from` on; infinite: none. */
  at(from: number): number {
    // Several conditions may look for the same, at places of a line in no order.
    if (from < this.#from || this.#next < from) this.#advance(from)
    return this.#next
  }

  #advance(from: number): void {
    const { text, part, before } = this.#needle
    this.#from = from
    let at = from + before
    for (;;) {
      const found = this.#text.indexOf(part, at)
      if (found < 0) {
        this.#next = Number.POSITIVE_INFINITY
        return
      }
      if (this.#text.startsWith(text, found - before)) {
        this.#next = found - before
        return
      }
      at = found + 1
    }
  }
}

type ValueAt = (text: string, from: number, to: number) => boolean

/** Does one of the values stand behind the key that ends at `from`? */
function valueAt(values: readonly string[]): ValueAt {
  const known = values.map((text) => ({ text, first: text.charCodeAt(0), length: text.length }))
  return (text, from, to) => {
    let at = blanks(text, from)
    if (text.charCodeAt(at) !== 0x3a) return false
    at = blanks(text, at + 1)
    const quoted = text.charCodeAt(at) === 0x22
    if (quoted) at++
    const first = text.charCodeAt(at)
    for (const v of known) {
      const end = at + v.length
      if (v.first !== first || end >= to || !text.startsWith(v.text, at)) continue
      const after = text.charCodeAt(end)
      if (quoted ? after === 0x22 : endsValue(after)) return true
    }
    return false
  }
}

function blanks(text: string, from: number): number {
  let at = from
  while (isBlank(text.charCodeAt(at))) at++
  return at
}
const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0d
const endsValue = (code: number): boolean => code === 0x2c || code === 0x7d || isBlank(code)

function equalCheck(text: string, { names, isValue }: Ready['equal'][number], finder: Finders): Check {
  const keys = names.map((n) => ({ finder: finder(n), length: n.text.length }))
  return (from, to) => {
    for (const { finder: key, length } of keys) {
      for (let at = key.at(from); at < to; at = key.at(at + 1)) if (isValue(text, at + length, to)) return true
    }
    return false
  }
}

/**
 * False for lines in which a key of the outer object certainly has a text. The bytes `,"name":"` are a key in any JSON: within a
 * text, their first quote would end it. It is the outer object's if no other brace opens. Its value counts if the name stands nowhere
 * else.
 */
function lackCheck(text: string, quoted: Needle, finder: Finders): Check {
  const key = `${quoted.text}:"`
  const every = finder(quoted)
  const brace = finder(BRACE)
  return (from, to) => {
    const at = every.at(from)
    if (at >= to || !text.startsWith(key, at)) return true
    const before = text.charCodeAt(at - 1)
    if (before !== 0x2c && !(before === 0x7b && at - 1 === from)) return true
    return brace.at(from + 1) < to || every.at(at + 1) < to
  }
}
const BRACE: Needle = { text: '{', part: '{', before: 0 }

/** False if the line certainly shows a value of which the predicate is false: a plain one, for the reasons above. */
function valueCheck({ name, where, column }: Condition['values'][number], env: Env): ValueCheck {
  const holds = compilePred(where, tupleScope(new Map([[column, 0]])), env)
  const key = `"${name}":"`
  const quoted = `"${name}"`
  return (text, from, to) => {
    const line = text.slice(from, to)
    const at = line.indexOf(key)
    if (at < 1 || (line.charCodeAt(at - 1) !== 0x2c && at !== 1)) return true
    const start = at + key.length
    const value = line.slice(start, line.indexOf('"', start))
    if (!PRINTABLE.test(value) || holds([value])) return true
    return line.includes(quoted, at + 1) || line.includes('{', 1)
  }
}

/** Undefined: every line has to be read. `tags`: fields that events have although their lines do not show them. */
export function prefilter(
  sources: readonly SourceNode[],
  format: LogFormat,
  tags: Tags,
  env: Env,
  sample: readonly string[] = [],
): Prefilter | undefined {
  if (!format.json || format.unit !== 'line' || format.sequential || sources.length === 0) return undefined
  const texts: string[] = []
  const conditions = new Map<string, Condition>()
  for (const source of sources) {
    const needles = bestNeedles(source, format, tags)
    const equal = equalities(source, format, tags)
    const { keys, lacks } = keysOf(source, format, tags)
    const values = valuesOf(source, format, tags)
    if (needles.length === 0 && equal.length === 0 && keys.length === 0 && lacks.length === 0) return undefined
    texts.push(
      ...needles,
      ...equal.flatMap((e) => [...e.names, ...e.values]),
      ...keys.flat(),
      ...lacks,
      ...values.map((v) => v.name),
    )
    const condition: Condition = {
      needles,
      equal: equal.filter((e) => !same(e.values, needles)),
      keys: keys.filter((names) => !equal.some((e) => names.every((n) => e.names.includes(n)))),
      lacks,
      values,
    }
    conditions.set(jsonText(condition), condition)
  }
  return new Prefilter(
    [...conditions.values()],
    texts.some((t) => t.includes('/')),
    env,
    sample,
  )
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((t) => b.includes(t))

function bestNeedles(source: SourceNode, format: LogFormat, tags: Tags): readonly string[] {
  const shortest = (texts: readonly string[]): number => Math.min(...texts.map((t) => t.length))
  const usable = literalsOf(source).filter(
    ({ field, anyOf }) =>
      anyOf.length <= MOST_NEEDLES &&
      anyOf.every((t) => PRINTABLE.test(t)) &&
      shortest(anyOf) >= SHORTEST &&
      (field === null ? !ofTags(anyOf, tags) : isInLine(field, format, tags)),
  )
  const [best] = usable.sort((a, b) => a.anyOf.length - b.anyOf.length || shortest(b.anyOf) - shortest(a.anyOf))
  return best?.anyOf ?? []
}

/** Without a field it may be any, also one that only the tags have. */
const ofTags = (anyOf: readonly string[], tags: Tags): boolean =>
  Object.values(tags).some((value) => anyOf.some((t) => value.includes(t)))

/** Tags and computed names (`network:key`) are not in the line. */
const isInLine = (field: string, format: LogFormat, tags: Tags): boolean =>
  !field.startsWith(NETWORK) && !candidates(field, format.aliases).some((n) => Object.hasOwn(tags, n))

// ── fields that must be there, or must not ──

/** A name with a dot or bracket may stand for nested objects, and a name with other characters may be spelt in several ways. */
const isPlainName = (name: string): boolean => PRINTABLE.test(name) && !/[.[\]]/.test(name)

function keysOf(
  source: SourceNode,
  format: LogFormat,
  tags: Tags,
): { keys: readonly (readonly string[])[]; lacks: readonly string[] } {
  const { has, lacks } = presence(source)
  const keys = has
    .filter((f) => isInLine(f, format, tags))
    .map((f) => candidates(f, format.aliases))
    .filter((names) => names.every(isPlainName))
  return { keys, lacks: lacks.flatMap((f) => candidates(f, format.aliases)).filter(isPlainName) }
}

/** Conjuncts that look at one field, except those that the search knows better. */
function valuesOf(source: SourceNode, format: LogFormat, tags: Tags): Condition['values'] {
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

function equalities(source: SourceNode, format: LogFormat, tags: Tags): Equal[] {
  const columns = new Map(source.columns.map((c) => [c.id, c]))
  return conjuncts(source.where).flatMap((p) => {
    const e = equality(p, columns)
    if (!e || e.values.length === 0 || e.values.length > MOST_VALUES || !isInLine(e.field, format, tags)) return []
    const names = candidates(e.field, format.aliases)
    // An empty value has nothing to search for.
    const plain = names.every(isPlainName) && e.values.every((t) => PRINTABLE.test(t))
    return plain ? [{ names, values: e.values }] : []
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
  const [subject, other] = p.args
  const column = subject?.kind === 'col' ? columns.get(subject.id) : undefined
  if (column?.from.kind !== 'field') return undefined
  const field = column.from.name
  if (p.prim === 'str.eq' && other?.kind === 'lit' && typeof other.value === 'string')
    return { field, values: [other.value] }
  const { values, ignoreCase } = p.consts
  if (p.prim !== 'str.in' || ignoreCase === true || !Array.isArray(values)) return undefined
  const texts = values.filter((v): v is string => typeof v === 'string')
  return texts.length === values.length ? { field, values: texts } : undefined
}
