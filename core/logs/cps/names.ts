// The names of Next-Gen SIEM, answered by events that have other ones. Nothing is computed before a query asks for it.
import type {
  Answer,
  CpsNames,
  Event,
  EventShape,
  FormatContext,
  FormatRecord,
  Reader,
  ValuesByPlace,
} from '../format.ts'
import { LazyFields, othersOf } from '../readers/fields.ts'
import { absent } from './answers.ts'
import { CONNECTION, NETWORK } from '../network/network.ts'

export interface Names {
  answers(name: string): boolean
  /** The fields whose value the name has, as it is logged: the first one that an event has. Empty: the text is computed. */
  copies(name: string): readonly string[]
  /** The name has no other values than those of the fields that it copies. */
  copiesOnly(name: string): boolean
  answer(fields: ReadonlyMap<string, string>, name: string): string | undefined
  /** Names whose texts are computed, */
  readonly computed: readonly string[]
  /** and all names that events with these fields may answer. */
  all(fields: Iterable<string>): Iterable<string>
  /** The same names for a shape. */
  shape(of: EventShape): EventShape
}

export const EVIDENCE = ['documented', 'published', 'reported', 'inferred'] as const
export type Evidence = (typeof EVIDENCE)[number]

export type NamesByEvidence = Readonly<Partial<Record<Evidence, readonly string[]>>>

/** Names of a format, without those of its own fields after a prefix. */
export const namesByEvidence = (cps: CpsNames | undefined): NamesByEvidence =>
  Object.fromEntries(EVIDENCE.flatMap((e) => (cps?.[e] ? [[e, Object.keys(cps[e])] as const] : [])))

const PREFIXES = ['Vendor.']
const known = new WeakMap<CpsNames, Names>()

/** The names of a format; undefined: its parser is not known. */
export function namesOf({ cps }: Pick<FormatRecord, 'cps'>): Names | undefined {
  if (!cps) return undefined
  const found = known.get(cps) ?? compiled(cps)
  known.set(cps, found)
  return found
}

function compiled(cps: CpsNames): Names {
  const prefixes = cps.prefixes ?? PREFIXES
  const table = new Map<string, Answer>(EVIDENCE.flatMap((e) => Object.entries(cps[e] ?? {})))
  const find = (name: string): Answer | undefined => {
    const given = table.get(name)
    if (given !== undefined) return given
    const prefix = prefixes.find((p) => name.startsWith(p))
    const own = prefix === undefined ? '' : name.slice(prefix.length)
    return own === '' || own.startsWith(NETWORK) ? undefined : own
  }
  const shapes = new WeakMap<EventShape, EventShape>()
  const shape = (of: EventShape): EventShape => {
    const made = shapes.get(of) ?? {
      names: () => of.names(),
      placeOf: (name) => placeIn(of, name),
      textOf: (name) => textIn(of, name),
    }
    shapes.set(of, made)
    return made
  }
  const placeIn = (of: EventShape, name: string): number | null | undefined => {
    const own = of.placeOf(name)
    const found = own === null ? find(name) : undefined
    if (found === undefined || found === absent) return own
    return typeof found === 'string' ? of.placeOf(found) : undefined
  }
  /** A function without parameters answers the same for all events. */
  const textIn = (of: EventShape, name: string): string | undefined => {
    const found = of.placeOf(name) === null ? find(name) : undefined
    return typeof found === 'function' && found.length === 0 ? found(() => undefined) : undefined
  }
  return {
    shape,
    answers: (name) => find(name) !== undefined,
    copies: (name) => {
      const found = find(name)
      return typeof found === 'string' ? [found] : (found?.fields ?? [])
    },
    copiesOnly: (name) => {
      const found = find(name)
      return typeof found === 'string' || found?.isOpen === false
    },
    answer: (fields, name) => {
      const found = find(name)
      if (found === undefined) return undefined
      return typeof found === 'string' ? fields.get(found) : found((field) => fields.get(field))
    },
    computed: [...table].flatMap(([name, of]) => (typeof of === 'string' ? [] : [name])),
    *all(fields) {
      yield* table.keys()
      for (const field of fields) for (const prefix of prefixes) yield prefix + field
    },
  }
}

/** A reader whose events answer to the names. Events of other formats in the same file answer to theirs already. */
export function namesReader<R extends Pick<Reader, 'read'>>(reader: R, names: Names, context: FormatContext): R {
  if (context.names === 'own') return reader
  const named = <T extends object>(read: T): NamedEvent | T =>
    'fields' in read && !isNamed(read as unknown as Event) ? new NamedEvent(read as unknown as Event, names) : read
  const own: Reader = reader
  return {
    ...reader,
    read: (record: string) => named(own.read(record)),
    ...(own.object && { object: (fields: ReadonlyMap<string, string>) => named(own.object?.(fields) as Event) }),
    ...(own.end
      ? {
          end: () => {
            const last = own.end?.()
            return last && named(last)
          },
        }
      : {}),
  }
}

const isNamed = ({ fields, isOther }: Event): boolean => fields instanceof NamedFields || isOther === true

/** The texts that an event answers without having such a field. A copy of its fields lacks them. */
export interface Hidden {
  /** By the names of its format too. Those that copy a field are not among the answers. */
  readonly isNamed: boolean
  readonly answers: readonly (readonly [name: string, text: string])[]
}

export function hiddenOf({ fields }: Event, format: Pick<FormatRecord, 'cps'>): Hidden {
  if (!(fields instanceof LazyFields)) return { isNamed: false, answers: [] }
  const names = namesOf(format)
  const isNamed = fields instanceof NamedFields && fields.of === names
  const asked = new Set([...CONNECTION, ...(isNamed ? fields.uncopied() : fields.others())])
  for (const name of fields.keys()) asked.delete(name)
  const answers = [...asked].flatMap((name) => {
    const text = fields.get(name)
    return text === undefined ? [] : [[name, text] as const]
  })
  return { isNamed, answers }
}

class NamedEvent implements Event {
  readonly fields: NamedFields
  readonly notes?: readonly string[]
  readonly raw?: string
  readonly shape?: EventShape
  readonly record?: ValuesByPlace
  readonly #event: Event

  constructor(event: Event, names: Names) {
    this.#event = event
    if (event.shape && event.record) {
      this.shape = names.shape(event.shape)
      this.record = event.record
    }
    this.fields = new NamedFields(event, names)
    if (event.notes) this.notes = event.notes
    if (event.raw !== undefined) this.raw = event.raw
  }

  get time(): bigint | undefined {
    return this.#event.time
  }
}

class NamedFields extends LazyFields {
  readonly #event: Event
  readonly #names: Names

  constructor(event: Event, names: Names) {
    super()
    this.#event = event
    this.#names = names
  }

  get(name: string): string | undefined {
    return this.#event.fields.get(name) ?? this.#names.answer(this.#event.fields, name)
  }

  names(): Iterable<string> {
    return this.#event.fields.keys()
  }

  get of(): Names {
    return this.#names
  }

  override *others(): Iterable<string> {
    const { fields } = this.#event
    yield* othersOf(fields)
    yield* this.#names.all([...fields.keys(), ...othersOf(fields)])
  }

  /** The others, without names that copy a field. */
  *uncopied(): Iterable<string> {
    yield* othersOf(this.#event.fields)
    yield* this.#names.computed
  }

  override keys(): MapIterator<string> {
    return this.#event.fields.keys() as MapIterator<string>
  }

  when(): bigint | undefined {
    return this.#event.time
  }
}
