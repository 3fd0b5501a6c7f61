// The state of a search between two stages: its names and their types, and the order of its rows.
import { byName } from '../../../text/by-name.ts'
import { nearest } from '../../../text/nearest.ts'
import * as codes from '../../../diag/catalogue/sumo-lower.ts'
import { absent, and, call, col, iff, present, test, TRUE } from '../../../plan/build.ts'
import type { Expr, From, OrderKey, Pred, Relation, SourceColumn, SourceNode, Stage, Ty } from '../../../plan/plan.ts'
import type { Span } from '../../../text/source.ts'
import type { Stage as Ast, Expr as AstExpr, Name, Query } from '../2-parse/ast.ts'
import type { Lowering } from './lowering.ts'
import type { Result } from './result.ts'
import { columnIds } from './values.ts'

export interface Field {
  /** Column id, which is also how the name is shown. */
  readonly id: string
  readonly ty: Ty
  /** The vendor holds it as Double. */
  readonly double?: true
  /** Made by withtime: the value is paired with the message's time. */
  readonly timed?: true
}

// Built-in metadata under its documented spelling, whatever the query writes.
// https://help.sumologic.com/docs/search/get-started-with-search/search-basics/built-in-metadata/
const METADATA = new Map(
  '_sourceCategory _sourceHost _sourceName _source _sourceId _collector _collectorId _index _view _messageId _messageCount _blockId _format _dataTier _siemForward _siemDataType'
    .split(' ')
    .map((n) => [n.toLowerCase(), n]),
)

const RAW = '$:raw'
const TIME = '$:time'
export const SEQ = '$:seq'
const META: Record<string, { id: string; ty: Ty; name: 'raw' | 'seq' | 'time' }> = byName({
  [RAW]: { id: RAW, ty: 'str', name: 'raw' },
  [TIME]: { id: TIME, ty: 'time', name: 'time' },
  [SEQ]: { id: SEQ, ty: 'int', name: 'seq' },
})

/** The column of `timeslice`. Either a width or a number of buckets. */
export interface Slice {
  readonly name: string
  readonly spanMs: number | undefined
  readonly buckets: number | undefined
}

/** A text with JSON whose values are fields by their flat names. */
export interface AutoJson {
  readonly id: string
  readonly maxDepth: number | undefined
  readonly arrays: boolean
}

/** Functions of lowering that call each other in a circle. Passing them in keeps the imports free of circles. */
export interface Parts {
  query(f: Flow, query: Query): void
  stages(f: Flow, stages: readonly Ast[]): void
  call(f: Flow, call: Extract<AstExpr, { readonly kind: 'call' }>): Result
}

export class Flow {
  readonly lowering: Lowering
  readonly parts: Parts
  stages: Stage[] = []
  columns: SourceColumn[] = []
  /** Source of the rows: the messages, or a relation that other parts of the plan read as well. */
  #from: From | undefined
  /** Stages of earlier relations, shared with forks. A field that is read later is added to all of them. */
  #before: Stage[][] = []
  /** Names read as arrays of the messages, lower-cased, that no stage has set. */
  readonly #arrays = new Set<string>()
  /** Lower-cased name → field. */
  fields = new Map<string, Field>()
  /** Names with `_` that a stage has set and `fields` has not named: of messages they stay readable. */
  unnamed: ReadonlyMap<string, Field> = new Map()
  /** Rows are messages: they have `_raw` and a time, and any name may be one of their fields. */
  messages = true
  /** A name that no stage has defined is a field of the messages. */
  open = true
  /** Order of the rows; undefined: messages newest first, tables none. */
  order: readonly OrderKey[] | undefined
  ordered = false
  /** The JSON in which `json auto` looks up names that no stage has defined. */
  auto: AutoJson | undefined
  at: Span
  /** Columns with the outcome of the nodrop parses directly before. */
  matched: string[] = []
  /** Ids of the fields that the rows of a table are grouped by. */
  groups: ReadonlySet<string> = new Set()
  slice: Slice | undefined
  /** Messages of another interval than the search's. */
  interval: { readonly from: Expr; readonly to: Expr } | undefined
  /** Ids of the columns that `transpose` has named. */
  cells: ReadonlySet<string> = new Set()
  /** The rows have further columns, named by data. */
  pivoted = false
  /** The next stage reads fields out of a text, too. */
  parseFollows = false
  /** The later stages. Some need columns that the current one would not keep. */
  ahead: readonly Ast[] = []

  constructor(lowering: Lowering, parts: Parts, at: Span) {
    this.lowering = lowering
    this.parts = parts
    this.at = at
  }

