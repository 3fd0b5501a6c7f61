import { schemasOf } from '../../../plan/needs.ts'
import { isHidden } from '../../../plan/plan.ts'
import { placeOfName } from '../../places.ts'
import { lintRule, type Violation } from '../../rule.ts'

interface Params {
  readonly name: string
  readonly meant: string
  /** Of the two. */
  readonly right: string
  /** By a step; otherwise other steps read it. */
  readonly isMade: boolean
}

export const nearlyMadeName = lintRule<Params>({
  id: 'LNT505',
  slug: 'nearly-made-name',
  severity: 'warning',
  title: 'A field beside one that the query makes or reads',
  message: (p) => `\`${p.name}\` is read, and the query ${p.isMade ? 'makes' : 'reads elsewhere'} \`${p.meant}\``,
  why: 'A name with a letter too few or exchanged is another field. No step makes it, and most logs do not have it.',
  remedy: (p) => `write \`${p.right}\``,
  check({ plan, source }) {
    const { out, lets } = plan
    if (out.from.kind !== 'source') return []
    const read = out.from.columns.flatMap((c) => (c.from.kind === 'field' ? [c.from.name] : []))
    const own = new Set(out.from.columns.map((c) => c.id))
    const made = [...new Set(schemasOf(out, lets).flatMap((s) => [...s.columns.keys()]))].filter(
      (id) => !isHidden(id) && !own.has(id),
    )
    const used = occurrences(source.text)
    const often = read.filter((n) => (used.get(n) ?? 0) > 1)
    return read.flatMap((name): Violation<Params>[] => {
      // Names of a telemetry for a field of the text are no slips.
      if (made.includes(name) || !source.text.includes(name)) return []
      const ofStep = made.find((m) => isSlip(name, m))
      const meant = ofStep ?? (used.get(name) === 1 ? often.find((m) => isSlip(name, m)) : undefined)
      if (meant === undefined) return []
      // Several steps read the one name, and a single one makes the other: the slip is where it is made.
      const isMaker = ofStep !== undefined && (used.get(name) ?? 0) > 1 && used.get(meant) === 1
      const [slip, right] = isMaker ? [meant, name] : [name, meant]
      const at = placeOfName(source, out, slip)
      const isThere = at.kind === 'text' && source.text.slice(at.span.start, at.span.end) === slip
      const edits = isThere ? [{ span: at.span, text: right }] : []
      return [
        {
          at,
          params: { name, meant, right, isMade: ofStep !== undefined },
          fixes: [{ title: `write ${right}`, edits, safety: 'unsafe' }],
        },
      ]
    })
  },
})

/** The number of times that the text has each name. */
function occurrences(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const [name] of text.matchAll(/[#@]?[A-Za-z_][\w.]*/g)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** Of `a` beside `b`: one letter too many or too few, or two exchanged, between the first letter and the last; or the last one lost. */
function isSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.max(a.length, b.length) < 5) return false
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  if (a.length === b.length)
    return at > 0 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
  const [long, short] = a.length > b.length ? [a, b] : [b, a]
  const isInside = at > 0 && at < long.length - 1
  // A letter more at the end makes another word: `user`, `users`. A letter less cuts one off.
  const isCut =
    a === short &&
    at === short.length &&
    short.length > 4 &&
    !/s/i.test(long[at] ?? '') &&
    !/(?<!\1([bdgmnpr]))ed$/.test(long)
  if (isCut && /[A-Za-z]/.test(long[at] ?? '')) return true
  return isInside && /[A-Za-z]/.test(long[at] ?? '') && long.slice(at + 1) === short.slice(at)
}
