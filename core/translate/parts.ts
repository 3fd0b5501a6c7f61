// Texts with wildcards: from globs and simple patterns, and what is left of one when the value has a known beginning or end.
import { parseRegex } from '../regex/regex.ts'
import type { Part } from '../lang/shared/portable.ts'

export const STAR: Part = { wild: '*' }
export const isPlain = (parts: readonly Part[]): boolean => parts.every((p) => 'text' in p)
export const plainText = (parts: readonly Part[]): string => parts.map((p) => ('text' in p ? p.text : p.wild)).join('')
export const isStar = (p: Part | undefined): boolean => p !== undefined && 'wild' in p && p.wild === '*'
export const isAnything = (parts: readonly Part[]): boolean => parts.length > 0 && parts.every(isStar)

/** Neighbouring texts become one, neighbouring stars too. */
export function joined(parts: readonly Part[]): Part[] {
  const out: Part[] = []
  for (const p of parts) {
    const last = out.at(-1)
    if ('text' in p && p.text === '') continue
    if (last && 'text' in last && 'text' in p) out[out.length - 1] = { text: last.text + p.text }
    else if (!(isStar(last) && isStar(p))) out.push(p)
  }
  return out
}

/** `*` is any run of characters. */
export const partsOfGlob = (glob: string): Part[] =>
  joined(glob.split('*').flatMap((text, i): Part[] => [...(i > 0 ? [STAR] : []), { text }]))

/**
 * The text with wildcards that a pattern means; undefined: it means more. `.*` and `.` are wildcards only with the flag `s`, because
 * without it they stop at the end of a line.
 */
export function partsOfPattern(pattern: string, flags: string): { parts: Part[]; cased: boolean } | undefined {
  if (flags.includes('m') || !parseRegex(pattern, flags).ok) return undefined
  const inline = /^\(\?([is]+)\)/.exec(pattern)
  const all = flags + (inline?.[1] ?? '')
  const dots = all.includes('s')
  let rest = pattern.slice(inline?.[0].length ?? 0)
  const anchored = rest.startsWith('^')
  if (anchored) rest = rest.slice(1)
  const parts: Part[] = anchored ? [] : [STAR]
  let ended = false
  for (let i = 0; i < rest.length; i++) {
    const c = rest[i] as string
    const next = rest[i + 1]
    if (c === '$' && i === rest.length - 1) ended = true
    else if (c === '\\' && next !== undefined && /[^A-Za-z0-9]/.test(next)) {
      parts.push({ text: next })
      i++
    } else if (c === '.') {
      if (!dots) return undefined
      parts.push(next === '*' ? STAR : { wild: '?' })
      if (next === '*') i++
    } else if (/[\\^$*+?()[\]{}|]/.test(c)) return undefined
    else parts.push({ text: c })
    // A quantifier after a character is more than a wildcard.
    if (/[*+?{]/.test(rest[i + 1] ?? '')) return undefined
  }
  if (!ended) parts.push(STAR)
  return { parts: joined(parts), cased: !all.includes('i') }
}

const characters = (parts: readonly Part[]): Part[] =>
  parts.flatMap((p): Part[] => ('text' in p ? [...p.text].map((text) => ({ text })) : [p]))

/** The texts that a value must fit after a beginning that is known. None: no value with this beginning fits. */
export function afterBeginning(parts: readonly Part[], beginning: string, cased: boolean): Part[][] {
  const same = (a: string, b: string): boolean => (cased ? a === b : a.toLowerCase() === b.toLowerCase())
  let states: Part[][] = [characters(parts)]
  for (const c of beginning) {
    const next = new Map<string, Part[]>()
    const add = (s: Part[]): void => void next.set(JSON.stringify(s), s)
    const step = (s: Part[]): void => {
      const [head, ...rest] = s
      if (!head) return
      if ('text' in head) {
        if (same(head.text, c)) add(rest)
      } else if (head.wild === '?') add(rest)
      else {
        add(s)
        step(rest)
      }
    }
    for (const s of states) step(s)
    states = [...next.values()]
  }
  return withoutNarrower(states.map(joined))
}

export function beforeEnd(parts: readonly Part[], end: string, cased: boolean): Part[][] {
  const turned = (all: readonly Part[]): Part[] => characters(all).toReversed()
  return afterBeginning(turned(parts), [...end].toReversed().join(''), cased).map((s) => joined(turned(s)))
}

/** Texts that another one includes are left out: `*x` says more than `x`. */
function withoutNarrower(all: readonly Part[][]): Part[][] {
  const wide = (a: Part[], b: Part[]): boolean =>
    isStar(a[0]) && JSON.stringify(b).endsWith(JSON.stringify(a.slice(1)).slice(1)) && a.length > 1
  return all.filter((b) => !all.some((a) => a !== b && (isAnything(a) || wide(a, b))))
}
