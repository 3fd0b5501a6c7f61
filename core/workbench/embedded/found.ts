import type { Piece, Span } from '../../text/source.ts'

/** A text inside a host, before its language is known. */
export interface Found {
  /** Keys that lead to it, outermost first; the word of a fence; the type of a resource. */
  readonly path: readonly string[]
  readonly text: string
  readonly pieces: readonly Piece[]
  /** The first part of it that has a value only when the host runs. */
  readonly hole?: Span
  /** Scalars beside it by their keys. */
  readonly beside: ReadonlyMap<string, string>
}
