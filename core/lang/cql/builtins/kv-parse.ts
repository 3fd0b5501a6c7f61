import { toStr } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { assignParsed } from '../4-lower/functions/parsed-fields.ts'
import { first, page, param } from '../4-lower/params.ts'

export const kvParse = builtin({
  name: 'kvParse',
  category: 'parse',
  kind: 'parse',
  doc: 'Fields of a text of `key=value` pairs.',
  notes: ['Fields that exist are kept unless `override=true`.'],
  params: [
    first('field', 'fields', 'The fields with the text.', { default: '@rawstring' }),
    param('separator', 'text', 'Between key and value.', { default: '=' }),
    param('separatorPadding', 'text', 'Blanks around the separator. Not used here: a warning says so.'),
    param('prefix', 'text', 'In front of every name.', { default: '' }),
    param('as', 'text', 'The same as prefix.'),
    param('override', 'bool', 'Parsed values win over fields that exist.', { default: 'false' }),
    param('excludeEmpty', 'bool', 'Empty values give no field.', { default: 'false' }),
    param('onDuplicate', 'text', 'Which of two equal keys counts.', {
      default: 'keepLast',
      oneOf: { keepLast: 'The last.', keepFirst: 'The first.' },
    }),
  ],
  fidelity: { differs: 'Blanks around the separator are not taken off unless it ends with one.' },
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
      const as = args.text('as')
      const consts = {
        how: 'pairs',
        separator: args.text('separator', '='),
        excludeEmpty: args.flag('excludeEmpty'),
        keepLast: args.text('onDuplicate', 'keepLast').toLowerCase() === 'keeplast',
      }
      const prefix = args.text('prefix', as === '' ? '' : `${as}.`)
      assignParsed(c, { texts, consts, prefix, removed: [], wins: args.flag('override') })
    },
  },
})
