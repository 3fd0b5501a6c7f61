// The exact remainder of doubles in ClickHouse, whose own subtracts a rounded multiple: the divisor is doubled up to the dividend, then
// halved and subtracted. A difference of two doubles, one at most twice the other, is exact.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'

/** `a` and `b` are finite, and `b` is not zero; for other values it gives any number. */
export function clickRemainder(sql: SqlTag, a: Sql, b: Sql): Sql {
  const [size, by] = [sql`abs(ifNull(${a}, 0))`, sql`abs(ifNull(${b}, 0))`]
  const gap = sql`(log2(${size}) - log2(${by}))`
  const steps = sql`toUInt32(if(isFinite(${gap}) and ${gap} > -3, ceil(${gap}) + 3, 0))`
  const most = sql`arrayFold((rm, ri) -> if(rm <= ${size} / 2, rm * 2, rm), range(${steps}), ${by})`
  const [rest, part] = [sql.raw('tupleElement(rs, 1)'), sql.raw('tupleElement(rs, 2)')]
  const less = sql`if(${rest} >= ${part}, ${rest} - ${part}, ${rest})`
  const half = sql`if(${part} > ${by}, ${part} / 2, ${part})`
  const left = sql`tupleElement(arrayFold((rs, ri) -> tuple(${less}, ${half}), range(${steps} + 1), tuple(${size}, ${most})), 1)`
  return sql`(if(${a} < 0, -${left}, ${left}) + toFloat64(0))`
}
