// Tests of fields that can have several values: a list, or members of objects in a list. A test is true if one of the values meets it.
import { and, FALSE, holds, or } from '../../plan/build.ts'
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

  /** A field of one of the names has a value. */
  present(names: readonly string[]): Pred[] {
    return names.map((name) => this.#of(name, ANY))
  }

  /** The tests of `found` that are of the value `of`, true for a value of a field of one of the names. */
  met(names: readonly string[], of: Expr, found: Pred): Pred {
    const tests: (ListTest | undefined)[] = []
    mapTests(found, (t) => {
      tests.push(t.args[0] === of ? listTest(t.prim, t.consts) : numberTestOf(of, t))
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
