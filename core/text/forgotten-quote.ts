/**
 * The end of a string whose closing quote is forgotten, where the next string of the text would close it: `A="x | B="y"`. A name that follows
 * a closing quote at once shows it, and the string then goes over what ends a step. Undefined: the quote at `close` is its own.
 */
export function forgottenQuote(
  text: string,
  at: number,
  close: number,
  follows: RegExp,
  step: RegExp,
): number | undefined {
  if (!follows.test(text[close + 1] ?? '')) return undefined
  const end = text.slice(at, close).search(step)
  return end <= 0 ? undefined : at + end
}
