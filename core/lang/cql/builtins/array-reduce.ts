import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { call, col, lit } from '../../../plan/build.ts'
import type { AggCall, Consts, Expr } from '../../../plan/plan.ts'
import { toStr } from '../../shared/convert.ts'
import { overElements } from '../4-lower/array-lambda.ts'
import { builtin, type CallContext } from '../4-lower/builtin.ts'
import { ARRAY, elementsOf } from '../4-lower/functions/arrays.ts'
import { assignParsed } from '../4-lower/functions/parsed-fields.ts'
import { aggCall } from '../4-lower/group/select-event.ts'
import type { Flow } from '../4-lower/flow.ts'
import { as, page, param } from '../4-lower/params.ts'

const ONE = param('function', 'aggregates', 'An aggregate that gives one row with one field.', { required: true })
const ELEMENT_NAME = param('var', 'field', 'Name of the element.', { required: true })

/** The one field that the aggregate gives; undefined, with a diagnostic, if there are several. */
function onlyOutput({ flow, args }: CallContext, rows: Flow): readonly [string, Expr] | undefined {
  const made = [...rows.names]
  const [only] = made
  if (made.length === 1 && only) return only
  const what = `a \`function\` of \`${args.fn}()\` that gives more than one field: their names are not published`
  flow.lowering.report(notRunHere, args.span('function'), { name: args.fn, what })
  return undefined
}

const FOLD: Readonly<Record<AggCall['ty'], string>> = {
  bool: 'Str',
  dec: 'Dec',
  int: 'Int',
  list: 'Str',
  num: 'Num',
  str: 'Str',
  time: 'Int',
}

export const arrayReduceRow = builtin({
  name: 'array:reduceRow',
  category: 'array',
  kind: 'transform',
  doc: 'An aggregate over the elements of the array of each event.',
  notes: ['The output has the name of the aggregate’s own behind `as` and a dot: `_reduceRow._avg`.'],
  params: [ARRAY, ONE, ELEMENT_NAME, as('_reduceRow')],
  output: '_reduceRow',
  fidelity: { differs: 'The page also shows the output as `_avg`, in a table of the newest example.' },
  evidence: page('array:reduceRow'),
  examples: [
    {
      title: 'The mean of each event',
      given: [
        { 'ages[0]': '15', 'ages[1]': '30', 'ages[2]': '45' },
        { 'ages[0]': '89', 'ages[1]': '57', 'ages[2]': '67' },
      ],
      query:
        'array:reduceRow("ages[]", var=x, function=avg(x)) | select([ages[0], _reduceRow._avg]) | sort(ages[0], order=asc)',
      gives: [
        { 'ages[0]': '15', '_reduceRow._avg': '30' },
        { 'ages[0]': '89', '_reduceRow._avg': '71' },
      ],
      from: page('array:reduceRow'),
    },
    {
      title: 'With a filter and a name',
      given: [{ 'a[0]': '1', 'a[1]': '9', 'a[2]': '5' }],
      query: 'array:reduceRow("a[]", var=x, function={x < 9 | max(x, as=m)}, as=r) | select(r.m)',
      gives: [{ 'r.m': '5' }],
      from: page('array:reduceRow'),
    },
  ],
  lower: {
    kind: 'step',
    step: (c) => {
      const { flow, args } = c
      const over = overElements(flow, args.field('var'), args.items('function'), args.fn, args.span('function'))
      if (!over) return
      const list = elementsOf(c)
      const columns = over.calls.map((a) => {
        const consts = { prim: a.prim, of: a.consts, args: a.args, where: a.where } as unknown as Consts
        return { id: a.id, expr: call(`list.fold${FOLD[a.ty]}`, a.ty, [list], consts) }
      })
      flow.push({ kind: 'set', columns })
      const rows = flow.branch(args.span('function'))
      rows.close([])
      over.finish(rows)
      const made = onlyOutput(c, rows)
      if (made) flow.assign(`${c.as ?? '_reduceRow'}.${made[0]}`, made[1])
    },
  },
})

export const arrayReduceColumn = builtin({
  name: 'array:reduceColumn',
  category: 'array',
  kind: 'aggregate',
  doc: 'An aggregate over the elements at each place of the arrays of all events, as an array.',
  notes: [],
  params: [ARRAY, ONE, ELEMENT_NAME, as('_reduceColumn')],
  output: '_reduceColumn',
  fidelity: {
    differs: 'Functions that give several fields or rows are not run: the page does not name their outputs.',
  },
  evidence: page('array:reduceColumn'),
  examples: [
    {
      title: 'The greatest of each task',
      given: [
        { 'times[0]': '1', 'times[1]': '2', 'times[2]': '3' },
        { 'times[0]': '5', 'times[1]': '1', 'times[2]': '0' },
      ],
      query:
        'array:reduceColumn(times, var=x, function={time := max(x)}) | concatArray(_reduceColumn, separator=",", as=r) | select(r)',
      gives: [{ r: '5,2,3' }],
      from: page('array:reduceColumn'),
    },
    {
      title: 'Arrays of different lengths, by place',
      given: [{ 'a[0]': '2', 'a[1]': '7' }, { 'a[0]': '4' }],
      query: 'm := array:reduceColumn("a[]", var=x, function=avg(x)) | select([m[0], m[1]])',
      gives: [{ 'm[0]': '3', 'm[1]': '7' }],
      from: page('array:reduceColumn'),
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const [into, place, made] = ['element', 'place', 'columns'].map((h) => flow.hidden(h)) as [string, string, string]
      flow.push({ kind: 'unnest', list: elementsOf(c), into, index: place, keep: false })
      flow.names.set(args.field('var'), col(into, 'str'))
      const aggregates = flow.parts.aggregates(flow, args.items('function'), args.fn)
      if (!aggregates) return
      const keys = [{ id: place, expr: col(place, 'int') }]
      flow.push({ kind: 'aggregate', keys, nullKeys: 'drop', aggs: aggregates.calls, limit: null })
      flow.rel.neverAbsent.clear()
      flow.renew([])
      flow.filter(aggregates.finish(flow))
      const output = onlyOutput(c, flow)
      if (!output) return
      const name = c.as ?? '_reduceColumn'
      const title = call('str.concat', 'str', [
        lit(`${name.replace(/\[\]$/, '')}[`, 'str'),
        call('int.toText', 'str', [col(place, 'int')]),
        lit(']', 'str'),
      ])
      const aggs = [aggCall(made, 'agg.pivot', 'str', [title, toStr(output[1])])]
      flow.push({ kind: 'aggregate', keys: [], nullKeys: 'drop', aggs, limit: null })
      flow.rel.neverAbsent.clear()
      flow.renew([])
      const text = col(made, 'str')
      assignParsed(c, { texts: [text], consts: { how: 'json' }, prefix: '', removed: [], wins: false })
    },
  },
})
