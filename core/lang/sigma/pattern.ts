// Texts with wildcards. `*` is any text, `?` any character; a backslash takes the meaning of `*`, `?` and of itself before them.
import { not, or, present, test } from '../../plan/build.ts'
import type { Expr, Pred } from '../../plan/plan.ts'

export type Part = { readonly wild: '*' | '?' } | { readonly text: string }

/** `\\` is one backslash, `\*` a star; any other backslash is itself, so paths need no doubling. */
export function partsOf(value: string): Part[] {
  const out: Part[] = []
  let text = ''
  const flush = (): void => {
    if (text !== '') out.push({ text })
    text = ''
  }
  for (let i = 0; i < value.length; i++) {
    const c = value[i] as string
    const next = value[i + 1]
    if (c === '\\' && (next === '*' || next === '?' || next === '\\')) {
      text += next
      i++
    } else if (c === '*' || c === '?') {
      flush()
      out.push({ wild: c })
    } else text += c
  }
  flush()
  return out
}

export const textOf = (parts: readonly Part[]): string => parts.map((p) => ('text' in p ? p.text : p.wild)).join('')
export const isPlain = (parts: readonly Part[]): boolean => parts.every((p) => 'text' in p)

/** Does the whole value have this form? */
export function matches(of: Expr, parts: readonly Part[], cased: boolean): Pred {
  if (parts.length === 1 && 'wild' in (parts[0] as Part) && (parts[0] as { wild: string }).wild === '*')
    return present(of)
  const ignoreCase = !cased
  if (isPlain(parts)) return test('str.in', [of], { values: [textOf(parts)], ignoreCase })
  const starOnly = parts.every((p) => ('text' in p ? !p.text.includes('*') : p.wild === '*'))
  if (starOnly) return test('str.glob', [of], { pattern: textOf(parts), ignoreCase })
  return test('re.test', [of], { pattern: `^${regexOf(parts)}$`, flags: cased ? 's' : 'is' })
}

const regexOf = (parts: readonly Part[]): string =>
  parts
    .map((p) => ('text' in p ? p.text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&') : p.wild === '*' ? '.*' : '.'))
    .join('')

/** One of several whole values: plain ones in one look. */
export function matchesAny(of: Expr, all: readonly (readonly Part[])[], cased: boolean): Pred {
  const plain = all.filter(isPlain)
  const rest = all.filter((p) => !isPlain(p))
  const one = plain.length === 0 ? [] : [test('str.in', [of], { values: plain.map(textOf), ignoreCase: !cased })]
  return or(...one, ...rest.map((p) => matches(of, p, cased)))
}

export const isMissing = (of: Expr): Pred => not(present(of))
