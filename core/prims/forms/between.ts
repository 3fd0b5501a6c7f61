// Texts between texts in ClickHouse. DuckDB's reduction of a list has a text as its state, so its rows go to the evaluator.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { clickLower } from '../kit.ts'

/** As the evaluator's `str.between`. */
export function clickBetween(sql: SqlTag, text: Sql, texts: Sql, gap: number, ignoreCase: boolean): Sql {
  const folded = (x: Sql): Sql => (ignoreCase ? clickLower(sql, x) : x)
  const [from, begins, ends] = [1, 2, 3].map((n) => sql`tupleElement(bs, ${sql.num(n)})`) as [Sql, Sql, Sql]
  const at = sql`toInt64(positionUTF8(bf, ${folded(sql.raw('bt'))}, toUInt64(${from})))`
  const next = sql`toInt64(bp + lengthUTF8(bt))`
  // A text that is missing leaves the state with the place 0, where nothing more is found.
  const found = sql`arrayMap(bp -> if(${from} = 0 or bp = 0, tuple(toInt64(0), ${begins}, ${ends}), tuple(${next}, arrayPushBack(${begins}, bp), arrayPushBack(${ends}, ${next}))), [if(${from} = 0, toInt64(0), ${at})])[1]`
  const none = sql`cast([] as Array(Int64))`
  const state = sql`arrayFold((bs, bt) -> ${found}, bl, tuple(toInt64(1), ${none}, ${none}))`
  const [begin, end] = ['tupleElement(br, 2)', 'tupleElement(br, 3)'].map((t) => sql.raw(t)) as [Sql, Sql]
  const place = (list: Sql, n: number): Sql => sql`arrayElement(${list}, ${sql.num(n)})`
  const whole = sql`substringUTF8(bw, ${place(begin, 1)}, ${place(end, -1)} - ${place(begin, 1)})`
  const isOpen = sql`(${sql.num(gap + 1)} = length(bl) and arrayElement(bl, ${sql.num(gap + 1)}) = '')`
  const until = sql`if(${isOpen}, lengthUTF8(bw) + 1, ${place(begin, gap + 1)})`
  const inner = sql`substringUTF8(bw, ${place(end, gap)}, ${until} - ${place(end, gap)})`
  const isThere = sql`(tupleElement(br, 1) > 0 and length(bl) >= ${sql.num(gap === 0 ? 1 : gap + 1)})`
  const value = sql`arrayMap(br -> if(${isThere}, ${gap === 0 ? whole : inner}, null), [${state}])[1]`
  const given = sql`ifNull(${text}, '')`
  const all = sql`arrayMap((bw, bf, bl) -> ${value}, [${given}], [${folded(given)}], [${texts}])[1]`
  return sql`case when ${text} is not null then ${all} end`
}
