// The condition that a text contains another.
import { and, not, or, test, text } from '../../../plan/build.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'

/** The empty text is only in an empty text, says the page of `contains`. */
export function containsText(whole: Expr, part: Expr): Pred {
  const found = test('str.contains', [whole, part])
  if (part.kind === 'lit' && part.value !== '') return found
  return and(found, or(not(test('str.eq', [part, text('')])), test('str.eq', [whole, text('')])))
}
