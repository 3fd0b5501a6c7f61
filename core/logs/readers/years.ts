// Years of stamps that have none: from the order of the file and one time that is known.
import type { FormatContext, Reader } from '../format.ts'

/** A stamp of a file. `position` grows with the file: an offset or a line. */
export interface Sighting {
  readonly position: number
  /** The stamp in a year, microseconds; undefined: that year has no such day. A stamp with a year ignores its argument. */
  readonly inYear: (year: number) => bigint | undefined
  readonly hasYear: boolean
}

/** `year`: of the last stamp without one. `notAfter`: no such stamp is later, microseconds. */
export interface YearAnchor {
  readonly year?: number
  readonly notAfter: bigint
}

/** Times of some stamps, in the order of the file: a stamp between them is of the year that brings it nearest. */
export interface PlacedYears {
  readonly positions: readonly number[]
  readonly times: readonly bigint[]
  readonly notAfter: bigint
  /** A stamp with a year decided, not the anchor. */
  readonly byStamp: boolean
}

export interface PlacedRecord {
  readonly record: string
  readonly position: number
}

/** The stamps of records as a format reads them. */
export function stampsOf(
  format: { readonly reader: (context: FormatContext, header: readonly string[]) => Reader },
  header: readonly string[],
  records: Iterable<PlacedRecord>,
  zone: string,
): Sighting[] {
  const out: Sighting[] = []
  let own: Sighting['inYear'] | undefined
  const withoutYear: FormatContext['withoutYear'] = (inYear) => {
    own = inYear
    return inYear(PLACE)
  }
  const reader = format.reader({ zone, year: PLACE, withoutYear }, header)
  for (const { record, position } of records) {
    own = undefined
    const read = reader.read(record)
    const time = 'fields' in read ? read.time : undefined
    if (time !== undefined) out.push({ position, inYear: own ?? (() => time), hasYear: own === undefined })
  }
  return out
}

/** A leap year: every stamp has a place in it. */
const PLACE = 2000
const DAY = 86_400_000_000n
/** Records are out of order by less. A larger step back is a new year. */
const DISORDER = 7n * DAY
/** More than any cycle of leap days (1896 to 1904). */
const MOST_TRIED = 9

export function placeYears(sightings: readonly Sighting[], anchor: YearAnchor): PlacedYears {
  const seen = sightings.filter((s) => s.inYear(PLACE) !== undefined)
  const steps = stepsOf(seen)
  const known = seen.findLastIndex((s) => s.hasYear)
  const last = seen.findLastIndex((s) => !s.hasYear)
  const byStamp = known >= 0 && anchor.year === undefined
  const newest = byStamp
    ? yearOf(timeIn(seen, known, 0)) - (steps[known] as number)
    : (anchor.year ?? yearOf(anchor.notAfter) + 1) - (steps[last] ?? 0)
  for (let base = newest; base > newest - MOST_TRIED; base--) {
    const times = seen.map((s, i) => s.inYear(base + (steps[i] as number)))
    const exist = times.every((t) => t !== undefined)
    const past =
      byStamp || anchor.year !== undefined || times.every((t, i) => seen[i]?.hasYear || (t ?? 0n) <= anchor.notAfter)
    if (exist && past)
      return { positions: seen.map((s) => s.position), times: times as bigint[], notAfter: anchor.notAfter, byStamp }
  }
  return { positions: [], times: [], notAfter: anchor.notAfter, byStamp: false }
}

/** Years after the first stamp. Time goes forward; a late record from before New Year goes back by nearly a year. */
function stepsOf(seen: readonly Sighting[]): number[] {
  const steps: number[] = []
  for (let i = 0; i < seen.length; i++) {
    const before = steps[i - 1] ?? 0
    if (i === 0) steps.push(0)
    else if (seen[i]?.hasYear && seen[i - 1]?.hasYear)
      steps.push(before + yearOf(timeIn(seen, i, 0)) - yearOf(timeIn(seen, i - 1, 0)))
    else {
      const by = placeInYear(seen, i) - placeInYear(seen, i - 1)
      steps.push(before + (by < -DISORDER ? 1 : by > 366n * DAY - DISORDER ? -1 : 0))
    }
  }
  return steps
}

const timeIn = (seen: readonly Sighting[], i: number, year: number): bigint => seen[i]?.inYear(year) ?? 0n

function placeInYear(seen: readonly Sighting[], i: number): bigint {
  const s = seen[i] as Sighting
  const time = s.inYear(PLACE) ?? 0n
  if (!s.hasYear) return time
  const at = new Date(Number(time / 1000n))
  return BigInt(at.setUTCFullYear(PLACE)) * 1000n
}

const yearOf = (micros: bigint): number => new Date(Number(micros / 1000n)).getUTCFullYear()

/** Chooses the year of a stamp at a position of the file. */
export function yearChooser(
  { positions, times, notAfter }: PlacedYears,
  position: () => number,
): (inYear: (year: number) => bigint | undefined) => bigint | undefined {
  return (inYear) => {
    const near = nearTime(positions, times, position())
    const year = yearOf(near ?? notAfter)
    let best: bigint | undefined
    for (let y = year + 1; y > year - MOST_TRIED; y--) {
      const time = inYear(y)
      if (time === undefined) continue
      if (near === undefined) {
        if (time <= notAfter) return time
      } else if (best === undefined || distance(time, near) < distance(best, near)) best = time
      else break
    }
    return best
  }
}

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b)

/** Time of the last placed stamp at or before the position, else of the first. */
function nearTime(positions: readonly number[], times: readonly bigint[], position: number): bigint | undefined {
  let low = 0
  let high = positions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((positions[middle] as number) <= position) low = middle + 1
    else high = middle
  }
  return times[Math.max(0, low - 1)]
}
