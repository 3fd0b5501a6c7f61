// Which lines can match at all, told from their bytes. Sound for formats whose records are one line of JSON: a line that is passed
// over can match none of the sources. JSON can hide a printable ASCII text only behind `\u00XX` (and a slash behind `\/`), so lines
// with such an escape are always read; needles with other characters are not searched for.
import { candidates } from '../core/eval/bind.ts'
import type { LogFormat } from '../core/logs/format.ts'
import { literalsOf, presence } from '../core/passes/5-literals.ts'
import type { Pred, SourceColumn, SourceNode } from '../core/plan/plan.ts'
import type { Tags } from './types.ts'

/** What every matching line of one source has. */
interface Condition {
  /** One of these is in the line. */
  readonly needles: readonly Buffer[]
  /** All of these match the line's bytes as Latin-1. */
  readonly patterns: readonly RegExp[]
  /** Of each list, one name stands in the line as a key, in its quotes. */
  readonly keys: readonly (readonly Buffer[])[]
  /** None of these names has a text for its value. */
  readonly lacks: readonly string[]
}

const PRINTABLE = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/
/** More needles than this cost more than they spare; so do needles that every line has by chance. */
const MOST_NEEDLES = 6
const SHORTEST = 4
const MOST_VALUES = 64

/** Finds lines that may match in blocks of whole lines, from front to back. */
export class Prefilter {
  readonly #conditions: readonly Condition[]
  readonly #slash: boolean

  constructor(conditions: readonly Condition[], slash: boolean) {
    this.#conditions = conditions
    this.#slash = slash
  }

  search(block: Buffer): Search {
    const heads = this.#conditions.map((c) => ({
      needles: c.needles.map((n) => new Finder(block, n)),
      patterns: c.patterns,
      keys: c.keys.map((names) => names.map((n) => new Finder(block, n))),
      lacks: c.lacks.map((n) => new KeyFinder(block, n)),
    }))
    const escapes = [new Finder(block, UNICODE, isHiding)]
    if (this.#slash) escapes.push(new Finder(block, SLASH))
    return {
      mayMatch: (from, to) => {
        for (const e of escapes) if (e.isWithin(from, to)) return true
        let line: string | undefined
        for (const { needles, patterns, keys, lacks } of heads) {
          if (needles.length > 0 && !needles.some((n) => n.isWithin(from, to))) continue
          if (lacks.some((k) => k.isFilled(from, to))) continue
          if (!keys.every((names) => names.some((n) => n.isWithin(from, to)))) continue
          if (patterns.length > 0) line ??= block.toString('latin1', from, to)
          if (patterns.every((p) => p.test(line as string))) return true
        }
        return false
      },
    }
  }
}

export interface Search {
  /** May the line at [from, to) match? To be asked with growing `from`. */
  mayMatch(from: number, to: number): boolean
}

const UNICODE = Buffer.from('\\u00')
const SLASH = Buffer.from('\\/')

/** An escape of a printable character; `\\u0041` in the bytes is a backslash before a letter. */
function isHiding(block: Buffer, at: number): boolean {
  const digit = block[at + 4] as number
  if (digit < 0x32 || digit > 0x37) return false
  let slashes = 0
  while (block[at - 1 - slashes] === 0x5c) slashes++
  return slashes % 2 === 0
}

class Finder {
  readonly #block: Buffer
  readonly #needle: Buffer
  readonly #really: ((block: Buffer, at: number) => boolean) | undefined
  #next = -1

  constructor(block: Buffer, needle: Buffer, really?: (block: Buffer, at: number) => boolean) {
    this.#block = block
    this.#needle = needle
    this.#really = really
  }

  isWithin(from: number, to: number): boolean {
    return this.at(from) < to
  }

  /** The first place at or after `from`; infinite: none. */
  at(from: number): number {
    if (this.#next < from) this.#advance(from)
    return this.#next
  }

  #advance(from: number): void {
    let at = from
    for (;;) {
      const found = this.#block.indexOf(this.#needle, at)
      if (found < 0) {
        this.#next = Number.POSITIVE_INFINITY
        return
      }
      if (this.#really === undefined || this.#really(this.#block, found)) {
        this.#next = found
        return
      }
      at = found + 1
    }
  }
}

/**
 * Tells lines in which a key of the outer object certainly has a text. The bytes `,"name":"` are a key in any JSON: within a text,
 * their first quote would end it. It is the outer object's if no other brace opens. Its value counts if the name stands nowhere else.
 */
class KeyFinder {
  readonly #block: Buffer
  readonly #quoted: Buffer
  readonly #key: Finder
  readonly #brace: Finder

  constructor(block: Buffer, name: string) {
    this.#block = block
    this.#quoted = Buffer.from(`"${name}"`, 'latin1')
    this.#key = new Finder(block, Buffer.from(`"${name}":"`, 'latin1'))
    this.#brace = new Finder(block, Buffer.from('{'))
  }

  isFilled(from: number, to: number): boolean {
    const at = this.#key.at(from)
    if (at >= to) return false
    const before = this.#block[at - 1]
    if (before !== 0x2c && !(before === 0x7b && at - 1 === from)) return false
    if (this.#brace.isWithin(from + 1, to)) return false
    return !this.#block.subarray(at + 1, to).includes(this.#quoted)
  }
}

/** Undefined: every line has to be read. `tags`: fields that events have although their lines do not show them. */
export function prefilter(sources: readonly SourceNode[], format: LogFormat, tags: Tags): Prefilter | undefined {
  if (!format.json || format.unit !== 'line' || format.sequential || sources.length === 0) return undefined
  const texts: string[] = []
  const conditions: Condition[] = []
  for (const source of sources) {
    const needles = bestNeedles(source, format, tags)
    const equal = equalities(source, format, tags)
    const { keys, lacks } = keysOf(source, format, tags)
    if (needles.length === 0 && equal.length === 0 && keys.length === 0 && lacks.length === 0) return undefined
    texts.push(...needles, ...equal.flatMap((e) => [...e.names, ...e.values]), ...keys.flat(), ...lacks)
    conditions.push({
      needles: needles.map((n) => Buffer.from(n, 'latin1')),
      patterns: equal.filter((e) => !same(e.values, needles)).map(pattern),
      keys: keys.map((names) => names.map((n) => Buffer.from(`"${n}"`, 'latin1'))),
      lacks,
    })
  }
  return new Prefilter(
    conditions,
    texts.some((t) => t.includes('/')),
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

// ── fields that must equal one of few values ──

interface Equality {
  readonly field: string
  readonly values: readonly string[]
}

function equalities(
  source: SourceNode,
  format: LogFormat,
  tags: Tags,
): { names: readonly string[]; values: readonly string[] }[] {
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

const escaped = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}/-]/g, '\\$&')

function pattern({ names, values }: { names: readonly string[]; values: readonly string[] }): RegExp {
  const any = (texts: readonly string[]): string => `(?:${texts.map(escaped).join('|')})`
  return new RegExp(`"${any(names)}"[ \\t\\r]*:[ \\t\\r]*(?:"${any(values)}"|${any(values)}[ \\t\\r,}])`)
}
