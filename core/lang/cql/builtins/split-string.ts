import type { Expr } from '../../../plan/plan.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { call, lit } from '../../../plan/build.ts'
import { first, param, as, page } from '../4-lower/params.ts'
import { patternOf } from '../4-lower/regex.ts'
import { fieldText } from '../4-lower/functions/text.ts'

export const splitString = builtin({
  name: 'splitString',
  category: 'text',
  kind: 'transform',
  doc: 'The value cut at every match of a pattern: all parts as an array, or one of them.',
  notes: ['A negative index counts from the end.'],
  params: [
    first('field', 'field', 'The field.', { default: '@rawstring' }),
    param('by', 'text', 'The pattern to cut at.', { required: true }),
    param('index', 'number', 'Which part.'),
    as('_splitstring'),
  ],
  output: '_splitstring',
  fidelity: 'exact',
  evidence: page('splitString'),
  examples: [
    {
      title: 'The last part of a path',
      given: [{ f: 'a/b/c' }],
      query: 'n := splitString(f, by="/", index=-1) | groupBy(n, function=[])',
      gives: [{ n: 'c' }],
      from: page('splitString'),
    },
    {
      title: 'All parts',
      given: [{ f: 'a,b' }],
      query: 'splitString(f, by=",", as=p) | second := p[1] | groupBy(second, function=[])',
      gives: [{ second: 'b' }],
      from: page('splitString'),
    },
  ],
  lower: {
    kind: 'value',
    value: (c) => {
      const list = parts(c)
      return list ? call('list.at', 'str', [list], { index: c.args.number('index', 0) }) : lit(null, 'str')
    },
    asStep: (c, value) => {
      const name = c.as ?? '_splitstring'
      if (c.args.has('index')) return c.flow.assign(name, value)
      const list = parts(c)
      if (list) c.flow.assign(`${name}[]`, list)
    },
  },
})

function parts(c: CallContext): Expr | undefined {
  const by = c.args.text('by')
  if (!/[\\^$.*+?()[\]{}|]/.test(by)) return call('str.split', 'list', [fieldText(c)], { separator: by })
  const p = patternOf(c.flow, by, '', c.args.span('by'))
  return p && call('re.split', 'list', [fieldText(c)], p.consts)
}
