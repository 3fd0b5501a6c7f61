import { toStr } from '../../shared/convert.ts'
import { builtin, type CqlBuiltin } from '../4-lower/builtin.ts'
import { assignParsed } from '../4-lower/functions/parsed-fields.ts'
import { first, page, param } from '../4-lower/params.ts'

function records(s: {
  readonly name: string
  readonly how: 'cef' | 'leef'
  readonly title: string
  readonly more: CqlBuiltin['params']
  readonly differs: string
  readonly example: CqlBuiltin['examples'][number]
}): CqlBuiltin {
  const { how } = s
  return builtin({
    name: s.name,
    category: 'parse',
    kind: 'parse',
    doc: `Fields of a ${s.title} record: its head, its pairs, and the names that labels give.`,
    notes: [
      'A pair with a label (`cs1Label=Tool cs1=x`) is a field of that name, in which other characters become `_`.',
    ],
    params: [
      first('field', 'field', 'The field with the record.', { default: '@rawstring' }),
      param('headerprefix', 'text', 'In front of the names of the head.', { default: `${how}.` }),
      param('prefix', 'text', 'In front of the names of pairs.', { default: `${how}.ext.` }),
      param('labelprefix', 'text', 'In front of the names that labels give.', { default: `${how}.label.` }),
      param('keeplabels', 'bool', 'Labelled pairs keep their own names as well.', { default: 'false' }),
      ...s.more,
    ],
    fidelity: { differs: s.differs },
    evidence: page(s.name),
    examples: [s.example],
    lower: {
      kind: 'step',
      step: (c) => {
        const { flow, args } = c
        const text = flow.keep(how, toStr(flow.read(args.field('field', '@rawstring'))))
        const consts = {
          how,
          header: args.text('headerprefix', `${how}.`),
          ext: args.text('prefix', `${how}.ext.`),
          label: args.text('labelprefix', `${how}.label.`),
          keepLabels: args.flag('keeplabels'),
          delimiter: how === 'leef' ? args.text('delimiter') : '',
        }
        assignParsed(c, { texts: [text], consts, prefix: '', removed: [], wins: true })
      },
    },
  })
}

export const parseRecords: readonly CqlBuiltin[] = [
  records({
    name: 'parseCEF',
    how: 'cef',
    title: 'CEF',
    more: [],
    differs: 'Numbers and times stay as written.',
    example: {
      title: 'Head, a pair with blanks, a label',
      given: [{ m: 'CEF:0|Vendor|Product|1.0|42|Blocked|5|src=10.0.0.1 msg=not allowed cs1Label=Rule Name cs1=r7' }],
      query: 'parseCEF(m) | select([cef.name, cef.event_class_id, cef.ext.msg, cef.label.Rule_Name])',
      gives: [
        {
          'cef.name': 'Blocked',
          'cef.event_class_id': '42',
          'cef.ext.msg': 'not allowed',
          'cef.label.Rule_Name': 'r7',
        },
      ],
      from: page('parseCEF'),
    },
  }),
  records({
    name: 'parseLEEF',
    how: 'leef',
    title: 'LEEF',
    more: [
      param('delimiter', 'text', 'Between two pairs; the one that the head declares, or a tab.'),
      param('parsetime', 'bool', 'Not used here: a warning says so.', { default: 'true' }),
      param('timezone', 'text', 'Not used here: a warning says so.', { default: 'Z' }),
    ],
    differs:
      'Names of the head other than those of CEF are not documented. `devTime` does not become the time of the event.',
    example: {
      title: 'A delimiter in the head',
      given: [{ m: 'LEEF:2.0|Vendor|Product|1.0|login|^|src=10.0.0.1^usrName=ann b' }],
      query: 'parseLEEF(m) | select([leef.event_id, leef.ext.src, leef.ext.usrName])',
      gives: [{ 'leef.event_id': 'login', 'leef.ext.src': '10.0.0.1', 'leef.ext.usrName': 'ann b' }],
      from: page('parseLEEF'),
    },
  }),
]
