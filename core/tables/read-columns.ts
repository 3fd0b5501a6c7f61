// The reads of a relation over a table, as the columns of its source.
import { col, TRUE } from '../plan/build.ts'
import { jsonText } from '../plan/json-text.ts'
import type { Expr, SourceColumn, SourceNode } from '../plan/plan.ts'
import { type Read, typeOfRead } from './read.ts'

/** A column of the engine's own row. */
export interface ReadColumn {
  readonly id: string
  readonly read: Read
}

/** Each read once. */
export class ReadColumns {
  readonly columns: ReadColumn[] = []
  rest: ReadColumn | undefined
  readonly #ids = new Map<string, string>()

  column(read: Read): Expr {
    const key = jsonText(read as never)
    const id = this.#ids.get(key) ?? `$:read ${this.columns.length}`
    if (!this.#ids.has(key)) {
      this.#ids.set(key, id)
      this.columns.push({ id, read })
    }
    return col(id, typeOfRead(read))
  }

  get all(): readonly ReadColumn[] {
    return this.rest ? [...this.columns, this.rest] : this.columns
  }

  source(name: string, interval: SourceNode['interval']): SourceNode {
    const columns = this.columns.map(
      ({ id, read }): SourceColumn => ({ id, ty: typeOfRead(read), from: { kind: 'field', name: id } }),
    )
    return { kind: 'source', name, columns, rest: this.rest !== undefined, interval, where: TRUE }
  }
}
