import { ELEMENT, type Const } from '../../../plan/plan.ts'
import { withBrackets } from '../4-lower/functions/arrays.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, param, page } from '../4-lower/params.ts'
import { patternOf } from '../4-lower/regex.ts'
import { test, col, call, lit } from '../../../plan/build.ts'

export const arrayRegex = builtin({
  name: 'array:regex',
  category: 'filter',
  kind: 'filter',
  doc: 'Does an element of an array match?',
  notes: [],
  params: [
    first('array', 'field', 'The array.', { required: true }),
    param('regex', 'text', 'The pattern.', { required: true }),
    param('flags', 'text', 'Of `d`, `i`, `m`, `F`.', { default: 'm' }),
  ],
  fidelity: 'exact',
  evidence: page('array:regex'),
  examples: [
    {
      title: 'An element',
      given: [{ 'a[0]': 'x1', 'a[1]': 'y' }, { 'a[0]': 'z' }],
      query: 'array:regex("a[]", regex="^x[0-9]$") | count()',
      gives: [{ _count: 1 }],
      from: page('array:regex'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: ({ flow, args }) => {
      const p = patternOf(flow, args.pattern('regex'), args.text('flags', 'm'), args.span('regex'))
      const list = flow.read(withBrackets(args.field('array')))
      if (!p || list.ty !== 'list') return { kind: 'false' }
      const pred = test('re.test', [col(ELEMENT, 'str')], p.consts) as unknown as Const
      return test('int.gt', [
        call('list.length', 'int', [call('list.where', 'list', [list], { pred })]),
        lit(0n, 'int'),
      ])
    },
  },
})
