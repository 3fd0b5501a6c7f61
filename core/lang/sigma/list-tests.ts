// Tests of fields that can have several values: a list, or members of objects in a list. A test is true if one of the values meets it.
import { and, FALSE, holds, or } from '../../plan/build.ts'
import type { Binding, Consts, Expr, Pred } from '../../plan/plan.ts'
import { mapTests } from './tests.ts'

interface ListTest {
  readonly test: { readonly prim: string; readonly consts: Consts }
  readonly key: string
}
const listTest = (prim: string, consts: Consts): ListTest => ({
  test: { prim, consts },
  key: `${prim} ${JSON.stringify(consts)}`,
})
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

  /** A field of one of the names has a value. */
  present(names: readonly string[]): Pred[] {
    return names.map((name) => this.#of(name, ANY))
  }

  /** The tests of `found` that are of the value `of`, true for a value of a field of one of the names. */
  met(names: readonly string[], of: Expr, found: Pred): Pred {
    const tests: (ListTest | undefined)[] = []
    mapTests(found, (t) => {
      tests.push(t.args[0] === of ? listTest(t.prim, t.consts) : undefined)
      return t
    })
    const lists = names.map((name) => {
      const any = this.#of(name, ANY)
      // The tests come in the same order again.
      let place = 0
      const met = mapTests(found, () => {
        const test = tests[place++]
        return test ? this.#of(name, test) : FALSE
      })
      return and(any, met)
    })
    return or(found, ...lists)
  }

  #of(name: string, { test, key }: ListTest): Pred {
    const known = this.#made.get(name) ?? new Map<string, Pred>()
    this.#made.set(name, known)
    const before = known.get(key)
    if (before) return before
    const made = holds(this.#add(`$:list ${name} ${key}`, { kind: 'search', of: name, test, except: NONE }))
    known.set(key, made)
    return made
  }
}
