import { call } from '../../../plan/build.ts'
import { builtin, type CqlBuiltin } from '../4-lower/builtin.ts'
import { fieldText } from '../4-lower/functions/text.ts'
import { first, page, param } from '../4-lower/params.ts'
import { orElse } from '../4-lower/values.ts'

interface PrettyPrint {
  readonly what: 'JSON' | 'XML'
  readonly doc: string
  readonly notes: readonly string[]
  readonly more?: CqlBuiltin['params']
  readonly fidelity: CqlBuiltin['fidelity']
  readonly given: string
  readonly gives: string
}

function prettyPrint(p: PrettyPrint): CqlBuiltin {
  const family = p.what.toLowerCase()
  const name = `${family}:prettyPrint`
  return builtin({
    name,
    category: 'text',
    kind: 'transform',
    doc: p.doc,
    notes: [...p.notes, `A text that is no ${p.what} stays as it is.`],
    params: [
      first('field', 'field', 'The field with the text.', { default: '@rawstring' }),
      param('step', 'number', 'How many blanks a level is set in.', { default: '2' }),
      param('strict', 'bool', `A text that is no ${p.what} gives no output field.`, { default: 'false' }),
      ...(p.more ?? []),
      param('as', 'field', 'Name of the output field; the field itself.'),
    ],
    fidelity: p.fidelity,
    evidence: page(name),
    examples: [
      {
        title: 'In a field of its own',
        given: [{ t: p.given }, { t: 'none' }],
        query: `o := ${name}(t, strict=true) | select(o)`,
        gives: [{}, { o: p.gives }],
        from: page(name),
      },
      {
        title: 'Copied if it is none',
        given: [{ t: 'none' }],
        query: `${name}(t, as=o) | select(o)`,
        gives: [{ o: 'none' }],
        from: page(name),
      },
    ],
    lower: {
      kind: 'value',
      value: (c) => {
        const text = fieldText(c)
        const value = call(`${family}.pretty`, 'str', [text], { step: c.args.number('step', 2) })
        return c.args.flag('strict') ? value : orElse(value, text)
      },
      asStep: (c, value) => c.flow.assign(c.as ?? c.args.field('field', '@rawstring'), value),
    },
  })
}

export const prettyPrints: readonly CqlBuiltin[] = [
  prettyPrint({
    what: 'JSON',
    doc: 'A JSON text with a line for every member.',
    notes: ['Numbers stay as written.'],
    fidelity: 'exact',
    given: '{"a":1}',
    gives: '{\n  "a": 1\n}',
  }),
  prettyPrint({
    what: 'XML',
    doc: 'An XML text with a line for every element that holds others.',
    notes: ['An element that holds text stays on one line.'],
    more: [
      param('width', 'number', 'How many characters a line has.', {
        default: '80',
        unused: 'how LogScale breaks lines is not published',
      }),
    ],
    fidelity: { differs: 'How LogScale breaks lines at `width` is not published: no line is broken.' },
    given: '<a><b c="1">x</b><d/></a>',
    gives: '<a>\n  <b c="1">x</b>\n  <d/>\n</a>',
  }),
]
