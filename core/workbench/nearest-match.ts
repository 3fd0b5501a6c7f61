// How close the value of an event is to what a predicate wants, in words.
import { compilePred, rowScope } from '../eval/compile.ts'
import { otherNames } from '../logs/vocabulary.ts'
import { NO_ENV } from '../plan/build.ts'
import type { Const, Expr, Pred, Value } from '../plan/plan.ts'
import { fieldOf } from '../plan/words.ts'
import { printForeign } from '../text/foreign.ts'
import { editDistance } from '../text/edit-distance.ts'
import { nearest } from '../text/nearest.ts'

/** Texts that a predicate compares with. */
function wantedTexts(pred: Pred): string[] {
  switch (pred.kind) {
    case 'and':
    case 'or':
      return pred.of.flatMap(wantedTexts)
    case 'test':
      return [...pred.args.flatMap(literal), ...['pattern', 'values', 'text'].flatMap((n) => textsOf(pred.consts[n]))]
    default:
      return []
  }
}
const literal = (e: Expr): string[] => (e.kind === 'lit' && e.value !== null ? [String(e.value)] : [])
const textsOf = (c: Const | undefined): string[] =>
  typeof c === 'string' ? [c] : Array.isArray(c) ? c.filter((v) => typeof v === 'string') : []

const quoted = (text: string): string => {
  const short = text.length > 80 ? `${text.slice(0, 60)} … ${text.slice(-15)}` : text
  return `\`${printForeign(short, 'terminal')}\``
}

/**
 * One sentence for each value that the predicate read; none where nothing is close. `fields`: the names that the event has.
 * A negated predicate is false because its value matches, so it has no nearest one.
 */
export function nearestMatches(
  pred: Pred | null,
  values: Readonly<Record<string, Value>>,
  fields: readonly string[],
): string[] {
  const wanted = pred && pred.kind !== 'not' ? wantedTexts(pred) : []
  const byField = Object.entries(values).flatMap(([id, v]) => {
    const name = fieldOf(id)
    return name === undefined ? [] : [[name, v] as const]
  })
  const read = byField.filter(([, v]) => v !== null)
  const [only] = read
  if (pred && only && read.length === 1 && compilePred(anyCase(pred), rowScope, NO_ENV)(values))
    return [`${quoted(String(only[1]))} matches if its case is ignored`]
  return byField.flatMap(([name, value]) => {
    if (value === null) return absentName(name, fields)
    const text = String(value)
    const bound = isBound(pred) ? wanted.flatMap((w) => distanceTo(text, w)) : []
    const close = [...bound, ...wanted.flatMap((w) => closeness(text, w))].sort((a, b) => a.distance - b.distance)[0]
    return close ? [close.sentence] : []
  })
}

function absentName(name: string, fields: readonly string[]): string[] {
  const near = otherNames(name, fields)[0] ?? nearest(name, fields)
  return near === undefined ? [] : [`the event has no ${quoted(name)}, but ${quoted(near)}`]
}

/** The predicate without regard to case, where its primitive can do that. */
function anyCase(pred: Pred): Pred {
  if (pred.kind === 'and' || pred.kind === 'or') return { ...pred, of: pred.of.map(anyCase) }
  if (pred.kind !== 'test') return pred
  const { consts } = pred
  if (typeof consts['flags'] === 'string')
    return { ...pred, consts: { ...consts, flags: `${consts['flags'].replace('i', '')}i` } }
  return consts['ignoreCase'] === false ? { ...pred, consts: { ...consts, ignoreCase: true } } : pred
}

interface Close {
  readonly distance: number
  readonly sentence: string
}

const isNumber = (text: string): boolean => /^-?\d+(?:\.\d+)?$/.test(text)

/** `n > 5`: how far away the number is means something. */
function isBound(pred: Pred | null): boolean {
  if (pred?.kind === 'and' || pred?.kind === 'or') return pred.of.some(isBound)
  return pred?.kind === 'test' && /^(?:num|int|dec|double)\.(?:lt|le|gt|ge)$/.test(pred.prim)
}

function distanceTo(value: string, bound: string): Close[] {
  if (!isNumber(value) || !isNumber(bound)) return []
  const by = Math.abs(Number(value) - Number(bound))
  return [
    { distance: 10 + by, sentence: `${quoted(value)} is ${Number(by.toPrecision(6))} away from ${quoted(bound)}` },
  ]
}

function closeness(value: string, wanted: string): Close[] {
  const says = (distance: number, how: string): Close[] => [
    { distance, sentence: `${quoted(value)} is close to ${quoted(wanted)}: ${how}` },
  ]
  const plain = wanted.replace(/^\*+|\*+$/g, '')
  if (value === wanted) return []
  if (value.toLowerCase() === wanted.toLowerCase()) return says(0, 'only the case differs')
  if (value.trim() === wanted.trim()) return says(1, 'only spaces at the ends differ')
  if (plain !== '' && value.toLowerCase().includes(plain.toLowerCase())) {
    const how = value.includes(plain) ? 'the value contains it' : 'the value contains it, in another case'
    return says(2, `${how}, and the comparison is with the whole value`)
  }
  // Codes and ports that look alike have nothing to do with each other.
  if (isNumber(value) && isNumber(wanted)) return []
  if (value.length > 200 || wanted.length > 200) return []
  const edits = editDistance(value.toLowerCase(), wanted.toLowerCase(), true)
  return edits <= Math.max(1, wanted.length / 3)
    ? says(3 + edits, `${edits === 1 ? 'one letter differs' : `${edits} letters differ`}`)
    : []
}
