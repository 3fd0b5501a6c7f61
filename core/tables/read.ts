// The parts of a row that a plan reads. Each engine has SQL for it (core/sql/tables/); the event of the row defines the value (event.ts).
import type { Ty } from '../plan/plan.ts'
import type { ListPlace, MapPlace, ScalarPlace } from './column.ts'

export interface TextTest {
  readonly prim: string
  readonly consts: Readonly<Record<string, unknown>>
}

export type Read =
  | { readonly kind: 'file' | 'order' | 'raw' | 'time' }
  /** str: the value. */
  | { readonly kind: 'scalar'; readonly of: ScalarPlace }
  /** str: the value of one element. */
  | { readonly kind: 'element'; readonly of: ListPlace; readonly index: number }
  /** str: the value under one key. */
  | { readonly kind: 'key'; readonly of: MapPlace; readonly key: string }
  /** list: the elements up to the first that is absent. */
  | { readonly kind: 'list'; readonly of: ListPlace }
  /** list: the values up to the first that is absent. */
  | { readonly kind: 'family'; readonly of: readonly ScalarPlace[] }
  /** list: the values under the keys `before[0]after`, `before[1]after` …, up to the first that is absent. */
  | { readonly kind: 'keys'; readonly of: MapPlace; readonly before: string; readonly after: string }
  /** bool: true if the test holds for an element or a value of the map. */
  | {
      readonly kind: 'some'
      readonly of: ListPlace | MapPlace
      readonly test: TextTest
      readonly exceptKeys: KeyFilter
      /** Names; only the fields below them count: `a[0]` and `a.b` of `a`. Left out: all. */
      readonly onlyBelow?: readonly string[]
    }
  /** str: JSON object of the fields. */
  | { readonly kind: 'rest'; readonly parts: readonly RestPart[] }
  /** str: JSON array of texts and nulls, or JSON object of texts; of a JSON column its text. */
  | { readonly kind: 'json'; readonly of: ListPlace | MapPlace | { readonly kind: 'json'; readonly column: string } }

/** Keys of a map that do not count. */
export interface KeyFilter {
  readonly names: readonly string[]
  readonly prefixes: readonly string[]
}

export type RestPart =
  /** `onlyIf`: the field is in the rest if one of these is present. Left out: always. */
  | { readonly of: ScalarPlace; readonly onlyIf?: readonly Read[] }
  | { readonly of: ListPlace }
  | { readonly of: MapPlace; readonly except: readonly string[] }

export const typeOfRead = (read: Read): Ty => {
  switch (read.kind) {
    case 'time':
      return 'time'
    case 'order':
      return 'int'
    case 'list':
    case 'family':
    case 'keys':
      return 'list'
    case 'some':
      return 'bool'
    default:
      return 'str'
  }
}
