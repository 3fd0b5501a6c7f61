// Hints: what is known about the text of one variable. They guide; only the evaluator decides.
import type { Node } from '../regex/regex.ts'

export type Hint =
  | { readonly kind: 'texts'; readonly of: readonly string[] }
  /** The pattern is found in the text; `groups`: of its captures. `id` names the pattern. */
  | {
      readonly kind: 'shape'
      readonly id: string
      readonly root: Node
      readonly groups: ReadonlyMap<number, readonly Hint[]>
    }
  | Range
  | { readonly kind: 'address'; readonly nets: readonly string[]; readonly inside: boolean }
  | { readonly kind: 'json'; readonly path: readonly (string | number)[]; readonly of: readonly Hint[] }
  | { readonly kind: 'pair'; readonly key: string; readonly separator: string; readonly of: readonly Hint[] }
  | { readonly kind: 'cell'; readonly delimiter: string; readonly index: number; readonly of: readonly Hint[] }
  | { readonly kind: 'length'; readonly length: number }
  /** A time whose calendar parts matter. */
  | { readonly kind: 'clock' }
  /** Elements of a list. */
  | { readonly kind: 'elements'; readonly count: number; readonly of: readonly Hint[] }
  /** Not as in the events before: the n-th of several. */
  | { readonly kind: 'other'; readonly turn: number }
  | { readonly kind: 'present' }
  | { readonly kind: 'absent' }
  /** Anything that is not as it is; `text`: above all not this; `unlike`: no text in which this pattern is found. */
  | { readonly kind: 'avoid'; readonly text?: string; readonly unlike?: Node }

/** A number; left out: no bound. */
export interface Range {
  readonly kind: 'number'
  readonly low?: number
  readonly high?: number
  readonly lowOpen?: boolean
  readonly highOpen?: boolean
  /** Not this one. */
  readonly not?: number
}

type Kind = Hint['kind']
export type OfKind<K extends Kind> = Extract<Hint, { kind: K }>
export const pick = <K extends Kind>(hints: readonly Hint[], kind: K): OfKind<K>[] =>
  hints.filter((h): h is OfKind<K> => h.kind === kind)

export interface Wish {
  /** The text that the variable has without wishes. */
  readonly sample: string
  readonly current: string | null | undefined
  readonly variant: number
  /** Times are searched through hours and days. */
  readonly isTime: boolean
}

/** Hints of one pattern are one hint. */
export function mergeShapes(all: readonly OfKind<'shape'>[]): OfKind<'shape'>[] {
  const byId = new Map<string, OfKind<'shape'>>()
  for (const shape of all) {
    const known = byId.get(shape.id)
    if (!known) byId.set(shape.id, shape)
    else {
      const groups = new Map(known.groups)
      for (const [i, hints] of shape.groups) groups.set(i, [...(groups.get(i) ?? []), ...hints])
      byId.set(shape.id, { ...known, groups })
    }
  }
  return [...byId.values()]
}
