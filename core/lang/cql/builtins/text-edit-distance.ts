import type { Expr } from '../../../plan/plan.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call } from '../../../plan/build.ts'
import { lowerText } from '../4-lower/ordering.ts'
import { param, as, page } from '../4-lower/params.ts'
import { toStr } from '../../shared/convert.ts'

export const editDistance = builtin({
  name: 'text:editDistance',
  category: 'text',
  kind: 'transform',
  doc: 'How many edits turn one text into another, at most `maxDistance`.',
  notes: [],
  params: [
    param('target', 'expression', 'One text.', { required: true }),
    param('reference', 'expression', 'The other.', { required: true }),
    param('maxDistance', 'number', 'The greatest answer, 1 to 100.', { required: true }),
    param('allowTranspositions', 'bool', 'A swap of neighbours is one edit.', { default: 'true' }),
    param('ignoreCase', 'bool', 'Letters that lower alike are the same.', { default: 'false' }),
    as('_distance'),
  ],
  output: '_distance',
  fidelity: 'exact',
  evidence: page('text:editDistance'),
  examples: [
    {
      title: 'A swap',
      given: [{ a: 'exmaple.com' }],
      query: 'd := text:editDistance(target=a, reference="example.com", maxDistance=5) | groupBy(d, function=[])',
      gives: [{ d: '1' }],
      from: page('text:editDistance'),
    },
  ],
  lower: {
    kind: 'value',
    value: ({ args }) => {
      const cased = (e: Expr): Expr => (args.flag('ignoreCase') ? lowerText(e) : toStr(e))
      return call('str.editDistance', 'int', [cased(args.expr('target')), cased(args.expr('reference'))], {
        max: Math.min(100, Math.max(0, Math.trunc(args.number('maxDistance', 100)))),
        swaps: args.flag('allowTranspositions', true),
      })
    },
  },
})
