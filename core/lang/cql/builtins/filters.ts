// Functions that decide which events stay.
import { call, col, lit, not, or, present, test } from '../../../plan/build.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { type Const, ELEMENT, type Expr, type Pred } from '../../../plan/plan.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { FIELD, first, page, param } from '../4-lower/params.ts'
import { lookUp, tableOf } from '../4-lower/join/join.ts'
import { assignGroups, groupConsts, type Pattern, patternOf } from '../4-lower/regex.ts'
import { numberOf, toNum, toStr } from '../../shared/convert.ts'

const IGNORE_CASE = param('ignoreCase', 'bool', 'Letters that lower alike are the same.', { default: 'false' })

function oneOf(c: CallContext, value: Expr, values: readonly string[], ignoreCase: boolean): Pred {
  const plain = values.filter((v) => !v.includes('*'))
  const globs = values.filter((v) => v.includes('*'))
  const text = toStr(value)
  const numbers = c.flow.lowering.choice('in-equality') === 'number' ? plain.filter((v) => numberOf(v) !== null) : []
  return or(
    ...(plain.length > 0 ? [test('str.in', [text], { values: plain, ignoreCase })] : []),
    ...numbers.map((v) => test('num.eq', [toNum(value), lit(numberOf(v), 'num')])),
    ...globs.map((pattern) =>
      /^\*+$/.test(pattern) ? present(value) : test('str.glob', [text], { pattern, ignoreCase }),
    ),
  )
}

