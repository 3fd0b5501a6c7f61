// Messages that are linked to a value by the values that they have in common.
import { sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import { call, col, TRUE } from '../../../plan/build.ts'
import { parseRegex } from '../../../regex/regex.ts'
import type { Span } from '../../../text/source.ts'
import type { Place } from '../2-parse/ast.ts'
import type { Cursor } from '../2-parse/cursor.ts'
import { isPattern, pattern, regexPattern } from '../2-parse/parse-extract.ts'
import { operator, param, raw, search } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { regexConsts } from '../3-lower/regex.ts'

interface Trace {
  readonly regex: { readonly text: string; readonly span: Span }
  readonly seed: string
  readonly direction: 'any' | 'down' | 'up'
}

function parseTrace(c: Cursor): Trace | undefined {
  const direction = c.eat('+') ? 'up' : c.eat('-') ? 'down' : 'any'
  if (!isPattern(c)) {
    c.fail('a regular expression in double quotes')
    return undefined
  }
  const regex = regexPattern(c)
  c.eat(',')
  if (!isPattern(c)) {
    c.fail('the value to begin with, in double quotes')
    return undefined
  }
  return { regex, seed: pattern(c).text, direction }
}

function lowerTrace(f: Flow, s: Trace, { head }: Place): void {
  if (!f.messages) {
    f.notRun(head, 'trace', 'it reads messages, not a table')
    return
  }
  const consts = regexConsts(f, s.regex.text, '', { span: s.regex.span })
  if (!consts) return
  const parsed = parseRegex(consts.pattern, '')
  if (parsed.ok && parsed.regex.groups.length === 0)
    f.lowering.report(sumoRuledOut, s.regex.span, {
      what: 'the regular expression of trace has no group',
      remedy: 'put brackets around the value that links messages: `"id=(\\w+)"`',
    })
  const values = f.setHidden('values', call('re.groupAll', 'list', [f.raw], { ...consts, group: 1 }))
  const place = f.hidden('place')
  const oldest = f.orderKeys().map((k) => ({ ...k, dir: k.dir === 'asc' ? ('desc' as const) : ('asc' as const) }))
  const number = { id: place, prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' as const }
  const order = f.order ? [{ expr: f.time, dir: 'asc' as const, nulls: 'last' as const }, ...f.order] : oldest
  f.push({ kind: 'window', partition: [], order, columns: [{ ...number, frame: { before: null, after: 0 } }] })
  f.split()
  const found = f.fork()
  const [all, one, at] = [f.hidden('found'), f.hidden('found'), f.hidden('found')]
  found.push({
    kind: 'aggregate',
    keys: [],
    nullKeys: 'keep',
    aggs: [
      {
        id: all,
        prim: 'agg.reached',
        args: [values, col(place, 'int')],
        consts: { seed: s.seed, direction: s.direction },
        where: TRUE,
        ty: 'list',
      },
    ],
    limit: null,
  })
  found.push({ kind: 'unnest', list: col(all, 'list'), into: one, index: null, keep: false })
  found.push({ kind: 'set', columns: [{ id: at, expr: call('int.parse', 'int', [col(one, 'str')]) }] })
  f.push({
    kind: 'join',
    how: 'semi',
    right: found.relation(false),
    on: [{ left: col(place, 'int'), right: col(at, 'int') }],
    within: null,
    include: [],
    missing: null,
    max: null,
    order: [],
  })
}

const lines = raw(
  'auth session=a1 for order=77',
  'order=77 paid as bill=x9',
  'order=78 paid as bill=x8',
  'bill=x9 failed',
)

export const trace = operator<Trace>({
  name: 'trace',
  kind: 'filter',
  doc: 'Keeps messages that have a value, or share values with messages that do, over any number of messages.',
  params: [
    param('direction', 'text', '`+`: only messages behind the one that shares the value; `-`: only before it.', false),
    param('regex', 'text', 'Its group is a value of a message: "id=(\\w+)".'),
    param('value', 'text', 'The value to begin with.'),
  ],
  examples: [
    search('trace "(?:session|order|bill)=(\\w+)" "x9" | count', lines, [{ _count: 3 }]),
    search('trace + "(?:session|order|bill)=(\\w+)" "77" | count', lines, [{ _count: 3 }]),
    search('trace - "(?:session|order|bill)=(\\w+)" "x9" | count', lines, [{ _count: 3 }]),
    search('trace + "(?:session|order|bill)=(\\w+)" "x9" | count', lines, [{ _count: 2 }]),
  ],
  operandBegins: ['+', '-'],
  parse: parseTrace,
  lower: lowerTrace,
})
