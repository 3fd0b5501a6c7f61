// Functions of one array that give an array.
import type { Expr } from '../../../../plan/plan.ts'
import { ARRAY, AS_ARRAY, outputArray, elementsOf, withBrackets } from './arrays.ts'
import { page } from '../params.ts'
import { type CqlBuiltin, type CallContext, builtin } from '../builtin.ts'

interface ArrayFunction {
  readonly name: string
  readonly doc: string
  readonly more?: CqlBuiltin['params']
  /** The array that was given is gone. */
  readonly moves?: true
  readonly make: (value: Expr, c: CallContext) => Expr
  readonly given: readonly string[]
  readonly call: string
  readonly gives: string
}

export const arrayFunction = (s: ArrayFunction): CqlBuiltin =>
  builtin({
    name: s.name,
    category: 'array',
    kind: 'transform',
    doc: s.doc,
    notes: [],
    params: [ARRAY, ...(s.more ?? []), AS_ARRAY],
    fidelity: 'exact',
    evidence: page(s.name),
    examples: [
      {
        title: 'Of three elements',
        given: [Object.fromEntries(s.given.map((v, i) => [`a[${i}]`, v]))],
        query: `${s.call} | concatArray(b, separator=",", as=r) | select(r)`,
        gives: [{ r: s.gives }],
        from: page(s.name),
      },
    ],
    lower: {
      kind: 'step',
      step: (c) => {
        const [from, to] = [withBrackets(c.args.field('array')), outputArray(c)]
        c.flow.assign(to, s.make(elementsOf(c), c))
        if (s.moves && from !== to) c.flow.drop(from)
      },
    },
  })
