// Keeps the rows whose values occur in the result of further steps over the same table.
import { sumoNotRun } from '../../../diag/catalogue/sumo-lower.ts'
import { col } from '../../../plan/build.ts'
import type { Name, Place, Stage } from '../2-parse/ast.ts'
import type { Cursor } from '../2-parse/cursor.ts'
import { namesUntil } from '../2-parse/tokens.ts'
import { operator, param, search } from '../3-lower/builtin-kit.ts'
import type { Flow } from '../3-lower/flow.ts'
import { joinKey } from '../3-lower/values.ts'

interface Filter {
  readonly fields: readonly Name[]
  readonly stages: readonly Stage[]
}

function parseFilter(c: Cursor): Filter | undefined {
  const fields = namesUntil(c, ['in'])
  if (fields.length === 0) {
    c.fail('a field name')
    return undefined
  }
  if (!c.expectWord('in') || !c.expect('(')) return undefined
  c.depth++
  const stages = c.nested(() => c.grammar.stages(c, true)) ?? []
  c.depth--
  return c.expect(')') ? { fields, stages } : undefined
}

function lowerFilter(f: Flow, s: Filter, { head }: Place): void {
  if (f.messages) {
    f.lowering.report(sumoNotRun, head, { name: 'filter of messages', reason: 'it needs the result of an aggregate' })
    return
  }
  f.split()
  const inner = f.fork()
  inner.slice = f.slice
  const { at } = f
  f.parts.stages(inner, s.stages)
  const on = s.fields.map((n) => ({ left: joinKey(f.read(n).expr), right: joinKey(inner.read(n).expr) }))
  const ids = on.map(() => f.lowering.hiddenId('in'))
  inner.push({ kind: 'set', columns: on.map((o, i) => ({ id: ids[i] as string, expr: o.right })) })
  inner.push({ kind: 'project', columns: ids, rest: false })
  f.at = at
  f.push({
    kind: 'join',
    how: 'semi',
    right: inner.relation(false),
    on: on.map((o, i) => ({ left: o.left, right: col(ids[i] as string, 'str') })),
    within: null,
    include: [],
    missing: null,
    max: null,
    order: [],
  })
}

const events = [
  { user: 'al', host: 'h1' },
  { user: 'al', host: 'h2' },
  { user: 'bo', host: 'h1' },
]

export const filterIn = operator<Filter>({
  name: 'filter',
  kind: 'filter',
  doc: 'Keeps the rows of a table whose values come out of further steps over it.',
  params: [
    param('fields', 'fields', 'The values.'),
    param('in', 'pipeline', 'Steps in parentheses, such as a sum and a limit.'),
  ],
  examples: [
    search(
      'count by user, host | filter user in (sum(_count) by user | sort by _sum | limit 1) | sort by host asc',
      events,
      [
        { user: 'al', host: 'h1', _count: 1 },
        { user: 'al', host: 'h2', _count: 1 },
      ],
    ),
  ],
  parse: parseFilter,
  lower: lowerFilter,
})
