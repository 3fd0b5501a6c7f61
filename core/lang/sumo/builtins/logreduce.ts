// Messages by signature. The vendor's clustering is not published: it runs only as an approximation that the reader asks for.
import { sumoNotRun } from '../../../diag/catalogue/sumo-lower.ts'
import { call, col, TRUE } from '../../../plan/build.ts'
import { APPROXIMATE } from '../../shared/builtin.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import { type Cursor, name } from '../2-parse/cursor.ts'
import { namesUntil, number, options } from '../2-parse/tokens.ts'
import { inputOf } from '../3-lower/extract.ts'
import { operator, param, raw, search } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'

interface LogReduce {
  readonly field: Name | undefined
  readonly by: readonly Name[]
  readonly limit: number | undefined
  readonly least: boolean
  /** `keys`, `values`, `optimize`: they read messages in other ways. */
  readonly other: string | undefined
}

function parseLogReduce(c: Cursor): LogReduce | undefined {
  let field: Name | undefined
  let by: readonly Name[] = []
  let limit: number | undefined
  let least = false
  const other = c.eatWord('keys', 'optimize', 'values')?.text.toLowerCase()
  if (other !== undefined) {
    c.skipStage()
    return { field, by, limit, least, other }
  }
  // Published searches also write `logreduce(field)`.
  if (c.eat('(')) {
    field = name(c)
    if (!c.expect(')')) return undefined
  }
  if (!c.stageOver)
    options(c, ['by', 'criteria', 'field', 'limit'], (option) => {
      if (option === 'field') field = name(c)
      else if (option === 'by') by = namesUntil(c, ['criteria', 'field', 'limit'])
      else if (option === 'limit') limit = number(c)
      else least = /^least/i.test(c.next().text)
    })
  return { field, by, limit, least, other }
}

function lowerLogReduce(f: Flow, s: LogReduce, { head }: Place): void {
  const approximation = 'logreduce'
  if (s.other !== undefined || f.lowering.choice(approximation) !== APPROXIMATE) {
    const called = s.other === undefined ? 'logreduce' : `logreduce ${s.other}`
    f.lowering.report(sumoNotRun, head, {
      name: called,
      reason: 'its clustering is not published',
      ...(s.other === undefined ? { approximation } : {}),
    })
    f.open = true
    return
  }
  const signature = call('re.replace', 'str', [inputOf(f, s.field)], { pattern: '\\S*\\d\\S*', flags: '', with: '*' })
  const keys = s.by.map((n) => {
    const { expr, field } = f.read(n)
    return { id: field?.id ?? n.name, expr }
  })
  const count = { id: '_count', prim: 'agg.count', args: [], consts: {}, where: TRUE, ty: 'int' as const }
  f.push({
    kind: 'aggregate',
    keys: [...keys, { id: '_signature', expr: signature }],
    nullKeys: 'drop',
    aggs: [count],
    limit: null,
  })
  f.table([
    ...keys.map((k) => ({ id: k.id, ty: k.expr.ty })),
    { id: '_signature', ty: 'str' },
    { id: '_count', ty: 'int' },
  ])
  f.set([{ name: '_signature_id', expr: call('crypto.md5', 'str', [col('_signature', 'str')]) }])
  f.order = [{ expr: col('_count', 'int'), dir: s.least ? 'asc' : 'desc', nulls: 'last' }]
  f.ordered = true
  f.push(s.limit === undefined ? { kind: 'order', by: f.order } : { kind: 'take', count: s.limit, by: f.order })
}

export const logReduce = operator<LogReduce>({
  name: 'logreduce',
  doc: 'Groups messages that differ only in their variable parts.',
  params: [
    param('field', 'field', '`_raw` if left out.', false),
    param('by', 'fields', 'Signatures for each of their values.', false),
    param('limit', 'number', 'How many signatures.', false),
    param('criteria', 'text', '`mostcommon` or `leastcommon`.', false),
  ],
  examples: [
    search(
      'logreduce | fields _signature, _count',
      raw('user 7 logged in', 'user 8 logged in', 'disk full'),
      [
        { _signature: 'user * logged in', _count: 2 },
        { _signature: 'disk full', _count: 1 },
      ],
      undefined,
      { logreduce: 'approximate' },
    ),
  ],
  differs:
    'refused, as the clustering is not published; with `--semantics logreduce=approximate` words with a digit are the variable parts',
  parse: parseLogReduce,
  lower: lowerLogReduce,
})
