// Predicates that hold for every event that the steps before let through: no event can fall out there.
import type { Consts, Expr, Pred, Stage, Test } from '../plan/plan.ts'
import { mapStage } from '../plan/walk.ts'
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
  const parts: Parts[] = []
  const implied = new Set<string>()
  let contradiction: Condition | undefined
  for (const c of conditions) {
    const decided = facts.decide(c.pred, c.step)
    if (decided === false) contradiction ??= c
    if (decided === true || isFoundIn(forms, c, parts)) implied.add(c.key)
    parts.push(...partsOf(forms, c.pred, c.step))
    facts.assume(c.pred, true, c.step)
  }
  return { implied, contradiction }
}

/** These steps look at one row at a time, so it does not matter which of them drops it. */
const ROW_BY_ROW: ReadonlySet<string> = new Set(['filter', 'order', 'project', 'set', 'unnest'])
const MOST_IDLE = 40

/** Keys of conditions without which the same rows get through: they follow from earlier ones, or from later ones that see the same rows. */
export function idleConditions(chain: Chain, conditions: readonly Condition[]): ReadonlySet<string> {
  const { implied } = consequencesOf(chain, conditions)
  // Conditions of stages are no predicates that could be left out.
  const idle = new Set(conditions.flatMap((c) => (c.conjunct !== null && implied.has(c.key) ? [c.key] : [])))
  if (conditions.length > MOST_IDLE) return idle
  const forms = new Forms(chain)
  for (const c of conditions) {
    if (c.conjunct === null || idle.has(c.key)) continue
    const behind = chain.steps.findIndex(({ stage }, i) => i >= c.step && !ROW_BY_ROW.has(stage.kind))
    const others = conditions.filter(
      (o) =>
        o !== c && !idle.has(o.key) && (behind < 0 || o.step < behind || (o.step === behind && o.conjunct === null)),
    )
    const facts = new Facts(forms)
    for (const o of others) facts.assume(o.pred, true, o.step)
    if (
      facts.decide(c.pred, c.step) === true ||
      isFoundIn(
        forms,
        c,
        others.flatMap((o) => partsOf(forms, o.pred, o.step)),
      )
    )
      idle.add(c.key)
  }
  return idle
}

/** The way's computing steps, by path, without the branches that no row reaching them can take. */
export function decidedBranches(chain: Chain, conditions: readonly Condition[]): Map<string, Stage> {
  const out = new Map<string, Stage>()
  const forms = new Forms(chain)
  const facts = new Facts(forms)
  const open = [...conditions]
  for (const [step, { stage, path }] of chain.steps.entries()) {
    for (let c = open[0]; c && (c.step < step || (c.step === step && c.conjunct === null)); c = open[0]) {
      facts.assume(c.pred, true, c.step)
      open.shift()
    }
    if (stage.kind !== 'set') continue
    const branch = (e: Expr): Expr => {
      const is = e.kind === 'if' ? facts.decide(e.cond, step) : undefined
      return e.kind !== 'if' || is === undefined ? e : is ? e.then : e.else
    }
    const decided = mapStage(stage, { expr: branch })
    if (decided.kind !== 'set') continue
    const columns = decided.columns.map((c) => ({ ...c, expr: reachable(c.expr, facts, forms, step) }))
    out.set(path, { ...decided, columns })
  }
  return out
}

/** More choices in a row are left as they are. */
const MOST_CHOICES = 60

/** A choice without the alternatives that those before it leave nothing for. */
function reachable(e: Expr, facts: Facts, forms: Forms, step: number, depth = 0): Expr {
  if (e.kind !== 'if' || depth > MOST_CHOICES) return e
  const is = facts.decide(e.cond, step)
  if (is !== undefined) return reachable(is ? e.then : e.else, facts, forms, step, depth + 1)
  const others = new Facts(forms, facts)
  others.assume(e.cond, false, step)
  return { ...e, else: reachable(e.else, others, forms, step, depth + 1) }
}

/** A text that an expression contains, by the form of the expression. */
interface Part {
  readonly form: string
  readonly text: string
  readonly ignoreCase: boolean
}
/** One of them is found. */
type Parts = readonly Part[]

/** The texts that are found wherever the predicate holds. */
function partsOf(forms: Forms, pred: Pred, step: number): Parts[] {
  if (pred.kind === 'or') {
    const each = pred.of.map((p) => partsOf(forms, p, step)[0])
    return each.length <= MOST_ALTERNATIVES && each.every((p) => p !== undefined) ? [each.flat()] : []
  }
  if (pred.kind === 'and') return pred.of.flatMap((p) => partsOf(forms, p, step))
  if (pred.kind !== 'test') return []
  const [arg] = pred.args
  const ignoreCase = pred.consts['ignoreCase'] === true || textConst(pred.consts, 'flags').includes('i')
  const text = pred.prim === 're.test' ? needed(pred.consts, ignoreCase) : plainGlob(pred)
  if (!arg || text === undefined) return []
  return [[{ form: forms.of(arg, step), text: ignoreCase ? lowerText(text) : text, ignoreCase }]]
}
const MOST_ALTERNATIVES = 60

const plainGlob = ({ prim, consts }: Test): string | undefined =>
  prim === 'str.glob' ? /^\*([^*]+)\*$/.exec(textConst(consts, 'pattern'))?.[1] : undefined

/** The text that every match of a pattern has. */
function needed(consts: Consts, ignoreCase: boolean): string | undefined {
  const regex = regexOf(consts)
  const texts = regex && (ignoreCase ? foldedLiterals : literals)(regex.root)
  return texts?.length === 1 ? texts[0] : undefined
}

/** An earlier predicate finds one of several texts, and the pattern is found in each of them. */
function isFoundIn(forms: Forms, { pred, step }: Condition, known: readonly Parts[]): boolean {
  const find = pred.kind === 'test' ? finder(pred) : undefined
  const [arg] = pred.kind === 'test' ? pred.args : []
  if (!find || !arg) return false
  const form = forms.of(arg, step)
  return known.some((parts) => parts.every((part) => part.form === form && find(part)))
}

function finder(t: Test): ((part: Part) => boolean) | undefined {
  if (t.prim === 'str.glob') {
    const text = plainGlob(t)
    const folded = t.consts['ignoreCase'] === true
    if (text === undefined) return undefined
    return (p) =>
      (folded || !p.ignoreCase) && (folded ? lowerText(p.text).includes(lowerText(text)) : p.text.includes(text))
  }
  const regex = t.prim === 're.test' ? regexOf(t.consts) : undefined
  const run = regex && !readsAround(regex.root) ? runner(regex, 'none') : undefined
  return run && ((p) => (!p.ignoreCase || regex?.flags.includes('i') === true) && run.test(p.text))
}
