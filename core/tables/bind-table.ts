// The binding of `core/eval/bind.ts` over the columns of a table: names of a query as reads of a row, so that an engine can do it.
import { candidates, type Tags } from '../eval/bind.ts'
import { absent, and, call, conjuncts, FALSE, iff, or, present, TRUE, test, text, truth } from '../plan/build.ts'
import {
  type Expr,
  isHidden,
  type Pred,
  REST,
  type Relation,
  type SourceColumn,
  type SourceNode,
  type Stage,
} from '../plan/plan.ts'
import { columnsOfPred, mapPred, visitPred } from '../plan/walk.ts'
import { elementName, type ListPlace, type MapPlace, type Place, type ScalarPlace } from './column.ts'
import { type Copies, TableFields } from './find-field.ts'
import { type KeyTest, keyTests } from './key-tests.ts'
import type { Table } from './mapping.ts'
import type { KeyFilter, Read, RestPart, TextTest } from './read.ts'
import { type ReadColumn, ReadColumns } from './read-columns.ts'
import { isElement, isListedUnder, mayHold } from './column.ts'

/** Undefined: the engine computes the primitive. */
export type TailOf = (prim: string, consts: TextTest['consts']) => string | undefined

export interface BoundTable {
  /** Undefined: the engine cannot say all of it, for the `reasons`. */
  readonly relation: Relation | undefined
  readonly reads: readonly ReadColumn[]
  readonly keys: readonly KeyTest[]
  readonly reasons: readonly string[]
}

export class TableBinder {
  readonly #table: Table
  readonly #aliases: Readonly<Record<string, readonly string[]>>
  readonly #tags: Tags
  readonly #tailOf: TailOf
  readonly #places: readonly Place[]
  readonly #scalars: ReadonlyMap<string, ScalarPlace>
  readonly #lists: readonly ListPlace[]
  readonly #maps: readonly MapPlace[]
  readonly #fields: TableFields
  readonly #hasJson: boolean
  readonly #doubled: string | undefined

