import { editDistance } from './edit-distance.ts'

/** Names by length, with what each comparison needs. Lists of names are constants, and each query asks them again. */
interface Index {
  readonly names: ReadonlySet<string>
  readonly byLetters: ReadonlyMap<string, string>
  readonly byLength: ReadonlyMap<number, readonly Known[]>
  /** Answers for names that are not known. */
  readonly answers: Map<string, string | undefined>
}
const MOST_ANSWERS = 20_000

interface Known {
  readonly name: string
  readonly at: number
  readonly low: string
  readonly stem: string
}
const indices = new WeakMap<readonly string[], Index>()

// A digit at the end makes another name: `IP4` and `IP6`.
const stemOf = (low: string): string => low.replace(/(?<!\d)\d+$/, '')

function indexOf(known: readonly string[]): Index {
  const made = indices.get(known)
  if (made) return made
  const byLetters = new Map<string, string>()
  const byLength = new Map<number, Known[]>()
  const names = new Set(known)
  let at = 0
  for (const name of names) {
    const low = name.toLowerCase()
    if (!byLetters.has(low)) byLetters.set(low, name)
    const entry = { name, at: at++, low, stem: stemOf(low) }
    const same = byLength.get(name.length)
    if (same) same.push(entry)
    else byLength.set(name.length, [entry])
  }
  const index = { names, byLetters, byLength, answers: new Map<string, string | undefined>() }
  indices.set(known, index)
  return index
}

/**
 * The known name that another one misspells: it differs in case, or in one or two characters of a long name. Undefined if the name is
 * known. Stricter than `nearest`, because the name need not be wrong. The first in the order of the list.
 */
export function misspelt(name: string, known: readonly string[]): string | undefined {
  const index = indexOf(known)
  if (index.names.has(name)) return undefined
  const { answers } = index
  if (answers.has(name)) return answers.get(name)
  if (answers.size >= MOST_ANSWERS) answers.clear()
  const meant = meantBy(name, index)
  answers.set(name, meant)
  return meant
}

function meantBy(name: string, { byLetters, byLength }: Index): string | undefined {
  const low = name.toLowerCase()
  const sameLetters = byLetters.get(low)
  if (sameLetters !== undefined) return sameLetters
  const most = name.length >= 12 ? 2 : name.length >= 8 ? 1 : 0
  if (most === 0) return slipOf(low, byLength)
  const stem = stemOf(low)
  let found: Known | undefined
  for (let length = name.length - most; length <= name.length + most; length++)
    for (const k of byLength.get(length) ?? [])
      if ((!found || k.at < found.at) && k.stem !== stem && isNear(low, k.low, most)) found = k
  return found?.name
}

/** A short name is another one more often than not, but for two neighbours exchanged, a letter twice, or one of two lost. */
function slipOf(low: string, byLength: Index['byLength']): string | undefined {
  if (low.length < 5) return undefined
  for (const length of [low.length - 1, low.length, low.length + 1])
    for (const k of byLength.get(length) ?? []) if (k.low.length >= 5 && isSlip(low, k.low)) return k.name
  return undefined
}

function isSlip(a: string, b: string): boolean {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  if (a.length === b.length) return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
  const [long, short] = a.length > b.length ? [a, b] : [b, a]
  return /[a-z]/.test(long[at] ?? '') && long[at] === long[at - 1] && long.slice(at + 1) === short.slice(at)
}

/** An edit moves neither the beginning nor the end that both have, so most names differ too early and too late. */
function isNear(a: string, b: string, most: number): boolean {
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  const least = Math.min(a.length, b.length) - start
  while (end < least && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const left = Math.max(a.length, b.length) - start - end
  // One edit, or an exchange of two neighbours, leaves at most two characters between; two edits leave more.
  if (most === 1 && left > 2) return false
  if (left <= most) return true
  return editDistance(a.slice(start, a.length - end), b.slice(start, b.length - end), true) <= most
}
