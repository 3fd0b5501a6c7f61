// Functions of one text.
import type { Expr } from '../../../../plan/plan.ts'
import { FIELD, as, page, param } from '../params.ts'
import { toStr } from '../../../shared/convert.ts'
import { type CallContext, type CqlBuiltin, builtin } from '../builtin.ts'

export const fieldText = (c: CallContext, fallback = '@rawstring'): Expr =>
  toStr(c.flow.read(c.args.field('field', fallback)))

interface TextFunction {
  readonly name: string
  readonly output: string
  readonly doc: string
  readonly make: (value: Expr, c: CallContext) => Expr
  readonly given: string
  readonly gives: string | number
  readonly notes?: readonly string[]
  readonly params?: CqlBuiltin['params']
  readonly fidelity?: CqlBuiltin['fidelity']
}

/** A function of one field with an output of its own. */
export const textFunction = (s: TextFunction): CqlBuiltin =>
  builtin({
    name: s.name,
    category: 'text',
    kind: 'transform',
    doc: s.doc,
    notes: s.notes ?? [],
    params: [FIELD, ...(s.params ?? []), as(s.output)],
    output: s.output,
    fidelity: s.fidelity ?? 'exact',
    evidence: page(s.name),
    examples: [
      {
        title: 'Of a field',
        given: [{ a: s.given }],
        query: `${s.name}(a, as=r) | groupBy(r, function=[])`,
        gives: [{ r: s.gives }],
        from: page(s.name),
      },
    ],
    lower: {
      kind: 'value',
      value: (c) => s.make(fieldText(c), c),
    },
  })

export const LOCALE = param('locale', 'text', 'Not used here: case has one definition, and a warning says so.')
