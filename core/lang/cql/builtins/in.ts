import type { Expr, Pred } from '../../../plan/plan.ts'
import { FIELD, param, page } from '../4-lower/params.ts'
import { IGNORE_CASE } from '../4-lower/functions/filters.ts'
import { or, test, lit, present } from '../../../plan/build.ts'
import { toStr, numberOf, toNum } from '../../shared/convert.ts'
import { type CallContext, builtin } from '../4-lower/builtin.ts'

function oneOf(c: CallContext, value: Expr, values: readonly string[], ignoreCase: boolean): Pred {
  const plain = values.filter((v) => !v.includes('*'))
  const globs = values.filter((v) => v.includes('*'))
  const text = toStr(value)
  const numbers = c.flow.lowering.choice('in-equality') === 'number' ? plain.filter((v) => numberOf(v) !== null) : []
  return or(
    ...(plain.length > 0 ? [test('str.in', [text], { values: plain, ignoreCase })] : []),
    ...numbers.map((v) => test('num.eq', [toNum(value), lit(numberOf(v), 'num')])),
    ...globs.map((pattern) =>
      /^\*+$/.test(pattern) ? present(value) : test('str.glob', [text], { pattern, ignoreCase }),
    ),
  )
}

export const isIn = builtin({
  name: 'in',
  category: 'filter',
  kind: 'filter',
  doc: 'Is the field one of the values? `*` in a value is a wildcard.',
  notes: ['An event without the field is not matched, so `!in()` lets it through.'],
  params: [FIELD, param('values', 'texts', 'The values.', { required: true }), IGNORE_CASE],
  fidelity: 'exact',
  evidence: page('in'),
  examples: [
    {
      title: 'Ports, and a wildcard',
      given: [{ p: '21' }, { p: '2100' }, { p: 'x21' }, { q: '1' }],
      query: 'in(p, values=[21, "x*"]) | sort(p, type=string) | select(p)',
      gives: [{ p: 'x21' }, { p: '21' }],
      from: page('in'),
    },
    {
      title: 'Negated, it lets the absent through',
      given: [{ p: '21' }, { q: '1' }],
      query: '!in(p, values=[21]) | select(q)',
      gives: [{ q: '1' }],
      from: page('in'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: (c) => oneOf(c, c.flow.read(c.args.field('field')), c.args.texts('values'), c.args.flag('ignoreCase')),
  },
})
