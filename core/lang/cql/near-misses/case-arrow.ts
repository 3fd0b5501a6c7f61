import {
  atMarks,
  atWords,
  type CqlNearMiss,
  type Match,
  partnerOf,
  replace,
  spanOfRun,
  stepsWithin,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { isPunct, isWord } from '../1-lex/token.ts'

export const caseArrow: CqlNearMiss = {
  id: 'CQL304',
  slug: 'case-arrow',
  title: '`=>` in case',
  origin: '`match` of CQL itself, where the guard and the body are separated by `=>`',
  verdict:
    '`=>` exists only in `field match { … }`. A branch of `case` is a pipeline: its filters and its assignments are separated by `|`.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-conditional.html' },
  bad: 'case { a=1 => x := "A"; * => x := "B" }',
  good: 'case { a=1 | x := "A"; * | x := "B" }',
  message: (found) => `\`${found}\`: the branches of \`case\` have no \`=>\``,
  find: (v) => atWords(v, 'case', (_, i) => (isPunct(token(v, i + 1), '{') ? arrows(v, i + 1) : [])),
}

function arrows(v: View, open: number): Match[] {
  if (partnerOf(v, open) < 0) return []
  const span = { start: token(v, open - 1).start, end: token(v, partnerOf(v, open)).end }
  const guards = stepsWithin(v, open).filter((s) => s.after === '=>')
  if (guards.length === 0) return []
  const assigned = isPunct(token(v, open - 2), ':=')
  if (!assigned && valueBodies(v, open)) {
    return [{ span, edits: [], uncertain: 'say which field gets the value: `case { a=1 | x := "A"; * | x := "B" }`' }]
  }
  const edits = guards.map((s) => {
    const arrow = token(v, s.last + 1)
    return replace(arrow.start, arrow.end, '|')
  })
  for (const s of guards) {
    const word = token(v, s.first)
    if (s.first === s.last && /^(?:_|default|else|otherwise)$/i.test(word.text))
      edits.push(replace(word.start, word.end, '*'))
  }
  return [{ span, edits }]
}

const valueBodies = (v: View, open: number): boolean =>
  stepsWithin(v, open).some((s) => s.before === '=>' && s.first === s.last && /^["\d]/.test(token(v, s.first).text))

export const strayArrow: CqlNearMiss = {
  id: 'CQL305',
  slug: 'stray-arrow',
  title: '`=>` outside match',
  origin: '`match` of CQL itself',
  verdict: '`=>` exists only between a guard and a body of `field match { … }`.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-conditional.html' },
  bad: '(a > 5 => "HIGH")',
  good: 'case { a > 5 | x := "HIGH"; * }',
  message: () => '`=>` has no meaning outside `field match { … }`',
  find: (v) =>
    atMarks(v, '=>', (t, i): Match[] => {
      const open = v.parent[i] ?? -1
      const inBraces = open >= 0 && isPunct(token(v, open), '{')
      if (inBraces && (isWord(token(v, open - 1), 'case') || isWord(token(v, open - 1), 'match'))) return []
      const around = v.steps.find((s) => s.first <= i && i <= s.last)
      const span = around ? spanOfRun(v, around) : { start: t.start, end: t.end }
      return [
        {
          span,
          edits: [],
          uncertain: 'write `case { CONDITION | field := "HIGH"; * }`, or `field match { value => … }`',
        },
      ]
    }),
}
