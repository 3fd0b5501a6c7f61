// Texts as times.
import { call, iff, lit, test } from '../../../../plan/build.ts'
import type { Expr } from '../../../../plan/plan.ts'

/** A text without a year is of this one, or of the last one if that would be more than eight days ahead of now. */
export function readTime(text: Expr, pattern: string, zone: string): Expr {
  const parse = (t: Expr, p: string): Expr => call('time.parse', 'time', [t], { pattern: p, zone })
  if (/%[YyFDsQ]/.test(pattern.replaceAll('%%', ''))) return parse(text, pattern)
  const now: Expr = { kind: 'env', name: 'now', ty: 'time' }
  const year = call('time.part', 'int', [now], { part: 'year', zone })
  const inYear = (y: Expr): Expr =>
    parse(call('str.concat', 'str', [call('int.toText', 'str', [y]), lit(' ', 'str'), text]), `%Y ${pattern}`)
  const thisYear = inYear(year)
  const limit = call('time.fromInt', 'time', [
    call('int.add', 'int', [call('time.toInt', 'int', [now]), lit(AHEAD, 'int')]),
  ])
  // 29 February does not exist in every year: then the last one is tried as well.
  return iff(test('time.le', [thisYear, limit]), thisYear, inYear(call('int.sub', 'int', [year, lit(1n, 'int')])))
}
const AHEAD = 8n * 86_400_000_000n
