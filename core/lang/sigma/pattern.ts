// Texts with wildcards. `*` is any text, `?` any character. A backslash escapes `*`, `?`, and a backslash before them.
import { or, present, test } from '../../plan/build.ts'
import type { Consts, Expr, Pred } from '../../plan/plan.ts'

export type Part = { readonly wild: '*' | '?' } | { readonly text: string }

/** `\\` is one backslash, `\*` a star. Any other backslash is literal, so paths need no double backslashes. */
export function partsOf(value: string): Part[] {
  if (value !== '' && !/[*?\\]/.test(value)) return [{ text: value }]
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

/** Does the whole value match the parts? */
export function matches(of: Expr, parts: readonly Part[], cased: boolean): Pred {
  if (parts.length === 1 && 'wild' in (parts[0] as Part) && (parts[0] as { wild: string }).wild === '*')
    return present(of)
  const ignoreCase = !cased
  if (isPlain(parts)) return test('str.in', [of], { values: [textOf(parts)], ignoreCase })
  const starOnly = parts.every((p) => ('text' in p ? !p.text.includes('*') : p.wild === '*'))
  if (starOnly) return test('str.glob', [of], { pattern: textOf(parts), ignoreCase })
  return test('re.test', [of], { pattern: `^${regexOf(parts)}$`, flags: cased ? 's' : 'is' })
}

/** A drive, or the volume that Windows mounts there. The number of a volume can differ after each boot. */
const PLACE = /(^|[^a-z0-9])[a-z]:\\|^:\\|\\device\\harddiskvolume\d+\\/gi
const VOLUME = '\\\\[Dd][Ee][Vv][Ii][Cc][Ee]\\\\[Hh][Aa][Rr][Dd][Dd][Ii][Ss][Kk][Vv][Oo][Ll][Uu][Mm][Ee]\\d+\\\\'
const ANY_CASE = '\\\\Device\\\\HarddiskVolume\\d+\\\\'
const DRIVE = '[A-Za-z]:\\\\'

/**
 * The pattern of the same paths in telemetry that has volumes (`\\Device\\HarddiskVolume3\\`) instead of drives, or drives instead of
 * volumes. Undefined: the value has neither.
 */
export function otherVolumes(parts: readonly Part[], cased: boolean): Consts | undefined {
  if (!parts.some((p) => 'text' in p && p.text.includes('\\'))) return undefined
  let isPlace = false
  const written = parts.map((p, i) => {
    if (!('text' in p)) {
      const next = parts[i + 1]
      // `?:\\Windows`: the wildcard is the letter.
      return p.wild === '?' && next && 'text' in next && next.text.startsWith(':\\') ? '' : regexOf([p])
    }
    let out = ''
    let last = 0
    for (const m of p.text.matchAll(PLACE)) {
      // A colon alone means a drive only after a wildcard or at the start of the value.
      isPlace = true
      out += regexOf([{ text: p.text.slice(last, m.index) + (m[1] ?? '') }])
      const volume = cased ? VOLUME : ANY_CASE
      out += /harddiskvolume/i.test(m[0]) ? `(?:${volume}|${DRIVE})` : volume
      last = m.index + m[0].length
    }
    return out + regexOf([{ text: p.text.slice(last) }])
  })
  if (!isPlace) return undefined
  const pattern = `^${written.join('')}$`.replace(/^\^(?:\.\*)+/, '').replace(/(?:\.\*)+\$$/, '')
  return { pattern, flags: cased ? 's' : 'is' }
}

const regexOf = (parts: readonly Part[]): string =>
  parts
    .map((p) => ('text' in p ? p.text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&') : p.wild === '*' ? '.*' : '.'))
    .join('')

/** The field is one of several whole values. Values without wildcards are one test. */
export function matchesAny(of: Expr, all: readonly (readonly Part[])[], cased: boolean): Pred {
  const plain = all.filter(isPlain)
  const rest = all.filter((p) => !isPlain(p))
  const one = plain.length === 0 ? [] : [test('str.in', [of], { values: plain.map(textOf), ignoreCase: !cased })]
  return or(...one, ...rest.map((p) => matches(of, p, cased)))
}
