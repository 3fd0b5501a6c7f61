// Facts that follow from one test or expression alone.
import type { Expr, Test, Value } from '../plan/plan.ts'
import { listConst, textsConst } from '../prims/kit.ts'
import { prims } from '../prims/registry.ts'
import { nullable } from '../regex/regex.ts'
import { readsAround, regexOf } from './captures.ts'

/** More values are not compared. */
export const MOST_VALUES = 60

/** A pattern that the empty text meets is found in every text. */
export function isFoundEverywhere(t: Test): boolean {
  const regex = t.prim === 're.test' ? regexOf(t.consts) : undefined
  return regex !== undefined && nullable(regex.root) && !readsAround(regex.root)
}

/** Expressions that have a value wherever this one has. */
export function withParts(e: Expr): Expr[] {
  if (e.kind !== 'call') return [e]
  // A member has a value only in an object that has one.
  if (e.prim === 'json.get') {
    const path = listConst(e.consts, 'path')
    const around = path.slice(1).map((_, i): Expr => ({ ...e, consts: { ...e.consts, path: path.slice(0, i + 1) } }))
    return [e, ...around, ...e.args.flatMap(withParts)]
  }
  const prim = prims.get(e.prim)
  return prim?.kind === 'scalar' && prim.nulls === 'propagate' ? [e, ...e.args.flatMap(withParts)] : [e]
}

/** `field = value`, or a list of texts. */
export function namedValues({ prim, args, consts }: Test): readonly Value[] | undefined {
  const [, other] = args
  if (prim === 'str.in') {
    const texts = textsConst(consts, 'values')
    return texts.length > MOST_VALUES ? undefined : texts
  }
  return /^(?:str|num|int)\.eq$/.test(prim) && other?.kind === 'lit' && other.value !== null ? [other.value] : undefined
}
