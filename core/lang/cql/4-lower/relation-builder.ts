// A relation while steps still add stages to it and columns to its source.
import { col, TRUE } from '../../../plan/build.ts'
import type { Expr, From, Relation, SourceColumn, Stage, Ty } from '../../../plan/plan.ts'

/** Columns of a source. Each name that is read from an open source adds one. */
export class SourceColumns {
  readonly name: string
  readonly rest: boolean
  interval: 'all' | 'query'
  readonly columns = new Map<string, SourceColumn>()

  private readonly onRead: (id: string) => void

  constructor(name: string, rest: boolean, onRead: (id: string) => void, interval: 'all' | 'query' = 'query') {
    this.onRead = onRead
    this.name = name
    this.rest = rest
    this.interval = interval
  }

  column(id: string, ty: Ty, from: SourceColumn['from']): Expr {
    if (!this.columns.has(id)) this.columns.set(id, { id, ty, from })
    this.onRead(id)
    return col(id, (this.columns.get(id) as SourceColumn).ty)
  }

  finish(): From {
    return {
      kind: 'source',
      name: this.name,
      columns: [...this.columns.values()],
      rest: this.rest,
      interval: this.interval,
      where: TRUE,
    }
  }
}

/** A relation being built. Later steps still add columns to its source, so `finish` comes last. */
export class RelationBuilder {
  readonly source: SourceColumns
  stages: Stage[] = []
  /** Set when the stages so far were moved into a let. */
  letName: string | undefined
  /** Columns that have a value on every row. */
  readonly neverAbsent = new Set<string>()
  /** Of the groups of a partition, some may have no row left. */
  lossy = false

  constructor(source: SourceColumns) {
    this.source = source
  }

  finish(): Relation {
    return {
      from: this.letName === undefined ? this.source.finish() : { kind: 'let', name: this.letName },
      stages: this.stages,
    }
  }
}
