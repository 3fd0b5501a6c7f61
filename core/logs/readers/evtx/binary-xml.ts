// Binary XML of a record as XML text on one line. Sources: [MS-EVEN6] 2.2.12, and the format notes of libevtx.
// A chunk's templates are compiled once: a record is then its template with its own values put in.
import { byName } from '../../../text/by-name.ts'
import { arrayTexts, BINARY_XML, type EvtxValue, isFreeText, STRING, utf16Text, valueText } from './values.ts'

/** Thrown inside this folder only, with the reason why a record cannot be read. */
export class Damaged extends Error {}

type Part = string | Attribute | Repeated | Substitution
interface Substitution {
  readonly index: number
  readonly optional: boolean
}
/** Left out if all of it is an optional value that is absent. */
interface Attribute {
  readonly attribute: string
  readonly parts: readonly Part[]
}
/** An element that is one value: none if it is optional and absent, and for an array as many as it has values. */
interface Repeated {
  readonly open: readonly Part[]
  readonly close: string
  readonly value: Substitution
}

const DEEPEST = 48
/** Characters of a record. A template can repeat a value at every element. */
const LARGEST = 8_000_000

const NAME = /^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/
const ENTITIES: Readonly<Record<string, string>> = byName({
  amp: '&amp;',
  apos: '&apos;',
  gt: '&gt;',
  lt: '&lt;',
  quot: '&quot;',
})

