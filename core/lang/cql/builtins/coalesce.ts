import type { Expr } from '../../../plan/plan.ts'
import { builtin } from '../4-lower/builtin.ts'
import { notEmpty } from '../4-lower/functions/fields.ts'
import { first, param, as, page } from '../4-lower/params.ts'
import { isNull, choose } from '../4-lower/values.ts'
import { present, lit } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'

export const coalesce = builtin({
  name: 'coalesce',
  category: 'fields',
  kind: 'transform',
  doc: 'The first of several values that there is.',
  notes: ['Empty texts are passed over unless `ignoreEmpty=false`.'],
  params: [
    first('expressions', 'expressions', 'The values, in brackets.', { required: true }),
    param('ignoreEmpty', 'bool', 'Passes over empty texts.', { default: 'true' }),
    as('_coalesce'),
  ],
  output: '_coalesce',
  fidelity: 'exact',
  evidence: page('coalesce'),
  examples: [
    {
      title: 'First name that is there',
      given: [{ a: '', b: 'x' }, { b: 'y' }, {}],
      query: 'n := coalesce([a, b, "none"]) | groupBy(n, function=[])',
      gives: [{ n: 'none' }, { n: 'x' }, { n: 'y' }],
      from: page('coalesce'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ flow, args }) => {
      const ignoreEmpty = args.flag('ignoreEmpty', true)
      const values = args.items('expressions').map((e) => toStr(flow.parts.expr(flow, e)))
      return values.reduceRight<Expr>(
        (rest, value) => {
          if (isNull(value) || (value.kind === 'lit' && value.value === '' && ignoreEmpty)) return rest
          if (value.kind === 'lit') return value
          return choose(ignoreEmpty ? notEmpty(value) : present(value), value, rest)
        },
        lit(null, 'str'),
      )
    },
  },
})
