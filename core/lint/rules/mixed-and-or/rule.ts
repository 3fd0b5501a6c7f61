import { type Edit, inText } from '../../../diag/diagnostic.ts'
import type { And, Condition } from '../../../lang/shared/outline.ts'
import { filtersOf, visitCondition } from '../../conditions.ts'
import { cut } from '../../../text/cut.ts'
import { textRule } from '../../rule.ts'

export const mixedAndOr = textRule<{ readonly first: string; readonly after: string; readonly read: string }>({
  id: 'LNT401',
  slug: 'mixed-and-or',
  severity: 'warning',
  title: '`and` and `or` without brackets',
  message: (p) => `\`${p.first}\` binds before \`${p.after}\` here: ${p.read}`,
  why: 'Languages differ: LogScale reads `or` first, Sumo Logic and Sigma read `and` first. A space between two terms is an `and`.',
  remedy: () => 'put brackets around the part that belongs together',
  checkText({ outline, source }) {
    const [inner, outer] = outline.traits.orFirst ? (['or', 'and'] as const) : (['and', 'or'] as const)
    const found: And[] = []
    for (const where of filtersOf(outline))
      visitCondition(where, (c) => {
        if (c.kind !== outer || !c.isWritten) return
        found.push(...c.of.filter((x): x is And => x.kind === inner && !x.inBrackets && !isOneThing(x)))
      })
    return found.map((c) => {
      const edits: Edit[] = [
        { span: { start: c.at.start, end: c.at.start }, text: '(' },
        { span: { start: c.at.end, end: c.at.end }, text: ')' },
      ]
      const text = source.text.slice(c.at.start, c.at.end).replace(/\s+/g, ' ')
      const read = `\`(${cut(text, 60)})\` is one part`
      return {
        at: inText(source, c.at),
        params: { first: inner, after: outer, read },
        fixes: [{ title: 'write the brackets that the language reads', edits, safety: 'unsafe' as const }],
      }
    })
  },
})

/** The limits of a range (`a >= 1 and a <= 9`), or a word without another (`lock !collab`): only one reading makes sense. */
function isOneThing({ kind, of, isWritten }: And): boolean {
  if (kind !== 'and' || of.length !== 2) return false
  const [a, b] = of
  const isLimit = (c: Condition | undefined): boolean => c?.kind === 'compare' && /^[<>]/.test(c.op)
  if (isLimit(a) && isLimit(b)) return a?.kind === 'compare' && b?.kind === 'compare' && a.field === b.field
  return !isWritten && a?.kind === 'text' && b?.kind === 'not'
}
