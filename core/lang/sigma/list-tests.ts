// Tests of fields that can have several values: a list, or members of objects in a list. A test is true if one of the values meets it.
import { FALSE, holds, or } from '../../plan/build.ts'
import type { Binding, Consts, Expr, Pred } from '../../plan/plan.ts'
import { byName } from '../../text/by-name.ts'
import { mapTests } from './tests.ts'

interface ListTest {
  readonly test: { readonly prim: string; readonly consts: Consts }
  readonly key: string
}
const listTest = (prim: string, consts: Consts): ListTest => ({
  test: { prim, consts },
  key: `${prim} ${JSON.stringify(consts)}`,
})
const SIGNS: Readonly<Record<string, string>> = byName({
  'num.lt': '<',
  'num.le': '<=',
  'num.eq': '=',
  'num.gt': '>',
  'num.ge': '>=',
})
/** `|lte: 1` reads the text as a number first. */
function numberTestOf(of: Expr, { prim, args: [left, right] }: Extract<Pred, { kind: 'test' }>): ListTest | undefined {
  const op = SIGNS[prim]
  if (op === undefined || left?.kind !== 'call' || left.prim !== 'num.parse' || left.args[0] !== of) return undefined
  return right?.kind === 'lit' ? listTest('num.textIs', { op, value: right.value }) : undefined
}
/** The field has a value. */
const ANY = listTest('str.glob', { pattern: '*', ignoreCase: false })
const NONE: readonly string[] = []

/** The columns of one rule for such tests, each once. */
export class ListTests {
  readonly #add: (id: string, from: Binding) => Expr
  readonly #made = new Map<string, Map<string, Pred>>()

  constructor(add: (id: string, from: Binding) => Expr) {
    this.#add = add
  }

  /** `names`: those under which an event can have a list for the field. One of them has a value. */
  present(field: string, names: readonly string[]): Pred {
    return this.#of(field, names, ANY)
  }

  /** `found`, or the same tests of the value `of` for a value of a list under one of the names. */
  met(field: string, names: readonly string[], of: Expr, found: Pred): Pred {
    const met = mapTests(found, (t) => {
      const test = t.args[0] === of ? listTest(t.prim, t.consts) : numberTestOf(of, t)
      return test ? this.#of(field, names, test) : FALSE
    })
    return or(found, met.kind === 'true' ? this.present(field, names) : met)
  }

  #of(field: string, of: readonly string[], { test, key }: ListTest): Pred {
    const known = this.#made.get(field) ?? new Map<string, Pred>()
    this.#made.set(field, known)
    const before = known.get(key)
    if (before) return before
    const made = holds(this.#add(`$:list ${field} ${known.size}`, { kind: 'search', of, test, except: NONE }))
    known.set(key, made)
    return made
  }
}
