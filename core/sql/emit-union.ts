// Unions by column id.
import type { Union } from '../plan/plan.ts'
import { type Block, item, selectText, type Slot } from './block.ts'
import { CTE_PAD, type Emitter } from './emitter.ts'

/** The rows have no order afterwards: no engine promises one across UNION ALL. */
export function union(emitter: Emitter, stage: Union, block: Block): Block {
  const blocks = [{ ...block, order: [] }, ...stage.others.map((r) => ({ ...emitter.relation(r), order: [] }))]
  const types = new Map<string, Slot>()
  for (const b of blocks) for (const [id, slot] of b.columns) if (!types.has(id)) types.set(id, slot)
  const columns = new Map<string, Slot>()
  for (const [id, { ty }] of types) {
    const name = emitter.fresh()
    columns.set(id, { name, sql: emitter.raw(name), ty, computed: false })
  }
  const texts = blocks.map((b) =>
    selectText(
      {
        items: [...columns].map(([id, out]) =>
          item({ ...out, sql: b.columns.get(id)?.sql ?? emitter.dialect.literal(null, out.ty) }),
        ),
        from: [b.from],
        where: emitter.whereTexts(b),
      },
      CTE_PAD,
    ),
  )
  const from = emitter.cte(texts.join(`\n${CTE_PAD}union all\n`))
  return { from, columns, where: [], order: [] }
}
