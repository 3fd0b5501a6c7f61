import { IGNORE_CASE } from '../4-lower/functions/filters.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, param, page } from '../4-lower/params.ts'
import { or, present, test } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'

export const wildcard = builtin({
  name: 'wildcard',
  category: 'filter',
  kind: 'filter',
  doc: 'Does the whole value fit a pattern, in which `*` stands for any text?',
  notes: ['Pattern `*` means that the field is there, unless `includeEverythingOnAsterisk=true`.'],
  params: [
    first('pattern', 'text', 'The pattern.', { required: true }),
    param('field', 'fields', 'The field; without it every field of the event is tried.'),
    IGNORE_CASE,
    param('includeEverythingOnAsterisk', 'bool', 'Pattern `*` lets every event through.', { default: 'false' }),
  ],
  fidelity: 'exact',
  evidence: page('wildcard'),
  examples: [
    {
      title: 'Any case',
      given: [{ f: 'C:\\Temp\\CMD.EXE' }, { f: 'cmd.exe.bak' }],
      query: 'wildcard(field=f, pattern="*\\\\cmd.exe", ignoreCase=true) | select(f)',
      gives: [{ f: 'C:\\Temp\\CMD.EXE' }],
      from: page('wildcard'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: (c) => {
      const { flow, args } = c
      const pattern = args.text('pattern')
      const star = /^\*+$/.test(pattern)
      if (star && args.flag('includeEverythingOnAsterisk')) return { kind: 'true' }
      const consts = { pattern, ignoreCase: args.flag('ignoreCase') }
      if (args.has('field')) {
        return or(
          ...args.fields('field').map((name) => {
            const value = flow.read(name)
            return star ? present(value) : test('str.glob', [toStr(value)], consts)
          }),
        )
      }
      if (flow.aggregated) return or(...[...flow.names.values()].map((v) => test('str.glob', [toStr(v)], consts)))
      const id = `$:wildcard ${pattern} ${String(consts.ignoreCase)}`
      return {
        kind: 'holds',
        expr: flow.rel.source.column(id, 'bool', { kind: 'search', test: { prim: 'str.glob', consts }, except: [] }),
      }
    },
  },
})
