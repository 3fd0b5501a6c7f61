import { inText, noPlace, type Place } from '../../../diag/diagnostic.ts'
import type { Consts } from '../../../plan/plan.ts'
import { visitPlan } from '../../../plan/walk.ts'
import { isAmbiguous, parseRegex } from '../../../regex/regex.ts'
import type { Source } from '../../../text/source.ts'
import { lintRule } from '../../rule.ts'

export const ambiguousPattern = lintRule<{ pattern: string }>({
  id: 'LNT201',
  slug: 'ambiguous-pattern',
  severity: 'warning',
  title: 'A regular expression that can take exponentially long',
  message: (p) => `a loop of the pattern ${p.pattern} reads the same text in several ways`,
  why: 'An engine that backtracks tries all ways before it gives up: each further character can double its time. An attacker who knows the rule can write such a line.',
  remedy: () =>
    'write the loop so that each text has one way through it: `(a+)+` is `a+`, `(\\w+\\.?)+` is `\\w+(\\.\\w+)*\\.?`',
  check({ plan, source }) {
    const patterns = new Set<string>()
    const seen = new Set<string>()
    const collect = (node: object): void => {
      const { pattern, flags } = 'consts' in node ? (node.consts as Consts) : {}
      if (typeof pattern !== 'string' || seen.has(pattern) || !hasOuterLoop(pattern)) return
      seen.add(pattern)
      const parsed = parseRegex(pattern, typeof flags === 'string' ? flags : '')
      if (parsed.ok && isAmbiguous(parsed.regex.root)) patterns.add(pattern)
    }
    visitPlan(plan, { expr: collect, pred: collect, stage: (s) => s.kind === 'aggregate' && s.aggs.forEach(collect) })
    return [...patterns].map((pattern) => ({ at: placeOfText(source, pattern), params: { pattern } }))
  },
})

/** Only a repeated group can read a text in several ways, and most patterns have none. In verbose patterns a comment may be between. */
const hasOuterLoop = (pattern: string): boolean => /\)\s*[*+{#]/.test(pattern)

function placeOfText(source: Source, text: string): Place {
  const start = source.text.indexOf(text)
  return start < 0 ? noPlace : inText(source, { start, end: start + text.length })
}
