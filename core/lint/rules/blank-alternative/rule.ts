import { inText, noPlace } from '../../../diag/diagnostic.ts'
import type { Pred } from '../../../plan/plan.ts'
import { visitPlan } from '../../../plan/walk.ts'
import { lintRule } from '../../rule.ts'

export const blankAlternative = lintRule<{ readonly pattern: string; readonly isEmpty: boolean }>({
  id: 'LNT433',
  slug: 'blank-alternative',
  severity: 'warning',
  title: 'A regular expression with an alternative of nothing',
  message: (p) =>
    p.isEmpty
      ? `every text matches an alternative of ${p.pattern}, which is empty`
      : `every text with a space matches an alternative of ${p.pattern}, which is blank`,
  why: 'One of the alternatives is enough. One that is empty, or a space alone, makes the others idle.',
  remedy: () => 'remove the `|` that has nothing beside it',
  check({ plan, source }) {
    const found = new Map<string, boolean>()
    const collect = (node: Pred): void => {
      if (node.kind !== 'test' || node.prim !== 're.test') return
      const { pattern } = node.consts
      if (typeof pattern !== 'string' || !/\|\s*[|)]|\(\s*\||^\s*\||\|\s*$/.test(pattern)) return
      const blank = alternatives(pattern)?.find((a) => a.trim() === '')
      if (blank !== undefined) found.set(pattern, blank === '')
    }
    visitPlan(plan, { pred: collect })
    return [...found].map(([pattern, isEmpty]) => {
      const start = source.text.indexOf(pattern)
      const at = start < 0 ? noPlace : inText(source, { start, end: start + pattern.length })
      return { at, params: { pattern, isEmpty } }
    })
  },
})

/** Of the whole pattern, or of the one group that it is. */
function alternatives(pattern: string): readonly string[] | undefined {
  const parts = ['']
  let depth = 0
  let closed = 0
  for (const [piece] of pattern.matchAll(/\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*(?:\]|$)|[\s\S]/g)) {
    if (piece === ')' && --depth === 0) closed++
    if (piece === '|' && depth === 0) parts.push('')
    else parts[parts.length - 1] += piece
    if (piece === '(') depth++
  }
  if (parts.length > 1) return parts
  const group = closed === 1 ? /^\((?:\?:|\?<\w+>)?([\s\S]*)\)$/.exec(pattern)?.[1] : undefined
  return group === undefined ? undefined : alternatives(group)
}
