// Which lines can match at all, told from their bytes. Sound for formats whose records are one line of JSON: a line that is passed
// over can match none of the sources. JSON can hide a printable ASCII text only behind `\u00XX` (and a slash behind `\/`), so lines
// with such an escape are always read; needles with other characters are not searched for.
import { candidates } from '../core/eval/bind.ts'
import { compilePred, tupleScope } from '../core/eval/compile.ts'
import type { LogFormat } from '../core/logs/format.ts'
import { literalsOf, presence } from '../core/passes/5-literals.ts'
import type { Env, Pred, SourceColumn, SourceNode } from '../core/plan/plan.ts'
import { columnsOfPred } from '../core/plan/walk.ts'
import type { Tags } from './types.ts'

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
}

/** A condition as compiled expressions, made once for all blocks. */
interface Compiled {
  readonly needles: readonly string[]
  /** Finds all needles that decide by themselves. */
  readonly any: RegExp | undefined
  readonly equal: readonly RegExp[]
  readonly keys: readonly RegExp[]
  readonly lacks: readonly { readonly name: string; readonly quoted: RegExp }[]
  readonly values: readonly ValueCheck[]
}

/** Finds lines that may match in blocks of whole lines, from front to back. */
export class Prefilter {
  readonly #conditions: readonly Compiled[]
  readonly #any: RegExp | undefined
  readonly #slash: boolean

  constructor(conditions: readonly Condition[], slash: boolean, env: Env) {
    const free = conditions.filter((c) => c.equal.length === 0).flatMap((c) => c.needles)
    const shortest = free.filter((n, i) => !free.some((m, k) => (m === n ? k < i : n.includes(m))))
    this.#any = shortest.length > 0 ? anyText(shortest) : undefined
    this.#conditions = conditions.map(({ needles, equal, keys, lacks, values }) => ({
      needles,
      any: equal.length === 0 && needles.length > 0 ? this.#any : undefined,
      equal: equal.map(equalPattern),
      keys: keys.map((names) => anyText(names.map((n) => `"${n}"`))),
      lacks: lacks.map((name) => ({ name, quoted: anyText([`"${name}"`]) })),
      values: values.map((v) => valueCheck(v, env)),
    }))
    this.#slash = slash
  }

  /**
   * `text`: the block's bytes as Latin-1. Searching a string costs a fraction of searching a Buffer, and a compiled expression over it
   * skips faster than `indexOf`, which prepares anew at each call.
   */
  search(text: string): Search {
    const any = this.#any && new Finder(text, this.#any)
    const sources = this.#conditions.map((c) => checksOf(text, c, any))
    const escapes = [new Finder(text, ESCAPE, 1, isHiding)]
    if (this.#slash) escapes.push(new Finder(text, '\\/'))
    return {
      mayMatch: (from, to) => {
        for (let i = 0; i < sources.length; i++) {
          const { values } = this.#conditions[i] as Compiled
          if (allHold(sources[i] as Check[], from, to) && values.every((holds) => holds(text, from, to))) return true
        }
        for (const e of escapes) if (e.at(from) < to) return true
        return false
      },
    }
  }
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

/** `any`: finds the needles of all conditions that have no equalities, in one go. */
function checksOf(text: string, c: Compiled, any: Finder | undefined): Check[] {
  const isIn: Check = (from, to) => {
    const line = text.slice(from, to)
    return c.needles.some((n) => line.includes(n))
  }
  const found = (pattern: RegExp): Check => {
    const finder = new Finder(text, pattern)
    return (from, to) => finder.at(from) < to
  }
  return [
    ...(c.any && any ? [(from: number, to: number) => any.at(from) < to && isIn(from, to)] : []),
    ...c.equal.map(found),
    ...c.keys.map(found),
    ...c.lacks.map(({ name, quoted }) => lackCheck(text, name, quoted)),
    ...(c.needles.length > 0 && !c.any ? [isIn] : []),
  ]
}

const ESCAPE = '\\u00'

/** An escape of a printable character; `\\u0041` in the bytes is a backslash before a letter. */
function isHiding(text: string, at: number): boolean {
  const digit = text.charCodeAt(at + 4)
  if (digit < 0x32 || digit > 0x37) return false
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++
  return slashes % 2 === 0
}

class Finder {
  readonly #text: string
  readonly #needle: RegExp | string
  readonly #length: number
  readonly #really: ((text: string, at: number) => boolean) | undefined
  #next = -1

  /** An expression has to have the flag g, and tells the place so many characters before its end: `exec` would make an array. */
  constructor(text: string, needle: RegExp | string, length = 1, really?: (text: string, at: number) => boolean) {
    this.#text = text
    this.#needle = needle
    this.#length = length
    this.#really = really
  }

  /** The first place from `from` on; infinite: none. To be asked with growing `from`. */
  at(from: number): number {
    if (this.#next < from) this.#advance(from)
    return this.#next
  }

  #advance(from: number): void {
    let at = from
    for (;;) {
      const found = this.#find(at)
      if (found < 0) {
        this.#next = Number.POSITIVE_INFINITY
        return
      }
      if (this.#really === undefined || this.#really(this.#text, found)) {
        this.#next = found
        return
      }
      at = found + 1
    }
  }

  #find(from: number): number {
    const needle = this.#needle
    if (typeof needle === 'string') return this.#text.indexOf(needle, from)
    needle.lastIndex = from
    return needle.test(this.#text) ? needle.lastIndex - this.#length : -1
  }
}

/**
 * False for lines in which a key of the outer object certainly has a text. The bytes `,"name":"` are a key in any JSON: within a
 * text, their first quote would end it. It is the outer object's if no other brace opens. Its value counts if the name stands nowhere
 * else.
 */
function lackCheck(text: string, name: string, quoted: RegExp): Check {
  const key = `"${name}":"`
  const every = new Finder(text, quoted, name.length + 2)
  const brace = new Finder(text, '{')
  return (from, to) => {
    const at = every.at(from)
    if (at >= to || !text.startsWith(key, at)) return true
    const before = text.charCodeAt(at - 1)
    if (before !== 0x2c && !(before === 0x7b && at - 1 === from)) return true
    return brace.at(from + 1) < to || every.at(at + 1) < to
  }
}

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

const escaped = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}/-]/g, '\\$&')

/** The last character as a class: V8 searches plain texts by `indexOf`. */
const anyText = (texts: readonly string[]): RegExp =>
  new RegExp(texts.map((t) => `${escaped(t.slice(0, -1))}[${escaped(t.slice(-1))}]`).join('|'), 'g')

function equalPattern({ names, values }: Equal): RegExp {
  const any = (texts: readonly string[]): string => `(?:${texts.map(escaped).join('|')})`
  return new RegExp(`"${any(names)}"[ \\t\\r]*:[ \\t\\r]*(?:"${any(values)}"|${any(values)}[ \\t\\r,}])`, 'g')
}

/** Undefined: every line has to be read. `tags`: fields that events have although their lines do not show them. */
export function prefilter(
  sources: readonly SourceNode[],
  format: LogFormat,
  tags: Tags,
  env: Env,
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
    conditions.set(
      JSON.stringify(condition, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)),
      condition,
    )
  }
  return new Prefilter(
    [...conditions.values()],
    texts.some((t) => t.includes('/')),
    env,
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

const isInLine = (field: string, format: LogFormat, tags: Tags): boolean =>
  !candidates(field, format.aliases).some((n) => Object.hasOwn(tags, n))

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

const conjuncts = (p: Pred): readonly Pred[] => (p.kind === 'and' ? p.of.flatMap(conjuncts) : [p])

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