  /** `aliases` and `tags`: of the mapping and of its format. */
  constructor(
    table: Table,
    aliases: Readonly<Record<string, readonly string[]>>,
    tags: Tags,
    tailOf: TailOf,
    copies?: Copies,
  ) {
    this.#table = table
    this.#fields = new TableFields(table, copies)
    this.#aliases = aliases
    this.#tags = tags
    this.#tailOf = tailOf
    this.#places = this.#fields.places
    const of = <K extends Place['kind']>(kind: K) =>
      this.#places.filter((p): p is Extract<Place, { kind: K }> => p.kind === kind)
    this.#scalars = new Map(of('scalar').map((p) => [p.name, p]))
    this.#lists = of('list')
    this.#maps = of('map')
    this.#hasJson = of('json').length > 0
    const names = this.#places.flatMap((p) => (p.kind === 'json' ? [] : [p.name]))
    const above = [...this.#lists, ...this.#maps].map((p) => p.name)
    // A column named like an element of another one. The event has the first; no table of a product has both.
    const isInside = (n: string, a: string): boolean =>
      a !== '' && n !== a && (n.startsWith(`${a}[`) || n.startsWith(`${a}.`))
    this.#doubled = above.find((a) => a.includes('[')) ?? names.find((n) => above.some((a) => isInside(n, a)))
  }

  /** `name`: of the source that the relation reads. Its columns are `reads`, in order. */
  bind(source: SourceNode, name: string): BoundTable {
    const reads = new ReadColumns()
    const reasons = new Set<string>(
      this.#doubled === undefined ? [] : [`two columns may have the field ${this.#doubled}`],
    )
    const exprs = new Map<string, Expr>()
    for (const c of source.columns) {
      const bound = this.#column(c, reads)
      if (typeof bound === 'string') reasons.add(bound)
      else exprs.set(c.id, bound)
    }
    const rest = source.rest ? this.#rest(source.columns) : undefined
    if (typeof rest === 'string') reasons.add(rest)
    else if (rest) reads.rest = { id: REST, read: { kind: 'rest', parts: rest } }
    const filters: Stage[] = this.#inOrder(source.where).map((where) => ({ kind: 'filter', where }))
    const shown = [...exprs].map(([id, expr]) => ({ id, expr }))
    const relation: Relation = {
      from: reads.source(name, source.interval),
      stages: [
        { kind: 'set', columns: shown },
        ...filters,
        { kind: 'project', columns: source.columns.map((c) => c.id), rest: source.rest },
      ],
    }
    const keys = keyTests(source, (field) => this.onlyColumn(field))
    return { relation: reasons.size > 0 ? undefined : relation, reads: reads.all, keys, reasons: [...reasons] }
  }

  /** The column that alone may have the field. */
  onlyColumn(field: string): ScalarPlace | undefined {
    const names = candidates(field, this.#aliases)
    const found = names.map((n) => this.#fields.find(n))
    const [read, ...others] = found.flatMap((f) => f.reads)
    const isAlone =
      others.length === 0 && !found.some((f) => f.isOpen) && !names.some((n) => Object.hasOwn(this.#tags, n))
    return isAlone && read?.kind === 'scalar' ? read.of : undefined
  }

  /**
   * The conjuncts of a source's filter that the engine can compute, as a relation of rows that have all reads of `needed`. Rows that it
   * leaves out do not match the filter.
   */
  narrow(
    sources: readonly SourceNode[],
    needed: readonly Read[],
    name: string,
  ): { relation: Relation; reads: readonly ReadColumn[] } {
    const reads = new ReadColumns()
    for (const read of needed) reads.column(read)
    const interval = sources.length === 0 || sources.some((s) => s.interval === 'all') ? 'all' : 'query'
    const alternatives = sources.map((s) => this.#sayable(s, reads))
    const where = alternatives.length === 0 ? TRUE : or(...alternatives)
    const keep = reads.columns.slice(0, needed.length).map((c) => c.id)
    const relation: Relation = {
      from: reads.source(name, interval),
      stages: [
        { kind: 'filter', where },
        { kind: 'project', columns: keep, rest: false },
      ],
    }
    return { relation, reads: reads.all }
  }

  /** The places of a row that the sources may read, by their number among all places. */
  needed(sources: readonly SourceNode[]): ReadonlySet<number> {
    const columns = sources.flatMap((s) => s.columns)
    const isOpen = sources.some((s) => s.rest) || columns.some((c) => !['field', 'meta'].includes(c.from.kind))
    const found = new Set<unknown>(
      columns.flatMap(({ from }) =>
        from.kind === 'field'
          ? candidates(from.name, this.#aliases).flatMap((n) =>
              this.#fields.find(n).reads.map((r) => ('of' in r ? r.of : r)),
            )
          : [],
      ),
    )
    const all = [...this.#places, ...this.#fields.hidden]
    return new Set(all.flatMap((p, i) => (isOpen || p.kind === 'json' || found.has(p) ? [i] : [])))
  }

  #sayable(source: SourceNode, reads: ReadColumns): Pred {
    const columns = new Map(source.columns.map((c) => [c.id, c]))
    const parts = conjuncts(source.where).flatMap((p) => {
      if (this.#doubled !== undefined || this.#tailIn(p) !== undefined) return []
      const exprs = new Map<string, Expr>()
      for (const id of columnsOfPred(p)) {
        const c = columns.get(id)
        const bound = c ? this.#column(c, reads) : 'a column of no field'
        if (typeof bound === 'string') return []
        exprs.set(id, bound)
      }
      return [mapPred(p, { enter: (e) => (e.kind === 'col' ? exprs.get(e.id) : undefined) })]
    })
    return and(...parts)
  }

  /** Conjuncts that the engine computes come first: the first that it does not ends its part. */
  #inOrder(where: Pred): readonly Pred[] {
    const parts = conjuncts(where).filter((p) => p.kind !== 'true')
    const isTail = parts.map((p) => this.#tailIn(p) !== undefined)
    return [...parts.filter((_, i) => !isTail[i]), ...parts.filter((_, i) => isTail[i])]
  }

  #tailIn(p: Pred): string | undefined {
    let reason: string | undefined
    visitPred(p, {
      expr: (e) => {
        if (e.kind === 'call') reason ??= this.#tailOf(e.prim, e.consts)
      },
      pred: (q) => {
        if (q.kind === 'test') reason ??= this.#tailOf(q.prim, q.consts)
      },
    })
    return reason
  }

  /** The reason why not, or the expression. */
  #column({ from, ty }: SourceColumn, reads: ReadColumns): Expr | string {
    switch (from.kind) {
      case 'meta':
        if (from.name === 'raw') return this.#raw(reads)
        return reads.column({ kind: from.name === 'seq' ? 'order' : from.name })
      case 'field':
        return this.#field(from.name, reads) ?? absent(ty)
      case 'array':
        return this.#array(from.name, reads)
      case 'elements': {
        const open = candidates(from.name, this.#aliases).some((n) => this.#isBelow(n))
        return open ? `elements of objects in ${from.name}[]` : absent('list')
      }
      case 'search':
        return this.#search(from, reads)
    }
  }

  /** A table without the records has the empty text in their place. */
  #raw(reads: ReadColumns): Expr {
    if (this.#table.mapping.raw === undefined) return text('')
    const raw = reads.column({ kind: 'raw' })
    return iff(present(raw), raw, text(''))
  }

  #field(name: string, reads: ReadColumns): Expr | string | undefined {
    const names = candidates(name, this.#aliases)
    const tagged = names.findIndex((n) => Object.hasOwn(this.#tags, n))
    const asked = tagged < 0 ? names : names.slice(0, tagged + 1)
    const found = asked.map((n) => this.#fields.find(n))
    if (found.some((f) => f.isOpen)) return `fields of the JSON in column ${this.#table.mapping.rest}`
    const tag = tagged < 0 ? undefined : text(this.#tags[names[tagged] as string] as string)
    return firstPresent([...found.flatMap((f) => f.reads.map((r) => reads.column(r))), ...(tag ? [tag] : [])])
  }

  #array(name: string, reads: ReadColumns): Expr | string {
    if (this.#hasJson) return `lists in the JSON of column ${this.#table.mapping.rest}`
    const lists: Expr[] = []
    for (const family of candidates(name, this.#aliases)) {
      const [before = '', inner = ''] = family.includes('[]') ? family.split(/\[\]\.?/s) : [family, '']
      const place = this.#lists.find((l) => l.name === before && l.inner.join('.') === inner)
      if (place) lists.push(reads.column({ kind: 'list', of: place }))
      const scalars: ScalarPlace[] = []
      for (;;) {
        const [next, another] = this.#fields.columns(`${before}[${scalars.length}]${inner === '' ? '' : `.${inner}`}`)
        if (!next) break
        if (another) return `elements of ${before} in several columns`
        scalars.push(next)
      }
      if (scalars.length > 0) lists.push(reads.column({ kind: 'family', of: scalars }))
      const maps = this.#maps.filter((m) => m.name === '' || before.startsWith(`${m.name}.`))
      const [map] = maps
      if (!map) continue
      if (maps.length > 1 || place || this.#hasElements(before))
        return `lists in columns and in the map of column ${map.column}`
      const within = map.name === '' ? before : before.slice(map.name.length + 1)
      lists.push(reads.column({ kind: 'keys', of: map, before: within, after: inner === '' ? '' : `.${inner}` }))
    }
    return lists.reduceRight<Expr>(
      (otherwise, list) => iff(present(call('list.at', 'str', [list], { index: 0 })), list, otherwise),
      absent('list'),
    )
  }

  /** Has a column, or a name of the mapping, the name of an element? */
  #hasElements(family: string): boolean {
    const names = [...this.#scalars.keys(), ...Object.keys(this.#table.mapping.fields)]
    return names.some((n) => n.startsWith(`${family}[`))
  }

  #search(from: Extract<SourceColumn['from'], { kind: 'search' }>, reads: ReadColumns): Expr | string {
    const { prim, consts } = from.test
    const reason = this.#tailOf(prim, consts)
    if (reason !== undefined) return reason
    if (this.#hasJson) return `a search over the JSON in column ${this.#table.mapping.rest}`
    const holds = (value: Expr): Pred => and(present(value), test(prim, [value], consts))
    const some = (
      of: ListPlace | MapPlace,
      exceptKeys: KeyFilter = { names: [], prefixes: [] },
      onlyBelow?: readonly string[],
    ): Pred => ({
      kind: 'holds',
      expr: reads.column({ kind: 'some', of, test: from.test, exceptKeys, ...(onlyBelow && { onlyBelow }) }),
    })
    const tests: Pred[] = []
    if (from.of !== undefined) {
      const names = [...new Set(from.of.flatMap((n) => candidates(n, this.#aliases)))]
      for (const place of this.#places) {
        if (place.kind === 'json') continue
        const isListed = names.some((n) => isListedUnder(place, n))
        if (isListed)
          tests.push(place.kind === 'scalar' ? holds(reads.column({ kind: 'scalar', of: place })) : some(place))
        else if (place.kind === 'map' && names.some((n) => mayHold(place, n)))
          tests.push(some(place, { names: this.#shadowed(place), prefixes: [] }, within(place, names)))
      }
      return truth(tests.length === 0 ? FALSE : or(...tests))
    }
    tests.push(test(prim, [this.#raw(reads)], consts))
    const except = new Set(from.except.flatMap((n) => candidates(n, this.#aliases)))
    const prefixes = from.exceptPrefixes ?? []
    const searched = (name: string): boolean => !except.has(name) && !prefixes.some((p) => name.startsWith(p))
    for (const place of this.#places) {
      if (place.kind === 'scalar' && searched(place.name))
        tests.push(holds(reads.column({ kind: 'scalar', of: place })))
      if (place.kind === 'list' && [...except].some((n) => isElement(place, n)))
        return `all elements of ${place.name} but some`
      if (place.kind === 'list' && searched(elementName(place).replace('[]', '[0]'))) tests.push(some(place))
      if (place.kind !== 'map') continue
      const above = place.name === '' ? '' : `${place.name}.`
      // A prefix that is the beginning of the map's own name leaves all of it out.
      if (above !== '' && prefixes.some((p) => above.startsWith(p))) continue
      tests.push(
        some(place, {
          names: [...within(place, except), ...this.#shadowed(place)],
          prefixes: within(place, prefixes),
        }),
      )
    }
    return truth(or(...tests))
  }

  /** Keys of a map that are no fields, because a column or the mapping has the name. */
  #shadowed(map: MapPlace): string[] {
    const names = [...this.#scalars.keys(), ...(map.name === '' ? Object.keys(this.#table.mapping.fields) : [])]
    return within(map, names)
  }

  /** May an event have fields `name[0]…`? */
  #isBelow(name: string): boolean {
    if (this.#hasJson || this.#maps.some((m) => m.name === '' || name.startsWith(`${m.name}.`) || name === m.name))
      return true
    if (this.#lists.some((l) => l.name === name)) return true
    for (const n of this.#scalars.keys()) if (n.startsWith(`${name}[`)) return true
    return false
  }

  #rest(columns: readonly SourceColumn[]): readonly RestPart[] | string {
    if (this.#hasJson) return `all fields of the JSON in column ${this.#table.mapping.rest}`
    if (columns.some((c) => c.from.kind === 'array' || c.from.kind === 'elements'))
      return 'lists beside all other fields'
    const fields = columns.flatMap((c) =>
      c.from.kind === 'field' && !isHidden(c.id) ? [candidates(c.from.name, this.#aliases)] : [],
    )
    const single = new Set(fields.flatMap((names) => (names.length === 1 ? names : [])))
    const several = fields.filter((names) => names.length > 1)
    const named = new Set(fields.flat())
    const parts: RestPart[] = []
    for (const place of this.#places) {
      if (place.kind === 'json') continue
      if (place.kind === 'scalar') {
        const part = this.#restScalar(place, single, several)
        if (typeof part === 'string') return part
        if (part) parts.push(part)
      } else if (place.kind === 'list') {
        if ([...named].some((n) => this.#fields.find(n).reads.some((r) => r.kind === 'element' && r.of === place)))
          return `all elements of ${place.name} but some`
        parts.push({ of: place })
      } else {
        const open = several.flatMap((names) =>
          names.filter((n) => this.#fields.find(n).reads.some((r) => r.kind === 'key')),
        )
        if (open.length > 1) return 'fields of several names in a map, beside all other fields'
        parts.push({ of: place, except: [...within(place, single), ...within(place, open), ...this.#shadowed(place)] })
      }
    }
    return parts
  }

  /** Undefined: a column of the source has the field. */
  #restScalar(
    place: ScalarPlace,
    single: ReadonlySet<string>,
    several: readonly (readonly string[])[],
  ): RestPart | string | undefined {
    const { name } = place
    if (single.has(name)) return undefined
    const users = several.filter((names) => names.includes(name))
    if (users.some((names) => this.#earlier(names, name).length === 0)) return undefined
    if (users.length === 0) return { of: place }
    if (users.length > 1) return `all fields beside ${users.length} that ${name} may answer`
    return { of: place, onlyIf: this.#earlier(users[0] as readonly string[], name) }
  }

  #earlier(names: readonly string[], name: string): Read[] {
    return names.slice(0, names.indexOf(name)).flatMap((n) => this.#fields.find(n).reads)
  }
}

/** The names from inside of the map. */
const within = (map: MapPlace, names: Iterable<string>): string[] => {
  const above = map.name === '' ? '' : `${map.name}.`
  return [...names].flatMap((n) => (n.startsWith(above) ? [n.slice(above.length)] : []))
}

const firstPresent = (exprs: readonly Expr[]): Expr | undefined =>
  exprs.length === 0
    ? undefined
    : exprs.reduceRight((otherwise, e) => (e.kind === 'lit' ? e : iff(present(e), e, otherwise)))
