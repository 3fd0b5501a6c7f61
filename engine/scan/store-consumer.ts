// Events on their way into a store: NDJSON by kind of event in a private folder, from which DuckDB writes Parquet.
import { join } from 'node:path'
import type { EventMeta } from '../../core/eval/bind.ts'
import { hiddenOf } from '../../core/logs/cps/names.ts'
import type { Event, LogFormat } from '../../core/logs/format.ts'
import { compactShape } from '../../core/logs/readers/json/flat-reader.ts'
import type { JsonShape } from '../../core/logs/readers/json/shape-cache.ts'
import {
  columnName,
  hiddenColumn,
  isOwnColumn,
  ORDER_COLUMN,
  RAW_COLUMN,
  TIME_COLUMN,
} from '../../core/tables/column-name.ts'
import { BlockWriter } from './block-writer.ts'
import type { Answer, EventConsumer } from './event-consumers.ts'

export interface StoreJob {
  readonly folder: string
  /** Keep the record as it was logged. */
  readonly raw: boolean
  /** By file: the group of its format and tags, and its number in the store. */
  readonly files: readonly { readonly group: number; readonly number: number }[]
}

/** A file of events of one kind. */
export interface StorePart {
  readonly path: string
  readonly group: number
  readonly type: string
  /** The fields have their own names, and the texts that were logged. Otherwise they have the names of columns. */
  readonly asLogged: boolean
  readonly names: readonly string[]
  /** The events answer to the names of their format (core/logs/cps/names.ts), */
  readonly isNamed: boolean
  /** and to these, which they do not have as fields. */
  readonly answers: readonly string[]
  readonly rows: number
  /** Events without fields, by file of the job. */
  readonly bare: ReadonlyMap<number, number>
  readonly first: bigint | null
  readonly last: bigint | null
  /** At least the bytes of the longest row. */
  readonly longest: number
}

/** Fields that tell the kind of an event, and divide a store. */
const TYPE_FIELDS = [
  'event_simpleName',
  '#event_simpleName',
  'EventID',
  'class_uid',
  'eventName',
  'event_type',
  'type',
  'subtype',
]
const MOST_TYPES = 64
const OTHER = 'other'

/**
 * One object of texts that JSON.parse and DuckDB read alike: DuckDB would write numbers in another form, and refuses a lone surrogate, which
 * only an escape can spell.
 */
