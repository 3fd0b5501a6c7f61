// Where to begin the search for a text: the kernel compares two characters of it first.
/** Lower-case letters and digits are frequent in logs, so a pair with other characters is found seldom. */
export function rarestPair(needle: string): number {
  const rarity = (c: string): number => (/[a-z0-9 .,:]/.test(c) ? 0 : /[A-Z]/.test(c) ? 1 : 2)
  let best = 0
  let most = -1
  for (let i = 0; i + 1 < needle.length; i++) {
    const score = rarity(needle[i] as string) + rarity(needle[i + 1] as string)
    if (score > most) {
      most = score
      best = i
    }
  }
  return best
}
