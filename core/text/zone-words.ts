// Time zones in timestamps, as words and numbers.
import { byName } from './by-name.ts'
import { fixedOffset, isZone } from './zone.ts'

/** Abbreviations with one offset in practice. IST, AST and others have several and are unknown: the user must name the zone of the source. */
const ABBREVIATIONS: Readonly<Record<string, string>> = byName({
  UT: 'Z',
  UCT: 'Z',
  WET: '+00:00',
  WEST: '+01:00',
  BST: '+01:00',
  CET: '+01:00',
  MEZ: '+01:00',
  CEST: '+02:00',
  MESZ: '+02:00',
  EET: '+02:00',
  EEST: '+03:00',
  MSK: '+03:00',
  TRT: '+03:00',
  SAST: '+02:00',
  EAT: '+03:00',
  PKT: '+05:00',
  WIB: '+07:00',
  HKT: '+08:00',
  SGT: '+08:00',
  AWST: '+08:00',
  JST: '+09:00',
  KST: '+09:00',
  ACST: '+09:30',
  ACDT: '+10:30',
  AEST: '+10:00',
  AEDT: '+11:00',
  NZST: '+12:00',
  NZDT: '+13:00',
  BRT: '-03:00',
  ART: '-03:00',
  NST: '-03:30',
  NDT: '-02:30',
  ADT: '-03:00',
  EST: '-05:00',
  EDT: '-04:00',
  CST: '-06:00',
  CDT: '-05:00',
  MST: '-07:00',
  MDT: '-06:00',
  PST: '-08:00',
  PDT: '-07:00',
  AKST: '-09:00',
  AKDT: '-08:00',
  HST: '-10:00',
})

const words = new Map<string, string | undefined>()

/** The zone of a word (`CEST`, `GMT+01:00`, `Europe/Berlin`, `-0530`), in the form of `zone.ts`. Undefined: unknown. */
export function zoneOf(word: string): string | undefined {
  if (!words.has(word)) {
    if (words.size > 1000) words.clear()
    words.set(word, find(word.replace(/^[[(]|[\])]$/g, '')))
  }
  return words.get(word)
}

function find(word: string): string | undefined {
  if (fixedOffset(word) !== undefined) return word
  const known = ABBREVIATIONS[word.toUpperCase()]
  if (known !== undefined) return known
  return word.includes('/') && isZone(word) ? word : undefined
}