  push(stage: Stage): void {
    this.stages.push({ ...stage, at: this.at })
  }
  filter(where: Pred): void {
    if (where.kind !== 'true') this.push({ kind: 'filter', where })
  }
  /** Reports an operator that is not run. Later stages may read its columns, so unknown names are no error from here on. */
  notRun(at: Span, name: string, reason: string): void {
    this.lowering.report(codes.sumoNotRun, at, { name, reason })
    this.open = true
  }
  hidden(prefix: string): string {
    return this.lowering.hiddenId(prefix)
  }
  meta(id: typeof RAW | typeof TIME | typeof SEQ): Expr {
    const m = META[id] as (typeof META)[string]
    if (!this.messages) return absent(m.ty)
    if (!this.columns.some((c) => c.id === id))
      this.columns.push({ id, ty: m.ty, from: { kind: 'meta', name: m.name } })
    return col(id, m.ty)
  }
  get raw(): Expr {
    return this.meta(RAW)
  }
  get time(): Expr {
    return this.meta(TIME)
  }
  get seq(): Expr {
    return this.meta(SEQ)
  }

  /** Reads a name. An unknown one becomes a field of the messages; after an aggregate it is an error. */
  read(name: Name): { readonly expr: Expr; readonly field: Field | undefined } {
    const key = name.name.toLowerCase()
    const field = this.fields.get(key)
    if (field) return { expr: col(field.id, field.ty), field }
    const built = this.messages ? this.builtIn(key) : undefined
    if (built) return { expr: built, field: undefined }
    // `fields` on messages keeps names that begin with `_`.
    if (this.open || (this.messages && key.startsWith('_'))) {
      const field = this.sourceField(name)
      return { expr: col(field.id, field.ty), field }
    }
    if (this.auto !== undefined) {
      this.set([{ name: name.name, expr: this.autoValue(name.name) }])
      return this.read(name)
    }
    const similar = nearest(
      name.name,
      [...this.fields.values()].map((f) => f.id),
    )
    this.lowering.report(codes.sumoUnknownField, name.span, { name: name.name, similar })
    return { expr: absent('str'), field: undefined }
  }

  private builtIn(key: string): Expr | undefined {
    switch (key) {
      case '_raw':
        return this.raw
      case '_messagetime':
        return call('time.toMillis', 'int', [this.time])
      case '_receipttime':
        this.lowering.choice('receipt-time')
        return this.receipt()
      case '_size':
        return call('str.length', 'int', [this.raw])
      default:
        return undefined
    }
  }

  /** That of an export; a log file has none. */
  private receipt(): Expr {
    const id = '_receiptTime'
    this.carry(id)
    const own = call('int.parse', 'int', [col(id, 'str')])
    return iff(present(own), own, call('time.toMillis', 'int', [this.time]))
  }

