import { editDistance } from './edit-distance.ts'

/**
 * The known name that another one misspells: it differs in case, or in one or two characters of a long name. Undefined if the name is
 * known. Stricter than `nearest`, because the name need not be wrong.
 */
export function misspelt(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined
  const low = name.toLowerCase()
  const sameLetters = known.find((k) => k.toLowerCase() === low)
  if (sameLetters !== undefined) return sameLetters
  const most = name.length >= 12 ? 2 : name.length >= 8 ? 1 : 0
  // A digit at the end makes another name: `IP4` and `IP6`.
  const stem = (n: string): string => n.toLowerCase().replace(/\d+$/, '')
  return most === 0
    ? undefined
    : known.find((k) => {
        if (Math.abs(k.length - name.length) > most || stem(k) === stem(name)) return false
        return editDistance(low, k.toLowerCase(), true) <= most
      })
}
