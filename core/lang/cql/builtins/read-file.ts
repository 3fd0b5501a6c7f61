import { RelationBuilder, SourceColumns } from '../4-lower/relation-builder.ts'
import { builtin } from '../4-lower/builtin.ts'
import { col } from '../../../plan/build.ts'
import { first, param, limit, page } from '../4-lower/params.ts'
import { tableOf } from '../4-lower/join/join.ts'

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
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const include = args.has('include') ? args.texts('include') : undefined
      const table = tableOf(c, 'readFile', include ?? [])
      if (!table) return
      const columns = include ?? table.columns
      const right = table.right()
      flow.rel.stages = [...right.rel.stages]
      const from = right.rel.from
      if (from.kind === 'let') flow.rel.letName = from.name
      else flow.rel = replaced(flow.rel, from.name)
      flow.rel.neverAbsent.clear()
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
      // While the columns of the file are unknown, every name that a later step reads is one.
      if (columns.length === 0) flow.unknown = (name) => flow.rel.source.column(name, 'str', { kind: 'field', name })
    },
  },
})

const replaced = (_old: RelationBuilder, name: string): RelationBuilder =>
  new RelationBuilder(new SourceColumns(name, false, () => {}, 'all'))
