import type { Expr } from '../../../plan/plan.ts'
import { ARRAY, withBrackets, elementsOf } from '../4-lower/functions/arrays.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { param, page } from '../4-lower/params.ts'
import { toStr } from '../../shared/convert.ts'

export const arrayAppend = builtin({
  name: 'array:append',
  category: 'array',
  kind: 'transform',
  doc: 'Adds values at the end of an array, which is made if there is none; values that are missing are passed over.',
  notes: [],
  params: [ARRAY, param('values', 'expressions', 'The values, in brackets.', { required: true })],
  fidelity: 'exact',
  evidence: page('array:append'),
  examples: [
    {
      title: 'A field and a text',
      given: [{ 'a[0]': 'x', u: 'y' }],
      query: 'array:append("a[]", values=[u, no, "z"]) | concatArray(a, separator=",", as=r) | select(r)',
      gives: [{ r: 'x,y,z' }],
      from: page('array:append'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const values = c.args.items('values').map((e) => toStr(c.flow.parts.expr(c.flow, e)))
      c.flow.assign(
        withBrackets(c.args.field('array')),
        values.reduce<Expr>((rest, v) => call('list.append', 'list', [rest, v]), elementsOf(c)),
      )
    },
  },
})
