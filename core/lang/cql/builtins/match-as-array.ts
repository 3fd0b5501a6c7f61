import { call, col, iff, lit, not, test } from '../../../plan/build.ts'
import type { Expr, Relation, Stage } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { assignObjects } from '../4-lower/functions/object-array.ts'
import type { Flow } from '../4-lower/flow.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import { lookUp, type RightSide } from '../4-lower/join/join.ts'
import { IGNORE_CASE, LOOKUP, lookupOf, STRICT } from '../4-lower/join/lookup-params.ts'
import { lowerText } from '../4-lower/ordering.ts'
import { page, param } from '../4-lower/params.ts'

export const matchAsArray = builtin({
  name: 'matchAsArray',
  category: 'join',
  kind: 'join',
  doc: 'Looks a field up in a lookup file or ad-hoc table and takes over all rows that it has, as an array of objects.',
  notes: ['Events without a row are dropped, unless `strict=false`.'],
  params: [
    ...LOOKUP,
    param('nrows', 'number', 'The most rows per event, or `max`.', { required: true }),
    IGNORE_CASE,
    STRICT,
    param('asArray', 'field', 'Name of the output array.', { default: '_now' }),
  ],
  fidelity: {
    differs:
      'The order of the array, and which rows count where there are more than `nrows`, are not documented: as in `match()` the last rows of a file count, here in its order; rows of an ad-hoc table come by their text.',
  },
  evidence: page('matchAsArray'),
  examples: [
    {
      title: 'All names of an address',
      given: [
        { t: 'who', ip: '1', name: 'Ann' },
        { t: 'who', ip: '1', name: 'Bob' },
        { t: 'who', ip: '2', name: 'Cy' },
        { t: 'do', a: '1' },
        { t: 'do', a: '3' },
      ],
      query:
        'defineTable(name="users", query={t=who}, include=[ip, name]) | t=do | matchAsArray(table="users", field=a, column=ip, nrows=max, asArray="m[]") | select([a, m[0].name, m[1].name])',
      gives: [{ a: '1', 'm[0].name': 'Ann', 'm[1].name': 'Bob' }],
      from: { assumed: 'the order of the rows' },
    },
    {
      title: 'Kept without a row, and the array split',
      given: [
        { t: 'who', ip: '1', name: 'Ann' },
        { t: 'do', ip: '1' },
        { t: 'do', ip: '3' },
      ],
      query:
        'defineTable(name="users", query={t=who}, include=[ip, name]) | t=do | matchAsArray(table="users", field=ip, nrows=1, asArray=m, strict=false) | sort(ip) | select([ip, m[0].name])',
      gives: [{ ip: '3' }, { ip: '1', 'm[0].name': 'Ann' }],
      from: page('matchAsArray'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const { flow, args } = c
      const found = lookupOf(c, 'matchAsArray')
      if (!found) return
      const { fields, keys, table, include, most } = found
      const right = rowsOfKeys(flow, table.right(), { keys, include, most, ignoreCase: args.flag('ignoreCase') })
      const on = fields.map((f, i) => ({ left: flow.read(f), right: keys[i] ?? f }))
      const row = lookUp(flow, right, { on, include: [ROWS], ignoreCase: args.flag('ignoreCase') })
      if (c.negated) return flow.filter(not(row.found))
      if (args.flag('strict', true)) flow.filter(row.found)
      assignObjects(c, args.field('asArray', c.as ?? '_now'), iff(row.found, row.value(ROWS), lit(null, 'str')))
    },
  },
})

const ROWS = 'rows'

/** The table with one row for each key: the JSON objects of its rows, joined. */
function rowsOfKeys(
  flow: Flow,
  table: RightSide,
  {
    keys,
    include,
    most,
    ignoreCase,
  }: { keys: readonly string[]; include: readonly string[]; most: number | null; ignoreCase: boolean },
): RightSide {
  const read = (name: string): Expr => {
    const c = table.column(name)
    return toStr(col(c.id, c.ty))
  }
  const [object, place, rows] = ['object', 'place', ROWS].map((h) => flow.hidden(h)) as [string, string, string]
  const pairs = call('fields.list', 'list', [lit(null, 'str'), ...include.map(read)], { names: include, except: [] })
  const json = call('fields.json', 'str', [pairs], { names: ['*'] })
  const ids = keys.map((name) => ({
    name,
    id: flow.hidden('key'),
    expr: ignoreCase ? lowerText(read(name)) : read(name),
  }))
  const partition = ids.map((k) => col(k.id, 'str'))
  const order =
    table.order.length > 0 ? table.order : [{ expr: col(object, 'str'), dir: 'desc', nulls: 'last' } as const]
  const rank = { ...aggCall(place, 'win.rank', 'int', []), frame: { before: null, after: null } }
  const backwards = call('int.sub', 'int', [lit(0n, 'int'), col(place, 'int')])
  const stages: Stage[] = [
    { kind: 'set', columns: [{ id: object, expr: json }, ...ids.map(({ id, expr }) => ({ id, expr }))] },
    { kind: 'window', partition, order, columns: [rank] },
    ...(most === null
      ? []
      : [{ kind: 'filter', where: test('int.le', [col(place, 'int'), lit(BigInt(most), 'int')]) } as const]),
    {
      kind: 'aggregate',
      keys: ids.map((k) => ({ id: k.id, expr: col(k.id, 'str') })),
      nullKeys: 'drop',
      aggs: [aggCall(rows, 'agg.joinInOrder', 'str', [col(object, 'str'), backwards], { separator: ',' })],
      limit: null,
    },
  ]
  const rel: Relation = { ...table.rel, stages: [...table.rel.stages, ...stages] }
  const column = (name: string): { id: string; ty: 'str' } => ({
    id: name === ROWS ? rows : (ids.find((k) => k.name === name)?.id ?? rows),
    ty: 'str',
  })
  return { rel, column, order: [] }
}