/** Line ends become references, since a record is a line; they are those that XML has, whatever the text had. */
const SPECIAL = /[&<>"\u0000-\u001f]/
const escaped = (text: string): string =>
  SPECIAL.test(text)
    ? text.replace(/\r\n/g, '\n').replace(/[&<>"\u0000-\u001f]/g, (c) => {
        const named = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[c]
        return named ?? `&#${c.charCodeAt(0)};`
      })
    : text

export class BinaryXml {
  readonly #view: DataView
  readonly #templates = new Map<number, readonly Part[]>()
  readonly #names = new Map<number, string>()
  #at = 0
  #end = 0
  #depth = 0
  #written = 0
  #isUnused = false

  /** `chunk`: 64 KiB, from its own header on; offsets inside are relative to it. */
  constructor(chunk: Uint8Array) {
    this.#view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  }

  /**
   * The XML of the binary XML between two offsets. Throws `Damaged`. `isUnused`: of a record that was given up, whose template and names may
   * have been written over since, so these are checked.
   */
  text(from: number, to: number, isUnused = false): string {
    this.#isUnused = isUnused
    this.#written = 0
    this.#depth = 0
    const text = this.#fragment(from, to)
    if (!text.startsWith('<')) throw new Damaged('no element in it')
    return text
  }

  #fragment(from: number, to: number): string {
    const [at, end] = [this.#at, this.#end]
    if (++this.#depth > 8) throw new Damaged('nested too deeply')
    // A template can name one value at every element, so reading counts as writing.
    this.#written += to - from
    this.#at = from
    this.#end = to
    const text = this.#render(this.#parts(false, 0), [])
    this.#at = at
    this.#end = end
    this.#depth--
    return text
  }

  // ── tokens → parts ──

  #need(size: number): number {
    const at = this.#at
    if (at + size > this.#end || at + size > this.#view.byteLength) throw new Damaged('the record ends early')
    this.#at += size
    return at
  }
  #u8 = (): number => this.#view.getUint8(this.#need(1))
  #u16 = (): number => this.#view.getUint16(this.#need(2), true)
  #u32 = (): number => this.#view.getUint32(this.#need(4), true)
  #counted(): string {
    const size = this.#u16() * 2
    const from = this.#need(size)
    return utf16Text(this.#view, from, from + size)
  }

  /** A name is written where it is first used; later uses have its offset. */
  #name(): string {
    const offset = this.#u32()
    if (offset === this.#at) {
      const size = this.#view.getUint16(this.#need(8) + 6, true) * 2 + 2
      this.#need(size)
    }
    const known = this.#names.get(offset)
    if (known !== undefined && !this.#isUnused) return known
    const { byteLength } = this.#view
    if (offset < 128 || offset + 8 > byteLength) throw new Damaged('a name lies outside the chunk')
    const size = this.#view.getUint16(offset + 6, true) * 2
    if (offset + 8 + size > byteLength) throw new Damaged('a name lies outside the chunk')
    const name = utf16Text(this.#view, offset + 8, offset + 8 + size)
    if (!NAME.test(name)) throw new Damaged('a name holds other bytes')
    if (this.#isUnused && hashOf(name) !== this.#view.getUint16(offset + 4, true))
      throw new Damaged('a name was written over')
    this.#names.set(offset, name)
    return name
  }

  /** Tokens up to the end of the fragment, or of the element around them. */
  #parts(inTemplate: boolean, level: number): Part[] {
    const parts: Part[] = []
    while (this.#at < this.#end) {
      const token = this.#u8()
      const isStart = token === 0x01 || token === 0x41
      if (token === 0x00 || token === 0x04) break
      if (token === 0x0f) this.#need(3)
      else if (isStart) parts.push(...this.#element(token === 0x41, inTemplate, level + 1))
      else if (token === 0x0c) parts.push(this.#instance())
      else parts.push(...this.#content(token))
    }
    return parts
  }

  #element(hasAttributes: boolean, inTemplate: boolean, level: number): Part[] {
    if (level > DEEPEST) throw new Damaged('nested too deeply')
    // Only templates have the number of a value on which an element depends. Forwarded events come without templates.
    if (inTemplate) this.#u16()
    this.#u32()
    const name = this.#name()
    const open: Part[] = [`<${name}`]
    if (hasAttributes) {
      this.#u32()
      while (this.#isAttribute()) open.push(this.#attribute())
    }
    const token = this.#u8()
    if (token === 0x03) return [...open, '/>']
    if (token !== 0x02) throw new Damaged('an element does not go on as one')
    const body = this.#parts(inTemplate, level)
    const [only] = body
    open.push('>')
    const close = `</${name}>`
    if (body.length === 1 && typeof only === 'object' && 'index' in only)
      return [{ open: joined(open), close, value: only }]
    return [...open, ...body, close]
  }

  #isAttribute(): boolean {
    const next = this.#at < this.#end ? this.#view.getUint8(this.#at) : 0
    return next === 0x06 || next === 0x46
  }

  #attribute(): Attribute | string {
    this.#u8()
    const attribute = this.#name()
    const parts: Part[] = []
    while (this.#at < this.#end) {
      const next = this.#view.getUint8(this.#at)
      if (next === 0x06 || next === 0x46 || next === 0x02 || next === 0x03) break
      this.#at++
      parts.push(...this.#content(next))
    }
    const [only = '', another] = joined(parts)
    return typeof only === 'string' && another === undefined ? ` ${attribute}="${only}"` : { attribute, parts }
  }

  #content(token: number): Part[] {
    switch (token & ~0x40) {
      case 0x05:
        if (this.#u8() !== STRING) throw new Damaged('a text of an unknown type')
        return [escaped(this.#counted())]
      case 0x07:
        return [escaped(this.#counted())]
      case 0x08:
        return [`&#${this.#u16()};`]
      case 0x09: {
        const name = this.#name()
        const entity = ENTITIES[name]
        if (entity === undefined) throw new Damaged('an unknown entity')
        return [entity]
      }
      case 0x0a:
        this.#name()
        return []
      case 0x0b:
        this.#counted()
        return []
      case 0x0d:
      case 0x0e: {
        const index = this.#u16()
        this.#u8()
        return [{ index, optional: token === 0x0e }]
      }
      default:
        throw new Damaged('an unknown token')
    }
  }

  /** A template with the values of this record. */
  #instance(): string {
    const id = this.#view.getUint32(this.#need(5) + 1, true)
    const offset = this.#u32()
    if (offset === this.#at) {
      const size = this.#view.getUint32(this.#need(24) + 20, true)
      this.#need(size)
    }
    const parts = this.#template(offset)
    if (this.#isUnused && this.#view.getUint32(offset + 4, true) !== id)
      throw new Damaged('its template was written over')
    const count = this.#u32()
    if (count * 4 > this.#end - this.#at) throw new Damaged('the record ends early')
    const values: EvtxValue[] = []
    let from = this.#at + count * 4
    for (let i = 0; i < count; i++) {
      const size = this.#u16()
      const type = this.#u8()
      this.#u8()
      values.push({ type, from, to: from + size })
      from += size
    }
    if (from > this.#end) throw new Damaged('the record ends early')
    this.#at = from
    return this.#render(parts, values)
  }

  #template(offset: number): readonly Part[] {
    const known = this.#templates.get(offset)
    if (known && !this.#isUnused) return known
    const { byteLength } = this.#view
    if (offset < 128 || offset + 24 > byteLength) throw new Damaged('a template lies outside the chunk')
    const size = this.#view.getUint32(offset + 20, true)
    if (offset + 24 + size > byteLength) throw new Damaged('a template lies outside the chunk')
    const [at, end] = [this.#at, this.#end]
    this.#at = offset + 24
    this.#end = this.#at + size
    if (++this.#depth > 8) throw new Damaged('nested too deeply')
    const parts = joined(this.#parts(true, 0))
    this.#depth--
    this.#at = at
    this.#end = end
    this.#templates.set(offset, parts)
    return parts
  }

  // ── parts → text ──

  #render(parts: readonly Part[], values: readonly EvtxValue[]): string {
    let text = ''
    for (const part of parts) {
      if (typeof part === 'string') text += part
      else if ('attribute' in part) text += this.#attributeText(part, values)
      else if ('index' in part) text += this.#valueText(part, values)
      else text += this.#elements(part, values)
    }
    this.#written += text.length
    if (this.#written > LARGEST) throw new Damaged('larger than 8 MB as text')
    return text
  }

  #attributeText({ attribute, parts }: Attribute, values: readonly EvtxValue[]): string {
    const [only] = parts
    if (
      parts.length === 1 &&
      typeof only === 'object' &&
      'index' in only &&
      only.optional &&
      isAbsent(values[only.index])
    )
      return ''
    return ` ${attribute}="${this.#render(parts, values)}"`
  }

  #elements({ open, close, value }: Repeated, values: readonly EvtxValue[]): string {
    const found = values[value.index]
    if (value.optional && found?.type === 0) return ''
    const [only, another] = open
    const start = typeof only === 'string' && another === undefined ? only : this.#render(open, values)
    const texts = found && arrayTexts(this.#view, found)
    if (!texts) return `${start}${this.#valueText(value, values)}${close}`
    this.#written += texts.length * (start.length + close.length)
    if (this.#written > LARGEST) throw new Damaged('larger than 8 MB as text')
    return texts.map((t) => `${start}${escaped(t)}${close}`).join('')
  }

  #valueText({ index }: Substitution, values: readonly EvtxValue[]): string {
    const value = values[index]
    if (!value || isAbsent(value)) return ''
    if (value.type === BINARY_XML) return this.#fragment(value.from, value.to)
    if (!isFreeText(value)) return valueText(this.#view, value)
    return escaped(arrayTexts(this.#view, value)?.join(', ') ?? valueText(this.#view, value))
  }
}

/** Texts that follow each other are one. */
function joined(parts: readonly Part[]): Part[] {
  const made: Part[] = []
  for (const part of parts) {
    const last = made.at(-1)
    if (typeof part === 'string' && typeof last === 'string') made[made.length - 1] = last + part
    else made.push(part)
  }
  return made
}

const isAbsent = (value: EvtxValue | undefined): boolean => !value || value.type === 0 || value.from === value.to

/** Of a name, beside its text in the chunk. */
function hashOf(name: string): number {
  let hash = 0
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 65_599) + name.charCodeAt(i)) | 0
  return hash & 0xffff
}
