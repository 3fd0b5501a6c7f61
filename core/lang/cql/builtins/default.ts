import { builtin } from '../4-lower/builtin.ts'
import { notEmpty } from '../4-lower/functions/fields.ts'
import { first, param, page } from '../4-lower/params.ts'
import { isNull, choose, orElse } from '../4-lower/values.ts'
import { toStr } from '../../shared/convert.ts'

export const defaultFn = builtin({
  name: 'default',
  category: 'fields',
  kind: 'transform',
  doc: 'Gives fields that are missing a value.',
  notes: [],
  params: [
    first('value', 'expression', 'The value.', { required: true }),
    param('field', 'fields', 'The fields.', { required: true }),
    param('replaceEmpty', 'bool', 'Also replaces empty texts.', { default: 'false' }),
  ],
  fidelity: 'exact',
  evidence: page('default'),
  examples: [
    {
      title: 'Missing, not empty',
      given: [{ u: '' }, { x: '1' }],
      query: 'default(value="-", field=[u]) | groupBy(u)',
      gives: [
        { u: '', _count: 1 },
        { u: '-', _count: 1 },
      ],
      from: page('default'),
    },
    {
      title: 'Empty as well',
      given: [{ u: '' }, { x: '1' }],
      query: 'default(value="-", field=u, replaceEmpty=true) | groupBy(u)',
      gives: [{ u: '-', _count: 2 }],
      from: page('default'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const value = args.expr('value')
      const empty = args.flag('replaceEmpty')
      const items = args.fields('field').map((name) => {
        // `asFallback`: default() exists for absent fields, so an absent one is no problem.
        const old = flow.lowering.asFallback(name, () => flow.read(name))
        if (isNull(old)) return { name, expr: value }
        return { name, expr: empty ? choose(notEmpty(toStr(old)), old, value) : orElse(old, value) }
      })
      flow.assignAll(items, true)
    },
  },
})
