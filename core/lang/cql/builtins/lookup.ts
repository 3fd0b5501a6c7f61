import type { Arg } from '../3-parse/ast.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, page, param } from '../4-lower/params.ts'

export const lookup = builtin({
  name: 'lookup',
  category: 'join',
  kind: 'join',
  doc: 'Looks a field up in a lookup file and takes over its other columns; an event without a row stays.',
  notes: ['The same as `match(…, strict=false)`.'],
  params: [
    first('file', 'text', 'Name of the lookup file.', { required: true }),
    param('on', 'fields', 'The fields to look up.'),
    param('field', 'fields', 'The same as on.'),
    param('column', 'texts', 'The columns to find them in; the same names.'),
    param('include', 'texts', 'Columns to take over; all others.'),
  ],
  deprecated: { use: 'match' },
  fidelity: { differs: 'assumed to be match() with strict=false; no vendor page describes more' },
  evidence: page('lookup'),
  examples: [
    {
      title: 'Kept without a row',
      given: [
        { t: 'who', u: '1', name: 'Ann' },
        { t: 'do', u: '1' },
        { t: 'do', u: '3' },
      ],
      query:
        'defineTable(name="users", query={t=who}, include=[u, name]) | t=do | lookup("users", on=u) | sort(u) | select([u, name])',
      gives: [{ u: '3' }, { u: '1', name: 'Ann' }],
      from: { assumed: 'it is match() under an older name' },
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const { call } = args
      args.names()
      const renamed = call.args.map((a): Arg => (a.name === 'on' ? { ...a, name: 'field' } : a))
      const strict: Arg = { name: 'strict', value: { kind: 'bool', value: false, span: call.span }, span: call.span }
      flow.parts.runCall(flow, { ...call, name: 'match', args: [...renamed, strict] })
    },
  },
})
