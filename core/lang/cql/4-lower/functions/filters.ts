// Tests of one text for another.
import { builtin } from '../builtin.ts'
import { param, first, page } from '../params.ts'
import { test } from '../../../../plan/build.ts'
import { toStr } from '../../../shared/convert.ts'

export const IGNORE_CASE = param('ignoreCase', 'bool', 'Letters that lower alike are the same.', { default: 'false' })

export const textTest = (name: string, prim: string, doc: string, example: { s: string; part: string }) =>
  builtin({
    name,
    category: 'filter',
    kind: 'filter',
    doc,
    notes: ['Both sides are expressions: bare words are fields, quoted ones texts.'],
    params: [
      first('string', 'expression', 'The text.', { required: true }),
      param('substring', 'expression', 'The part.', { required: true }),
    ],
    fidelity: 'exact',
    evidence: page(name),
    examples: [
      {
        title: 'A part of a field',
        given: [{ s: example.s }, { s: 'other' }],
        query: `${name}(string=s, substring="${example.part}") | select(s)`,
        gives: [{ s: example.s }],
        from: page(name),
      },
    ],
    lower: {
      kind: 'condition',
      condition: ({ args }) => test(prim, [toStr(args.expr('string')), toStr(args.expr('substring'))]),
    },
  })
