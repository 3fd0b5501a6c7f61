// All primitives, found by folder.
import { all } from './families/_index.ts'
import type { Prim } from './prim.ts'

const list = all as readonly Prim[]
export const prims: ReadonlyMap<string, Prim> = new Map(list.map((p) => [p.id, p]))
/** Throws on an unknown id. The plan's verifier has checked them before. */
export function primOf(id: string): Prim {
  const found = prims.get(id)
  if (!found) throw new RangeError(`no primitive ${id}`)
  return found
}
