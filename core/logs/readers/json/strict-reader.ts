// A strict JSON reader that flattens as it reads and keeps the lexemes of numbers. Its errors are a few words.
import type { Bad } from '../../format.ts'
import type { JsonRecord } from './json-record.ts'

/** No log nests as deep. The reader is recursive, so the depth needs a limit. */
const DEEPEST = 200

class Broken extends Error {}

export function readSlowly(text: string): JsonRecord | Bad {
  if (text.includes('\0')) return { bad: 'has NUL bytes' }
  const reader = new JsonReader(text)
  try {
    return reader.record()
  } catch (error) {
    if (error instanceof Broken) return { bad: error.message }
    throw error
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /[a-z]*/y
const STARTS_VALUE = /^(?:\[|"|-?\d|(?:true|false|null)\b)/

class JsonReader {
  readonly #text: string
  #at = 0
  readonly #fields = new Map<string, string>()
  readonly #notes: string[] = []
  /** Names of fields in the order in which they were set: those of one value lie next to each other. */
  readonly #order: string[] = []

  constructor(text: string) {
    this.#text = text
  }

  record(): JsonRecord {
    this.#space()
    const rest = this.#text.slice(this.#at, this.#at + 8)
    if (rest[0] !== '{') throw new Broken(STARTS_VALUE.test(rest) && this.#isValue() ? 'not an object' : 'not JSON')
    this.#object('', 0)
    this.#space()
    if (this.#at < this.#text.length) throw new Broken(this.#peek() === '{' ? 'two objects' : 'text after the object')
    return this.#notes.length > 0 ? { fields: this.#fields, notes: this.#notes } : { fields: this.#fields }
  }

  #isValue(): boolean {
    try {
      this.#value('$', 0)
      this.#space()
      return this.#at === this.#text.length
    } catch (error) {
      if (error instanceof Broken && error.message === 'cut off') throw error
      return false
    }
  }

  #object(path: string, depth: number): void {
    if (depth > DEEPEST) throw new Broken('nested too deeply')
    // Key → where the fields of its value begin and end.
    const keys = new Map<string, readonly [from: number, to: number]>()
    this.#at++
    this.#space()
    if (this.#took('}')) return
    for (;;) {
      if (this.#peek() !== '"') throw this.#unexpected()
      const key = this.#string()
      const earlier = keys.get(key)
      if (earlier) this.#repeated(path + key, earlier)
      this.#space()
      this.#must(':')
      const from = this.#order.length
      this.#value(path + key, depth)
      keys.set(key, [from, this.#order.length])
      this.#space()
      if (this.#took('}')) return
      this.#must(',')
      this.#space()
    }
  }

  /** Removes all fields of the key's earlier value: only the last one counts. */
  #repeated(name: string, [from, to]: readonly [number, number]): void {
    for (let i = from; i < to; i++) this.#fields.delete(this.#order[i] as string)
    this.#notes.push(`duplicate key ${name}`)
  }

  #array(path: string, depth: number): void {
    if (depth > DEEPEST) throw new Broken('nested too deeply')
    this.#at++
    this.#space()
    if (this.#took(']')) return
    for (let i = 0; ; i++) {
      this.#value(`${path}[${i}]`, depth)
      this.#space()
      if (this.#took(']')) return
      this.#must(',')
    }
  }

  #value(path: string, depth: number): void {
    this.#space()
    const c = this.#peek()
    if (c === '{') this.#object(`${path}.`, depth + 1)
    else if (c === '[') this.#array(path, depth + 1)
    else if (c === '"') this.#set(path, this.#string())
    else {
      const value = this.#scalar()
      if (value !== 'null') this.#set(path, value)
    }
  }

  #set(name: string, value: string): void {
    // `{"a.b":1,"a":{"b":2}}`: two paths with one name.
    if (this.#fields.has(name)) this.#notes.push(`duplicate key ${name}`)
    this.#fields.set(name, value)
    this.#order.push(name)
  }

  #scalar(): string {
    NUMBER.lastIndex = this.#at
    const number = NUMBER.exec(this.#text)?.[0]
    if (number !== undefined) {
      this.#at += number.length
      if (/[\w.+-]/.test(this.#peek())) throw new Broken('not JSON')
      return number
    }
    WORD.lastIndex = this.#at
    const word = WORD.exec(this.#text)?.[0] ?? ''
    if (word === 'true' || word === 'false' || word === 'null') {
      this.#at += word.length
      return word
    }
    this.#at += this.#peek() === '-' && word === '' ? 1 : word.length
    const cut =
      this.#at >= this.#text.length && (word === '' || ['true', 'false', 'null'].some((w) => w.startsWith(word)))
    throw new Broken(cut ? 'cut off' : 'not JSON')
  }

  #string(): string {
    const text = this.#text
    const from = this.#at
    let at = from + 1
    let plain = true
    for (;;) {
      const code = text.charCodeAt(at)
      if (code === 34) break
      if (Number.isNaN(code)) throw new Broken('cut off')
      if (code === 92) {
        plain = false
        at++
      } else if (code < 32) throw new Broken('control character in a text')
      at++
    }
    this.#at = at + 1
    if (plain) return text.slice(from + 1, at)
    try {
      // UTF-8, in which a SIEM keeps its events, has no half of a pair.
      return (JSON.parse(text.slice(from, at + 1)) as string).toWellFormed()
    } catch {
      throw new Broken('wrong escape in a text')
    }
  }

  #peek(): string {
    return this.#text[this.#at] ?? ''
  }

  #took(c: string): boolean {
    if (this.#text[this.#at] !== c) return false
    this.#at++
    return true
  }

  #must(c: string): void {
    if (!this.#took(c)) throw this.#unexpected()
  }

  #unexpected(): Broken {
    return new Broken(this.#at >= this.#text.length ? 'cut off' : 'not JSON')
  }

  #space(): void {
    const text = this.#text
    for (;;) {
      const code = text.charCodeAt(this.#at)
      if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return
      this.#at++
    }
  }
}
