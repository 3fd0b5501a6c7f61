// Joins: sub-queries, ad-hoc tables, lookup files, self joins.
import { col, not, present } from '../../../plan/build.ts'
import { notRunHere, wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import type { Expr, Join, OrderKey, Relation, Ty } from '../../../plan/plan.ts'
import { builtin, type CallContext } from '../builtin.ts'
import { first, limit, page, param } from '../params.ts'
import { type Flow, RelationBuilder, SEQ, SourceColumns } from '../3-lower-flow.ts'
import { byTime, lowerText, millisOf, takeNewest } from '../3-lower-text.ts'
import { isNull, orElse, toStr } from '../3-lower-values.ts'

interface Right {
  readonly rel: Relation
  /** Column of the right relation that holds a field. */
  readonly column: (name: string) => { readonly id: string; readonly ty: Ty }
  readonly order: readonly OrderKey[]
}

interface Joining {
  readonly how: 'anti' | 'inner' | 'left' | 'semi'
  readonly on: readonly { readonly left: Expr; readonly right: string }[]
  readonly include: readonly string[]
  readonly missing: '' | null
  readonly max: number | null
  readonly ignoreCase?: boolean
}

/** Columns of the right side come in under hidden names first: the event may have fields of those names. */
function joined(flow: Flow, right: () => Right, j: Joining): void {
  const r = right()
  const cased = (e: Expr): Expr => (j.ignoreCase ? lowerText(e) : toStr(e))
  const on = j.on.map((o) => {
    const c = r.column(o.right)
    return { left: cased(o.left), right: cased(col(c.id, c.ty)) }
  })
  const include = j.include.map((name) => ({ name, id: flow.hidden('join'), from: r.column(name) }))
  const how: Join['how'] = include.length === 0 && j.how === 'inner' && j.max === 1 ? 'semi' : j.how
  flow.push({
    kind: 'join',
    how,
    right: r.rel,
    on,
    include: how === 'semi' || how === 'anti' ? [] : include.map((i) => ({ id: i.id, from: i.from.id })),
    missing: j.missing,
    max: j.max,
    order: r.order,
    within: null,
  })
  if (how === 'semi' || how === 'anti') return
  for (const i of include) if (i.from.ty === 'str' && j.missing === '') flow.rel.sure.add(i.id)
  const keepLeft = flow.low.choice('join-collision') === 'left'
  flow.assignAll(
    include.map((i) => {
      const value = col(i.id, i.from.ty)
      return {
        name: i.name,
        expr: keepLeft
          ? orElse(
              flow.low.asFallback(i.name, () => flow.read(i.name)),
              value,
            )
          : value,
      }
    }),
    keepLeft,
  )
}

/** A flow as the right side. Its relation is finished late, when every column that is asked for is there. */
function rightOf(sub: Flow, names: readonly string[]): Right {
  const columns = new Map(names.map((name) => [name, realColumn(sub, name)]))
  const order = sub.aggregated ? [] : byTime(sub, sub.low.choice('join-which') === 'newest' ? 'desc' : 'asc')
  return { rel: sub.rel.finish(), column: (name) => columns.get(name) as { id: string; ty: Ty }, order }
}
function realColumn(sub: Flow, name: string): { id: string; ty: Ty } {
  const e = sub.read(name)
  if (e.kind === 'col') return { id: e.id, ty: e.ty }
  const id = sub.hidden('right')
  sub.push({ kind: 'set', columns: [{ id, expr: e }] })
  return { id, ty: e.ty }
}

/** An interval of the sub-query's own; undefined: that of the query; null: one that cannot be said. */
function within(c: CallContext, fn: string): { start: number | undefined; end: number | undefined } | null | undefined {
  const { flow, args } = c
  if (!args.has('start') && !args.has('end')) return undefined
  const read = (name: string): number | undefined =>
    args.has(name) && args.text(name) !== 'now' ? millisOf(args.text(name)) : undefined
  for (const name of ['start', 'end']) {
    if (args.has(name) && args.text(name) !== 'now' && read(name) === undefined) {
      flow.low.say(notRunHere, args.span(name), { name: fn, what: `\`${name}\` of \`${fn}()\` other than a duration` })
      return null
    }
  }
  return { start: read('start'), end: read('end') }
}

function subQuery(c: CallContext, fn: string): Flow | undefined {
  const { flow, args } = c
  const pipeline = args.pipeline('query')
  const interval = within(c, fn)
  if (interval === null) return undefined
  if (!pipeline) {
    flow.low.say(wrongKind, args.span('query'), { fn, name: 'query', takes: 'a sub-pipeline in braces' })
    return undefined
  }
  const sub = flow.low.parts.sub(pipeline, interval)
  if (flow.low.choice('subquery-tail') === 'yes' && !sub.aggregated && !sub.ordered) takeNewest(sub, 200)
  return sub
}

const START = param('start', 'text', 'How long before the end the sub-query begins.')
const END = param('end', 'text', 'How long before the end the sub-query ends.')

const JOIN_ROWS = 100_000
export const join = builtin({
  name: 'join',
  category: 'join',
  kind: 'join',
  doc: 'Keeps events whose key a sub-query also has, and takes over fields of it.',
  notes: ['`!join()` keeps the others. Fields to include that the sub-query lacks become empty.'],
  params: [
    first('query', 'pipeline', 'The sub-query.', { required: true }),
    param('field', 'fields', 'The key in the event.', { required: true }),
    param('key', 'fields', 'The key in the sub-query; the same as field.'),
    param('include', 'fields', 'Fields to take over.'),
    param('mode', 'text', 'What happens without a match.', {
      default: 'inner',
      oneOf: { inner: 'Dropped.', left: 'Kept.' },
    }),
    limit('100000', 'The most rows of the sub-query, the newest.'),
    param('max', 'number', 'The most matches per event.', { default: '1' }),
    START,
    END,
    param('repo', 'text', 'Not run here: there is one repository.'),
    param('view', 'text', 'Not run here: there is one repository.'),
    param('live', 'bool', 'Ignored.'),
  ],
  fidelity: {
    differs:
      'No public text says which of several matches is taken, nor which rows are left at the limit; see the semantic `join-which`.',
  },
  evidence: page('join'),
  examples: [
    {
      title: 'The host of a process',
      given: [
        { t: 'net', pid: '1', ip: '8.8.8.8' },
        { t: 'net', pid: '2', ip: '9.9.9.9' },
        { t: 'proc', id: '1', img: 'ftp.exe' },
      ],
      query: 't=net | join({t=proc}, field=pid, key=id, include=[img]) | select([ip, img])',
      gives: [{ ip: '8.8.8.8', img: 'ftp.exe' }],
      from: page('join'),
    },
    {
      title: 'Events without a match',
      given: [
        { t: 'net', pid: '1', ip: '8.8.8.8' },
        { t: 'net', pid: '2', ip: '9.9.9.9' },
        { t: 'proc', pid: '1' },
      ],
      query: 't=net | !join({t=proc}, field=pid) | select(ip)',
      gives: [{ ip: '9.9.9.9' }],
      from: page('join'),
    },
  ],
  lower: {
    whole: true,
    negatable: true,
    step: (c) => {
      const { flow, args } = c
      for (const name of ['repo', 'view'])
        if (args.has(name))
          flow.low.say(notRunHere, args.span(name), { name: 'join', what: `\`${name}\` of \`join()\`` })
      const sub = subQuery(c, 'join')
      if (!sub) return
      const most = args.limit('limit', JOIN_ROWS, 200_000)
      if (!args.has('limit')) flow.low.limits.push({ what: 'join', limit: most })
      sub.push({ kind: 'take', count: most, by: sub.ordered || sub.aggregated ? [] : byTime(sub, 'desc') })
      const fields = args.fields('field')
      const keys = args.has('key') ? args.fields('key') : fields
      const include = args.fields('include')
      joined(flow, () => rightOf(sub, [...keys, ...include]), {
        how: c.negated ? 'anti' : args.text('mode', 'inner').toLowerCase() === 'left' ? 'left' : 'inner',
        on: fields.map((f, i) => ({ left: flow.read(f), right: keys[i] ?? f })),
        include: c.negated ? [] : include,
        missing: '',
        max: args.number('max', 1),
      })
    },
  },
})

export const defineTable = builtin({
  name: 'defineTable',
  category: 'join',
  kind: 'preamble',
  doc: 'Names the result of a sub-query, for match() and readFile().',
  notes: ['Stands at the start of the query.'],
  params: [
    first('query', 'pipeline', 'The sub-query.', { required: true }),
    param('name', 'text', 'The name.', { required: true }),
    param('include', 'fields', 'The fields of the table, or `*`.', { required: true }),
    START,
    END,
    param('view', 'text', 'Not run here: there is one repository.'),
  ],
  fidelity: { differs: '`include=*` takes the columns an aggregate ends with; with other queries it is not run.' },
  evidence: page('defineTable'),
  examples: [
    {
      title: 'Sessions without a login',
      given: [
        { t: 'in', s: '1' },
        { t: 'use', s: '1' },
        { t: 'use', s: '2' },
      ],
      query: 'defineTable(name="ins", query={t=in}, include=[s]) | t=use | !match(table="ins", field=s) | select(s)',
      gives: [{ s: '2' }],
      from: page('defineTable'),
    },
  ],
  lower: {
    whole: true,
    step: (c) => {
      const { flow, args } = c
      if (args.has('view'))
        flow.low.say(notRunHere, args.span('view'), { name: 'defineTable', what: '`view` of `defineTable()`' })
      const sub = subQuery(c, 'defineTable')
      if (!sub) return
      let names = args.fields('include')
      if (names.includes('*')) {
        if (sub.open)
          return flow.low.say(notRunHere, args.span('include'), {
            name: 'defineTable',
            what: '`include=*` of a query without an aggregate',
          })
        names = [...sub.names].filter(([, e]) => !isNull(e)).map(([n]) => n)
      }
      const time = sub.aggregated ? undefined : sub.time()
      const columns = names.map((n) => [n, sub.read(n)] as const)
      const made = columns.filter(([n, e]) => !(e.kind === 'col' && e.id === n))
      if (made.length > 0) sub.push({ kind: 'set', columns: made.map(([id, expr]) => ({ id, expr })) })
      if (time) sub.push({ kind: 'order', by: byTime(sub, 'asc') })
      sub.push({ kind: 'project', columns: names, rest: false })
      const letName = `table ${args.text('name')}`
      flow.low.lets.push({ name: letName, build: () => ({ name: letName, rel: sub.rel.finish() }) })
      flow.low.tables.set(args.text('name'), {
        letName,
        columns: names,
        types: new Map(columns.map(([n, e]) => [n, e.ty])),
      })
    },
  },
})

/** A lookup file or ad-hoc table as right side, with the names of its columns. */
function tableOf(
  c: CallContext,
  fn: string,
  wanted: readonly string[],
): { readonly columns: readonly string[]; readonly right: () => Right } | undefined {
  const { flow, args } = c
  const name = args.has('table') ? args.text('table') : (args.texts('file')[0] ?? '')
  if (args.texts('file').length > 1) {
    flow.low.say(notRunHere, args.span('file'), { name: fn, what: 'several files at once' })
    return undefined
  }
  const table = flow.low.tables.get(name)
  if (table) {
    const rel: Relation = { from: { kind: 'let', name: table.letName }, stages: [] }
    const column = (n: string): { id: string; ty: Ty } => ({ id: n, ty: table.types.get(n) ?? 'str' })
    return { columns: table.columns, right: () => ({ rel, column, order: [] }) }
  }
  if (args.has('table')) {
    flow.low.say(wrongKind, args.span('table'), {
      fn,
      name: 'table',
      takes: 'the name of a table that defineTable() made before',
    })
    return undefined
  }
  const known = flow.low.known.lookups?.[name]
  if (!known) flow.low.need({ kind: 'lookup', file: name, columns: wanted, at: args.span('file') })
  const columns = known?.columns ?? wanted
  const right = (): Right => {
    const source = new SourceColumns(`lookup:${name}`, false, () => {}, 'all')
    const rel = new RelationBuilder(source)
    for (const n of columns) source.column(n, 'str', { kind: 'field', name: n })
    const seq = source.column(SEQ, 'int', { kind: 'meta', name: 'seq' })
    // In exact mode the last row of the file that matches wins.
    return {
      rel: rel.finish(),
      column: (n) => ({ id: n, ty: 'str' }),
      order: [{ expr: seq, dir: 'desc', nulls: 'last' }],
    }
  }
  return { columns, right }
}

export const match = builtin({
  name: 'match',
  category: 'join',
  kind: 'join',
  doc: 'Looks a field up in a lookup file or ad-hoc table and takes over its other columns.',
  notes: ['Events without a row are dropped, unless `strict=false`. `!match()` keeps only those.'],
  params: [
    first('file', 'text', 'Name of the lookup file.'),
    param('table', 'text', 'Name of an ad-hoc table.'),
    param('field', 'fields', 'The fields to look up.', { required: true }),
    param('column', 'texts', 'The columns to find them in; the same names.'),
    param('include', 'texts', 'Columns to take over; all others.'),
    param('mode', 'text', 'How values are compared.', {
      default: 'string',
      oneOf: { string: 'Equal.', glob: 'Not run here.', cidr: 'Not run here.' },
    }),
    param('ignoreCase', 'bool', 'Letters that lower alike are the same.', { default: 'false' }),
    param('strict', 'bool', 'Drops events without a row.', { default: 'true' }),
    param('nrows', 'number', 'The most rows per event, or `max`.', { default: '1' }),
    param('glob', 'bool', 'Deprecated; not run here.'),
  ],
  fidelity: { differs: '`mode=glob` and `mode=cidr` are not run.' },
  evidence: page('match'),
  examples: [
    {
      title: 'Kept without a row',
      given: [
        { t: 'who', u: '1', name: 'Ann' },
        { t: 'do', u: '1' },
        { t: 'do', u: '3' },
      ],
      query:
        'defineTable(name="users", query={t=who}, include=[u, name]) | t=do | match(table="users", field=u, strict=false) | sort(u) | select([u, name])',
      gives: [{ u: '3' }, { u: '1', name: 'Ann' }],
      from: page('match'),
    },
  ],
  lower: {
    negatable: true,
    step: (c) => {
      const { flow, args } = c
      if (args.text('mode', 'string') !== 'string' || args.flag('glob')) {
        return flow.low.say(notRunHere, args.span(args.has('glob') ? 'glob' : 'mode'), {
          name: 'match',
          what: '`match()` by glob or subnet',
        })
      }
      const fields = args.fields('field')
      const keys = args.has('column') ? args.texts('column') : fields
      const given = args.has('include') && !args.texts('include').includes('*') ? args.texts('include') : undefined
      const table = tableOf(c, 'match', [...new Set([...keys, ...(given ?? [])])])
      if (!table) return
      const include = given ?? table.columns.filter((n) => !keys.includes(n))
      const strict = args.flag('strict', true)
      const rows = args.has('nrows') && args.text('nrows').toLowerCase() === 'max' ? null : args.number('nrows', 1)
      const on = fields.map((f, i) => ({ left: flow.read(f), right: keys[i] ?? f }))
      const base = { on, missing: null, ignoreCase: args.flag('ignoreCase') }
      if (!flow.inBranch) {
        const how = c.negated ? 'anti' : strict ? 'inner' : 'left'
        return joined(flow, table.right, { ...base, how, include: c.negated ? [] : include, max: rows })
      }
      // In a branch every event is joined, and whether it found a row is the branch's condition.
      const flag = flow.hidden('matched')
      const r = table.right()
      const key = r.column(keys[0] as string)
      const cased = (e: Expr): Expr => (base.ignoreCase ? lowerText(e) : toStr(e))
      const ids = include.map((name) => ({ name, id: flow.hidden('join'), from: r.column(name) }))
      flow.push({
        kind: 'join',
        how: 'left',
        right: r.rel,
        on: on.map((o) => ({ left: cased(o.left), right: cased(col(r.column(o.right).id, r.column(o.right).ty)) })),
        include: [{ id: flag, from: key.id }, ...ids.map((i) => ({ id: i.id, from: i.from.id }))],
        missing: null,
        max: 1,
        order: r.order,
        within: null,
      })
      const found = present(col(flag, key.ty))
      if (c.negated) return flow.filter(not(found))
      if (strict) flow.filter(found)
      flow.assignAll(ids.map((i) => ({ name: i.name, expr: col(i.id, i.from.ty) })))
    },
  },
})

export const readFile = builtin({
  name: 'readFile',
  category: 'source',
  kind: 'source',
  doc: 'The rows of a lookup file or ad-hoc table, instead of events.',
  notes: [],
  params: [
    first('file', 'texts', 'Name of the file.'),
    param('table', 'text', 'Name of an ad-hoc table.'),
    param('include', 'texts', 'Its columns to read; all.'),
    limit('200000'),
  ],
  fidelity: { differs: 'One file at a time.' },
  evidence: page('readFile'),
  examples: [
    {
      title: 'An ad-hoc table',
      given: [{ a: '1' }, { a: '2' }],
      query: 'defineTable(name="t", query={a=2}, include=[a]) | readFile(table="t") | select(a)',
      gives: [{ a: '2' }],
      from: page('readFile'),
    },
  ],
  lower: {
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const given = args.has('include') ? args.texts('include') : undefined
      const table = tableOf(c, 'readFile', given ?? [])
      if (!table) return
      const columns = given ?? table.columns
      const right = table.right()
      flow.rel.stages = [...right.rel.stages]
      const from = right.rel.from
      if (from.kind === 'let') flow.rel.letName = from.name
      else flow.rel = replaced(flow.rel, from.name)
      flow.rel.sure.clear()
      flow.renew(
        columns.map(
          (n) =>
            [
              n,
              flow.rel.letName
                ? col(n, right.column(n).ty)
                : flow.rel.source.column(n, 'str', { kind: 'field', name: n }),
            ] as const,
        ),
      )
      if (args.has('limit')) flow.push({ kind: 'take', count: args.limit('limit', 200_000, 200_000), by: [] })
      // Without the columns of the file at hand, names are read as they are asked for.
      if (columns.length === 0) flow.unknown = (name) => flow.rel.source.column(name, 'str', { kind: 'field', name })
    },
  },
})
const replaced = (_old: RelationBuilder, name: string): RelationBuilder =>
  new RelationBuilder(new SourceColumns(name, false, () => {}, 'all'))
