/** A JSON object, flattened. */
export interface JsonRecord {
  readonly fields: ReadonlyMap<string, string>
  /** Doubts ("duplicate key x"). */
  readonly notes?: readonly string[]
}
