import type { Expr } from '../../../plan/plan.ts'
import { bare, wordOf } from '../4-lower/args.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { first, param, page } from '../4-lower/params.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { patternOf, assignGroups, type Pattern, groupConsts } from '../4-lower/regex.ts'
import { test, call, col } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'

export const regex = builtin({
  name: 'regex',
  category: 'filter',
  kind: 'filter',
  doc: 'Keeps events whose field matches, and makes a field of every named group.',
  notes: ['Anchors work per line unless other flags are given.', '`strict=false` keeps events that do not match.'],
  params: [
    first('regex', 'text', 'The pattern.', { required: true }),
    param('field', 'field', 'The field.', { default: '@rawstring' }),
    param('flags', 'text', 'Of `d`, `i`, `m`, `F`.', { default: 'm' }),
    param('strict', 'bool', 'Drops events that do not match.', { default: 'true' }),
    param('repeat', 'bool', 'One event per match.', { default: 'false' }),
    param('limit', 'number', 'The most matches with `repeat`.', { default: '100' }),
  ],
  fidelity: { differs: '`repeat` has no limit of 100 matches; with several groups only for patterns without anchors.' },
  evidence: page('regex'),
  examples: [
    {
      title: 'A part of a path',
      given: [{ f: 'C:\\x\\cmd.exe' }, { f: 'none' }],
      query: 'regex("\\\\\\\\(?<name>\\\\w+)\\\\.exe$", field=f) | select(name)',
      gives: [{ name: 'cmd' }],
      from: page('regex'),
    },
    {
      title: 'Kept without a match',
      given: [{ f: 'none' }],
      query: 'regex("(?<n>\\\\d+)", field=f, strict=false) | select([f, n])',
      gives: [{ f: 'none' }],
      from: page('regex'),
    },
  ],
  lower: {
    kind: 'condition',
    severalRows: (call) => call.args.some((a) => a.name === 'repeat' && wordOf(bare(a.value)) !== 'false'),
    condition: (c) => {
      const p = patternOf(c.flow, c.args.pattern('regex'), c.args.text('flags', 'm'), c.args.span('regex'))
      if (!p) return { kind: 'false' }
      return test('re.test', [toStr(c.flow.read(c.args.field('field', '@rawstring')))], p.consts)
    },
    asStep: (c) => {
      const { flow, args } = c
      const p = patternOf(flow, args.pattern('regex'), args.text('flags', 'm'), args.span('regex'))
      if (!p) return
      const subject = toStr(flow.read(args.field('field', '@rawstring')))
      if (!args.flag('strict', true) && !args.flag('repeat')) return assignGroups(flow, subject, p)
      if (args.flag('repeat')) return repeated(c, p, subject)
      flow.filter(test('re.test', [subject], p.consts))
      assignGroups(flow, subject, p)
    },
  },
})

/** One event per match. With several groups they are read from the text of the match, so nothing around it may matter. */
function repeated({ flow, args }: CallContext, p: Pattern, subject: Expr): void {
  const [only, ...others] = p.groups
  if (!only || flow.inBranch || (others.length > 0 && /[$^]|\\[bBAzZ]|\(\?(?:<?[=!])/.test(p.consts.pattern))) {
    flow.lowering.report(notRunHere, args.span('repeat'), {
      name: 'regex',
      what: '`repeat` with several groups and anchors, or in a branch',
    })
    return
  }
  const into = flow.hidden('match')
  const index = others.length === 0 ? only.index : 0
  const list = call('re.groupAll', 'list', [subject], groupConsts(p, index))
  flow.push({ kind: 'unnest', list, into, index: null, keep: !args.flag('strict', true) })
  const found = col(into, 'str')
  if (others.length === 0) flow.assign(only.name, found)
  else assignGroups(flow, found, p)
}
