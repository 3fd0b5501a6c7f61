// Predicates that hold for every event that the steps before let through: no event can fall out there.
import type { Consts, Test } from '../plan/plan.ts'
import { textConst } from '../prims/kit.ts'
import { foldedLiterals, literals, lowerText, runner } from '../regex/regex.ts'
import { readsAround, regexOf } from './captures.ts'
import type { Chain, Condition } from './chain.ts'
import { Facts } from './facts.ts'
import { Forms } from './forms.ts'

export interface Consequences {
  /** Keys of the conditions that follow from those before them. */
  readonly implied: ReadonlySet<string>
  /** The first condition that is false for every event that meets those before it. */
  readonly contradiction: Condition | undefined
}

export function consequencesOf(chain: Chain, conditions: readonly Condition[]): Consequences {
  const forms = new Forms(chain)
  const facts = new Facts(forms)
  const parts = new Map<string, string[]>()
  const implied = new Set<string>()
  let contradiction: Condition | undefined
  for (const c of conditions) {
    const decided = facts.decide(c.pred, c.step)
    if (decided === false) contradiction ??= c
    const part = partOf(forms, c)
    const isPart = part !== undefined && (parts.get(part.of) ?? []).some((longer) => longer.includes(part.text))
    if (decided === true || isPart || isFoundIn(forms, c, parts)) implied.add(c.key)
    if (part) parts.set(part.of, [...(parts.get(part.of) ?? []), part.text])
    facts.assume(c.pred, true, c.step)
  }
  return { implied, contradiction }
}

/** `*text*`: a longer text that was found includes this one. */
function partOf(forms: Forms, { pred, step }: Condition): { readonly of: string; readonly text: string } | undefined {
  if (pred.kind !== 'test') return undefined
  const [arg] = pred.args
  const form = arg && forms.of(arg, step)
  const ignoreCase = pred.consts['ignoreCase'] === true || textConst(pred.consts, 'flags').includes('i')
  const text = pred.prim === 're.test' ? needed(pred.consts, ignoreCase) : plainGlob(pred)
  if (form === undefined || text === undefined) return undefined
  return { of: `${form} ${String(ignoreCase)}`, text: ignoreCase ? lowerText(text) : text }
}
const plainGlob = ({ prim, consts }: Test): string | undefined =>
  prim === 'str.glob' ? /^\*([^*]+)\*$/.exec(textConst(consts, 'pattern'))?.[1] : undefined

/** The text that every match of a pattern has. */
function needed(consts: Consts, ignoreCase: boolean): string | undefined {
  const regex = regexOf(consts)
  const texts = regex && (ignoreCase ? foldedLiterals : literals)(regex.root)
  return texts?.length === 1 ? texts[0] : undefined
}

/** A pattern that is found in a text which an earlier predicate has found. */
function isFoundIn(forms: Forms, { pred, step }: Condition, parts: ReadonlyMap<string, readonly string[]>): boolean {
  if (pred.kind !== 'test') return false
  const [arg] = pred.args
  const form = arg && forms.of(arg, step)
  if (pred.prim === 'str.glob') {
    const text = plainGlob(pred)
    const folded = pred.consts['ignoreCase'] === true
    const all = text === undefined ? [] : (parts.get(`${form} ${String(folded)}`) ?? [])
    return all.some((known) => known.includes(folded ? lowerText(text as string) : (text as string)))
  }
  const regex = pred.prim === 're.test' && form !== undefined ? regexOf(pred.consts) : undefined
  if (!regex || readsAround(regex.root)) return false
  const run = runner(regex, 'none')
  const texts = [
    ...(parts.get(`${form} false`) ?? []),
    ...(regex.flags.includes('i') ? (parts.get(`${form} true`) ?? []) : []),
  ]
  return run !== undefined && texts.some((t) => run.test(t))
}
