// Unions by column id.
import { type Block, item, selectText, type Slot } from './block.ts'
import { CTE_PAD, type SelectBuilder } from './select-builder.ts'

/** The rows have no order afterwards: no engine promises one across UNION ALL. */
export function emitUnion(builder: SelectBuilder, first: Block, others: readonly Block[]): Block {
  const blocks = [first, ...others]
  const types = new Map<string, Slot>()
  for (const b of blocks) for (const [id, slot] of b.columns) if (!types.has(id)) types.set(id, slot)
  const columns = new Map<string, Slot>()
  for (const [id, { ty }] of types) {
    const name = builder.fresh()
    columns.set(id, { name, sql: builder.raw(name), ty, computed: false })
    builder.countReadings(
      name,
      blocks.flatMap((b) => b.columns.get(id)?.sql ?? []),
    )
  }
  const texts = blocks.map((b) =>
    selectText(
      {
        items: [...columns].map(([id, out]) =>
          item({ ...out, sql: b.columns.get(id)?.sql ?? builder.dialect.literal(null, out.ty) }),
        ),
        from: [b.from],
        where: builder.whereTexts(b),
      },
      CTE_PAD,
    ),
  )
  const from = builder.cte(texts.join(`\n${CTE_PAD}union all\n`))
  return { from, columns, where: [], order: [] }
}
