// The first rows of each combination of values.
import { call, col, lit, not, test, text, TRUE } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import type { Name } from '../2-parse/ast.ts'
import { type Cursor, isName, names } from '../2-parse/cursor.ts'
import { wholeNumber } from '../2-parse/tokens.ts'
import { FIELDS, operator, search, users } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { rank } from '../3-lower/keys.ts'
import { joinKey } from '../3-lower/values.ts'
import { dedupSpaces } from '../near-misses/spl.ts'

interface Dedup {
  readonly consecutive: boolean
  readonly count: number
  readonly fields: readonly Name[]
}

function parseDedup(c: Cursor): Dedup {
  const consecutive = c.eatWord('consecutive') !== undefined
  const count = c.peek().kind === 'number' ? (wholeNumber(c) ?? 1) : 1
  c.eatWord('by')
  const fields: Name[] = c.stageOver ? [] : names(c)
  while (isName(c.peek()) && fields.length > 0) {
    const before = (fields[fields.length - 1] as Name).span.end
    c.near(dedupSpaces, c.peek().span, [{ span: { start: before, end: before }, text: ',' }])
    fields.push(...names(c))
  }
  return { consecutive, count, fields }
}

/** Number of the run: it grows by one at each row that differs from the row before. */
function runNumber(f: Flow, keys: readonly Expr[]): Expr {
  const key = f.setHidden(
    'key',
    call(
      'str.concat',
      'str',
      keys.flatMap((k) => [joinKey(k), text('\u0001')]),
    ),
  )
  const before = f.hidden('before')
  const frame = { before: null, after: null }
  const lag = {
    id: before,
    prim: 'win.lag',
    args: [key],
    consts: { distance: 1 },
    where: TRUE,
    ty: 'str' as const,
    frame,
  }
  f.push({ kind: 'window', partition: [], order: f.orderKeys(), columns: [lag] })
  const id = f.hidden('run')
  const changed = not(test('str.eq', [key, col(before, 'str')]))
  const count = { id, prim: 'agg.count', args: [], consts: {}, where: changed, ty: 'int' as const }
  f.push({
    kind: 'window',
    partition: [],
    order: f.orderKeys(),
    columns: [{ ...count, frame: { before: null, after: 0 } }],
  })
  return col(id, 'int')
}

function lowerDedup(f: Flow, s: Dedup): void {
  const fields = s.fields.length > 0 ? s.fields.map((n) => f.read(n).expr) : [f.raw]
  const keys = s.consecutive ? [...fields, runNumber(f, fields)] : fields
  const n = rank(f, keys, f.orderKeys(), f.hidden('rank'))
  f.filter(test('int.le', [n, lit(BigInt(s.count), 'int')]))
}

export const dedup = operator<Dedup>({
  name: 'dedup',
  kind: 'filter',
  doc: 'Keeps the first rows of each combination of values.',
  params: [FIELDS],
  examples: [
    search('dedup user | fields user, n', users, [
      { user: 'al', n: '10' },
      { user: 'bo', n: '7' },
    ]),
    search(
      'sort by n asc | dedup consecutive user | fields user, n',
      [...users, { user: 'bo', n: '70' }],
      [
        { user: 'al', n: '10' },
        { user: 'bo', n: '7' },
      ],
    ),
  ],
  notes: ['`consecutive`: only rows that follow each other count as repeats.'],
  parse: parseDedup,
  lower: lowerDedup,
})
