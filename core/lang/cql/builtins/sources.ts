// Where events come from, and fields parsed out of texts.
import { call, col, iff, lit, not, test, FALSE, TRUE } from '../../../plan/build.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { isHidden, type Expr } from '../../../plan/plan.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { first, page, param } from '../4-lower/params.ts'
import { toStr } from '../../shared/convert.ts'
import { choose, isNull, orElse } from '../4-lower/values.ts'

export const createEvents = builtin({
  name: 'createEvents',
  category: 'source',
  kind: 'source',
  doc: 'Events with the texts given, instead of those of the telemetry.',
  notes: ['Followed by kvParse() or parseJson() it makes a test in one query.'],
  params: [first('rawstring', 'texts', 'The texts.', { required: true })],
  fidelity: 'exact',
  evidence: page('createEvents'),
  examples: [
    {
      title: 'A test in one query',
      given: [{ a: 'not seen' }],
      query: 'createEvents(["x=1 y=N/A", "x=2 y=N/A"]) | kvParse() | stats([sum(x, as=s)])',
      gives: [{ s: 3 }],
      from: page('createEvents'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: ({ flow, args }) => {
      // One row out of none, whatever the telemetry: a grouping without keys over nothing.
      const [one, list] = [flow.hidden('none'), flow.hidden('texts')]
      flow.push({ kind: 'filter', where: FALSE })
      flow.push({
        kind: 'aggregate',
        keys: [],
        nullKeys: 'drop',
        aggs: [{ id: one, prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' }],
        limit: null,
      })
      flow.push({ kind: 'set', columns: [{ id: list, expr: lit(args.texts('rawstring'), 'list') }] })
      flow.push({ kind: 'unnest', list: col(list, 'list'), into: '@rawstring', index: '@id', keep: false })
      flow.close([
        ['@rawstring', col('@rawstring', 'str')],
        ['@id', col('@id', 'int')],
      ])
      flow.aggregated = true
      // Parsed fields may come: reading an unknown name is no mistake here.
      flow.unknown = () => lit(null, 'str')
    },
  },
})

/** Fields that a text holds, read by name when a later step asks for one. */
function parsed(c: CallContext, fn: string, read: (name: string) => Expr | undefined, wins: boolean): void {
  const { flow } = c
  const outer = flow.unknown
  const known = [...flow.names].filter(([name]) => !/^[@#$]/.test(name) && !isHidden(name))
  const items = known.flatMap(([name, old]) => {
    const mine = read(name)
    return mine ? [{ name, expr: wins ? orElse(mine, old) : orElse(old, mine) }] : []
  })
  if (items.length > 0 && wins) flow.assignAll(items)
  flow.unknown = (name) => {
    const mine = read(name)
    if (!mine) return outer(name)
    const theirs = flow.lowering.asFallback(name, () => outer(name))
    if (isNull(theirs)) return mine
    return wins ? orElse(mine, theirs) : orElse(theirs, mine)
  }
  flow.parsedBy = { fn, at: c.args.call.nameSpan }
}

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
      parsed(c, 'parseJson', read, true)
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

export const kvParse = builtin({
  name: 'kvParse',
  category: 'parse',
  kind: 'parse',
  doc: 'Fields of a text of `key=value` pairs.',
  notes: ['Only fields that the query names are read. Fields that exist are kept unless `override=true`.'],
  params: [
    first('field', 'fields', 'The fields with the text.', { default: '@rawstring' }),
    param('separator', 'text', 'Between key and value.', { default: '=' }),
    param('separatorPadding', 'text', 'Ignored.'),
    param('prefix', 'text', 'In front of every name.', { default: '' }),
    param('as', 'text', 'The same as prefix.'),
    param('override', 'bool', 'Parsed values win over fields that exist.', { default: 'false' }),
    param('excludeEmpty', 'bool', 'Ignored.'),
    param('onDuplicate', 'text', 'Ignored: the first of two equal keys is taken.'),
  ],
  fidelity: { differs: 'Of two equal keys the first is taken; no blanks around the separator.' },
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
      const prefix = args.text('prefix', args.text('as'))
      const separator = args.text('separator', '=')
      const read = (name: string): Expr | undefined => {
        if (/^[@#]/.test(name) || !name.startsWith(prefix)) return undefined
        const key = name.slice(prefix.length)
        return texts.reduceRight<Expr>(
          (rest, t) => orElse(call('kv.get', 'str', [t], { key, separator }), rest),
          lit(null, 'str'),
        )
      }
      parsed(c, 'kvParse', read, args.flag('override'))
    },
  },
})

export const parseCsv = builtin({
  name: 'parseCsv',
  category: 'parse',
  kind: 'parse',
  doc: 'Columns of one line of delimited text.',
  notes: ['A column that the line lacks gives no field.'],
  params: [
    first('field', 'field', 'The field with the line.', { default: '@rawstring' }),
    param('columns', 'texts', 'Names of the columns, in order.', { required: true }),
    param('delimiter', 'text', 'Between two columns.', { default: ',' }),
    param('excludeEmpty', 'bool', 'Empty columns give no field.', { default: 'false' }),
    param('trim', 'bool', 'Takes white space off values.', { default: 'false' }),
  ],
  fidelity: 'exact',
  evidence: page('parseCsv'),
  examples: [
    {
      title: 'With quotes',
      given: [{ m: 'x,"y, z",' }],
      query: 'parseCsv(m, columns=[a, b, c], excludeEmpty=true) | select([a, b, c])',
      gives: [{ a: 'x', b: 'y, z' }],
      from: page('parseCsv'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const text = flow.keep('csv', toStr(flow.read(args.field('field', '@rawstring'))))
      const consts = { delimiter: args.text('delimiter', ','), quote: '"', escape: '' }
      const items = args.texts('columns').map((name, i) => {
        const raw = call('str.column', 'str', [text], { ...consts, index: i + 1 })
        const value = args.flag('trim') ? call('str.trim', 'str', [raw]) : raw
        const filled = not(test('str.eq', [value, lit('', 'str')]))
        return { name, expr: args.flag('excludeEmpty') ? choose(filled, value, lit(null, 'str')) : value }
      })
      flow.assignAll(items.filter((x) => x.name !== ''))
    },
  },
})
