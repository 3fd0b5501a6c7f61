// The hint that a test gives about the text that it reads.
import type { Test } from '../plan/plan.ts'
import { globRegex, oneOfRegex } from '../prims/glob.ts'
import { primOf } from '../prims/registry.ts'
import { flagConst, textConst, textsConst } from '../prims/kit.ts'
import { parseRegex, type Regex } from '../regex/regex.ts'
import type { Hint } from './hint.ts'

export const PRESENT: Hint = { kind: 'present' }
export const AVOID: Hint = { kind: 'avoid' }

export const shape = (pattern: string, id: string): Hint => {
  const parsed = parseRegex(pattern, 's')
  return parsed.ok ? shapeOf(parsed.regex, `${id} ${pattern}`) : PRESENT
}
export const shapeOf = ({ root, source, flags }: Regex, id = `${source} ${flags}`): Hint => ({
  kind: 'shape',
  id,
  root,
  groups: new Map(),
})
export const globShape = (pattern: string, ignoreCase: boolean): Hint => shapeOf(globRegex(pattern, ignoreCase))

/** Dates of every month, day, hour, minute and week, and of the years around a number. */
const DATES = (year: number): string[] => {
  const two = (n: number): string => String(n).padStart(2, '0')
  const each = (from: number, to: number, text: (n: string) => string): string[] =>
    Array.from({ length: to - from + 1 }, (_, i) => text(two(from + i)))
  const years = [year - 1, year, year + 1].filter((y) => y >= 1000 && y <= 9999)
  return [
    // Days at most a week apart, so that no week is left out.
    ...[2, 9, 16, 23, 28].flatMap((day) => each(1, 12, (n) => `2026-${n}-${two(day)} 10:00:00`)),
    ...each(1, 31, (n) => `2026-03-${n} 10:00:00`),
    ...each(0, 23, (n) => `2026-03-02 ${n}:00:00`),
    ...each(0, 59, (n) => `2026-03-02 10:${n}:00`),
    ...years.map((y) => `${y}-03-02 10:00:00`),
  ]
}

/** The hint that a test of one argument and constants gives. */
export function testHint(t: Test): Hint | undefined {
  const { consts } = t
  switch (t.prim) {
    case 'str.in':
      return { kind: 'texts', of: textsConst(consts, 'values') }
    case 'time.textPartIs': {
      const holds = primOf(t.prim).js(consts, primOf) as (text: string) => boolean
      return { kind: 'texts', of: DATES(Number(consts['value'])).filter(holds) }
    }
    case 'ip.inCidr':
      return { kind: 'address', nets: textsConst(consts, 'subnets'), inside: true }
    case 'ip.isPrivateV4':
      return { kind: 'address', nets: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'], inside: true }
    case 'ip.isV4':
      return { kind: 'address', nets: ['0.0.0.0/0'], inside: true }
    case 'ip.isV6':
      return { kind: 'address', nets: ['::/0'], inside: true }
    case 'ip.isValid':
      return { kind: 'address', nets: ['0.0.0.0/0', '::/0'], inside: true }
    default:
      return searchHint(t.prim, consts)
  }
}

/** A cache: patterns that are one keep what is known of them. */
const searched = new WeakMap<Test['consts'], { readonly prim: string; readonly hint: Hint | undefined }>()

/** The hint of a text test, as free text has it too. */
export function searchHint(prim: string, consts: Test['consts']): Hint | undefined {
  const known = searched.get(consts)
  if (known?.prim === prim) return known.hint
  const hint = freshHint(prim, consts)
  searched.set(consts, { prim, hint })
  return hint
}

function freshHint(prim: string, consts: Test['consts']): Hint | undefined {
  switch (prim) {
    case 're.test': {
      const parsed = parseRegex(textConst(consts, 'pattern'), textConst(consts, 'flags'))
      return parsed.ok ? shapeOf(parsed.regex) : undefined
    }
    case 'str.glob':
      return globShape(textConst(consts, 'pattern'), flagConst(consts, 'ignoreCase'))
    case 'str.in':
      return shapeOf(oneOfRegex(textsConst(consts, 'values'), flagConst(consts, 'ignoreCase')))
    default:
      return undefined
  }
}

export const against = (hint: Hint): Hint =>
  hint.kind === 'address'
    ? { ...hint, inside: false }
    : hint.kind === 'shape'
      ? { kind: 'avoid', unlike: hint.root }
      : AVOID
