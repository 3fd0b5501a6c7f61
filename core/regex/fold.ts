// Case, one definition for everything in Assay: str.lower, str.upper, ignoreCase, (?i).
// Unicode's simple one-to-one mappings of single code points; never its full ones (ß → SS) nor those that look at neighbours (final
// sigma). Compared over all code points with DuckDB 1.5.6 (utf8proc) and ClickHouse 26.7 (ICU): DuckDB's lower and upper are exactly
// this; ClickHouse's need a word before (see str.lower). Cased letters that Unicode 16 and 17 added have no case here, as DuckDB does
// not know them; ClickHouse does, and differs on those 56. Two code points are the same letter if they lower alike.

/** No cased letter lies beyond Adlam. */
const LAST = 0x1e943
const young = (cp: number): boolean =>
  (cp >= 0x1c89 && cp <= 0x1c8a) ||
  (cp >= 0xa7cb && cp <= 0xa7cf) ||
  (cp >= 0xa7d2 && cp <= 0xa7d5) ||
  (cp >= 0xa7da && cp <= 0xa7dc) ||
  (cp >= 0x10d50 && cp <= 0x10d85) ||
  (cp >= 0x16ea0 && cp <= 0x16ed3)

/** Simple mappings where JavaScript, which only has the full ones, gives several characters. */
function special(cp: number): number | undefined {
  if (cp === 0xdf) return 0x1e9e
  if (cp >= 0x1f80 && cp <= 0x1faf && (cp & 8) === 0) return cp + 8
  if (cp === 0x1fb3 || cp === 0x1fc3 || cp === 0x1ff3) return cp + 9
  return undefined
}
const one = (mapped: string, cp: number): number => {
  const to = mapped.codePointAt(0) as number
  return mapped.length === (to > 0xffff ? 2 : 1) && !young(to) && !young(cp) ? to : cp
}
const lowerOf = (cp: number): number => (cp === 0x130 ? 0x69 : one(String.fromCodePoint(cp).toLowerCase(), cp))
const upperOf = (cp: number): number => special(cp) ?? one(String.fromCodePoint(cp).toUpperCase(), cp)

interface Tables {
  readonly orbits: readonly (readonly number[])[]
  readonly orbitOf: ReadonlyMap<number, readonly number[]>
}
let made: Tables | undefined
function tables(): Tables {
  if (made) return made
  const byLower = new Map<number, number[]>()
  for (let cp = 0; cp <= LAST; cp++) {
    const low = lowerOf(cp)
    if (low === cp) continue
    const members = byLower.get(low)
    if (members) members.push(cp)
    else byLower.set(low, [low, cp])
  }
  const list = [...byLower.values()]
  made = { orbits: list, orbitOf: new Map(list.flatMap((o) => o.map((cp) => [cp, o] as const))) }
  return made
}
/** All code points that are the same letter, itself included. */
export function orbitOf(cp: number): readonly number[] {
  return tables().orbitOf.get(cp) ?? [cp]
}
export const orbits = (): readonly (readonly number[])[] => tables().orbits

const mapText = (text: string, whole: (t: string) => string, each: (cp: number) => number): string => {
  if (/^[\x00-\x7f]*$/.test(text)) return whole(text)
  let out = ''
  for (const c of text) out += String.fromCodePoint(each(c.codePointAt(0) as number))
  return out
}
const lowered = (text: string): string => mapText(text, (t) => t.toLowerCase(), lowerOf)

/** Many tests look at the same few texts of an event, one after the other. */
const KEPT = 64
const texts: string[] = new Array<string>(KEPT).fill('')
const lowers: string[] = new Array<string>(KEPT).fill('')

export function lowerText(text: string): string {
  const { length } = text
  if (length === 0) return text
  const place = (length * 31 + text.charCodeAt(length - 1) + 7 * text.charCodeAt(length >> 1)) & (KEPT - 1)
  if (texts[place] === text) return lowers[place] as string
  const low = lowered(text)
  // A long text is not kept alive.
  if (length < 1 << 16) {
    texts[place] = text
    lowers[place] = low
  }
  return low
}
export const upperText = (text: string): string => mapText(text, (t) => t.toUpperCase(), upperOf)
