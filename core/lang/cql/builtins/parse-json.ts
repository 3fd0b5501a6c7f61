import type { Expr } from '../../../plan/plan.ts'
import { builtin } from '../4-lower/builtin.ts'
import { call, iff, test, lit } from '../../../plan/build.ts'
import { first, param, page } from '../4-lower/params.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { orElse } from '../4-lower/values.ts'
import { assignParsed } from '../4-lower/functions/parsed-fields.ts'
import { toStr } from '../../shared/convert.ts'

function pathOf(name: string): (string | number)[] {
  return [...name.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map((m) => (m[1] === undefined ? (m[2] as string) : Number(m[1])))
}

export const parseJson = builtin({
  name: 'parseJson',
  category: 'parse',
  kind: 'parse',
  doc: 'Fields of a JSON text: `a.b`, `a[0].c`.',
  notes: ['Only fields that the query names are read.'],
  params: [
    first('field', 'field', 'The field with the text.', { default: '@rawstring' }),
    param('prefix', 'text', 'In front of every name.', { default: '' }),
    param('removePrefixes', 'texts', 'Taken off the front of names.'),
    param('excludeEmpty', 'bool', 'Ignored.'),
    param('handleNull', 'text', 'Ignored: a JSON null is absent.'),
    param('include', 'texts', 'Ignored: fields are read by name.'),
    param('exclude', 'texts', 'Not run here.'),
  ],
  fidelity: {
    differs:
      'A JSON null is absent instead of the text "null"; names with dots inside are read as paths; arrays as a whole are not made.',
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
      if (args.has('exclude'))
        flow.lowering.report(notRunHere, args.span('exclude'), {
          name: 'parseJson',
          what: '`exclude` of `parseJson()`',
        })
      const text = flow.keep('json', toStr(flow.read(args.field('field', '@rawstring'))))
      const prefix = args.text('prefix')
      const removed = args.texts('removePrefixes')
      const read = (name: string): Expr | undefined => {
        if (/^[@#]/.test(name) || !name.startsWith(prefix)) return undefined
        const inner = name.slice(prefix.length)
        const at = (path: string): Expr => call('json.get', 'str', [text], { path: pathOf(path) })
        return removed.reduceRight<Expr>((rest, r) => orElse(at(`${r}${inner}`), rest), at(inner))
      }
      assignParsed(c, 'parseJson', read, true)
      const outer = flow.elements
      flow.elements = (name) => {
        if (!name.startsWith(prefix)) return outer(name)
        const mine = call('json.elements', 'list', [text], { path: pathOf(name.slice(prefix.length)) })
        const theirs = outer(name)
        return theirs.kind === 'lit'
          ? mine
          : iff(test('int.gt', [call('list.length', 'int', [mine]), lit(0n, 'int')]), mine, theirs)
      }
    },
  },
})
