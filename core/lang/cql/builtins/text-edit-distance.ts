import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import { call, lit, present } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { assignObjects } from '../4-lower/functions/object-array.ts'
import { lowerText } from '../4-lower/ordering.ts'
import { as, page, param } from '../4-lower/params.ts'
import { choose } from '../4-lower/values.ts'

const TARGET = param('target', 'expression', 'One text.', { required: true })
const SHARED = [
  param('maxDistance', 'number', 'The greatest answer, 1 to 100.', { required: true }),
  param('allowTranspositions', 'bool', 'A swap of neighbours is one edit.', { default: 'true' }),
  param('ignoreCase', 'bool', 'Letters that lower alike are the same.', { default: 'false' }),
]

function distance({ args }: CallContext, target: Expr, reference: Expr): Expr {
  const cased = (e: Expr): Expr => (args.flag('ignoreCase') ? lowerText(e) : toStr(e))
  return call('str.editDistance', 'int', [cased(target), cased(reference)], {
    max: Math.min(100, Math.max(0, Math.trunc(args.number('maxDistance', 100)))),
    swaps: args.flag('allowTranspositions', true),
  })
}

export const editDistance = builtin({
  name: 'text:editDistance',
  category: 'text',
  kind: 'transform',
  doc: 'How many edits turn one text into another, at most `maxDistance`.',
  notes: [],
  params: [TARGET, param('reference', 'expression', 'The other.', { required: true }), ...SHARED, as('_distance')],
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
    value: (c) => distance(c, c.args.expr('target'), c.args.expr('reference')),
  },
})

export const editDistanceAsArray = builtin({
  name: 'text:editDistanceAsArray',
  category: 'text',
  kind: 'transform',
  doc: 'How many edits turn a text into each of others: an array of objects with `reference` and `distance`.',
  notes: [],
  params: [
    TARGET,
    param('references', 'texts', 'The others.', { required: true }),
    ...SHARED,
    param('asArray', 'field', 'Name of the output array.', { default: '_distance' }),
  ],
  fidelity: 'exact',
  evidence: page('text:editDistanceAsArray'),
  examples: [
    {
      title: 'Names that look alike',
      given: [{ d: 'exmaple.com' }],
      query:
        'text:editDistanceAsArray(target=d, references=["example.com", "example.org"], maxDistance=10) | split(_distance) | _distance.distance <= 1 | select([_distance.reference, _distance.distance])',
      gives: [{ '_distance.reference': 'example.com', '_distance.distance': '1' }],
      from: page('text:editDistanceAsArray'),
    },
    {
      title: 'By their place',
      given: [{ d: 'ab' }],
      query:
        'text:editDistanceAsArray(target=d, references=["a", "c"], maxDistance=10, asArray="x[]") | select([x[0].distance, x[1].reference])',
      gives: [{ 'x[0].distance': '1', 'x[1].reference': 'c' }],
      from: page('text:editDistanceAsArray'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const { flow, args } = c
      const target = flow.keep('target', args.expr('target'))
      const references = args.texts('references')
      if (references.length === 0) {
        const takes = 'a list of texts in brackets'
        flow.lowering.report(wrongKind, args.span('references'), { fn: args.fn, name: 'references', takes })
        return
      }
      const objects = references.map((r) => {
        const edits = call('int.toText', 'str', [distance(c, target, lit(r, 'str'))])
        return call('str.concat', 'str', [
          lit('{"distance":', 'str'),
          edits,
          lit(`,"reference":${JSON.stringify(r)}}`, 'str'),
        ])
      })
      const all = call('list.join', 'str', [call('list.of', 'list', objects)], { separator: ',' })
      const known = choose(present(target), all, lit(null, 'str'))
      assignObjects(c, args.field('asArray', c.as ?? '_distance'), known)
    },
  },
})