  /** The elements of an array of the messages; undefined: the name is a field of an earlier stage. */
  array(name: Name): Expr | undefined {
    const key = name.name.toLowerCase()
    if (!this.open || !this.messages || (this.fields.has(key) && !this.#arrays.has(key))) return undefined
    this.#arrays.add(key)
    const spelled =
      this.lowering.spellingOf(name.name) ?? this.lowering.spellingOf(`${name.name}[0]`)?.slice(0, -3) ?? name.name
    const id = `$:array-${spelled}`
    if (!this.columns.some((c) => c.id === id))
      this.columns.push({ id, ty: 'list', from: { kind: 'array', name: spelled } })
    return col(id, 'list')
  }

  /** Reads a field of the messages, and keeps it in all stages so far. */
  private carry(id: string): void {
    if (!this.columns.some((c) => c.id === id)) this.columns.push({ id, ty: 'str', from: { kind: 'field', name: id } })
    for (const stages of [...this.#before, this.stages])
      stages.forEach((s, i) => {
        if (s.kind === 'project' && !s.columns.includes(id)) stages[i] = { ...s, columns: [...s.columns, id] }
      })
  }

  private sourceField(name: Name): Field {
    const folded = name.name.toLowerCase()
    const id = this.lowering.spellingOf(name.name) ?? METADATA.get(folded) ?? name.name
    const field: Field = this.unnamed.get(folded) ?? { id, ty: 'str' }
    this.carry(id)
    this.fields.set(name.name.toLowerCase(), field)
    if (this.auto !== undefined && !id.startsWith('_')) {
      const found = this.autoValue(id)
      this.push({ kind: 'set', columns: [{ id, expr: iff(present(found), found, col(id, 'str')) }] })
    }
    return field
  }

  /** The value of a name in the JSON of `json auto`. */
  private autoValue(name: string, auto = this.auto as AutoJson): Expr {
    return call('json.named', 'str', [col(auto.id, 'str')], {
      name,
      maxDepth: auto.maxDepth ?? null,
      arrays: auto.arrays,
    })
  }

  /** From here on a value in this JSON takes precedence over a field of the same name, present fields included. */
  readJson(auto: AutoJson): void {
    const texts = [...this.fields.values()].filter((x) => x.ty === 'str' && !x.id.startsWith('_'))
    this.auto = auto
    this.set(
      texts.map((x) => {
        const found = this.autoValue(x.id)
        return { name: x.id, expr: iff(present(found), found, col(x.id, 'str')) }
      }),
    )
  }

  /** Sets several names in one stage. First copies the columns that order the rows, if they are overwritten. */
  set(columns: readonly { readonly name: string; readonly expr: Expr; readonly double?: boolean }[]): void {
    const all = columns.map(({ name, expr, double }) => {
      const key = name.toLowerCase()
      const id = this.fields.get(key)?.id ?? name
      return { key, id, expr, field: { id, ty: expr.ty, ...(double ? { double: true as const } : {}) } }
    })
    // Of two columns with one name the later is used.
    const assigned = all.filter((m, i) => !all.some((o, j) => j > i && o.key === m.key))
    const kept = this.keepOrder(new Set(assigned.map((m) => m.id)))
    if (assigned.length > 0)
      this.push({ kind: 'set', columns: [...kept, ...assigned.map(({ id, expr }) => ({ id, expr }))] })
    for (const m of assigned) {
      this.fields.set(m.key, m.field)
      this.#arrays.delete(m.key)
    }
  }

  private keepOrder(overwritten: ReadonlySet<string>): { id: string; expr: Expr }[] {
    const kept: { id: string; expr: Expr }[] = []
    this.order = this.order?.map((k) => {
      const reads = columnIds(k.expr)
      if (!reads.some((id) => overwritten.has(id))) return k
      const id = this.hidden('order')
      kept.push({ id, expr: k.expr })
      return { ...k, expr: col(id, k.expr.ty) }
    })
    return kept
  }

  setHidden(prefix: string, expr: Expr): Expr {
    const id = this.hidden(prefix)
    this.push({ kind: 'set', columns: [{ id, expr }] })
    return col(id, expr.ty)
  }

  /** Sort keys of the current order. */
  orderKeys(): readonly OrderKey[] {
    if (this.order) return this.order
    if (!this.messages) return []
    return [
      { expr: this.time, dir: 'desc', nulls: 'last' },
      { expr: this.seq, dir: 'desc', nulls: 'last' },
    ]
  }

  /** After an aggregate: only these names, in this order. */
  table(fields: readonly Field[], names: readonly string[] = fields.map((f) => f.id)): void {
    this.fields = new Map(fields.map((f, i) => [(names[i] as string).toLowerCase(), f]))
    this.messages = false
    this.open = false
    this.order = undefined
    this.ordered = false
    this.auto = undefined
    this.matched = []
    this.groups = new Set()
    this.cells = new Set()
    this.pivoted = false
  }

  /** Names the rows as a relation, so that several parts of the plan can read them. Forks begin with it. */
  split(): void {
    if (this.#from?.kind === 'let' && this.stages.length === 0) return
    const name = `rows${this.lowering.lets.length + 1}`
    this.lowering.lets.push({ name, rel: this.relation(false) })
    this.#before = [...this.#before, this.stages]
    this.#from = { kind: 'let', name }
    this.stages = []
  }

  from(source: From): void {
    this.#from = source
  }

  /** Another flow over the same rows. Call `split` first. */
  fork(): Flow {
    const other = new Flow(this.lowering, this.parts, this.at)
    other.columns = this.columns
    other.#from = this.#from
    other.#before = this.#before
    other.fields = new Map(this.fields)
    other.unnamed = this.unnamed
    other.messages = this.messages
    other.open = this.open
    other.order = this.order
    other.ordered = this.ordered
    other.auto = this.auto
    other.groups = this.groups
    other.slice = this.slice
    other.cells = this.cells
    other.pivoted = this.pivoted
    return other
  }

  /** Continues with the rows of another flow. */
  become(other: Flow): void {
    this.columns = other.columns
    this.stages = other.stages
    this.#from = other.#from
    this.#before = []
    this.fields = other.fields
    this.unnamed = other.unnamed
    this.messages = other.messages
    this.open = other.open
    this.order = other.order
    this.ordered = other.ordered
    this.auto = undefined
    this.groups = other.groups
    this.cells = other.cells
    this.pivoted = other.pivoted
  }

  relation(rest: boolean): Relation {
    const from: SourceNode = {
      kind: 'source',
      name: 'events',
      columns: this.columns,
      rest,
      interval: 'query',
      where: TRUE,
      // A search looks through every message, whatever its format.
      unparsed: true,
    }
    if (this.#from || !this.interval) return { from: this.#from ?? from, stages: this.stages }
    const time = this.columns.find((c) => c.id === TIME) ?? {
      id: TIME,
      ty: 'time',
      from: { kind: 'meta', name: 'time' },
    }
    if (!this.columns.includes(time)) this.columns.push(time)
    const at = col(TIME, 'time')
    const within: Stage = {
      kind: 'filter',
      where: and(test('time.ge', [at, this.interval.from]), test('time.lt', [at, this.interval.to])),
    }
    return { from: { ...from, interval: 'all' }, stages: [within, ...this.stages] }
  }
}
