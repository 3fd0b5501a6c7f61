import type { Expr } from '../../../plan/plan.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call, lit } from '../../../plan/build.ts'
import { first, param, page } from '../4-lower/params.ts'
import { orElse } from '../4-lower/values.ts'
import { assignParsed } from '../4-lower/functions/parsed-fields.ts'
import { toStr } from '../../shared/convert.ts'

export const kvParse = builtin({
  name: 'kvParse',
  category: 'parse',
  kind: 'parse',
  doc: 'Fields of a text of `key=value` pairs.',
  notes: ['Only fields that the query names are read. Fields that exist are kept unless `override=true`.'],
  params: [
    first('field', 'fields', 'The fields with the text.', { default: '@rawstring' }),
    param('separator', 'text', 'Between key and value.', { default: '=' }),
    param('separatorPadding', 'text', 'Ignored.'),
    param('prefix', 'text', 'In front of every name.', { default: '' }),
    param('as', 'text', 'The same as prefix.'),
    param('override', 'bool', 'Parsed values win over fields that exist.', { default: 'false' }),
    param('excludeEmpty', 'bool', 'Ignored.'),
    param('onDuplicate', 'text', 'Ignored: the first of two equal keys is taken.'),
  ],
  fidelity: { differs: 'Of two equal keys the first is taken; no blanks around the separator.' },
  evidence: page('kvParse'),
  examples: [
    {
      title: 'Pairs',
      given: [{ m: 'user=bob note="a b"' }],
      query: 'kvParse(m) | select([user, note])',
      gives: [{ user: 'bob', note: 'a b' }],
      from: page('kvParse'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const { flow, args } = c
      const names = args.has('field') ? args.fields('field') : ['@rawstring']
      const texts = names.map((n) => flow.keep('kv', toStr(flow.read(n))))
      const prefix = args.text('prefix', args.text('as'))
      const separator = args.text('separator', '=')
      const read = (name: string): Expr | undefined => {
        if (/^[@#]/.test(name) || !name.startsWith(prefix)) return undefined
        const key = name.slice(prefix.length)
        return texts.reduceRight<Expr>(
          (rest, t) => orElse(call('kv.get', 'str', [t], { key, separator }), rest),
          lit(null, 'str'),
        )
      }
      assignParsed(c, 'kvParse', read, args.flag('override'))
    },
  },
})
