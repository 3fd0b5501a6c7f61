import { call } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'
import { pathOf } from '../4-lower/array-names.ts'
import { builtin } from '../4-lower/builtin.ts'
import { readElements } from '../4-lower/functions/object-array.ts'
import { assignParsed } from '../4-lower/functions/parsed-fields.ts'
import { first, page, param } from '../4-lower/params.ts'

export const parseJson = builtin({
  name: 'parseJson',
  category: 'parse',
  kind: 'parse',
  doc: 'Fields of a JSON text: `a.b`, `a[0].c`.',
  notes: [],
  params: [
    first('field', 'field', 'The field with the text.', { default: '@rawstring' }),
    param('prefix', 'text', 'In front of every name.', { default: '' }),
    param('removePrefixes', 'texts', 'Taken off the front of names.'),
    param('excludeEmpty', 'bool', 'Empty values give no field.', { default: 'false' }),
    param('handleNull', 'text', 'A JSON null as a value.', {
      default: 'keep',
      oneOf: { keep: 'The text `null`.', discard: 'No field.', empty: 'An empty text.' },
    }),
    param('include', 'texts', 'Paths that are read although `exclude` has a shorter one.'),
    param('exclude', 'texts', 'Paths that are not read; an empty text stands for all.'),
  ],
  fidelity: {
    differs: 'A top-level array has fields `[0].a`; which of `include` and `exclude` wins is not documented.',
  },
  evidence: page('parseJson'),
  examples: [
    {
      title: 'Nested',
      given: [{ j: '{"a":{"b":"x"},"n":[1,2]}' }],
      query: 'parseJson(field=j) | select([a.b, n[1]])',
      gives: [{ 'a.b': 'x', 'n[1]': '2' }],
      from: page('parseJson'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const { flow, args } = c
      const text = flow.keep('json', toStr(flow.read(args.field('field', '@rawstring'))))
      const prefix = args.text('prefix')
      const consts = {
        how: 'json',
        handleNull: args.text('handleNull', 'keep').toLowerCase(),
        excludeEmpty: args.flag('excludeEmpty'),
        include: args.texts('include'),
        exclude: args.texts('exclude'),
      }
      assignParsed(c, { texts: [text], consts, prefix, removed: args.texts('removePrefixes'), wins: true })
      readElements(c, (name) =>
        name.startsWith(prefix)
          ? call('json.elements', 'list', [text], { path: pathOf(name.slice(prefix.length)) })
          : undefined,
      )
    },
  },
})