const PLAIN = /^\{(?:"[^"\\]+":"[^"\\]*(?:\\["\\/bfnrt][^"\\]*)*"(?:,(?=")|(?=\}$)))+\}$/

type PartKind = Pick<StorePart, 'asLogged' | 'group' | 'isNamed' | 'type'>

class Part extends BlockWriter {
  readonly names = new Set<string>()
  readonly answers = new Set<string>()
  readonly folded = new Set<string>()
  /** Their names are among those of the part. */
  readonly shapes = new Set<JsonShape>()
  readonly bare = new Map<number, number>()
  rows = 0
  longest = 0
  first: bigint | null = null
  last: bigint | null = null

  /** The line in two pieces. */
  addEvent(head: string, rest: string, time: bigint | undefined): void {
    this.rows++
    this.longest = Math.max(this.longest, 3 * (head.length + rest.length) + 1)
    if (time !== undefined) {
      if (this.first === null || time < this.first) this.first = time
      if (this.last === null || time > this.last) this.last = time
    }
    this.add(head)
    this.add(rest)
    this.add('\n')
  }
}

interface Place {
  readonly file: number
  readonly group: number
  readonly order: bigint
}

/** The parts of one worker. */
export class StoreWriter {
  readonly #job: StoreJob
  readonly #worker: string
  readonly #parts = new Map<string, Part & { readonly meta: PartKind }>()
  readonly #types = new Set<string>()
  readonly #columns = new Map<string, string>()
  readonly #hiddenColumns = new Map<string, string>()

  constructor(job: StoreJob, worker: string) {
    this.#job = job
    this.#worker = worker
  }

  consumer(file: number, format: LogFormat): EventConsumer {
    const { group, number } = this.#job.files[file] as StoreJob['files'][number]
    const base = BigInt(number) << 40n
    const mask = (1n << 40n) - 1n
    return {
      accept: (event, meta) => {
        this.#add(event, meta, { file, group, order: base | (meta.seq & mask) }, format)
        return 'yes' satisfies Answer
      },
    }
  }

  #add(event: Event, meta: EventMeta, { file, group, order }: Place, format: LogFormat): void {
    const { fields, time } = event
    const { isNamed, answers } = hiddenOf(event, format)
    const type = this.#typeOf(fields)
    const isText = format.json && format.computed === undefined && event.raw === undefined && event.notes === undefined
    const shape = isText ? compactShape(fields, meta.raw) : undefined
    const asLogged = isText && ((shape && !meta.raw.includes('\\u')) || PLAIN.test(meta.raw))
    const logged = asLogged ? this.#part({ group, type, isNamed, asLogged }) : undefined
    const head = `{"${TIME_COLUMN}":${time === undefined ? 'null' : `"${time}"`},"${ORDER_COLUMN}":"${order}"`
    const raw = this.#job.raw ? `,"${RAW_COLUMN}":${JSON.stringify((event.raw ?? meta.raw).toWellFormed())}` : ''
    let hidden = ''
    for (const [name, text] of answers) hidden += `,"${this.#hidden(name)}":${JSON.stringify(text.toWellFormed())}`
    if (logged && (shape ? takesShape(logged, shape) : takesNames(logged, fields.keys()))) {
      for (const [name] of answers) logged.answers.add(name)
      logged.addEvent(`${head}${raw}${hidden},`, meta.raw.slice(1), time)
      return
    }
    const part = this.#part({ group, type, isNamed, asLogged: false })
    if (fields.size === 0 && answers.length === 0) part.bare.set(file, 1 + (part.bare.get(file) ?? 0))
    for (const [name] of answers) part.answers.add(name)
    let line = head + raw + hidden
    for (const [name, value] of fields) {
      part.names.add(name)
      line += `,"${this.#column(name)}":${JSON.stringify(value.toWellFormed())}`
    }
    part.addEvent(line, '}', time)
  }

  #typeOf(fields: ReadonlyMap<string, string>): string {
    for (const name of TYPE_FIELDS) {
      const value = fields.get(name)
      if (value === undefined || value === '' || value.length > 60) continue
      if (!this.#types.has(value)) {
        if (this.#types.size >= MOST_TYPES) return OTHER
        this.#types.add(value)
      }
      return value
    }
    return OTHER
  }

  #part(meta: PartKind): Part {
    const key = `${meta.group} ${meta.asLogged} ${meta.isNamed} ${meta.type}`
    const found = this.#parts.get(key)
    if (found) return found
    const path = join(this.#job.folder, `store-${this.#worker}-${this.#parts.size}.ndjson`)
    const made = Object.assign(new Part(path), { meta })
    this.#parts.set(key, made)
    return made
  }

  #column(name: string): string {
    const known = this.#columns.get(name) ?? columnName(name)
    this.#columns.set(name, known)
    return known
  }

  #hidden(name: string): string {
    const known = this.#hiddenColumns.get(name) ?? hiddenColumn(name)
    this.#hiddenColumns.set(name, known)
    return known
  }

  /** All parts so far, written. */
  parts(): StorePart[] {
    return [...this.#parts.values()].map((p) => {
      p.flush()
      const { path, rows, bare, first, last, longest } = p
      return { ...p.meta, path, rows, bare, first, last, longest, names: [...p.names], answers: [...p.answers] }
    })
  }

  close(): void {
    for (const p of this.#parts.values()) p.close()
  }
}

function takesShape(part: Part, shape: JsonShape): boolean {
  if (part.shapes.has(shape)) return true
  if (!takesNames(part, shape.names)) return false
  part.shapes.add(shape)
  return true
}

/** Adds the names to the part. False: two of its names would be one name for the engine. */
function takesNames(part: Part, names: Iterable<string>): boolean {
  for (const name of names) {
    if (part.names.has(name)) continue
    const folded = name.toLowerCase()
    if (part.folded.has(folded) || isOwnColumn(name)) return false
    part.names.add(name)
    part.folded.add(folded)
  }
  return true
}