export const isIn = builtin({
  name: 'in',
  category: 'filter',
  kind: 'filter',
  doc: 'Is the field one of the values? `*` in a value is a wildcard.',
  notes: ['An event without the field is not matched, so `!in()` lets it through.'],
  params: [FIELD, param('values', 'texts', 'The values.', { required: true }), IGNORE_CASE],
  fidelity: 'exact',
  evidence: page('in'),
  examples: [
    {
      title: 'Ports, and a wildcard',
      given: [{ p: '21' }, { p: '2100' }, { p: 'x21' }, { q: '1' }],
      query: 'in(p, values=[21, "x*"]) | sort(p, type=string) | select(p)',
      gives: [{ p: 'x21' }, { p: '21' }],
      from: page('in'),
    },
    {
      title: 'Negated, it lets the absent through',
      given: [{ p: '21' }, { q: '1' }],
      query: '!in(p, values=[21]) | select(q)',
      gives: [{ q: '1' }],
      from: page('in'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: (c) => oneOf(c, c.flow.read(c.args.field('field')), c.args.texts('values'), c.args.flag('ignoreCase')),
  },
})

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

export const cidr = builtin({
  name: 'cidr',
  category: 'filter',
  kind: 'filter',
  doc: 'Is the field an IP address in one of the subnets?',
  notes: ['A missing field or a text that is no address is in no subnet.'],
  params: [
    FIELD,
    param('subnet', 'texts', 'Subnets such as `10.0.0.0/8`.'),
    param('file', 'text', 'A lookup file of subnets, or an ad-hoc table.'),
    param('column', 'text', 'Its column.', { default: 'cidr' }),
    param('negate', 'bool', 'Turns the answer round; deprecated, write `!cidr()`.', { default: 'false' }),
  ],
  fidelity: 'exact',
  evidence: page('cidr'),
  examples: [
    {
      title: 'Private and not',
      given: [{ ip: '10.1.2.3' }, { ip: '8.8.8.8' }, { ip: 'n/a' }],
      query: 'cidr(ip, subnet=["10.0.0.0/8", "192.168.0.0/16"]) | select(ip)',
      gives: [{ ip: '10.1.2.3' }],
      from: page('cidr'),
    },
    {
      title: 'Subnets of a table',
      given: [
        { t: 'net', cidr: '10.0.0.0/8' },
        { t: 'ev', ip: '10.1.2.3' },
        { t: 'ev', ip: '8.8.8.8' },
      ],
      query: 'defineTable(name="ours", query={t=net}, include=[cidr]) | t=ev | !cidr(ip, file="ours") | select(ip)',
      gives: [{ ip: '8.8.8.8' }],
      from: page('cidr'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: (c) => {
      const { flow, args } = c
      if (args.has('file')) {
        const column = args.text('column', 'cidr')
        const table = tableOf(c, 'cidr', [column])
        if (!table) return { kind: 'false' }
        const within = { prim: 'ip.inCidrOf', left: flow.read(args.field('field')), right: column }
        const { found } = lookUp(flow, table.right(), { on: [], within, include: [] })
        return args.flag('negate') ? not(found) : found
      }
      const inside = test('ip.inCidr', [toStr(flow.read(args.field('field')))], { subnets: args.texts('subnet') })
      return args.flag('negate') ? not(inside) : inside
    },
  },
})

export const testFn = builtin({
  name: 'test',
  category: 'filter',
  kind: 'filter',
  doc: 'Keeps events for which an expression is true; without a value it is not.',
  notes: ['Bare words are fields here, on both sides; quoted ones are texts.'],
  params: [first('expression', 'expression', 'The condition.', { required: true })],
  fidelity: 'exact',
  evidence: page('test'),
  examples: [
    {
      title: 'Two fields',
      given: [{ a: '9', b: '10' }, { a: '11', b: '10' }, { a: '1' }],
      query: 'test(a < b) | select([a, b])',
      gives: [{ a: '9', b: '10' }],
      from: page('test'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: ({ args }) => args.cond('expression'),
  },
})

const textTest = (name: string, prim: string, doc: string, example: { s: string; part: string }) =>
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

export const textContains = textTest('text:contains', 'str.contains', 'Is one text a part of the other?', {
  s: 'abcd',
  part: 'bc',
})
export const textStartsWith = textTest('text:startsWith', 'str.startsWith', 'Does a text begin with the other?', {
  s: 'abcd',
  part: 'ab',
})
export const textEndsWith = textTest('text:endsWith', 'str.endsWith', 'Does a text end with the other?', {
  s: 'abcd',
  part: 'cd',
})

export const arrayContains = builtin({
  name: 'array:contains',
  category: 'filter',
  kind: 'filter',
  doc: 'Is a value an element of an array?',
  notes: ['The array is named with brackets: `"a[]"`.'],
  params: [
    first('array', 'field', 'The array.', { required: true }),
    param('value', 'text', 'The element.', { required: true }),
  ],
  fidelity: 'exact',
  evidence: page('array:contains'),
  examples: [
    {
      title: 'An element',
      given: [{ 'a[0]': 'x', 'a[1]': 'y' }, { 'a[0]': 'z' }],
      query: 'array:contains("a[]", value="y") | count()',
      gives: [{ _count: 1 }],
      from: page('array:contains'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: ({ flow, args }) => {
      const list = flow.read(asArray(args.field('array')))
      return list.ty === 'list' ? test('list.contains', [list, lit(args.text('value'), 'str')]) : { kind: 'false' }
    },
  },
})
const asArray = (name: string): string => (name.includes('[]') ? name : `${name}[]`)

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

export const arrayRegex = builtin({
  name: 'array:regex',
  category: 'filter',
  kind: 'filter',
  doc: 'Does an element of an array match?',
  notes: [],
  params: [
    first('array', 'field', 'The array.', { required: true }),
    param('regex', 'text', 'The pattern.', { required: true }),
    param('flags', 'text', 'Of `d`, `i`, `m`, `F`.', { default: 'm' }),
  ],
  fidelity: 'exact',
  evidence: page('array:regex'),
  examples: [
    {
      title: 'An element',
      given: [{ 'a[0]': 'x1', 'a[1]': 'y' }, { 'a[0]': 'z' }],
      query: 'array:regex("a[]", regex="^x[0-9]$") | count()',
      gives: [{ _count: 1 }],
      from: page('array:regex'),
    },
  ],
  lower: {
    kind: 'condition',
    condition: ({ flow, args }) => {
      const p = patternOf(flow, args.pattern('regex'), args.text('flags', 'm'), args.span('regex'))
      const list = flow.read(asArray(args.field('array')))
      if (!p || list.ty !== 'list') return { kind: 'false' }
      const pred = test('re.test', [col(ELEMENT, 'str')], p.consts) as unknown as Const
      return test('int.gt', [
        call('list.length', 'int', [call('list.where', 'list', [list], { pred })]),
        lit(0n, 'int'),
      ])
    },
  },
})
