import { present } from '../../../plan/build.ts'
import { call } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { assignParsed } from '../4-lower/functions/parsed-fields.ts'
import { first, page, param } from '../4-lower/params.ts'

export const parseXml = builtin({
  name: 'parseXml',
  category: 'parse',
  kind: 'parse',
  doc: 'Fields of an XML text: the path of an element, with dots between names.',
  notes: ['Of several elements of one name the first has no index, the second `[1]`.'],
  params: [
    first('field', 'field', 'The field with the text.', { default: '@rawstring' }),
    param('prefix', 'text', 'In front of every name.', { default: '' }),
    param('strict', 'bool', 'Drops events whose field is no XML.', { default: 'false' }),
  ],
  fidelity: {
    differs:
      'The reference does not name attributes: here an attribute is a field behind its element and a dot. No error field is made.',
  },
  evidence: page('parseXml'),
  examples: [
    {
      title: 'Elements, of which two have one name',
      given: [{ x: '<plist><dict><string>22G91</string><string>macOS</string></dict></plist>' }],
      query: 'parseXml(x) | select([plist.dict.string, plist.dict.string[1]])',
      gives: [{ 'plist.dict.string': '22G91', 'plist.dict.string[1]': 'macOS' }],
      from: { observed: 'a published query reads plist.dict.string and plist.dict.string[2]' },
    },
    {
      title: 'An attribute, and a text that is no XML',
      given: [{ x: '<e><p name="a">b</p></e>' }, { x: 'none' }],
      query: 'parseXml(x, prefix="w.", strict=true) | select([w.e.p, w.e.p.name])',
      gives: [{ 'w.e.p': 'b', 'w.e.p.name': 'a' }],
      from: { assumed: 'the name of an attribute' },
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const { flow, args } = c
      const text = flow.keep('xml', toStr(flow.read(args.field('field', '@rawstring'))))
      const consts = { how: 'xml' }
      // The first tag begins the root element: without it there are no fields.
      if (args.flag('strict')) {
        const root = { pattern: '<([^\\s<>/!?]+)', flags: '', group: 1 }
        flow.filter(present(call('re.group', 'str', [text], root)))
      }
      assignParsed(c, { texts: [text], consts, prefix: args.text('prefix'), removed: [], wins: true })
    },
  },
})
